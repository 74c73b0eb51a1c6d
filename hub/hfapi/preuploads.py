"""
Before a commit: how each file is to be sent, if at all; and whether a README.md can be read.

`regular` means within the commit, in base64; `lfs` means on its own, before it. Newer clients send
the latter by Xet, a protocol that this hub does not speak, wherever hf_xet is installed. So they
are told `regular` for all that fits into one commit. Older clients ask first, and get LFS.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from hub.api.requests import MemberRequest
from hub.hfapi.clients import negotiates_transfers, with_remarks
from hub.hfapi.writing import WritingDoor, refuse_branch, text, to_change, told
from registry.services import arrivals
from registry.services.arrivals import Announced

if TYPE_CHECKING:
    from registry.models import Adapter

MOST_FILES = 1_000
IN_LFS_FROM = 8 * 2**20  # bytes, for clients that speak it with us


class ValidateYaml(WritingDoor):
    def post(self, request: MemberRequest) -> Response:
        problem = arrivals.problem_of_readme(text(told(request), "content"))
        errors = [{"message": problem}] if problem else []
        body: dict[str, Any] = {"errors": errors, "warnings": []}
        return Response(body, status=400 if errors else 200)


class Preupload(WritingDoor):
    def post(self, request: MemberRequest, team: str, name: str, revision: str) -> Response:
        adapter = to_change(request, team, name)
        refuse_branch(request, revision)
        announced = [_announced(each) for each in _files(told(request))]
        arrivals.refuse(announced)
        wanted = [one for one in announced if arrivals.is_wanted(one.path)]
        modes = _modes(request, wanted)
        shown = [_shown(one, modes.get(one.path), adapter, request) for one in announced]
        remarks = [*_not_sent(announced), *_by_xet(request, modes)]
        return with_remarks(Response({"files": shown}), remarks)


def _files(data: dict[str, Any]) -> list[Any]:
    files = data.get("files")
    if not isinstance(files, list):
        raise ValidationError("files has to be a list.")
    if len(files) > MOST_FILES:
        raise ValidationError(f"Ask for {MOST_FILES:,} files at a time at most.")
    return files


def _announced(file: Any) -> Announced:
    if not isinstance(file, dict):
        raise ValidationError("Each of files has to be an object.")
    size = file.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValidationError("The size of a file has to be a number of bytes.")
    try:
        sample = base64.b64decode(text(file, "sample", needed=False)[:4096], validate=True)
    except (ValueError, binascii.Error) as error:
        raise ValidationError(
            "The sample of a file has to be its first bytes in base64."
        ) from error
    return Announced(text(file, "path"), size, sample)


def _modes(request: MemberRequest, wanted: list[Announced]) -> dict[str, str]:
    """Return how each file is to be sent: the small ones within the commit, while there is room."""
    asks = negotiates_transfers(request)
    room = settings.COMMIT_BYTES - 2**20
    modes = {}
    for one in sorted(wanted, key=lambda one: one.size):
        encoded = one.size * 4 // 3 + 1000
        regular = encoded <= room and not (asks and one.size >= IN_LFS_FROM)
        modes[one.path] = "regular" if regular else "lfs"
        room -= encoded if regular else 0
    return modes


def _shown(
    one: Announced, mode: str | None, adapter: Adapter, request: MemberRequest
) -> dict[str, Any]:
    here = arrivals.same_in_head(one, adapter, by=request.user) if mode else None
    oid = (here.git_id if mode == "regular" else here.sha256) if here else None
    return {
        "path": one.path,
        "uploadMode": mode or "regular",
        "shouldIgnore": mode is None,
        "oid": oid,
    }


def _not_sent(announced: list[Announced]) -> list[str]:
    left = [one.path for one in announced if not arrivals.is_wanted(one.path)]
    if not left:
        return []
    more = f" and {len(left) - 5} more" if len(left) > 5 else ""
    some = ", ".join(left[:5])
    return [
        f"Not sent, as this hub keeps weights, adapter_config.json and README.md: {some}{more}."
    ]


def _by_xet(request: MemberRequest, modes: dict[str, str]) -> list[str]:
    """Say beforehand what newer clients will fail at; of the failure itself they show a number."""
    large = [path for path, mode in modes.items() if mode == "lfs"]
    if not large or negotiates_transfers(request):
        return []
    return [
        (
            f"{large[0]} is too large for a commit, and this hub takes no uploads by Xet: if this "
            "fails, set HF_HUB_DISABLE_XET=1 and upload again."
        )
    ]
