"""Adapters made, deleted, renamed and set up by programs that call them repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from rest_framework import status
from rest_framework.response import Response

from hub.api import addresses
from hub.api.requests import MemberRequest
from hub.hfapi.clients import with_remarks
from hub.hfapi.writing import WritingDoor, text, to_change, told
from registry.errors import Invalid, NameTaken, NotAllowed, WrongState
from registry.queries import adapters as found
from registry.queries import people
from registry.queries.words import Role
from registry.services import adapters

if TYPE_CHECKING:
    from registry.models import Adapter, Team, User

NOT_FROM_ALL = (
    "A repository here is private to its team until a version of it is published, and then it is "
    "for everyone who may read this hub."
)


class CreateRepo(WritingDoor):
    def post(self, request: MemberRequest) -> Response:
        data = told(request)
        _refuse_type(data)
        title = text(data, "name")
        team = _team(text(data, "organization", needed=False), by=request.user)
        slug = title.lower()
        try:
            adapter = adapters.create(
                team=team, slug=slug, title=title, by=request.user, now=timezone.now()
            )
        except NameTaken as refusal:
            taken = found.named(team.slug, slug, by=request.user)
            told_so = _shown(request, taken) | {"error": refusal.message}
            return Response(told_so, status=status.HTTP_409_CONFLICT)
        except Invalid as refusal:
            raise NotAllowed(refusal.message, code="name") from refusal
        return with_remarks(Response(_shown(request, adapter)), _remarks(data, adapter))


class DeleteRepo(WritingDoor):
    def delete(self, request: MemberRequest) -> Response:
        data = told(request)
        _refuse_type(data)
        team = _team(text(data, "organization", needed=False), by=request.user)
        adapter = to_change(request, team.slug, text(data, "name"))
        adapters.remove(adapter, by=request.user, now=timezone.now())
        return Response(None)


class MoveRepo(WritingDoor):
    def post(self, request: MemberRequest) -> Response:
        data = told(request)
        _refuse_type(data)
        adapter = to_change(request, *_both(data, "fromRepo"))
        team, slug = _both(data, "toRepo")
        now = timezone.now()
        renamed = adapters.rename(
            adapter, team=people.team(team), slug=slug.lower(), by=request.user, now=now
        )
        return Response(_shown(request, renamed))


class RepoSettings(WritingDoor):
    """Who sees a repository follows from its versions; there is nothing else to be set."""

    def put(self, request: MemberRequest, team: str, name: str) -> Response:
        adapter = to_change(request, team, name)
        data = told(request)
        if data.get("gated"):
            raise Invalid(
                "This hub has no requests for access: whoever may read it sees what is published."
            )
        wanted = _wants_private(data)
        public = found.is_public(adapter)
        if wanted is not None and wanted == public:
            raise WrongState(
                f"{NOT_FROM_ALL} "
                + ("Withdraw its versions." if public else "Publish a version of it.")
            )
        return Response({"private": not public, "visibility": "public" if public else "private"})


def _team(name: str, *, by: User) -> Team:
    """
    Return the team that is meant, or the one that can be meant where none is named.

    Clients take a person's own name for a namespace of theirs.
    """
    if name and name != by.username:
        return people.team(name)
    teams = {team.slug: team for team in people.teams_of(by, at_least=Role.CONTRIBUTOR)}
    if name in teams:
        return teams[name]
    if len(teams) == 1:
        return next(iter(teams.values()))
    some = ", ".join(teams) or "none"
    raise NotAllowed(
        "Write the team before the name, as in team/name: of the teams of this hub you may upload "
        f"for {some}.",
        code="which-team",
    )


def _both(data: dict[str, Any], name: str) -> tuple[str, str]:
    team, slash, slug = text(data, name).partition("/")
    if not slash:
        raise Invalid(f"{name} has to be written as team/name.")
    return team, slug


def _refuse_type(data: dict[str, Any]) -> None:
    kind = data.get("type") or "model"
    if kind != "model":
        raise NotAllowed(
            f"This hub keeps adapters, which clients call models: it has no {str(kind)[:40]}s.",
            code="type",
        )


def _wants_private(data: dict[str, Any]) -> bool | None:
    if "visibility" in data:
        return bool(data["visibility"] != "public")
    value = data.get("private")
    return None if value is None else bool(value)


def _remarks(data: dict[str, Any], adapter: Adapter) -> list[str]:
    remarks = []
    if adapter.slug != adapter.title:
        remarks.append(f"Its name in addresses is {adapter.team.slug}/{adapter.slug}.")
    if _wants_private(data):
        remarks.append(NOT_FROM_ALL)
    return remarks


def _shown(request: MemberRequest, adapter: Adapter) -> dict[str, Any]:
    name = f"{adapter.team.slug}/{adapter.slug}"
    return {
        "url": addresses.whole(request, f"/{name}"),
        "name": name,
        "id": str(adapter.pk),
        "private": not found.is_public(adapter),
    }
