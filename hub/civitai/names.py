"""The small ones: tags, creators, the words there are, and who asks."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses
from hub.api.people import WithinScope
from hub.civitai import paging
from hub.civitai.asking import Asked, Place
from hub.civitai.doors import CivitaiDoor
from registry.bases import labels
from registry.exports import civitai_words as words
from registry.queries.civitai import models, names
from registry.queries.civitai.models import Search

MOST, USUAL = 200, 20


class Tags(CivitaiDoor):
    """GET /api/v1/tags."""

    def get(self, request: Request) -> Response:
        asked = Asked(request)
        place, text = _place(asked), asked.word("query")
        found = names.tags(text, skip=place.skip, limit=place.limit)
        at = addresses.at(request, "civitai-models")
        items = [
            {
                "name": row.name,
                "modelCount": row.adapters,
                "link": paging.link(at, tag=row.name),
            }
            for row in found.rows
        ]
        return Response(paging.by_number(request, place, items, found.total))


class Creators(CivitaiDoor):
    """GET /api/v1/creators: teams."""

    def get(self, request: Request) -> Response:
        asked = Asked(request)
        place, text = _place(asked), asked.word("query")
        found = names.teams(text, skip=place.skip, limit=place.limit)
        at = addresses.at(request, "civitai-models")
        items = [
            {
                "username": row.name,
                "modelCount": row.adapters,
                "link": paging.link(at, username=row.name),
            }
            for row in found.rows
        ]
        return Response(paging.by_number(request, place, items, found.total))


class Enums(CivitaiDoor):
    """GET /api/v1/enums: every word that a parameter may be."""

    def get(self, request: Request) -> Response:  # noqa: ARG002
        return Response(
            {
                "ModelType": list(words.MODEL_TYPES),
                "ModelFileType": list(words.FILE_TYPES),
                "ActiveBaseModel": list(labels.known()),
                "BaseModel": list(labels.LABELS),
                "BaseModelType": list(words.BASE_TYPES),
            }
        )


class Me(CivitaiDoor):
    """GET /api/v1/me: whose token this is."""

    permission_classes = (IsAuthenticated, WithinScope)

    def get(self, request: Request) -> Response:
        user: Any = request.user
        body: dict[str, Any] = {
            "id": user.pk,
            "username": user.username,
            "tier": "founder" if user.is_superuser else "free",
            "status": "active",
            "isMember": True,
            "subscriptions": [],
        }
        if user.email:
            body |= {"email": user.email, "emailVerified": None}
        return Response(body)


class Permissions(CivitaiDoor):
    """GET /api/v1/permissions/check?entityIds=: which models there are for whoever asks."""

    def get(self, request: Request) -> Response:
        wanted = Asked(request).numbers("entityIds")
        found = models.matching(Search(ids=wanted)).values_list("serial", flat=True)
        there = set(found) if wanted else set()
        return Response({str(each): each in there for each in wanted})


def _place(asked: Asked) -> Place:
    place = Place(asked, most=MOST, usual=USUAL)
    place.cursor = ""  # these lists go by number alone
    return place
