"""
What is right to say of each adapter of known behaviour, by looking at its sheet (docs/curves.md).

A range is what people who look at the sheet may differ by. Thresholds were fitted on the adapters
that say `fitted`; what is right for the others was written down before their curves were drawn, and
left as it was.
"""

from __future__ import annotations

from demo.seen.answers import ANSWERS
from demo.seen.fifth_draw import FIFTH_DRAW
from demo.seen.first import FIRST
from demo.seen.fourth_draw import FOURTH_DRAW
from demo.seen.judged import JUDGED
from demo.seen.sealed import FIRST_DRAW, SECOND_DRAW
from demo.seen.seventh_draw import SEVENTH_DRAW
from demo.seen.sheet import Known
from demo.seen.sixth_draw import SIXTH_DRAW
from demo.seen.third_draw import THIRD_DRAW
from demo.seen.unseen import UNSEEN

__all__ = ["KNOWN", "Known"]

KNOWN = (
    FIRST
    | JUDGED
    | UNSEEN
    | ANSWERS
    | FIRST_DRAW
    | SECOND_DRAW
    | THIRD_DRAW
    | FOURTH_DRAW
    | FIFTH_DRAW
    | SIXTH_DRAW
    | SEVENTH_DRAW
)
