"""
Typed readers of environment variables.

Only hub/settings.py calls them, so that all of the configuration stands in one file; the test
tests/architecture/test_docs.py holds every variable against docs/configuration.md.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """Return the variable, or `default` where it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool) -> bool:
    """
    Return the variable read as yes or no.

    :raises ImproperlyConfigured: if it is neither
    """
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def number(name: str, default: int) -> int:
    """
    Return the variable read as a whole number.

    :raises ImproperlyConfigured: if it is none
    """
    value = text(name, str(default))
    if not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return the variable split at commas, blanks trimmed, empty parts dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origin(name: str) -> str:
    """
    Return the variable read as where a server is: scheme, host and port, without a slash behind.

    :raises ImproperlyConfigured: if it is more than that, or not of HTTP
    """
    value = text(name).rstrip("/")
    split = urlsplit(value)
    is_plain = value == f"{split.scheme}://{split.netloc}" and "@" not in split.netloc
    if value and not (split.scheme in {"http", "https"} and split.hostname and is_plain):
        raise ImproperlyConfigured(f"{name} is {value!r}: write an origin, as https://example.org.")
    return value


def secret(name: str, default: str = "") -> str:
    """
    Return the variable, or the contents of the file that NAME_FILE names.

    :raises ImproperlyConfigured: if that file cannot be read
    """
    path = text(f"{name}_FILE")
    if not path:
        return text(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({error}).") from error


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes. `wrapped` is TLS from the first byte on, `upgraded` is STARTTLS."""

    host: str
    port: int
    user: str
    password: str
    wrapped: bool
    upgraded: bool


def mail_server(address: str) -> MailServer:
    """
    Return an address read as a mail server; one without a host where it is empty.

    :raises ImproperlyConfigured: if it is neither of smtp nor of smtps
    """
    split = urlsplit(address)
    if split.geturl() and (split.scheme not in {"smtp", "smtps"} or not split.hostname):
        raise ImproperlyConfigured(
            "MAIL_URL is no mail server: write smtp://user:password@host:587."
        )
    wrapped = split.scheme == "smtps"
    port = split.port or (465 if wrapped else 587)
    return MailServer(
        host=split.hostname or "",
        port=port,
        user=unquote(split.username or ""),
        password=unquote(split.password or ""),
        wrapped=wrapped,
        upgraded=split.scheme == "smtp" and port != 25,
    )
