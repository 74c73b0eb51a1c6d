"""What has come of an import, or what could, in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.queries.import_endings import Ending, ending_of
from registry.queries.words import ImportState, ItemState

if TYPE_CHECKING:
    from registry.models import Import
    from registry.queries.imports import Tally


def headline(row: Import, tally: Tally) -> str:
    """Return what can be said of a planned or ended import, "" while it is under way."""
    if row.state == ImportState.PLANNED:
        return _planned(tally)
    ending = ending_of(row, tally)
    if ending is None:
        return ""
    if ending in _ALWAYS:
        return str(_ALWAYS[ending])
    return _COUNTED[ending](tally.counts[ItemState.MADE], tally.counts[ItemState.FAILED])


def _planned(tally: Tally) -> str:
    can = tally.counts[ItemState.OFFERED] - tally.without_base
    if can:
        said = ngettext(
            "{count} adapter version can be imported",
            "{count} adapter versions can be imported",
            can,
        )
        return said.format(count=can)
    others = sum(tally.counts.values()) - tally.counts[ItemState.DUPLICATE]
    if not others:
        return _("Nothing new is there: all of it is here already")
    return _("Nothing of it can be imported as it stands")


def _imported(made: int, _failed: int) -> str:
    said = ngettext(
        "{count} adapter version was imported", "{count} adapter versions were imported", made
    )
    return said.format(count=made)


def _in_part(made: int, failed: int) -> str:
    others = ngettext("{count} failed", "{count} failed", failed).format(count=failed)
    return _("{imported}, {failed}").format(imported=_imported(made, failed), failed=others)


def _nothing(_made: int, failed: int) -> str:
    said = ngettext(
        "Nothing was imported: {count} adapter version failed",
        "Nothing was imported: {count} adapter versions failed",
        failed,
    )
    return said.format(count=failed)


def _stopped(made: int, _failed: int) -> str:
    if not made:
        return _("It was stopped before anything was imported")
    said = ngettext(
        "It was stopped after {count} adapter version was imported",
        "It was stopped after {count} adapter versions were imported",
        made,
    )
    return said.format(count=made)


def _broken_off(made: int, _failed: int) -> str:
    if not made:
        return _("It broke off before anything was imported")
    said = ngettext(
        "It broke off after {count} adapter version was imported",
        "It broke off after {count} adapter versions were imported",
        made,
    )
    return said.format(count=made)


_ALWAYS = {
    Ending.UNPLANNED: gettext_lazy("It ended before there was a plan"),
    Ending.DROPPED: gettext_lazy("The plan was dropped before anything was imported"),
    Ending.HERE_ALREADY: gettext_lazy("Nothing was imported: all of it was here already"),
}
_COUNTED: Mapping[Ending, Callable[[int, int], str]] = {
    Ending.STOPPED: _stopped,
    Ending.BROKEN_OFF: _broken_off,
    Ending.NOTHING: _nothing,
    Ending.IN_PART: _in_part,
    Ending.IMPORTED: _imported,
}
