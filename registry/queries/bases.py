"""Base models, by any of their names."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from registry.errors import NotFound
from registry.models import AdapterVersion, BaseModel, Scene


def named(name: str) -> BaseModel:
    """
    Return the one base that `name` means best: its slug, else an alias, else its family's first.

    :raises NotFound: if no base goes by that name
    """
    word = name.strip().lower()
    for narrowed in (Q(slug=word), Q(aliases__contains=[word]), Q(family=word, parent=None)):
        found = BaseModel.objects.filter(narrowed).order_by("pk").first()
        if found:
            return found
    raise NotFound(
        f"This hub knows no base model called {name!r}: see GET /api/bases for those it does."
    )


def listed() -> QuerySet[BaseModel]:
    """Return all bases with `published`, the number of adapters published for each."""
    return (
        BaseModel.objects.select_related("parent")
        .annotate(
            published=Count(
                "versions__adapter",
                filter=Q(versions__state=AdapterVersion.State.PUBLISHED),
                distinct=True,
            )
        )
        .order_by("family", "parent_id", "slug")
    )


def whole(name: str) -> BaseModel:
    """
    Return a base with `published`, as `listed` counts it, and its `active_scenes` in order.

    :raises NotFound: if no base goes by that name
    """
    scenes = Scene.objects.filter(active=True).order_by("position", "pk")
    found = listed().prefetch_related(Prefetch("scenes", scenes, to_attr="active_scenes"))
    return found.get(pk=named(name).pk)
