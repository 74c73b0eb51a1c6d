"""
Large files, by Git LFS: where each is to be sent, taking it in, and looking whether it arrived.

What is sent goes to an address that nobody else can make up and that expires, so it needs no token;
or straight to the object store, where there is one. Whether bytes are here already is told to those
who have sent them, or could download them anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.core import signing
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from hub.api import addresses
from hub.api.errors import LengthRequired
from hub.api.requests import MemberRequest
from hub.hfapi.doors import HubDoor
from hub.hfapi.writing import WritingDoor, text, to_change, told
from registry.errors import NotAllowed, NotFound, RegistryError
from registry.services import large_files, uploads
from registry.services.large_files import LINK_SECONDS

if TYPE_CHECKING:
    from registry.models import Adapter, Upload

SALT = "loradex.lfs"
MOST_OBJECTS = 1_000
IN_PARTS_FROM = 64 * 2**20  # bytes: each request stays short, and can be sent again alone


class LfsBatch(WritingDoor):
    def post(self, request: MemberRequest, team: str, name: str) -> Response:
        adapter = to_change(request, team, name)
        data = told(request)
        if data.get("operation") != "upload":
            raise NotFound("Files are downloaded from /resolve/ here: LFS is for uploads alone.")
        objects = data.get("objects")
        if not isinstance(objects, list) or len(objects) > MOST_OBJECTS:
            raise ValidationError(f"objects has to be a list of {MOST_OBJECTS:,} at most.")
        asked = _Asked(request, adapter, "multipart" in (data.get("transfers") or ()))
        shown = [asked.answer(one) for one in objects]
        parts = any("chunk_size" in _header(one) for one in shown)
        body = {"transfer": "multipart" if parts else "basic", "objects": shown}
        return Response(body, content_type="application/vnd.git-lfs+json")


class _Asked:
    """A batch, and who asks."""

    def __init__(self, request: MemberRequest, adapter: Adapter, in_parts: bool) -> None:  # noqa: FBT001
        self._request, self._adapter, self._in_parts = request, adapter, in_parts

    def answer(self, one: Any) -> dict[str, Any]:
        """Return where one object is to be sent, or what is wrong with it."""
        if not isinstance(one, dict):
            raise ValidationError("Each of objects has to be an object.")
        oid, size = text(one, "oid"), one.get("size")
        if not isinstance(size, int) or isinstance(size, bool):
            raise ValidationError("The size of an object has to be a number of bytes.")
        shown = {"oid": oid, "size": size, "authenticated": True}
        try:
            upload = large_files.expect(
                oid, size=size, adapter=self._adapter, by=self._request.user
            )
        except RegistryError as refusal:
            return shown | {"error": {"code": 422, "message": refusal.message}}
        return shown | ({} if upload is None else {"actions": self._actions(upload)})

    def _actions(self, upload: Upload) -> dict[str, Any]:
        token = signing.dumps(str(upload.pk), salt=SALT)
        return {
            "upload": self._in_pieces(upload, token) or self._in_one(upload, token),
            "verify": {"href": self._at("hf-lfs-verify"), "header": {}},
        }

    def _in_one(self, upload: Upload, token: str) -> dict[str, Any]:
        direct = uploads.part_url(upload, 1, seconds=LINK_SECONDS)
        if direct and uploads.part_count(upload) == 1:
            return {"href": direct, "header": {}, "expires_in": LINK_SECONDS}
        return {"href": self._at("hf-lfs-object", token), "header": {}, "expires_in": LINK_SECONDS}

    def _in_pieces(self, upload: Upload, token: str) -> dict[str, Any] | None:
        count = uploads.part_count(upload)
        direct = uploads.part_url(upload, 1, seconds=LINK_SECONDS)
        if not self._in_parts or count == 1 or not (direct or upload.size >= IN_PARTS_FROM):
            return None
        header = {"chunk_size": str(upload.part_size)}
        for number in range(1, count + 1):
            link = uploads.part_url(upload, number, seconds=LINK_SECONDS) if direct else None
            header[str(number)] = link or self._at("hf-lfs-part", token, number)
        done = self._at("hf-lfs-done", token)
        return {"href": done, "header": header, "expires_in": LINK_SECONDS}

    def _at(self, view: str, *args: Any) -> str:
        adapter = self._adapter
        return addresses.at(self._request, view, adapter.team.slug, adapter.slug, *args)


class SignedDoor(HubDoor):
    """A view whose address shows that the hub gave it out."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()


class LfsObject(SignedDoor):
    def put(self, request: MemberRequest, team: str, name: str, token: str) -> Response:
        upload = _meant(token, team, name)
        large_files.put_whole(upload, _body(request), length=_length(request))
        return Response(None, headers={"ETag": f'"{upload.sha256}"'})


class LfsPart(SignedDoor):
    def put(
        self, request: MemberRequest, team: str, name: str, token: str, number: int
    ) -> Response:
        upload = _meant(token, team, name)
        uploads.put_part(upload, number, _body(request), length=_length(request))
        return Response(None, headers={"ETag": f'"{number}"'})


class LfsDone(SignedDoor):
    """All parts are sent, says the client."""

    parser_classes = WritingDoor.parser_classes

    def post(self, request: MemberRequest, team: str, name: str, token: str) -> Response:  # noqa: ARG002
        large_files.require_all(_meant(token, team, name))
        return Response({})


class LfsVerify(WritingDoor):
    def post(self, request: MemberRequest, team: str, name: str) -> Response:
        adapter = to_change(request, team, name)
        data = told(request)
        size = data.get("size")
        upload = large_files.sent(
            text(data, "oid"),
            size=size if isinstance(size, int) else -1,
            adapter=adapter,
            by=request.user,
        )
        large_files.require_all(upload)
        return Response({})


def _meant(token: str, team: str, name: str) -> Upload:
    """:raises NotAllowed: if the hub did not give this address out, or too long ago"""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature as error:
        raise NotAllowed(
            "This address has expired, or was never given out: ask where to send the file again.",
            code="expired",
        ) from error
    return large_files.opened(pk, team=team, name=name)


def _body(request: MemberRequest) -> BinaryIO:
    # Django's own request reads the socket as we read it; DRF's would parse it first.
    return cast("BinaryIO", request._request)  # noqa: SLF001


def _length(request: MemberRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if not length.isdecimal():
        raise LengthRequired
    return int(length)


def _header(shown: dict[str, Any]) -> dict[str, Any]:
    header: dict[str, Any] = shown.get("actions", {}).get("upload", {}).get("header", {})
    return header
