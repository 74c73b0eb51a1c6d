"""What a signed link says of the file behind it."""

from __future__ import annotations

import re
from urllib.parse import quote


def attachment(file_name: str) -> str:
    """Return the header that has a browser save the file under its name, in whatever script."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
