"""
Secrets of others that the hub has to say again, kept so that a copy of the database is of no use.

A text is covered with what SHAKE-256 makes of a key and a number used once, and the whole is
signed; the key comes of SECRET_KEY. Whoever has that as well reads everything: it is no more than
that.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from django.conf import settings
from django.utils.encoding import force_bytes

from registry.errors import WrongState

NONCE, TAG = 16, 32  # bytes


def seal(text: str, *, purpose: str) -> str:
    """Return a text as it may be kept; `purpose` is needed to open it again."""
    plain, nonce = text.encode(), secrets.token_bytes(NONCE)
    key = _key(settings.SECRET_KEY, purpose)
    covered = _cover(plain, key, nonce)
    return base64.b85encode(nonce + covered + _tag(key, nonce + covered)).decode()


def opened(sealed: str, *, purpose: str) -> str:
    """
    Return the text that was sealed for this purpose.

    :raises WrongState: if the key is another one by now, or somebody has changed what is kept
    """
    try:
        raw = base64.b85decode(sealed)
    except ValueError:
        raw = b""
    body, tag = raw[:-TAG], raw[-TAG:]
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key = _key(secret, purpose)
        if len(body) >= NONCE and hmac.compare_digest(_tag(key, body), tag):
            return _cover(body[NONCE:], key, body[:NONCE]).decode()
    raise WrongState(
        "What was sealed cannot be read: SECRET_KEY is another one, or it was changed."
    )


def _key(secret: str | bytes, purpose: str) -> bytes:
    return hmac.digest(force_bytes(secret), f"registry.sealing:{purpose}".encode(), "sha256")


def _cover(text: bytes, key: bytes, nonce: bytes) -> bytes:
    """Cover a text, or uncover it."""
    stream = hashlib.shake_256(b"cover" + key + nonce).digest(len(text))
    return bytes(one ^ other for one, other in zip(text, stream, strict=True))


def _tag(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"tag" + body, "sha256")
