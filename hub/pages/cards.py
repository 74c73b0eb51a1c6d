"""An adapter as a card: what one must know to want a closer look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from hub.pages import addresses, sweeps
from registry.queries.words import Proof

if TYPE_CHECKING:
    from registry.models import AdapterVersion, PreviewCell


@dataclass(frozen=True, slots=True)
class CardFrame:
    weight: float
    address: str


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    name: str
    address: str
    base: str
    base_slug: str
    kind: str
    trigger_words: tuple[str, ...]
    low: float | None
    high: float | None
    measured: bool
    proof: str
    proof_label: str
    frames: tuple[CardFrame, ...]
    start: int
    width: int
    height: int
    said: str  # what a base that writes says with it; empty where there are pictures

    @property
    def shown(self) -> CardFrame | None:
        return self.frames[self.start] if self.frames else None


def of_version(version: AdapterVersion) -> Card:
    """Return the card of a version whose adapter, base and grids (with cells) are at hand."""
    adapter = version.adapter
    cells = _first_row(version)
    frames = tuple(CardFrame(cell.weight, addresses.picture(cell)) for cell in cells)
    measured = version.measured_low is not None
    return Card(
        title=adapter.title,
        name=f"{adapter.team.slug}/{adapter.slug}",
        address=reverse("adapter", args=[adapter.team.slug, adapter.slug]),
        base=version.base.title,
        base_slug=version.base.slug,
        kind=adapter.get_kind_display(),
        trigger_words=tuple(version.trigger_words),
        low=version.measured_low if measured else version.weight_low,
        high=version.measured_high if measured else version.weight_high,
        measured=measured,
        proof=version.proof,
        proof_label=str(Proof(version.proof).label) if version.proof else "",
        frames=frames,
        start=sweeps.nearest([f.weight for f in frames], sweeps.suggested(version))
        if frames
        else 0,
        width=cells[0].width if cells else 0,
        height=cells[0].height if cells else 0,
        said="" if cells else _said(version),
    )


def _first_row(version: AdapterVersion) -> list[PreviewCell]:
    for grid in version.grids.all():
        if grid.rendered_at is None:
            continue
        seen = [cell for cell in grid.cells.all() if cell.blob_id]
        cells = sorted(seen, key=lambda one: (one.row, one.column))
        row = [cell for cell in cells if cell.row == cells[0].row]
        if row:
            return row
    return []


def _said(version: AdapterVersion) -> str:
    """Return the text of the first row, at the weight nearest to the suggested one."""
    for grid in version.grids.all():
        cells = sorted(
            (cell for cell in grid.cells.all() if cell.text),
            key=lambda one: (one.row, one.column),
        )
        if grid.rendered_at and cells:
            row = [cell for cell in cells if cell.row == cells[0].row]
            return row[
                sweeps.nearest([cell.weight for cell in row], sweeps.suggested(version))
            ].text
    return ""
