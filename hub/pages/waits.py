"""How long a run has to wait, or has still to go: one sentence or two, or nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.pages import times
from registry.queries import lines
from registry.queries.words import RunState

if TYPE_CHECKING:
    from uuid import UUID

    from registry.models import ValidationRun
    from registry.queries.lines import Place


def tell(run: ValidationRun, *, now: datetime) -> str:
    """Return where a waiting run stands and how long it takes; of a running one, what is left."""
    if run.state == RunState.RUNNING:
        left = run.progress.get("left")
        return _left(left) if left else ""
    place = lines.place_of(run, now=now)
    return _of_place(place) if place else ""


def tell_each(runs: Collection[ValidationRun], *, now: datetime) -> dict[UUID, str]:
    """Return where each of several runs stands that waits for a gpu worker."""
    queued = [run.pk for run in runs if run.state == RunState.QUEUED]
    places = lines.places_of(queued, now=now)
    return {pk: _of_place(place) for pk, place in places.items()}


def _of_place(place: Place) -> str:
    if not place.workers:
        return _("No gpu worker is there to take it: it waits until one is started.")
    said = [_before(place.before)]
    if place.seconds is not None:
        said.append(_until_done(place.seconds))
    return " ".join(said)


def _left(seconds: float) -> str:
    if seconds < times.MINUTE:
        return _("Less than a minute left.")
    return _("About {time} left.").format(time=times.in_words(seconds))


def _until_done(seconds: float) -> str:
    if seconds < times.MINUTE:
        return _("Less than a minute until it is done.")
    return _("About {time} until it is done.").format(time=times.in_words(seconds))


def _before(count: int) -> str:
    if not count:
        return _("It is next.")
    return ngettext("{count} before it.", "{count} before it.", count).format(count=count)
