"""
How large a form with files may be, said before any of it is written down.

Django reads the whole body of a form where it looks for the CSRF token, which is before anybody has
asked who sends it: a stranger could fill the disk through the sign-in page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

if TYPE_CHECKING:
    from django.http import HttpRequest


class RoomForFiles(FileUploadHandler):
    """Stands before the handler that writes, and lets pass what there is room for."""

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002  Django's signature, as below
        META: dict[str, str],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        room = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if self.request is not None and _is_of_somebody(self.request):
            room += settings.MAX_UPLOAD
        if content_length > room:
            raise RequestDataTooBig(
                f"The form has {content_length:,} bytes and this hub takes {room:,} at most: send "
                "large files in parts."
            )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        return None


def _is_of_somebody(request: HttpRequest) -> bool:
    """Say whether a person sends it: by a token that is looked at by now, or by their session."""
    user = getattr(request, "user", None)
    if user is not None:
        return bool(user.is_authenticated)
    return SESSION_KEY in request.session
