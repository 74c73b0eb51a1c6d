"""A commit: files in, the next version out."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.conf import settings
from django.utils import timezone
from rest_framework.response import Response

from hub.api import addresses
from hub.api.errors import LengthRequired
from hub.api.requests import MemberRequest
from hub.hfapi.clients import with_remarks
from hub.hfapi.ndjson import Line, Sent, received
from hub.hfapi.writing import WritingDoor, refuse_branch, to_change
from registry.errors import Invalid, RegistryError, UploadRefused
from registry.formats.readmes import MAX_BYTES
from registry.services import arrivals, commits, large_files, repo_heads, uploads
from registry.services.arrivals import Announced
from registry.services.commits import Change, Commit
from registry.services.maturing import README

if TYPE_CHECKING:
    from registry.models import Adapter, Upload

MOST_FILES = 200  # that are kept; a training run has dozens of checkpoints


class CommitFiles(WritingDoor):
    def post(self, request: MemberRequest, team: str, name: str, revision: str) -> Response:
        adapter = to_change(request, team, name)
        refuse_branch(request, revision)
        taken = _Taken(request, adapter)
        with received(_body(request), length=_length(request), most=settings.COMMIT_BYTES) as sent:
            taken.read(sent)
        try:
            outcome = commits.apply(taken.commit(), to=adapter, by=request.user, now=timezone.now())
        except RegistryError:
            taken.drop()
            raise
        sha = repo_heads.of(adapter, outcome.version, now=timezone.now())
        name = f"{adapter.team.slug}/{adapter.slug}"
        body: dict[str, Any] = {
            "success": True,
            "commitOid": sha,
            "commitUrl": addresses.whole(request, f"/{name}/commit/{sha}"),
            "hookOutput": "",
            "pullRequestUrl": None,
        }
        return with_remarks(Response(body), [*outcome.remarks, *taken.remarks])


@dataclass
class _Taken:
    """What the lines of a commit come to."""

    request: MemberRequest
    adapter: Adapter
    message: str = ""
    added: dict[str, Change] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    fresh: list[Upload] = field(default_factory=list)  # came with this very request

    def read(self, sent: Sent) -> None:
        """
        Take all lines in; if one is no good, nothing of the others is kept.

        :raises RegistryError: in a sentence, for a line that cannot be taken
        """
        lines = list(sent.lines())
        for line in lines:
            if line.key not in KEYS:
                raise Invalid(
                    f"Line {line.number} of the commit is a {line.key[:40]!r}, which this hub does "
                    f"not know: it takes {', '.join(KEYS)}."
                )
        self._refuse(lines)
        try:
            for line in lines:
                KEYS[line.key](self, line, sent)
        except RegistryError:
            self.drop()
            raise

    def commit(self) -> Commit:
        return Commit(tuple(self.added.values()), tuple(self.deleted), self.message)

    def drop(self) -> None:
        """Keep nothing of what came with this request."""
        for upload in self.fresh:
            uploads.give_up(upload)

    def _refuse(self, lines: list[Line]) -> None:
        files = [line for line in lines if line.key in {"file", "lfsFile"}]
        arrivals.refuse([Announced(line.text("path"), 0) for line in files])
        kept = sum(arrivals.is_wanted(line.text("path")) for line in files)
        if kept > MOST_FILES:
            raise Invalid(
                f"A commit has {MOST_FILES} files of adapters at most, and this has {kept:,}."
            )

    def header(self, line: Line, _: Sent) -> None:
        parent = line.value.get("parentCommit")
        if isinstance(parent, str) and parent:
            repo_heads.require(self.adapter, parent, by=self.request.user, now=timezone.now())
        parts = [line.value.get("summary"), line.value.get("description")]
        said = [part.strip().replace("\0", "") for part in parts if isinstance(part, str)]
        self.message = "\n\n".join(part for part in said if part and not is_of_the_client(part))

    def file(self, line: Line, sent: Sent) -> None:
        path = line.text("path")
        if not arrivals.is_wanted(path):
            self.remarks.append(f"{path} is not kept.")
            return
        with tempfile.TemporaryFile() as content:
            stream = cast("BinaryIO", content)
            sent.write(line, stream)
            stream.seek(0)
            if path == README:
                self.added[path] = Change(path, text=_text(stream))
            else:
                self.added[path] = Change(path, self._upload(stream, path))

    def large_file(self, line: Line, _: Sent) -> None:
        path, size = line.text("path"), line.value.get("size")
        if not arrivals.is_wanted(path) or path == README:
            raise UploadRefused(f"{path[:80]!r} cannot be sent by LFS: only weights can.")
        upload = large_files.sealed(
            line.text("oid"),
            size=size if isinstance(size, int) else -1,
            name=PurePosixPath(path).name,
            adapter=self.adapter,
            by=self.request.user,
            now=timezone.now(),
        )
        self.added[path] = Change(path, upload)

    def deletion(self, line: Line, _: Sent) -> None:
        path = line.text("path").strip("/")
        self.deleted.append(f"{path}/" if line.key == "deletedFolder" else path)

    def _upload(self, stream: BinaryIO, path: str) -> Upload:
        upload = uploads.receive_whole(
            stream,
            name=PurePosixPath(path).name,
            team=self.adapter.team,
            by=self.request.user,
            now=timezone.now(),
        )
        self.fresh.append(upload)
        return upload


KEYS = {
    "header": _Taken.header,
    "file": _Taken.file,
    "lfsFile": _Taken.large_file,
    "deletedFile": _Taken.deletion,
    "deletedFolder": _Taken.deletion,
}


def is_of_the_client(summary: str) -> bool:
    """Say whether a message is what the client writes where nobody has said anything."""
    return summary.endswith(" with huggingface_hub") or summary == "End of training"


def _text(stream: BinaryIO) -> str:
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UploadRefused(f"README.md has more than the {MAX_BYTES:,} bytes that are taken.")
    try:
        return content.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError as error:
        raise UploadRefused("README.md is no text in UTF-8: save it as that.") from error


def _body(request: MemberRequest) -> BinaryIO:
    # Django's own request reads the socket as we read it; DRF's would parse it first.
    return cast("BinaryIO", request._request)  # noqa: SLF001


def _length(request: MemberRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if not length.isdecimal():
        raise LengthRequired
    return int(length)
