"""The plan of an import: every version that its source offers, looked at and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from django.db import transaction

from registry.errors import SourceRefused
from registry.formats.quoting import shown
from registry.imports.merging import Merged, merge
from registry.imports.offers import Offer
from registry.imports.saying import BY_FILE_NAME, Statement
from registry.imports.sources.source import Source
from registry.models import Import, ImportItem, User
from registry.services import events, storable
from registry.services.imports import held, judging, looking, opening
from registry.services.imports.looking import Look

MOST_ITEMS = 5_000


class Holding(Protocol):
    """Whoever works on an import: it says how far it is, and may be stopped."""

    def show(self, *, done: int, of: int, saying: str, left: float | None = None) -> None:
        """Say how far the work is."""

    def check(self) -> None:
        """Raise if the work is not to go on. Costs nothing."""


def plan(row: Import, *, holding: Holding, now: datetime) -> None:
    """
    Make the plan, and let the import wait for a person.

    :raises SourceRefused: if there is nothing to import, or it may not be
    :raises SourceDown: if the source does not answer
    :raises LeaseLost: if another worker has taken it over
    """
    opening.settle_kind(row)
    source = opening.of_import(row)
    row.cursor = source.cursor  # before anything is listed: what changes meanwhile is told again
    holding.show(done=0, of=0, saying="listing")
    offers = list(_listed(source.offers(), holding))
    if not offers and not row.since:
        raise SourceRefused(f"There is no adapter in {shown(source.name)}.")
    items = []
    for done, offer in enumerate(offers):
        holding.show(done=done, of=len(offers), saying="reading")
        items.append(_item(offer, source, row.by, holding))
    _keep(row, items, name=source.name, now=now)


def _listed(offers: Iterable[Offer], holding: Holding) -> Iterator[Offer]:
    """Yield offers, each key once."""
    keys: set[str] = set()
    for offer in islice(offers, MOST_ITEMS + 1):
        holding.check()
        if len(keys) == MOST_ITEMS:
            raise SourceRefused(
                f"There are more than {MOST_ITEMS:,} versions: import them in several parts."
            )
        if offer.key not in keys:
            keys.add(offer.key)
            yield offer


def _item(offer: Offer, source: Source, by: User, holding: Holding) -> ImportItem:
    found = Look(refusal=offer.refusal)
    if not offer.refusal:
        found = looking.look(offer, source, by=by, check=holding.check)
    merged = merge(_statements(offer, found), sha256=found.sha256 or offer.weights.sha256)
    return ImportItem(
        key=offer.key[:1000],
        group=(offer.group or offer.key)[:1000],
        url=offer.url or merged.value("page_url"),
        files=storable.as_json([asdict(file) for file in offer.files]),
        pictures=storable.as_json([asdict(picture) for picture in offer.pictures]),
        record=storable.as_json(offer.record),
        fields=storable.as_json(_fields(merged)),
        notes=storable.as_json(_notes(offer, merged, found)),
        seen=storable.as_json(found.seen | ({"refusal": found.refusal} if found.refusal else {})),
        size=offer.size,
        sha256=found.sha256 or offer.weights.sha256,
    )


def _statements(offer: Offer, found: Look) -> list[Statement]:
    """Return what is said of an offer: by people first, then by its header, last by its name."""
    told = [*offer.statements]
    if found.statement:
        named = bool(told) and told[-1].source == BY_FILE_NAME
        told.insert(len(told) - named, found.statement)
    return told


def _fields(merged: Merged) -> dict[str, Any]:
    return {
        name: {"value": said.value, "source": said.source, "others": [list(o) for o in said.others]}
        for name, said in merged.fields.items()
    }


def _notes(offer: Offer, merged: Merged, found: Look) -> list[str]:
    unheard = [
        f"{shown(name)} names the sha256 of another file: nothing of it is taken."
        for name in merged.unheard
    ]
    return [*offer.notes, *unheard, *found.seen.get("problems", [])]


@transaction.atomic
def _keep(row: Import, items: list[ImportItem], *, name: str, now: datetime) -> None:
    seen, row = row, held.LEASES.hold(row)
    row.kind, row.is_guess, row.cursor, row.name = seen.kind, False, seen.cursor, name[:200]
    row.items.all().delete()
    for position, item in enumerate(items, start=1):
        item.of, item.position = row, position
    ImportItem.objects.bulk_create(items, batch_size=200)
    judging.judge_all(row)
    row.attempt = 0
    held.let_go(row)
    events.record(
        "import.looked", by=row.by, on=row.team, now=now, source=row.source, items=len(items)
    )
