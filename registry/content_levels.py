"""How much a picture or an adapter shows, from what is for everyone to what is not."""

from __future__ import annotations

LEVELS = ("general", "suggestive", "mature", "explicit")
