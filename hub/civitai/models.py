"""Models, as Civitai calls adapters: searched, and one by its id."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from hub.civitai import paging
from hub.civitai.asking import Asked, Place
from hub.civitai.doors import CivitaiDoor
from hub.civitai.shapes import models as shapes
from registry.bases import labels
from registry.exports import civitai_words as words
from registry.queries.civitai import models, versions
from registry.queries.civitai.models import Order, Search

MOST = 100
ORDERS = {"Most Downloaded": Order.DOWNLOADS, "Oldest": Order.OLDEST}  # others: the newest first
ABSENT = ("supportsGeneration", "fromPlatform", "earlyAccess", "isFeatured", "newCreators")
PERSONAL = ("favorites", "hidden", "followed")  # Civitai has lists of one's own; this hub has none


class Models(CivitaiDoor):
    """GET /api/v1/models: published adapters that match."""

    def get(self, request: Request) -> Response:
        asked = Asked(request)
        place = Place(asked, most=MOST, usual=MOST)
        order = ORDERS.get(asked.choice("sort", words.MODEL_SORTS), Order.NEWEST)
        search = _search(asked, signed_in=request.user.is_authenticated)
        key = place.key(2)
        after = (key[0], key[1]) if key else None
        found = models.page(search, order, limit=place.limit, after=after, skip=place.skip)
        lines = versions.of_adapters(found.adapters)
        primary_only = bool(asked.flag("primaryFileOnly"))
        items = [
            shapes.in_list(request, adapter, lines[adapter.serial], primary_only=primary_only)
            for adapter in found.adapters
            if lines[adapter.serial]  # one may be withdrawn between two queries
        ]
        return Response(paging.by_key(request, place, items, found.next))


class OneModel(CivitaiDoor):
    """GET /api/v1/models/{id}."""

    def get(self, request: Request, serial: int) -> Response:
        adapter = models.by_serial(serial)
        line = versions.of_adapters([adapter])[adapter.serial]
        return Response(shapes.by_itself(request, adapter, line))


def _search(asked: Asked, *, signed_in: bool) -> Search:
    nsfw = asked.flag("nsfw")
    return Search(
        text=asked.word("query"),
        ids=asked.numbers("ids"),
        version_ids=asked.numbers("modelVersionIds"),
        tag=asked.word("tag"),
        team=asked.word("username"),
        types=asked.choices("types", words.MODEL_TYPES),
        labels=asked.choices("baseModels", labels.LABELS),
        formats=asked.choices("fileFormats", words.FORMATS),
        since=_since(asked),
        is_safe=True if nsfw is False else None,
        no_credit=asked.flag("allowNoCredit"),
        commercial=asked.choices("allowCommercialUse", words.COMMERCIAL),
        derivatives=asked.flag("allowDerivatives"),
        different_licence=asked.flag("allowDifferentLicense"),
        impossible=_is_impossible(asked, signed_in=signed_in),
    )


def _since(asked: Asked) -> datetime | None:
    days = words.PERIODS[asked.choice("period", tuple(words.PERIODS)) or "AllTime"]
    return timezone.now() - timedelta(days=days) if days else None


def _is_impossible(asked: Asked, *, signed_in: bool) -> bool:
    """
    Say whether something is asked for that nothing here is or has.

    :raises NotAuthenticated: if it is a list of one's own, and nobody knows whose
    """
    personal = any(asked.flag(name) for name in PERSONAL)
    if personal and not signed_in:
        raise NotAuthenticated
    availability = asked.choice("availability", words.AVAILABILITIES)
    return (
        personal
        or any(asked.flag(name) for name in ABSENT)
        or bool(asked.choice("checkpointType", words.CHECKPOINT_TYPES))
        or availability not in {"", "Public"}
    )
