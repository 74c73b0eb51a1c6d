"""What the views have in common that change something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated

from hub.api.parsing import PlainJSON
from hub.api.people import WithinScope
from hub.api.requests import MemberRequest
from hub.hfapi.doors import HubDoor
from registry.errors import NotAllowed
from registry.queries import people, repos
from registry.queries.revisions import MAIN
from registry.queries.words import Role

if TYPE_CHECKING:
    from registry.models import Adapter


class LfsJSON(PlainJSON):
    """JSON by the name that Git LFS has for it."""

    media_type = "application/vnd.git-lfs+json"


class WritingDoor(HubDoor):
    """A view for people who are known, with a token that may upload."""

    permission_classes: Sequence[Any] = (IsAuthenticated, WithinScope)
    parser_classes: Sequence[type[JSONParser]] = (PlainJSON, LfsJSON)


def to_change(request: MemberRequest, team: str, name: str) -> Adapter:
    """
    Return the adapter that a program wants to change.

    :raises NoSuchRepo: if there is none of that name that its person may see
    :raises NotAllowed: if they may see it, but not change it
    """
    adapter = repos.named(team, name.lower(), by=request.user)
    people.require(request.user, Role.CONTRIBUTOR, adapter.team, to="change its adapters")
    return adapter


def refuse_branch(request: MemberRequest, revision: str) -> None:
    """:raises NotAllowed: if it is not `main` that is to be changed, or by a pull request"""
    if revision not in {MAIN, f"refs/heads/{MAIN}"}:
        raise NotAllowed(
            f"Only main can be committed to, not {revision[:80]!r}: each commit of weights becomes "
            "the next version, and channels point at versions.",
            code="not-main",
        )
    if request.query_params.get("create_pr") in {"1", "true", "True"}:
        raise NotAllowed(
            "This hub has no pull requests: commit without create_pr, and the version waits until "
            "somebody of the team publishes it.",
            code="no-pull-requests",
        )


def told(request: MemberRequest) -> dict[str, Any]:
    """
    Return the JSON object that was sent.

    :raises ValidationError: if it is none
    """
    data = request.data
    if not isinstance(data, dict):
        raise ValidationError("The body has to be a JSON object.")
    return data


def text(data: dict[str, Any], name: str, *, needed: bool = True) -> str:
    """
    Return a text of what was sent, "" where it is left out and need not be there.

    :raises ValidationError: if it is no text, or missing
    """
    value = data.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise ValidationError(f"{name} has to be a text.")
    return value
