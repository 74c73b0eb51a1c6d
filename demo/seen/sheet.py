"""What is right to say of one adapter, by looking at its sheet."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Known:
    """Ranges that the curve must fall in, None where there is nothing of the kind."""

    seen: str  # on the sheet, in words
    onset: tuple[float, float] | None
    best: tuple[float, float] | None
    first_bad: tuple[float, float] | None
    jump: tuple[float, float] | None = None  # where it changes all at once
    may_jump: bool = False  # some would call it a jump, some would not
    onset_below: tuple[float, float] | None = None
    first_bad_below: tuple[float, float] | None = None
    may_have_no_range: bool = False  # some would say that it is nowhere good
    may_hold: bool = False  # some would not call it broken, but drifting
    sure: bool | None = True  # None: one may be, or not
    of_pictures: bool = False  # weights short of the pictures beside a range agree as well
    fitted: bool = False
    misread: tuple[str, ...] = ()  # what the curve is wrong about, by "even" or "as_swept" weights
