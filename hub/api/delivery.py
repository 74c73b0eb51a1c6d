"""
Bytes on their way out. Which way they go is a setting:

* serve: this process sends them; under gunicorn the kernel copies them from the file (sendfile)
* accel: nginx sends them, told by X-Accel-Redirect where they lie
* redirect: the object store sends them, by a link that holds for minutes

Bytes are immutable under their sha256, so the ETag is the sha256, and a range may be resumed at any
time. What goes out never runs in a browser: it is an attachment, in a sandbox, of no known type.
"""

from __future__ import annotations

import base64
from typing import BinaryIO

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from hub.api.ranges import Stretch

BLOCK = 1 << 18
SANDBOX = "default-src 'none'; sandbox"


class Part:
    """
    A stretch of an open file that gives no more than it should.

    It has the file's descriptor, which stands at the stretch's beginning: with that and the
    answer's Content-Length, gunicorn calls sendfile.
    """

    def __init__(self, file: BinaryIO, stretch: Stretch) -> None:
        self._file = file
        self._left = stretch.length
        file.seek(stretch.begin)

    def fileno(self) -> int:
        return self._file.fileno()

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        chunk = self._file.read(wanted)
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()


class Streamed(FileResponse):
    block_size = BLOCK

    def set_headers(self, filelike: object) -> None:
        """Leave the headers to whoever knows the stretch: Django looks at the whole file."""


def send(file: BinaryIO, stretch: Stretch, *, partial: bool) -> HttpResponseBase:
    """Return an answer that streams the stretch and closes the file."""
    response = Streamed(Part(file, stretch), status=206 if partial else 200)
    _measure(response, stretch, partial=partial)
    return response


def describe(stretch: Stretch, *, partial: bool) -> HttpResponseBase:
    """Return the answer to HEAD: the same headers, and no bytes."""
    response = HttpResponse(status=206 if partial else 200)
    _measure(response, stretch, partial=partial)
    return response


def accel(location: str) -> HttpResponseBase:
    """Return an answer that nginx replaces by the file; it sees to ranges itself."""
    return HttpResponse(headers={"X-Accel-Redirect": location})


def redirect(link: str) -> HttpResponseBase:
    return HttpResponse(status=302, headers={"Location": link, "Cache-Control": "no-store"})


def not_there(size: int) -> HttpResponseBase:
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})


def dress(response: HttpResponseBase, *, sha256: str, file_name: str, public: bool) -> None:
    """Add what every answer with a file's bytes says of them."""
    response["ETag"] = f'"{sha256}"'
    response["Accept-Ranges"] = "bytes"
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = str(content_disposition_header(True, file_name))  # noqa: FBT003
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    response["Repr-Digest"] = f"sha-256=:{digest}:"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    if not response.has_header("Cache-Control"):
        scope = "public" if public else "private"
        response["Cache-Control"] = f"{scope}, max-age=31536000, immutable"


def _measure(response: HttpResponseBase, stretch: Stretch, *, partial: bool) -> None:
    response["Content-Length"] = str(stretch.length)
    if partial:
        response["Content-Range"] = stretch.content_range
