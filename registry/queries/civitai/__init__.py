"""What tools that speak Civitai look for: published adapters and versions by their serials."""

from __future__ import annotations
