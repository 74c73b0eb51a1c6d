"""Images, as Civitai calls pictures of sweeps."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hub.civitai import paging
from hub.civitai.asking import Asked, Place
from hub.civitai.doors import CivitaiDoor
from hub.civitai.errors import WrongParameter
from hub.civitai.shapes import images as shapes
from registry.bases import labels
from registry.exports import civitai_words as words
from registry.queries.civitai import images
from registry.queries.civitai.images import Search

MOST, USUAL = 200, 100
NSFW = {"none": 1, "soft": 2, "mature": 4, "x": 31, "true": 31, "false": 1}  # the most, or all
MEDIA = ("image", "video", "audio")


class Images(CivitaiDoor):
    """GET /api/v1/images: pictures of published versions, rendered at their weights."""

    def get(self, request: Request) -> Response:
        asked = Asked(request)
        place = Place(asked, most=MOST, usual=USUAL)
        sort = asked.choice("sort", words.IMAGE_SORTS)
        key = place.key(1)
        search = _search(asked)
        found = images.page(
            search,
            limit=place.limit,
            after=key[0] if key else None,
            skip=place.skip,
            oldest_first=sort == "Oldest",
        )
        looked_up = (search.image or search.model) is not None
        nested = looked_up and not asked.flag("flatMeta")
        with_tags = bool(asked.flag("withTags"))
        items = [shapes.by_itself(request, cell, nested=nested) for cell in found.cells]
        if with_tags:
            for item, cell in zip(items, found.cells, strict=True):
                item["tags"] = [
                    {"id": index, "name": tag}
                    for index, tag in enumerate(cell.grid.version.adapter.tags, start=1)
                ]
        after = None if found.next is None else (found.next,)
        return Response(paging.by_key(request, place, items, after))


def _search(asked: Asked) -> Search:
    post, version = asked.number("postId"), asked.number("modelVersionId")
    kind = asked.choice("type", MEDIA)
    differ = post is not None and version is not None and post != version
    return Search(
        image=asked.number("imageId"),
        model=asked.number("modelId"),
        version=post if version is None else version,  # a version's pictures are one post
        team=asked.word("username"),
        labels=asked.choices("baseModels", labels.LABELS),
        levels=_levels(asked),
        since=_since(asked),
        impossible=differ or kind not in {"", "image"} or bool(asked.numbers("tags")),
    )


def _levels(asked: Asked) -> tuple[str, ...] | None:
    """Return the content levels that are asked for, None for all."""
    mask = asked.number("browsingLevel", low=0, high=63)
    if mask:
        return tuple(name for name, level in words.LEVELS.items() if level & mask)
    text = asked.word("nsfw").lower()
    if not text:
        return None
    if text not in NSFW:
        raise WrongParameter(
            "nsfw", f"nsfw is {text[:40]!r}: choose among None, Soft, Mature, X, true and false."
        )
    return tuple(name for name, level in words.LEVELS.items() if level <= NSFW[text])


def _since(asked: Asked) -> datetime | None:
    days = words.PERIODS[asked.choice("period", tuple(words.PERIODS)) or "AllTime"]
    return timezone.now() - timedelta(days=days) if days else None
