"""The source that an import names, opened within what the operator allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from registry.imports.sources import loradex
from registry.imports.sources.source import Source
from registry.imports.sources.table import BY_KIND, Ground
from registry.imports.web.client import ANSWER, Web
from registry.imports.web.hosts import settings_of
from registry.models import Import


def ground(*, patience: float = ANSWER) -> Ground:
    """Return what this hub may import from, with so many seconds for each answer."""
    hosts = settings_of(
        settings.IMPORT_HOSTS, settings.IMPORT_PRIVATE_HOSTS, settings.IMPORT_TOKENS
    )
    return Ground(
        folders=tuple(Path(one).resolve() for one in settings.IMPORT_FOLDERS),
        web=Web(hosts, patience=patience),
    )


def opened(kind: str, text: str, *, patience: float = ANSWER) -> Source:
    """
    Return the source of that kind.

    :raises SourceRefused: if this hub may not import from there
    """
    return BY_KIND[kind].open(text, ground(patience=patience))


def settle_kind(row: Import) -> None:
    """
    Find out whether an adapter's address is of a Loradex or of a model hub: they look alike.

    :raises SourceDown: if nothing answers there now
    """
    if row.is_guess and row.kind == "hub" and loradex.answers(row.source, ground().web):
        row.kind = "loradex"
    row.is_guess = False


def of_import(row: Import) -> Source:
    """
    Return the source of an import; what is wanted of it is what changed since, where that is said.

    :raises SourceRefused: if this hub may not import from there
    """
    source = opened(row.kind, row.source)
    if row.since and isinstance(source, loradex.LoradexSource):
        return replace(source, since=row.since)
    return source
