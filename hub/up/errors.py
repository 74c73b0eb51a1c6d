"""What keeps `manage.py up` from going on."""

from __future__ import annotations


class CannotStart(Exception):
    """One sentence for the person at the terminal: what is wrong, and what to do about it."""
