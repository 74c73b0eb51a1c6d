"""Writes docs/curves.md: each adapter of known behaviour, its sheet, and what its curve says.

python -m demo.write_curves --output docs/curves.md
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable
from pathlib import Path

from demo.known import KNOWN, Known
from demo.measured import as_read, measure_in, measured
from demo.rounds import ROUNDS
from registry.sweeps.measure import Curve, measure

ROOT = Path(__file__).resolve().parents[1]
MISREAD = {
    "onset": "where it begins to show",
    "best": "which weight is best",
    "break": "where it breaks",
    "jump": "whether it jumps",
    "certainty": "whether to be sure",
}
LETTERS = 130  # of an answer
HEAD = """# What a curve says, and what you see

A version's page and `GET …/curve` say where an adapter begins to show, which weight is best,
where it breaks and whether it jumps, each with its reason, and whether to be sure of it. How that
is read is in [ADR 14](adr/0014-how-a-curve-is-read.md); the numbers, each with why it is that
number, are in `registry/sweeps/thresholds.py`.

Below are adapters of the demo bases whose behaviour is known: {count} trainings, with sheets of
{weights} weights over two or three scenes. *Seen* is what a person says of the sheet, *said* is
what the curve says of the same cells. The thresholds were fitted on the {fitted} of the first part,
of which {unmended} are wrong still in something.
The {kept_back} of the second ([kept back](#kept-back)) were not looked at while fitting, and what
is right for them was written down, and kept by a commit, before any curve of theirs was drawn. Of
these, {swept} are right in all that is said of them as the hub sweeps them, and {right} at the
weights of the sheets as well{wrong}.
`tests/registry/sweeps/test_known.py` holds every curve against what was seen, at these weights and
at those that a sweep of the hub finds for itself.

## How often it was wrong

Rules are mended by what they get wrong, and what they were mended by tells nothing of them any
more. So adapters were trained anew each time, and judged once:

{rounds}

## How a verdict is made

Of the third sealed draw (6), by words that were written down before any of it was trained
(`demo/seen/third_draw.py`). One looks at the pictures alone. An effect is *there* in a scene if
somebody who knows what it is meant to be points at it, a thing is *lost* if nobody would name its
shape any more, and *most* are two scenes of three.

- It may show from the first weight at which any scene leads to the effect, to the first at which
  the effect is there in most.
- Best may be half a step before it is there in most, to the last weight at which at most one scene
  has lost a thing. Where there is no such weight, any up to half way through the next, or none.
- It may break from where one scene has lost its thing for good, to where all have. Where things
  fray by 3, or one is lost, it may also hold.
- It is to be sure if the effect is there in all scenes within two steps, and all are lost by 2.5,
  or none is by 3.

Of the fourth (7), by the same words, but by somebody who had not written the rules, and in pictures
of the sheet (`demo/seen/fourth_draw.py`): nobody sees finer than its step, so a weight agrees if it
lies short of the pictures beside those that are named.

Of the fifth (8), by two people who saw nothing of each other's verdicts, in the same words and
pictures (`demo/seen/fifth_draw.py`): where they differ, what either says agrees.

This page is written by `python -m demo.write_curves`, from what `python -m
demo.measure_behaviours` measured. The adapters are in `demo/adapters` and `demo/behaviours`.
"""


def page() -> str:
    """Return the whole page."""
    fitted = {name: known for name, known in KNOWN.items() if known.fitted}
    kept_back = {name: known for name, known in KNOWN.items() if not known.fitted}
    weights = len({point.weight for point in curve_of(next(iter(fitted))).points})
    wrong = trainings(name for name, known in kept_back.items() if known.misread)
    wrong_as_swept = trainings(
        name for name, known in kept_back.items() if any("as_swept" in one for one in known.misread)
    )
    head = HEAD.format(
        count=len(trainings(KNOWN)),
        weights=weights,
        fitted=len(trainings(fitted)),
        kept_back=len(trainings(kept_back)),
        right=len(trainings(kept_back)) - len(wrong),
        swept=len(trainings(kept_back)) - len(wrong_as_swept),
        unmended=", ".join(sorted(name for name, known in fitted.items() if known.misread)),
        wrong=f"; what is wrong of {', '.join(sorted(wrong))} is said beside them" if wrong else "",
        rounds="\n".join(f"{number}. {text}" for number, text in enumerate(ROUNDS, 1)),
    )
    parts = [head, "## Fitted on\n", *(_section(*one) for one in fitted.items())]
    return "\n".join([*parts, "## Kept back\n", *(_section(*one) for one in kept_back.items())])


def curve_of(name: str, *, as_swept: bool = False) -> Curve:
    """Return the curve at even weights, or at those that the hub itself would look at."""
    figures = measured(name, as_swept=as_swept)
    return measure(as_read(figures), by=measure_in(figures))


def trainings(names: Iterable[str]) -> set[str]:
    """Return which runs the files are of: steps of one run are one."""
    return {name.split("-step")[0] for name in names}


def _section(name: str, known: Known) -> str:
    curve, swept = curve_of(name), curve_of(name, as_swept=True)
    why = " ".join(reason.sentence for reason in curve.reasons if reason.about != "certainty")
    doubts = [reason.sentence for reason in curve.reasons if reason.about == "certainty"]
    sure = f"Not sure: {' '.join(doubts)}" if doubts else "Sure."
    return "\n".join(
        [
            f"### {name}\n",
            f"{_sheet(name)}\n",
            f"- **Seen:** {known.seen}",
            f"- **Said:** {verdict(curve)} {sure}",
            f"- **Because:** {why}",
            f"- **As swept by the hub**, {len(swept.points)} weights: {verdict(swept)}",
            *([f"- **Wrong:** {', '.join(map(_wrong, known.misread))}."] if known.misread else []),
            "",
        ]
    )


def _sheet(name: str) -> str:
    """Return the contact sheet, or what was answered at each weight."""
    rows = measured(name)
    if "text" not in rows[0][0]:
        return f"![The pictures of {name} at every weight](images/curves/{name}.webp)"
    scenes = range(1, len(rows) + 1)
    lines = [f"| weight | {' | '.join(f'scene {number}' for number in scenes)} |"]
    lines.append("|---" * (len(rows) + 1) + "|")
    for cells in zip(*rows, strict=True):
        answers = " | ".join(_answer(cell["text"]) for cell in cells)
        lines.append(f"| {cells[0]['weight']:g} | {answers} |")
    return "\n".join(lines)


def _answer(text: str) -> str:
    """Return the beginning of an answer, as a cell of a table holds it."""
    line = textwrap.shorten(text, LETTERS, placeholder=" …") or "(nothing)"
    return f"`{line.replace('|', '/').replace('`', chr(39))}`"


def _wrong(misread: str) -> str:
    at, part = misread.split(" ")
    where = "as swept by the hub" if at == "as_swept" else "at even weights"
    return f"{MISREAD[part]}, {where}"


def verdict(curve: Curve) -> str:
    """Return what a curve says in one line."""
    said = [f"shows from {curve.onset:g}" if curve.onset is not None else "never shows"]
    if curve.best is not None:
        said.append(f"good from {curve.low:g} to {curve.high:g}, best at {curve.best:g}")
    said += [f"jumps at {weight:g}" for weight in curve.jumps]
    said += [
        f"bad from {weight:g}"
        for weight in (curve.first_bad, curve.first_bad_below)
        if weight is not None
    ]
    said += [
        f"bad in part from {weight:g}"
        for weight in (curve.first_bad_in_part, curve.first_bad_in_part_below)
        if weight is not None
    ]
    line = "; ".join(said)
    return f"{line[0].upper()}{line[1:]}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "docs/curves.md")
    parser.parse_args().output.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
