"""Xet, which this hub does not speak: what is said to clients that want to upload by it."""

from __future__ import annotations

from rest_framework.response import Response

from hub.api.requests import MemberRequest
from hub.hfapi.errors import MESSAGE
from hub.hfapi.writing import WritingDoor, to_change

NO_XET = (
    "This hub does not take uploads by Xet, and the file is too large for a commit: set "
    "HF_HUB_DISABLE_XET=1 and upload it again."
)


class XetWriteToken(WritingDoor):
    def get(self, request: MemberRequest, team: str, name: str, revision: str) -> Response:  # noqa: ARG002
        to_change(request, team, name)
        return Response({"error": NO_XET}, status=501, headers={MESSAGE: NO_XET})
