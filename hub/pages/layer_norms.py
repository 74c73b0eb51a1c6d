"""The norms of several adapters, layer by layer: a drawing in the base's order, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from hub.pages import chosen
from registry.queries import layer_norms as found
from registry.queries import people, together

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registry.models import AdapterVersion

WIDE, HIGH = 720.0, 160.0
MOST_POINTS = 360  # of a line; of layers that share a place, the largest is drawn
LETTER, GAP = 6.6, 10.0  # of the names under the drawing, which are not written over one another


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    name: str  # "" where there is no room for it


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block of the base: of each version how many layers, the whole norm, and the largest."""

    name: str
    layers: int
    norms: tuple[float | None, ...]
    largest: str


@dataclass(frozen=True, slots=True)
class Drawn:
    name: str
    slug: str  # as the API names the part
    lines: tuple[str, ...]
    ticks: tuple[Tick, ...]
    blocks: tuple[BlockRow, ...]
    layers: int


def of_versions(versions: Sequence[AdapterVersion]) -> tuple[Drawn, ...]:
    """Return each part drawn; nothing where the layers of a version are not known by name."""
    return tuple(_drawn(part, len(versions)) for part in found.of_versions(versions))


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show every layer in a table: what the drawing shows, for who reads, hears or prints it."""
    named = together.named(chosen.in_address(request), by=people.person(request.user))
    shown = {
        "versions": named,
        "parts": [(gettext(one.name.replace("_", " ")), one) for one in found.of_versions(named)],
        "back": chosen.address([chosen.name_of(one) for one in named]),
    }
    part = "parts/_layer_norms.html"
    is_piece = request.headers.get("HX-Request")
    return render(request, part if is_piece else "pages/compare/layers.html", shown)


def _drawn(part: found.Part, count: int) -> Drawn:
    layers = [layer for block in part.blocks for layer in block.layers]
    highest = max((norm for layer in layers for norm in layer.norms if norm), default=0.0)
    return Drawn(
        name=gettext(part.name.replace("_", " ")),
        slug=part.name,
        lines=tuple(_line([layer.norms[place] for layer in layers], highest)
                    for place in range(count)),
        ticks=tuple(_ticks(part, len(layers))),
        blocks=tuple(_row(block, count) for block in part.blocks),
        layers=len(layers),
    )  # fmt: skip


def _line(norms: Sequence[float | None], highest: float) -> str:
    """Return the norms as a path; a layer that a version leaves alone is at nothing."""
    if not highest or not any(norms):
        return ""
    step = max(1, -(-len(norms) // MOST_POINTS))
    wide = WIDE / max(len(norms) - 1, 1)
    points = []
    for place in range(0, len(norms), step):
        norm = max(one or 0.0 for one in norms[place : place + step])
        points.append(f"{place * wide:.1f} {HIGH * (1 - norm / highest):.1f}")
    return f"M{' L'.join(points)}"


def _ticks(part: found.Part, layers: int) -> Iterable[Tick]:
    wide = WIDE / max(layers - 1, 1)
    place, free = 0, 0.0
    for block in part.blocks:
        x = place * wide
        end = x + len(block.name) * LETTER
        is_room = free <= x and end <= WIDE
        free = end + GAP if is_room else free
        yield Tick(round(x, 1), block.name if is_room else "")
        place += len(block.layers)


def _row(block: found.Block, count: int) -> BlockRow:
    norms = tuple(_whole(layer.norms[place] for layer in block.layers) for place in range(count))
    largest = max(block.layers, key=lambda layer: max(one or 0.0 for one in layer.norms))
    return BlockRow(block.name, len(block.layers), norms, largest.name)


def _whole(norms: Iterable[float | None]) -> float | None:
    known = [norm for norm in norms if norm is not None]
    return sum(norm * norm for norm in known) ** 0.5 if known else None
