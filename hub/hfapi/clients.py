"""What a client of this door can do, by its version; and what is said to the person behind it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from itertools import accumulate

from rest_framework.request import Request
from rest_framework.response import Response

from hub.hfapi.errors import in_header

MOST = 4_000  # letters of all remarks together
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

    It shows one of a topic and process, so each sentence is a topic of its own. Of very
    many, the first are told, and how many more there are.
    """
    told = [in_header(remark) for remark in remarks]
    lengths = accumulate(len(remark) for remark in told)
    shown = [remark for remark, length in zip(told, lengths, strict=True) if length <= MOST]
    if left := len(told) - len(shown):
        shown.append(f"And {left} remarks more.")
    said = "  ".join(shown)
    if said:
        answer["X-HF-Warning"] = f"loradex-{zlib.crc32(said.encode()):08x}; {said}"
    return answer
