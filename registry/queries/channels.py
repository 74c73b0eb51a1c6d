"""Channels of adapters: where each points."""

from __future__ import annotations

from registry.errors import NotFound
from registry.models import Adapter, AdapterVersion, Channel
from registry.queries import versions


def of_adapter(adapter: Adapter) -> list[Channel]:
    """Return the adapter's channels by name, each with its version and who moved it."""
    return list(
        adapter.channels.select_related("version__adapter__team", "moved_by").order_by("name")
    )


def named(adapter: Adapter, name: str) -> Channel:
    """:raises NotFound: if the adapter has no such channel; the sentence names those it has"""
    there = of_adapter(adapter)
    found = next((one for one in there if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in there) or "none"
        raise NotFound(f"{_title(adapter)} has no channel called {name[:40]!r}; it has {known}.")
    return found


def version_in(adapter: Adapter, name: str) -> AdapterVersion:
    """
    Return the version that a channel points at, as a whole.

    :raises NotFound: if the adapter has no such channel
    """
    channel = named(adapter, name)
    return versions.in_sight(
        adapter.team.slug, adapter.slug, channel.version.number, by=None
    )  # channels point at published versions only, which anyone may see


def _title(adapter: Adapter) -> str:
    return f"{adapter.team.slug}/{adapter.slug}"
