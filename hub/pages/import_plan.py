"""One import: its plan to be looked at and corrected, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import addresses
from hub.pages.forms import Words
from hub.pages.import_headlines import headline
from hub.pages.modalities import in_groups
from registry.errors import RegistryError
from registry.queries import bases, imports, people
from registry.queries.import_endings import ending_of
from registry.queries.words import ImportState, ItemState, Kind, Role
from registry.services.imports import deciding
from registry.services.imports.judging import said_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.pages.requests import MemberRequest
    from registry.models import Import, ImportItem

DOING = {
    "listing": gettext_lazy("Looking what there is"),
    "reading": gettext_lazy("Reading headers"),
}
LABELS = {
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "kind": gettext_lazy("Kind"),
    "tags": gettext_lazy("Tags"),
    "licence": gettext_lazy("Licence"),
    "content_level": gettext_lazy("Content level"),
    "label": gettext_lazy("Label of this version"),
    "changes": gettext_lazy("What is new in this version"),
    "trigger_words": gettext_lazy("Trigger words"),
    "optional_words": gettext_lazy("Optional words"),
    "negative_words": gettext_lazy("Negative words"),
    "weight_default": gettext_lazy("Weight"),
    "weight_low": gettext_lazy("Weight from"),
    "weight_high": gettext_lazy("Weight to"),
    "bases": gettext_lazy("Base model"),
}
CORRECTABLE = (ItemState.OFFERED, ItemState.DUPLICATE, ItemState.LEFT)


class ItemForm(forms.Form):
    """What a person says instead."""

    title = forms.CharField(max_length=120, required=False)
    name = forms.RegexField(r"^[a-z0-9][a-z0-9._-]{0,79}$", required=False)
    base = forms.CharField(max_length=200, required=False)
    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    trigger_words = Words(max_length=2000, required=False)
    tags = Words(max_length=1000, required=False)


@dataclass(frozen=True, slots=True)
class Field:
    label: Any
    value: str
    source: str  # "": a person here


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it is shown."""

    item: ImportItem
    title: str
    words: str
    tags: str
    kind: str
    fields: tuple[Field, ...]
    address: str  # of the version that was made of it, or that is the same
    may_correct: bool
    may_take: bool  # after all


@require_safe
@login_required
@never_cache
def show(request: MemberRequest, import_id: UUID) -> HttpResponse:
    row = imports.in_sight(import_id, by=request.user)
    return render(request, "pages/imports/import.html", _about(request, row))


