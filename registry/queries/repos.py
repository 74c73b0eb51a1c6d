"""Adapters by the names that programs have for repositories."""

from __future__ import annotations

from django.db.models import Sum

from registry.errors import NoSuchNamespace, NoSuchRepo, NotFound
from registry.models import Adapter, AdapterVersion, Team, User
from registry.queries import adapters


def named(namespace: str, name: str, *, by: User | None) -> Adapter:
    """
    Return the adapter that is called namespace/name.

    :raises NoSuchNamespace: if there is no team of that name
    :raises NoSuchRepo: if it has no such adapter, or nothing of it that this person may see
    """
    if not Team.objects.filter(slug=namespace).exists():
        raise NoSuchNamespace(f"There is no team called {namespace[:80]!r} on this hub.")
    try:
        return adapters.named(namespace, name, by=by)
    except NotFound as error:
        raise NoSuchRepo(error.message) from error


def is_public(adapter: Adapter) -> bool:
    """Say whether strangers find something of the adapter."""
    return AdapterVersion.objects.published().filter(adapter=adapter).exists()


def downloads_of(adapter: Adapter) -> int:
    """Return how often all versions of the adapter were downloaded."""
    return int(adapter.versions.aggregate(all=Sum("downloads"))["all"] or 0)
