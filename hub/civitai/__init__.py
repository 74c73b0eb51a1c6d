"""The door for tools that speak Civitai's API: its shapes, its errors, and our own facts beside."""

from __future__ import annotations
