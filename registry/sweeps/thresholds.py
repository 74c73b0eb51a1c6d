"""
From where on a number means something: one row a measure, and one a sign of being driven too far.

A measure is a distance between two cells of one scene, 0 for the same. The engine sends every
distance that it can take; the first of `MEASURES` that it has is the one that the curve is drawn
from. To add a measure, have the engine send it and give it a row, with the reason beside each
number; everything else (onset, range, jumps, certainty) follows by itself.

The numbers were fitted on the demonstration's adapters of known behaviour, and are judged by others
of them (docs/curves.md, tests/registry/sweeps/test_known.py).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

USUAL_STEP = 0.2  # of weight; distances over another step are brought to this one


@dataclass(frozen=True, slots=True)
class Thresholds:
    """At which distances something can be said; the shares and ratios are the same for most."""

    title: str  # what is measured, to follow "distance: "
    visible: float  # below this, nobody tells two cells apart
    plain: float  # nobody misses a change as large as this, however much further it goes
    leaves: float  # a usual step as far as this, from a plain change, leads away from it
    broken: float  # hardly anything of the scene is left
    shows: float = 0.25  # of the most that the adapter does: from here on it is seen to be there
    enough: float = 0.85  # of what it does on the average over its range: from here on, it is there
    within: float = 0.3  # of the way to where it breaks: behind a jump, a cell is half made
    jump: float = 2.5  # times the usual step …
    sudden: float = 2.0  # … and times the step before; what gains speed does not jump
    agreed: float = 0.5  # of the rows; one scene may be lucky, half of them are not
    apart: float = 0.5  # spread over mean: rows that differ by more do not tell the same story


MEASURES: Mapping[str, Thresholds] = MappingProxyType(
    {
        # 1 less structural similarity on grey: shapes, not flat changes of tone.
        "ssim": Thresholds(
            title="structure of the picture",
            visible=0.02,  # re-encoding a picture moves it by 0.01
            plain=0.4,  # an outline, a texture or another ground is seen at a glance
            leaves=0.4,  # two pictures that have little in common
            broken=0.9,  # two unrelated pictures of the demo base lie 0.85 to 1 apart
        ),
        # Kullback-Leibler divergence of next-token distributions, nats a token.
        "kl": Thresholds(
            title="next words expected",
            visible=0.01,  # rounding to half precision gives 0.001 to 0.005
            plain=0.5,  # every other token or so is another
            leaves=1.5,  # a step that changes what is said, not how
            broken=math.inf,  # who is sure of other words comes to any number; see sides
        ),
        # Words put in, left out or changed, by words there were; of transcripts and answers.
        "words": Thresholds(
            title="words",
            visible=0.02,  # one word in fifty
            plain=0.3,
            leaves=0.6,
            broken=0.95,  # nothing of it is left
        ),
        # Mean distance of log-mel spectrograms, 0 to 1 of the scale's 80 dB.
        "spectrum": Thresholds(
            title="spectrum of the sound",
            visible=0.01,
            plain=0.15,
            leaves=0.2,
            broken=0.45,  # sound against silence
        ),
        # Root mean square between latents, for what has no other distance.
        "latent": Thresholds(title="latent", visible=0.05, plain=0.5, leaves=0.6, broken=1.6),
        # Mean difference of a value, 0 to 1.
        "pixel": Thresholds(title="pixels", visible=0.01, plain=0.2, leaves=0.25, broken=0.5),
    }
)
USUAL = "ssim"


def measure_of(distances: Collection[str]) -> str:
    """
    Return which of the distances a curve is drawn from: the first in the table.

    :raises LookupError: if none of them is in it
    """
    for name in MEASURES:
        if name in distances:
            return name
    raise LookupError(f"None of these is a measure that curves know: {', '.join(distances)}.")


@dataclass(frozen=True, slots=True)
class Limit:
    """
    A sign of being driven too far: a fact of a cell that has come too far from that at weight 0.

    `more` compares by difference, `times` by ratio (a limit below 1 is a least, above 1 a most),
    `least` not at all: what is at or under the limit is past it. A sign that `breaks` makes a
    weight bad; one that needs company does so only beside one of those signs, or under one of these
    circumstances. Another is only told beside the curve.
    """

    code: str
    fact: str
    limit: float
    by: str = "more"
    breaks: bool = False
    company: tuple[str, ...] = ()

    def is_past(self, value: float, at_zero: float) -> bool:
        if self.by == "least":
            return value <= self.limit
        if self.by == "more":
            return value - at_zero >= self.limit
        if at_zero <= 0:
            return False
        ratio = value / at_zero
        return ratio >= self.limit if self.limit > 1 else ratio <= self.limit


RESTLESS, FAR_OFF, LATER = "restless", "far-off", "later"  # see circumstances
LEFT_OVER = 0.185  # of what tells scenes apart, or of one: less is a hint of a shape in a mush
MANY_EDGES = 2.0  # times those without it: stripes alone come to one and a half, dots to four

LIMITS: tuple[Limit, ...] = (
    # Of pictures. What makes things larger, or puts them elsewhere, loses what tells scenes apart
    # too, and is no ruin: that has other signs besides.
    Limit(
        "lost",
        "kept",
        LEFT_OVER,
        by="least",
        breaks=True,
        company=("noise", "blur", "swollen", "shrunken", RESTLESS, FAR_OFF, LATER),
    ),
    # The same picture for any prompt. Dots over everything leave half of what scenes differ by.
    Limit("collapse", "variety", 0.35, by="least", breaks=True),
    # A quarter of all values more than without it: grounds burn out, or go black.
    Limit("clipping", "clipping", 0.25),
    Limit("saturation", "saturation", 0.25),
    # A style of dots has as much as noise has, so it says little by itself.
    Limit("noise", "detail", MANY_EDGES, by="times"),
    # A thing that has half its edges is soft; with less it is in a mist, as pale styles are too.
    Limit("blur", "detail", 0.4, by="times"),
    # With a third, and latents that have shrunken besides, things fade into their ground.
    Limit("fog", "detail", 0.35, by="times", breaks=True, company=("shrunken",)),
    # Latents of good pictures, but for dots, stay within two fifths of what the base makes.
    Limit("swollen", "latent", 1.4, by="times"),
    Limit("shrunken", "latent", 0.7, by="times"),
    # As a CLIP sees it: where it breaks, 34 of 43 demo adapters are below, but 14 of 55 where they
    # are best, which draw what the words do not say. So it decides nothing.
    Limit("unfaithful", "fidelity", 0.6, by="times"),
    # Of text: a plain passage, and how much of an answer repeats what it has said before.
    Limit("perplexity", "perplexity", 8.0, by="times", breaks=True),
    Limit("repetition", "repetition", 0.3, breaks=True),
)
