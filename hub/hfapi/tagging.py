"""
Tags and branches, as far as this hub has what they mean.

A tag is a version's label. A branch other than `main` is a channel: it points at a published
version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework import status
from rest_framework.response import Response

from hub.api.requests import MemberRequest
from hub.hfapi.doors import commit_of
from hub.hfapi.writing import WritingDoor, text, to_change, told
from registry.errors import NameTaken, NoSuchRevision, NotFound, WrongState
from registry.queries import channels as found
from registry.queries.revisions import MAIN
from registry.queries.words import Scope
from registry.services import channels, labels

if TYPE_CHECKING:
    from registry.models import Adapter, AdapterVersion


class Tag(WritingDoor):
    def post(self, request: MemberRequest, team: str, name: str, revision: str) -> Response:
        adapter = to_change(request, team, name)
        version = _version(request, adapter, revision)
        labels.put(version, text(told(request), "tag"), by=request.user, now=timezone.now())
        return Response(None)

    def delete(self, request: MemberRequest, team: str, name: str, revision: str) -> Response:
        adapter = to_change(request, team, name)
        try:
            labels.take(adapter, revision, by=request.user, now=timezone.now())
        except NotFound as error:
            raise NoSuchRevision(error.message) from error
        return Response(None)


class Branch(WritingDoor):
    scopes = {"POST": Scope.PUBLISH, "DELETE": Scope.PUBLISH}  # noqa: RUF012  as in Door

    def post(self, request: MemberRequest, team: str, name: str, revision: str) -> Response:
        adapter = to_change(request, team, name)
        if revision == MAIN or any(one.name == revision for one in found.of_adapter(adapter)):
            raise NameTaken(f"{adapter.team.slug}/{adapter.slug} has a branch {revision} already.")
        start = text(told(request), "startingPoint", needed=False) or MAIN
        version = _version(request, adapter, start)
        channels.move(adapter, revision, to=version, by=request.user, now=timezone.now())
        return Response(None, status=status.HTTP_201_CREATED)

    def delete(self, request: MemberRequest, team: str, name: str, revision: str) -> Response:
        adapter = to_change(request, team, name)
        if revision == MAIN:
            raise WrongState("main is the newest published version: withdraw that on its page.")
        try:
            channels.remove(adapter, revision, by=request.user, now=timezone.now())
        except NotFound as error:
            raise NoSuchRevision(error.message) from error
        return Response(None)


def _version(request: MemberRequest, adapter: Adapter, revision: str) -> AdapterVersion:
    version = commit_of(request, adapter, revision).version
    if version is None:
        raise NoSuchRevision(
            f"{adapter.team.slug}/{adapter.slug} has no version yet that could be named."
        )
    return version
