"""An adapter as a card, or a line of a table: what one must know to want a closer look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from hub.pages.sweeps import USUAL_WEIGHT, nearest
from hub.pages.templatetags.pages import as_weight
from registry.queries import gallery
from registry.queries.gallery import Frame
from registry.queries.words import Kind, Proof, State

if TYPE_CHECKING:
    from uuid import UUID

A_PAGE = 48  # where people turn pages, since somebody has put together what is on them


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    name: str
    address: str
    base: str
    base_slug: str
    kind: str
    level: str
    state: str  # "" where it is published
    state_label: str
    deprecated: bool
    behind: bool  # whether it is the first of those behind all others, since they are deprecated
    trigger_words: Sequence[str]
    low: float | None
    high: float | None
    measured: bool
    proof: str
    proof_label: str
    downloads: int
    at: datetime
    frames: Sequence[Frame]  # with pictures
    start: int
    said: str  # what a base that writes says with it; empty where there are pictures

    @property
    def shown(self) -> Frame | None:
        return self.frames[self.start] if self.frames else None

    @property
    def collecting(self) -> str:
        """The address where a member puts it into collections."""
        return reverse("collect", args=self.name.split("/"))

    @property
    def picture(self) -> str:
        """The address of what is shown; those of the other frames differ in the digest alone."""
        return reverse("api-picture", args=[self.frames[self.start].sha256]) if self.frames else ""

    @property
    def sweep(self) -> str:
        """Return every frame's digest and weight, for the module that plays them."""
        return " ".join(f"{frame.sha256}@{as_weight(frame.weight)}" for frame in self.frames)


def of_versions(versions: Iterable[UUID]) -> list[Card]:
    """Return the cards of these versions, in their order: three queries."""
    rows = gallery.rows_of(versions)
    frames = gallery.frames_of(row["pk"] for row in rows)
    return [of_row(row, frames.get(row["pk"], ())) for row in rows]


def of_page(page: gallery.Page, *, exact: bool = False) -> list[Card]:
    """Return the cards of a page; `exact` ones lead to their version, though there be a newer."""
    made = [of_row(row, page.frames.get(row["pk"], ()), exact=exact) for row in page.rows]
    return [
        replace(card, behind=row["pk"] == page.behind)
        for card, row in zip(made, page.rows, strict=True)
    ]


def of_row(row: Mapping[str, Any], frames: Sequence[Frame], *, exact: bool = False) -> Card:
    """Return the card of a row of registry/queries/gallery.py."""
    pictures = [frame for frame in frames if frame.sha256]
    measured = row["measured_low"] is not None
    published = row["state"] == State.PUBLISHED
    return Card(
        title=row["adapter__title"],
        name=f"{row['adapter__team__slug']}/{row['adapter__slug']}",
        address=_address(row, exact=exact or not published),
        base=row["base__title"],
        base_slug=row["base__slug"],
        kind=str(Kind(row["adapter__kind"]).label),
        level=row["adapter__content_level"],
        state="" if published else row["state"],
        deprecated=row["deprecated_at"] is not None,
        behind=False,
        state_label="" if published else str(State(row["state"]).label),
        trigger_words=row["trigger_words"],
        low=row["measured_low"] if measured else row["weight_low"],
        high=row["measured_high"] if measured else row["weight_high"],
        measured=measured,
        proof=row["proof"],
        proof_label=str(Proof(row["proof"]).label) if row["proof"] else "",
        downloads=row["downloads"],
        at=row["published_at"] or row["uploaded_at"],
        frames=pictures,
        start=_start(row, pictures),
        said="" if pictures or not frames else frames[_start(row, frames)].said,
    )


def _address(row: Mapping[str, Any], *, exact: bool) -> str:
    at = reverse("adapter", args=[row["adapter__team__slug"], row["adapter__slug"]])
    return f"{at}?{urlencode({'version': row['number']})}" if exact else at


def _start(row: Mapping[str, Any], frames: Sequence[Frame]) -> int:
    """Return the frame nearest to the weight that is suggested."""
    wanted = (row["measured_best"], row["weight_default"], USUAL_WEIGHT)
    weight = next(each for each in wanted if each is not None)
    return nearest([frame.weight for frame in frames], weight) if frames else 0
