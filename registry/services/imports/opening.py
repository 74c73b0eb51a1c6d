"""The source that an import names, opened within what the operator allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from registry.imports.sources import loradex
from registry.imports.sources.source import Source
from registry.imports.sources.table import BY_KIND, Ground
from registry.imports.web.client import ANSWER, Web
from registry.models import Import, Team
from registry.services.imports import tokens


def ground(text: str, *, team: Team, patience: float = ANSWER) -> Ground:
    """Return what a team that names this source may ask, with so many seconds for each answer."""
    return Ground(
        folders=tuple(Path(one).resolve() for one in settings.IMPORT_FOLDERS),
        web=Web(tokens.allowed(team, source=text), patience=patience),
    )


def opened(kind: str, text: str, *, team: Team, patience: float = ANSWER) -> Source:
    """
    Return the source of that kind, as the team may ask it.

    :raises SourceRefused: if this hub may not import from there
    """
    return BY_KIND[kind].open(text, ground(text, team=team, patience=patience))


def settle_kind(row: Import) -> None:
    """
    Find out whether an adapter's address is of a Loradex or of a model hub: they look alike.

    :raises SourceDown: if nothing answers there now
    """
    if (
        row.is_guess
        and row.kind == "hub"
        and loradex.answers(row.source, ground(row.source, team=row.team).web)
    ):
        row.kind = "loradex"
    row.is_guess = False


def of_import(row: Import) -> Source:
    """
    Return the source of an import; what is wanted of it is what changed since, where that is said.

    :raises SourceRefused: if this hub may not import from there
    """
    source = opened(row.kind, row.source, team=row.team)
    if row.since and isinstance(source, loradex.LoradexSource):
        return replace(source, since=row.since)
    return source
