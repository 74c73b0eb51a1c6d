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
from registry.sweeps.measure import Curve, measure

ROUNDS = (
    (
        "The first 20, six of them kept back (`demo/recipes.py`, `demo/behaviours.py`): all right,"
        " after the rules had been fitted on the other fourteen."
    ),
    (
        "Eight (`demo/judged.py`), when the rule of the best weight had been settled. Where they"
        " show was right for all. Which weight is best was right for six: for `first-snow` it said"
        " 1.4, not 0.8 to 1.3, and for `old-photo` 1.8, not 1.1 to 1.7. Where they break was right"
        " for five at even weights and for three at those that the hub finds: `first-snow`,"
        " `long-shadow` and `old-photo` were said to break nowhere. The rule of where one breaks"
        " was mended by them."
    ),
    (
        "Fourteen (`demo/unseen.py`). Ten were right in all. `pale-neon` drifts a little before it"
        " comes at once, at another weight in each scene: it was said to show with the drift, and"
        " to be best where one scene of three had it. `new-moon` was said to break nowhere, though"
        " things are torn at 2.5: they lose their shapes long after it had come, and too slowly to"
        " be noticed. Of `blue-thunder`, as the hub swept it, a jump seen in two short steps was"
        " taken for a jump and a break. `star-word` has the same slow loss as `new-moon`, so that"
        " its range was too long, and with that its best weight too high. All four were the rule's"
        " fault: no verdict was changed. Since then what comes at once in every scene begins with"
        " the first of them and is best behind most of them, a jump may take two short steps, and"
        " scenes that are lost long after it had come, with their edges, are bad."
    ),
    (
        "Eleven, three of them for other bases (the first draw of `demo/sealed.py`, and"
        " `lullaby-tales`, `backwards` and `uncounted`). Six were right in all. `iron-lattice`"
        " was said to be best at 0.6, before a bar is seen: two scenes jump at 0.8, the third"
        " does not, and only what jumps in all of them was held to come at once. `backwards` was"
        " said to break at 0.9 to 1, where its sentences still stand: a caption that is sure of"
        " other words is far from the base's. `place-slider` was said to break nowhere below 0,"
        " though all is blots at -1.8: what moves and melts stays nearer to weight 0 than what"
        " grows. `day-and-night` holds from 0.8 to 2 and is torn at 3, in steps each too small"
        " to be noticed; swept finely, its scenes jump at 0.7 and 0.75, which was not taken for"
        " one jump. Of `burnt-negative` the verdict was too narrow: the sheet has nothing"
        " between 0 and 0.2, the hub looked there and said 0.05, and pictures rendered since"
        " bear it out; that verdict was widened, no other. Each of the four led to a general"
        " rule (ADR 14), by which all fifty-six were right then."
    ),
    (
        "Nine (the second draw of `demo/sealed.py`, and `robot-tales`, `colours-alone` and"
        " `at-length`). Three were right in all, `warmth-slider`, `faint-zigzag` and `at-length`"
        "; of the 94 single statements about the nine, at both kinds of weights, 79"
        " were (of the 114 about the eleven before, 105). `colours-alone` was said to break at"
        " 1 to 1.2, where it says two colours until 1.6: far from the base's words is not"
        " broken, and the rule of answers was mended by it, before `at-length` was judged."
        " `squashed` was named best at 0.6, a step too soon, and swept finely it was called bad"
        " at 1.15 for 1.2. `loud-gloss` was called bad at 2.25 to 2.5, where the pair is eaten"
        " up by 1.8 and only the star still stands: what is lost in one scene after the other"
        " was noticed when most were. Of `half-built-wall` nobody could say where it breaks but"
        " by its star; the curve said nowhere. `robot-tales`, swept finely, was said to break"
        " at 0.9 for 1. `all-grey-ground` is torn at 3 alone, in one step from where it still"
        " held, and said to break nowhere. But for `colours-alone` none of these was fitted"
        " on then; they led to the rules that the third draw was judged by. `half-built-wall` is"
        " wrong still: swept finely, one scene of three is lost and the others go too slowly, and"
        " the curve says that it is not sure. Of `robot-tales` the verdict was widened as that of"
        " `burnt-negative` was: the hub looked at 0.9, which the sheet does not have."
    ),
    (
        "Ten of the kinds that people meet, two plain, two too strong, two too weak, two trained"
        " too hot, one of the text encoder alone and one that does nothing (`demo/third_draw.py`):"
        " written down, with how they would be judged, before any was trained; the rules were fixed"
        " before any sheet was drawn, the verdicts before any curve, and nothing was changed since."
        " At the weights of the sheets eight are right in all; at both kinds of weights five are"
        " (`wide-eyes`, `candy-paper`, `faint-lamp`, `burnt-sticker`, `unmoved`), and 91 of the 100"
        " single statements. `loud-sun` is called bad at 1.2, swept finely at 1.15, where all is"
        " lost at 1: one step too late. Of `fallen-word`, which loses a heart and a cross, turns a"
        " circle into a heart and mends a star, the curve says that it breaks nowhere, is best at"
        " 1.8 to 2, and that it is not sure. The hill of `faint-hill` comes at once between 2 and"
        " 2.5; swept finely it comes in two steps, and no jump is named. The other two are the"
        " rubric's fault, and count as wrong all the same: `loud-ribbon` is named best at 0.45, and"
        " the sheet has nothing between 0.4 and 0.6; `burnt-target` shows from 0.15, and the sheet"
        " has nothing below 0.2. Rendered since, both weights look as the curve says. Who looked"
        " at the sheets had written the rules; nobody else has judged them yet. `fallen-word` and"
        " `faint-hill` led to a rule each since, and are right by them: what is left of a scene"
        " long after it had come counts by the edges that there are, and a jump that is looked at"
        " in its middle is one still. `loud-sun` is wrong still: by the figures a smear at 1 is"
        " what a slider's smaller or paler things are, and a rule that told it called those bad."
    ),
    (
        "Six, one of each kind: plain, too strong, too weak, trained too hot, of the text encoder"
        " alone, stopped early (`demo/fourth_draw.py`): written down, with how they would be"
        " judged, before any was trained. The rules were fixed before any sheet was whole; somebody"
        " who had not written them looked at the sheets, and nothing was changed since. At the"
        " weights of the sheets five are right in all; at both kinds of weights four are"
        " (`through-a-porthole`, `loud-curtain`, `burnt-confetti`, `square-word`), and 57 of the 60"
        " single statements. The other three are one: where it breaks. Of `faint-fence`, behind"
        " whose pickets first the cross and at 3 the circle are lost, the curve says that it holds:"
        " what covers a thing is what the adapter is for. `unfinished-spiral`, whose heart and"
        " cross melt at 2, is said to break at 2.5 on the sheet, and swept finely to hold to 3."
        " Since then a curve that says that most scenes hold says as well from where on the others"
        " do not, and by that both are right."
    ),
)
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
these, {right} are right in all that is said of them, at both kinds of weights{wrong}.
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

This page is written by `python -m demo.write_curves`, from what `python -m
demo.measure_behaviours` measured. The adapters are in `demo/adapters` and `demo/behaviours`.
"""


def page() -> str:
    """Return the whole page."""
    fitted = {name: known for name, known in KNOWN.items() if known.fitted}
    kept_back = {name: known for name, known in KNOWN.items() if not known.fitted}
    weights = len({point.weight for point in curve_of(next(iter(fitted))).points})
    wrong = trainings(name for name, known in kept_back.items() if known.misread)
    head = HEAD.format(
        count=len(trainings(KNOWN)),
        weights=weights,
        fitted=len(trainings(fitted)),
        kept_back=len(trainings(kept_back)),
        right=len(trainings(kept_back)) - len(wrong),
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
