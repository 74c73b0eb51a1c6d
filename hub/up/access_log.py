"""What the web server writes down of requests: without the secrets that stand in addresses."""

from __future__ import annotations

import re
from typing import Any

from gunicorn.glogging import Logger

# Tokens of programs that can be given an address alone, invitations, and places to send files to.
SECRET = re.compile(
    r"(?<=[?&]token=)[^&\s\"]+|(?<=/invitations/)[\w-]+|(?<=/objects/sent/)[\w.:-]+"
)


class AccessLog(Logger):  # type: ignore[misc]  # it has no types
    """Gunicorn's own, line by line as it is but for what no log should keep."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().atoms(*args)
        return {name: _plain(one) if isinstance(one, str) else one for name, one in told.items()}


def _plain(text: str) -> str:
    """Return a text without secrets, and without what would do something to a terminal."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return SECRET.sub("…", shown)
