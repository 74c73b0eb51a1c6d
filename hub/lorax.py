"""
GET /v2/repos/{name}/version/{number}: where LoRAX finds a version in the object store.

LoRAX asks so for `adapter_source: pbase`, with the token of whoever asks it, and splits its
`adapter_id` at a slash into name and version: so an adapter is called `team--name` here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import BearerToken, person
from registry.errors import NotFound
from registry.queries import versions
from registry.services import folders

if TYPE_CHECKING:
    from registry.models import AdapterVersion, User

BETWEEN = "--"  # a team's and an adapter's name
# Letters that slugs have at most: each reading of a longer name would be asked for.
MOST_TEAM, MOST_NAME = 60, 80


class AdapterPath(Door):
    """Described by LoRAX, and not in our own OpenAPI."""

    schema = None
    authentication_classes = (BearerToken,)

    def get(self, request: Request, name: str, number: str) -> Response:
        version = _named(name, number, by=person(request))
        return Response({"status": "completed", "adapterPath": folders.lay_out(version)})


def _named(name: str, number: str, *, by: User | None) -> AdapterVersion:
    """:raises NotFound: if nobody calls a version so, or this person may not see it"""
    digits = number.removeprefix("v")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        for team, slug in _readings(name):
            try:
                return versions.in_sight(team, slug, int(digits), by=by)
            except NotFound:
                continue
    raise NotFound(
        f"There is no version {number[:20]} of {name[:200]}: write team--name/number as adapter_id."
    )


def _readings(name: str) -> Iterator[tuple[str, str]]:
    """Yield team and name in each way that `team--name` can be read: either may have dashes."""
    if "/" in name:
        team, _, slug = name.partition("/")
        yield team, slug
        return
    if len(name) > MOST_TEAM + len(BETWEEN) + MOST_NAME:
        return
    at = name.find(BETWEEN)
    while 0 <= at <= MOST_TEAM:
        team, slug = name[:at], name[at + len(BETWEEN) :]
        if not (team.endswith("-") or slug.startswith("-")):
            yield team, slug
        at = name.find(BETWEEN, at + 1)
