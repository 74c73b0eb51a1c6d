"""Lists of repositories, in pages that a Link field leads through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hub.hfapi import asking, info, shapes
from hub.hfapi.doors import ReadingDoor
from registry.errors import Invalid
from registry.queries import repo_cards, repo_lists
from registry.queries.repo_lists import Wanted
from registry.services import repos as states

if TYPE_CHECKING:
    from registry.models import AdapterVersion

PAGE, MOST = 100, 500
OF_FILES = frozenset({"sha", "siblings", "usedStorage"})
PAGE_WITH_FILES = 25  # each costs some queries
UNKNOWN_OF_ADAPTERS = ("num_parameters", "apps", "emissions_thresholds")
NONE_HAVE = ("inference", "inference_provider")  # nobody runs them here


class Models(ReadingDoor):
    """GET /api/models: `filter` (several), `search`, `author`, `sort`, `direction`, `limit` …"""

    def get(self, request: Request) -> Response:
        expand = asking.expand(request)
        wanted = _wanted(request)
        full = asking.flag(request, "full") or bool(OF_FILES & set(expand))
        limit = asking.number(request, "limit", PAGE, most=PAGE_WITH_FILES if full else MOST)
        limit = min(limit, PAGE_WITH_FILES) if full else limit
        if wanted is None:
            return Response([])
        page = repo_lists.page(wanted, after=asking.cursor(request), limit=limit)
        headers = asking.next_page(request, page.next) if page.next else {}
        with_card = full or asking.flag(request, "cardData") or bool(expand)
        shown = [_listed(one, full=full, with_card=with_card) for one in page.versions]
        return Response([asking.only(one, expand) for one in shown], headers=headers)


def _wanted(request: Request) -> Wanted | None:
    """
    Return what is looked for, None where that is something no adapter here has.

    :raises Invalid: if it is something that nobody knows of adapters
    """
    query = request.query_params
    for name in UNKNOWN_OF_ADAPTERS:
        if query.get(name):
            raise Invalid(f"{name} is not known of adapters: leave it out.")
    if any(query.get(name) for name in NONE_HAVE) or asking.flag(request, "gated"):
        return None
    direction = query.get("direction", "-1")
    if direction not in {"-1", "1"}:
        raise Invalid(f"direction is {direction[:20]!r}: write -1 (downwards) or 1 (upwards).")
    return Wanted(
        tags=tuple(_tags(request)),
        author=plain(query.get("author", "")),
        search=plain(query.get("search", "")),
        sort=query.get("sort", ""),
        upwards=direction == "1",
    )


def plain(text: str) -> str:
    """Return a text less the one character that the database cannot look for."""
    return text.replace("\0", "")


def _tags(request: Request) -> Iterator[str]:
    query = request.query_params
    for name in ("filter", "tags", "pipeline_tag", "library", "trained_dataset"):
        for value in query.getlist(name):
            yield from (tag for tag in plain(value).split(",") if tag)


def _listed(version: AdapterVersion, *, full: bool, with_card: bool) -> dict[str, Any]:
    shown = shapes.repo(version.adapter) | {
        "private": False,
        "downloads": version.all_downloads,  # type: ignore[attr-defined]  # of the list's rows
        "trendingScore": 0,
    }
    told = info.about(repo_cards.card_in_lists(version))
    if not with_card:
        del told["cardData"], told["baseModels"], told["widgetData"]
    if full:
        commit = states.commit_of(version, now=timezone.now())
        shown["sha"] = commit.sha
        shown["siblings"] = [shapes.sibling(entry, whole=False) for entry in commit.manifest]
        shown["usedStorage"] = sum(entry["size"] for entry in commit.manifest)
    return shown | told


class Tags(ReadingDoor):
    """GET /api/models-tags-by-type: what there is to filter by."""

    def get(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        return Response(
            {
                kind: [{"type": kind, "id": _tag(kind, tag), "label": tag} for tag in tags]
                for kind, tags in repo_lists.tags_by_kind().items()
            }
        )


def _tag(kind: str, tag: str) -> str:
    return f"license:{tag}" if kind == "license" else tag
