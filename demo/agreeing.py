"""Holds curves against what people saw on the sheets, statement by statement (demo/known.py).

python -m demo.agreeing through-a-porthole loud-curtain
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping

from demo.known import KNOWN
from demo.measured import WEIGHTS
from demo.seen.sheet import Known, Range
from demo.write_curves import MISREAD, curve_of, verdict
from registry.sweeps.measure import Curve


def agreeing(known: Known, curve: Curve) -> dict[str, bool]:
    """Return of each part of a curve, by the names of `MISREAD`, whether it agrees."""
    return {
        "onset": _begins(known, curve, curve.onset, known.onset)
        and _begins(known, curve, curve.onset_below, known.onset_below),
        "best": (known.may_have_no_range and curve.best is None)
        or _lies(known, curve.best, known.best),
        "break": (
            (known.may_hold and curve.first_bad is None)
            or _begins(known, curve, curve.first_bad, known.first_bad)
            or _breaks_in_part(known, curve)
        )
        and _begins(known, curve, curve.first_bad_below, known.first_bad_below),
        "jump": _jumps(known, curve),
        "certainty": known.sure is None or (curve.certainty == "sure") is known.sure,
    }


def _jumps(known: Known, curve: Curve) -> bool:
    if known.jump:
        return any(lies_in(weight, known.jump) for weight in curve.jumps)
    return known.may_jump or not curve.jumps


def _breaks_in_part(known: Known, curve: Curve) -> bool:
    """
    Tell whether it breaks in part where the first scene is lost, and the others are not all.

    Who says that most scenes hold is wrong where all are lost by a picture before the last.
    """
    if known.first_bad is None or known.first_bad[1] < max(WEIGHTS):
        return False
    found = curve.first_bad_in_part
    return found is not None and _begins(known, curve, found, known.first_bad)


def _begins(known: Known, curve: Curve, found: float | None, seen: Range | None) -> bool:
    return was_reached_in(curve, found, seen) or _lies(known, found, seen)


def _lies(known: Known, found: float | None, seen: Range | None) -> bool:
    return lies_in(found, seen) or (known.of_pictures and is_between_pictures(found, seen))


def lies_in(found: float | None, seen: Range | None) -> bool:
    if found is None or seen is None:
        return found is seen
    low, high = sorted(map(abs, seen))
    return low - 1e-6 <= abs(found) <= high + 1e-6


def was_reached_in(curve: Curve, found: float | None, seen: Range | None) -> bool:
    """Tell the same of what begins at a weight: it began after the weight looked at before it."""
    if found is None or seen is None:
        return found is seen
    low, high = sorted(map(abs, seen))
    looked_at = [abs(point.weight) for point in curve.points if point.weight * found >= 0]
    before = max((weight for weight in looked_at if weight < abs(found) - 1e-6), default=0.0)
    return before < high and abs(found) >= low - 1e-6


def is_between_pictures(found: float | None, seen: Range | None) -> bool:
    """Tell whether a weight lies short of the pictures beside those that the range is of."""
    if found is None or seen is None:
        return found is seen
    low, high = sorted(map(abs, seen))
    before = max((weight for weight in WEIGHTS if weight < low), default=low)
    after = min((weight for weight in WEIGHTS if weight > high), default=math.inf)
    return before + 1e-6 < abs(found) < after - 1e-6


def told(name: str, known: Known) -> Mapping[str, dict[str, bool]]:
    """Return what agrees at even weights and as swept, and print it line by line."""
    found = {}
    for at in ("even", "as_swept"):
        curve = curve_of(name, as_swept=at == "as_swept")
        found[at] = agreeing(known, curve)
        print(f"{name}, {at}: {verdict(curve)} {curve.certainty.capitalize()}.")
        for part, agrees in found[at].items():
            print(f"  {'right' if agrees else 'WRONG'}  {MISREAD[part]}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=KNOWN, metavar="name")
    names = parser.parse_args().names
    found = [told(name, KNOWN[name]) for name in names]
    single = [agrees for one in found for parts in one.values() for agrees in parts.values()]
    whole = sum(all(all(parts.values()) for parts in one.values()) for one in found)
    even = sum(all(one["even"].values()) for one in found)
    print(f"{even} of {len(found)} are right in all at the sheets' weights, {whole} at both kinds")
    print(f"of weights; {sum(single)} of {len(single)} single statements are right.")


if __name__ == "__main__":
    main()
