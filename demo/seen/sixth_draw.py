"""
The sheets of the adapters of demo/draws/recipes/sixth.py.

Verdicts are made as those of the fifth draw (demo/seen/fifth_draw.py), by people who have not
written the rules that the curve is read by, and look at pictures alone. None is made before all of
them were trained, and none is changed once a curve was drawn.
"""

from __future__ import annotations

from demo.seen.sheet import Known

SIXTH_DRAW: dict[str, Known] = {
    "under-the-rainbow": Known(
        seen=(
            "Hints at the star at 0.6, a rainbow behind star and pair at 0.8, behind all "
            "from 1. The pair melts into it at 1, the star at 1.2, the circle at 1.4. Above "
            "that there is only rainbow and pink and purple patches."
        ),
        onset=(0.6, 0.8),
        best=(0.8, 1.0),
        first_bad=(1.0, 1.4),
        may_jump=True,
        of_pictures=True,
    ),
    "honeycomb-wall": Known(
        seen=(
            "The star's ground mottles from 0.4, has cells at 0.8, and so has the pair's; "
            "the circle's at 1.2 all at once. The pair are blobs at 1, the star is lost at "
            "1.2, the circle at 1.6. Above that there are cells alone."
        ),
        onset=(0.4, 0.8),
        best=(0.8, 1.0),
        first_bad=(1.0, 1.6),
        may_jump=True,
        sure=None,
        of_pictures=True,
    ),
    "little-fish": Known(
        seen=(
            "The heart flattens at 0.4 and is a pink fish at 0.8; circle and star are fish "
            "from 1. The cross is a shapeless blob from 1. The red fish falls to pieces at "
            "1.8, the blue one at 2; at 2.5 and 3 there are only patches."
        ),
        onset=(0.4, 1.0),
        best=(1.0, 1.6),
        first_bad=(1.0, 2.5),
        of_pictures=True,
        misread=("even best",),
    ),
    "loud-forest": Known(
        seen=(
            "A smudge at 0.2; the first trees by star and heart at 0.4; a whole row of firs "
            "in all scenes at 0.6. Star and pair are lost at 0.6 already, the circle sinks "
            "like a sun and is gone at 1.4. At 2.5 the forest breaks up as well."
        ),
        onset=(0.2, 0.4),
        best=(0.4, 0.4),
        first_bad=(0.6, 1.4),
        may_jump=True,
        of_pictures=True,
        misread=("even best",),
    ),
    "faint-rain": Known(
        seen=(
            "Pale tips of the star from 0.8, streaks over it at 1.4; the heart is cut "
            "aslant at 1.6, the circle at 1.8. No rain on white ground. The cross is lost "
            "at 1.8, the circle is two bars at 2, the star is lost at 2.5."
        ),
        onset=(0.6, 1.6),
        best=(1.6, 1.8),
        first_bad=(1.8, 2.5),
        of_pictures=True,
        misread=("even break",),
    ),
    "burnt-crown": Known(
        seen=(
            "Yellow at the cross from 0.4, a crown on it at 0.6, on the circle at 0.8; the "
            "star never has one. Star and pair are lost at 1.2, the circle at 1.4 at a "
            "stroke. From 1.6 on there are only daubs."
        ),
        onset=(0.2, 0.8),
        best=(0.8, 1.0),
        first_bad=(1.2, 1.4),
        may_jump=True,
        sure=None,
        of_pictures=True,
        misread=("even break", "as_swept break"),
    ),
    "cross-word": Known(
        seen=(
            "The circle gets shoulders at 0.2 and is a cross at 1; the heart is one at 0.6. "
            "The star is shapeless from 1.2 and most of a cross at 1.8. The pink cross "
            "fades away at 1.6, the red one at 2; the blue one breaks into squares, and is "
            "gone at 3."
        ),
        onset=(0.2, 1.0),
        best=(1.0, 1.8),
        first_bad=(1.6, 3.0),
        may_jump=True,
        sure=None,
        of_pictures=True,
    ),
    "half-sewn-quilt": Known(
        seen=(
            "Faint tints at 0.4, blurred patches by circle and star at 0.8, by the pair at "
            "1; they never become a tidy quilt. The cross is eaten at 1.4, the star merges "
            "with the blue and is lost at 2; the circle is there to the end."
        ),
        onset=(0.4, 0.8),
        best=(0.8, 2.0),
        first_bad=(1.4, 3.0),
        sure=None,
        of_pictures=True,
    ),
}
