"""What a browser with an empty cache says of the front page."""

from __future__ import annotations


def look() -> None: ...
