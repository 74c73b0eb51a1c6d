"""What goes over the wire, key by key, as Civitai's clients parse it."""

from __future__ import annotations
