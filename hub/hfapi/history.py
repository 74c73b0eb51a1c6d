"""What a repository's revisions are called, and the states that it has had."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.people import person
from hub.hfapi import asking, shapes
from hub.hfapi.doors import ReadingDoor, adapter_of, commit_of
from registry.services import repos as states

PAGE, MOST = 50, 1000


class Refs(ReadingDoor):
    """GET …/refs: main and channels as branches, versions and labels as tags."""

    def get(self, request: Request, team: str, name: str) -> Response:
        adapter = adapter_of(request, team, name)
        found = states.refs(adapter, by=person(request), now=timezone.now())
        return Response(
            {
                "branches": [_ref(one, "heads") for one in found if one.is_branch],
                "tags": [_ref(one, "tags") for one in found if not one.is_branch],
                "converts": [],
                "pullRequests": [],
            }
        )


def _ref(ref: states.Ref, kind: str) -> dict[str, Any]:
    return {"name": ref.name, "ref": f"refs/{kind}/{ref.name}", "targetCommit": ref.sha}


class Commits(ReadingDoor):
    """GET /api/models/team/name/commits/{revision}: the newest first, in pages."""

    def get(self, request: Request, team: str, name: str, revision: str) -> Response:
        adapter = adapter_of(request, team, name)
        head = commit_of(request, adapter, revision)
        found = states.history(adapter, head, by=person(request), now=timezone.now())
        after, limit = asking.cursor(request), asking.number(request, "limit", PAGE, most=MOST)
        at = next((place + 1 for place, one in enumerate(found) if one.sha == after), 0)
        page = found[at : at + limit]
        more = len(found) > at + limit
        headers = asking.next_page(request, page[-1].sha) if more else {}
        return Response([shapes.commit_entry(one) for one in page], headers=headers)
