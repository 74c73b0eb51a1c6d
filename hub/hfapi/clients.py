"""What a client of this door can do, by its version; and what is said to the person behind it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from rest_framework.request import Request
from rest_framework.response import Response

from hub.hfapi.errors import in_header

_VERSION = re.compile(r"\bhf_hub/(\d+)\.")


def negotiates_transfers(request: Request) -> bool:
    """
    Say whether the client asks the LFS batch how a large file is to be sent.

    From 1.0 on huggingface_hub sends every large file by Xet wherever hf_xet is installed, and asks
    nobody.
    """
    found = _VERSION.search(str(request.META.get("HTTP_USER_AGENT", "")))
    return found is not None and int(found[1]) < 1


def with_remarks(answer: Response, remarks: Iterable[str]) -> Response:
    """
    Return the answer with sentences that the client shows as warnings.

    It shows one of a topic and process, so each sentence is a topic of its own.
    """
    said = "  ".join(in_header(remark) for remark in remarks)
    if said:
        answer["X-HF-Warning"] = f"loradex-{zlib.crc32(said.encode()):08x}; {said}"
    return answer
