"""
Secrets of others that the hub has to say again, kept so that a copy of the database is of no use.

The key comes of SECRET_KEY, and of what a secret is for: whoever has both reads everything.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from registry.errors import WrongState

KEY = 32  # bytes


def seal(text: str, *, purpose: str) -> str:
    """Return a text as it may be kept; `purpose` is needed to open it again."""
    return _box(purpose).encrypt(text.encode()).decode()


def opened(sealed: str, *, purpose: str) -> str:
    """
    Return the text that was sealed for this purpose.

    :raises WrongState: if the key is another one by now, or somebody has changed what is kept
    """
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise WrongState(
            "What was sealed cannot be read: SECRET_KEY is another one, or it was changed."
        ) from None


def _box(purpose: str) -> MultiFernet:
    """Seal with SECRET_KEY; open what older keys have sealed as well."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(secret, purpose)) for secret in secrets])


def _key(secret: str | bytes, purpose: str) -> bytes:
    derived = HKDF(SHA256(), KEY, salt=None, info=f"registry.sealing:{purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(force_bytes(secret)))
