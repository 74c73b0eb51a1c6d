"""`manage.py rerender`: render stored cells again, and say how far they have drifted."""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.models import PreviewCell
from registry.sweeps import records
from registry.sweeps.records import Again
from workers import devices, rerendering
from workers.engine_link import EngineChild

VERSION = re.compile(r"(?P<team>[^/]+)/(?P<name>[^/]+)/v(?P<number>\d+)")
DRIFTED, NOT_RENDERED = 1, 2


class Command(BaseCommand):
    help = (
        "Render stored cells again from their records, and say how far they are from what is kept. "
        "Nothing is changed. Ends with 1 if a cell has drifted further than is tolerated, with 2 "
        "if some could not be rendered again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--cell", type=int, help="one cell, by its number")
        which.add_argument("--of", metavar="TEAM/NAME/vN", help="all cells of a version")
        which.add_argument("--sample", type=int, metavar="N", help="any N cells of the hub")
        parser.add_argument("--device", default="", help="cpu, cuda:0 …; else this machine's first")
        parser.add_argument(
            "--tolerance",
            type=float,
            default=records.TOLERANCE,
            help="drift that is no drift (default: %(default)s)",
        )

    def handle(self, *_: Any, device: str, tolerance: float, **which: Any) -> None:
        cells = _cells(**{name: which[name] for name in ("cell", "of", "sample")})
        if not cells:
            raise CommandError("There are no such cells.", returncode=NOT_RENDERED)
        with EngineChild(device or devices.ALL[0].place) as engine:
            call = partial(engine.call, timeout=settings.TRIAL_SECONDS)
            found = [self._told(one) for one in rerendering.again(cells, call=call)]
        sys.exit(self._summed_up(found, tolerance))

    def _told(self, one: Again) -> Again:
        drift = ", ".join(f"{name} {value:.4f}" for name, value in (one.drift or {}).items())
        self.stdout.write(f"{one.cell}: {one.problem or drift}")
        return one

    def _summed_up(self, found: list[Again], tolerance: float) -> int:
        """Say how each two sets of libraries compare; return the exit status."""
        pairs = records.by_libraries(found, tolerance=tolerance)
        for pair in pairs:
            self.stdout.write(
                f"\nthen  {pair.then or 'not known'}\nnow   {pair.now}\n"
                f"{pair.cells} cells, drift {pair.mean:.4f} on the average and {pair.worst:.4f} at "
                f"most; {pair.beyond} beyond {tolerance:g}"
            )
        failed = sum(bool(one.problem) for one in found)
        if failed:
            self.stdout.write(f"\n{failed} of {len(found)} cells could not be rendered again.")
        if any(pair.beyond for pair in pairs):
            return DRIFTED
        return NOT_RENDERED if failed else 0


def _cells(*, cell: int | None, of: str | None, sample: int | None) -> list[PreviewCell]:
    cells = rerendering.rendered_cells()
    if cell is not None:
        return list(cells.filter(pk=cell))
    if sample is not None:
        return list(cells.order_by("?")[: max(sample, 0)])
    named = VERSION.fullmatch(of or "")
    if named is None:
        raise CommandError(f"{of!r} names no version: say it as team/name/v3.")
    return list(
        cells.filter(
            grid__version__adapter__team__slug=named["team"],
            grid__version__adapter__slug=named["name"],
            grid__version__number=int(named["number"]),
        ).order_by("grid", "row", "column")
    )