@require_safe
@login_required
@never_cache
def live(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Return the part of the page that changes while a worker is at it."""
    row = imports.in_sight(import_id, by=request.user)
    if not request.headers.get("HX-Request"):
        return redirect("one-import", row.pk)
    return render(request, "parts/imports/_import.html", _about(request, row))


@require_POST
@login_required
def correct(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Say for which team and base all of it is."""
    row = imports.in_sight(import_id, by=request.user)
    with _told(request):
        team = people.team(request.POST.get("team", row.team.slug))
        deciding.correct(row, by=request.user, team=team, base=request.POST.get("base", ""))
    return redirect("one-import", row.pk)


@require_POST
@login_required
def take_all(request: MemberRequest, import_id: UUID) -> HttpResponse:
    row = imports.in_sight(import_id, by=request.user)
    with _told(request):
        deciding.choose_all(row, take=bool(request.POST.get("take")), by=request.user)
    return redirect("one-import", row.pk)


@require_POST
@login_required
def item(request: MemberRequest, import_id: UUID, position: int) -> HttpResponse:
    """Correct one item, leave it out, or take it after all."""
    row = imports.in_sight(import_id, by=request.user)
    found = imports.item(row, position)
    form = ItemForm(request.POST)
    with _told(request):
        if "take" in request.POST:
            said: dict[str, Any] = {"take": request.POST["take"] == "yes"}
        elif form.is_valid():
            said = _changed(found, form.cleaned_data)
        else:
            said = {}
            messages.error(request, _("Use small Latin letters, digits and hyphens in names."))
        if said:
            deciding.choose(row, position, said, by=request.user)
    after = max(position - 1, 0) // imports.PAGE * imports.PAGE
    return redirect(f"{addresses.one_import(row)}?after={after}#item-{position}")


@require_POST
@login_required
def start(request: MemberRequest, import_id: UUID) -> HttpResponse:
    row = imports.in_sight(import_id, by=request.user)
    with _told(request):
        deciding.start(row, by=request.user, now=timezone.now())
    return redirect("one-import", row.pk)


@require_POST
@login_required
def cancel(request: MemberRequest, import_id: UUID) -> HttpResponse:
    row = imports.in_sight(import_id, by=request.user)
    with _told(request):
        deciding.cancel(row, by=request.user, now=timezone.now())
    return redirect("one-import", row.pk)


@contextmanager
def _told(request: MemberRequest) -> Iterator[None]:
    """Show a refusal of the registry on the next page."""
    try:
        yield
    except RegistryError as refusal:
        messages.error(request, str(refusal))


def _changed(found: ImportItem, told: dict[str, Any]) -> dict[str, Any]:
    """Return what a form says otherwise than is said already; an emptied field is taken back."""
    known = said_of(found)
    shown = {name: field["value"] for name, field in known.items()} | {
        "name": found.slug,
        "base": found.base,
        "kind": known.get("kind", {}).get("value") or Kind.OTHER.value,
    }
    empty: tuple[Any, ...] = ("", [])
    return {
        name: None if value in empty else value
        for name, value in told.items()
        if value != shown.get(name, "") and not (value in empty and name not in shown)
    }


def _about(request: MemberRequest, row: Import) -> dict[str, Any]:
    tally = imports.tally(row)
    counts = tally.counts
    after, state = _place(request, counts)
    found = list(imports.items_of(row, after=after, state=state)[: imports.PAGE + 1])
    living = row.state in imports.LIVING
    rows = [_row(one, living=living) for one in found[: imports.PAGE]]
    doing = str(row.progress.get("saying") or "")
    return {
        "import": row,
        "headline": headline(row, tally),
        "rows": rows,
        "after": found[imports.PAGE - 1].position if len(found) > imports.PAGE else None,
        "before": after,
        "state": state,
        "counts": [
            (value, label, counts[value]) for value, label in ItemState.choices if counts[value]
        ],
        "can": counts[ItemState.OFFERED] - tally.without_base,
        "failed": counts[ItemState.FAILED] + counts[ItemState.WAITING],
        "without_base": tally.without_base,
        "bytes": tally.bytes_to_fetch,
        "living": living,
        "doing": DOING.get(doing, doing),
        "far": _far(row, counts),
        "is_under_way": living and counts[ItemState.MADE] > 0,
        "ending": ending_of(row, tally),
        "again": f"{reverse('import')}?{urlencode(_asked(row))}",
        "has_plan": any(counts.values()),
        "may_start": row.state not in imports.LIVING and any(counts.values()),
        "is_planned": row.state == ImportState.PLANNED,
        "made": counts[ItemState.MADE],
        "teams": people.teams_of(request.user, at_least=Role.CONTRIBUTOR),
        "bases": in_groups(bases.usable(request.user)),
        "kinds": Kind.choices,
    }


def _far(row: Import, counts: Mapping[str, int]) -> tuple[int, int]:
    """Return how many steps are done, and of how many: items, once it is they that are fetched."""
    fetched = counts[ItemState.MADE] + counts[ItemState.FAILED]
    if counts[ItemState.WAITING]:
        return fetched, fetched + counts[ItemState.WAITING]
    return int(row.progress.get("done") or 0), int(row.progress.get("of") or 0)


def _asked(row: Import) -> dict[str, str]:
    """Return what the form of another import like this one begins with."""
    return {"source": row.source, "kind": row.kind, "team": row.team.slug, "base": row.base}


def _place(request: MemberRequest, counts: Mapping[str, int]) -> tuple[int, str]:
    """Return behind which item the page begins, and of which state only."""
    after, state = request.GET.get("after", "0"), request.GET.get("state", "")
    return (
        int(after) if after.isdecimal() and len(after) < 8 else 0,
        state if state in counts else "",
    )


def _row(one: ImportItem, *, living: bool) -> Row:
    told = said_of(one)
    value = {name: field["value"] for name, field in told.items()}
    shown = tuple(
        Field(label, _text(value[name]), told[name]["source"])
        for name, label in LABELS.items()
        if name in told
    )
    return Row(
        item=one,
        title=str(value.get("title") or one.key),
        words=_text(value.get("trigger_words", [])),
        tags=_text(value.get("tags", [])),
        kind=str(value.get("kind") or Kind.OTHER.value),
        fields=shown,
        address=addresses.page(one.version) if one.version else "",
        may_correct=not living and one.state in CORRECTABLE,
        may_take=one.state == ItemState.LEFT or _is_elsewhere(one),
    )


def _is_elsewhere(one: ImportItem) -> bool:
    """Say whether its bytes are here, and of another team."""
    twin = one.version
    if twin is None or one.state != ItemState.DUPLICATE:
        return False
    return twin.adapter.team_id != one.of.team_id


def _text(value: Any) -> str:
    listed: Sequence[Any] = value if isinstance(value, list) else [value]
    return ", ".join(f"{one:g}" if isinstance(one, float) else str(one) for one in listed)
