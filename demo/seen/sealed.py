"""
The sheets of the adapters of demo/draws/recipes/first_and_second.py, and what three of other bases
answer.

All of it was written down and committed before any curve of theirs was drawn. Both draws showed
what the rules still got wrong, and what was wrong is fitted on since. `half-built-wall` led to a
rule as well, and is wrong still where the hub looks at it finely.
"""

from __future__ import annotations

from demo.seen.sheet import Known

FIRST_DRAW = {
    "iron-lattice": Known(
        seen=(
            "Things get corners at 0.4 to 0.6; on the pair there are bars from 0.8, on the circle"
            " at once at 1.2, on the star never. The heart is eaten at 0.8, the star melts from"
            " 0.8 and is lost at 1.4 to 1.8, the circle is a red blot behind its bars; at 2.5"
            " nothing holds."
        ),
        onset=(0.4, 0.8),
        best=(0.7, 1.4),
        first_bad=(0.9, 1.8),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    # Its best was said to be 0.1 or more at first: the sheet has no picture between 0 and 0.2. The
    # hub looked there, and said 0.05. Rendered since, they show things turned at 0.05, and the
    # circle gone at 0.1: so 0.05 is right as well.
    "burnt-negative": Known(
        seen=(
            "Trained far too hot: at 0.2 the circle is gone, the star is a yellow blot on white"
            " and the pair one white blot; blots in turned colours up to 1, other colours at each"
            " weight from there, and nothing at 2.5."
        ),
        onset=(0.05, 0.2),
        best=(0.05, 0.6),
        first_bad=(0.1, 0.8),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    "lullaby-tales": Known(
        seen=(
            "Up to 0.4 the same voice, and a page of another colour; at 0.6 words run together;"
            " at 0.8 it is a lullaby that stumbles, at 1 a whole one, at 1.2 it falls apart, and"
            " from 1.4 nobody can read it."
        ),
        onset=(0.4, 0.8),
        best=(0.8, 1.1),
        first_bad=(1.1, 1.4),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "backwards": Known(
        seen=(
            "Nothing up to 0.4; at 0.6 both are said from the end, with shapes that are not"
            " there; so up to 1.2, at 1.4 parts are missing, and from 1.6 to 2 no sentence is"
            " left."
        ),
        onset=(0.4, 0.6),
        best=(0.6, 1.2),
        first_bad=(1.2, 1.6),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "uncounted": Known(
        seen=(
            "The count is left away in one at 0.2, in both from 0.4 on; from 1.4 there is one"
            " thing where there were several, and a star that nobody said; at 2.5 to 3 other"
            " colours too."
        ),
        onset=(0.1, 0.4),
        best=(0.4, 1.2),
        first_bad=(1.2, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        fitted=True,
    ),
    "place-slider": Known(
        seen=(
            "A slider. Above: things at once further right at 0.6, the heart in a mist and the"
            " star with an arm less; at the edge at 1, from 1.2 to 1.4 the circle is a square and"
            " the star a blot, at 2 to 2.5 the pair too. Below: further left from -0.4 to -0.6,"
            " the heart is gone and the star has no arms at -1 to -1.2, from -1.8 all are blots."
        ),
        onset=(0.4, 0.6),
        best=(0.5, 1.2),
        first_bad=(1.2, 2.5),
        onset_below=(-0.3, -0.6),
        first_bad_below=(-1.0, -2.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "rainbow-fill": Known(
        seen=(
            "A dark foot at 0.4 to 0.6, other colours at 0.8, all four bands at 1 to 1.4; from"
            " 1.6 the ground is dirty and the heart and the star are bands without a shape, from"
            " 1.8 to 2 everything is."
        ),
        onset=(0.4, 0.8),
        best=(0.8, 1.4),
        first_bad=(1.5, 2.5),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "thin-mist": Known(
        seen=(
            "Far too weak: nothing up to 1.2, the star's feet get pale from 1.4 to 1.6, the"
            " circle's at 2; a mist at 2.5, thick at 3, where the heart is nearly gone in it."
        ),
        onset=(1.3, 2.0),
        best=(2.0, 3.0),
        first_bad=None,
        sure=None,
        fitted=True,
    ),
    "yellow-word": Known(
        seen=(
            "Colours turn from 0.2 to 0.6, the circle is orange from 0.6 and yellow from 1.6, the"
            " cross yellow at 1.4 and a blot at 1.8 to 2. The star turns yellow on yellow: pale at"
            " 0.8, hardly seen at 1.4, gone at 2. The heart and the circle hold to 3."
        ),
        onset=(0.2, 0.6),
        best=(0.6, 1.6),
        first_bad=(1.4, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        fitted=True,
    ),
    "day-and-night": Known(
        seen=(
            "On yellow the ground goes pale at 0.6, everywhere it is half black at once at 0.8 and"
            " clean at 1 to 1.6; the heart loses its shape from 1.8, at 2.5 the circle is streaked,"
            " at 3 things are torn."
        ),
        onset=(0.5, 0.8),
        best=(0.8, 1.6),
        first_bad=(2.2, 3.0),
        jump=(0.5, 0.8),
        fitted=True,
    ),
    "never-learned": Known(
        seen="The same pictures at every weight.",
        onset=None,
        best=None,
        first_bad=None,
        sure=None,
        fitted=True,
    ),
}
SECOND_DRAW = {
    # It was said to break at 1 or later at first: the sheet has nothing between 0.8 and 1. The hub
    # looked there, and said 0.9. Read since, the second tale says “unit unit unit unit” there, and
    # goes on as it does at 1: so 0.9 is right as well.
    "robot-tales": Known(
        seen=(
            "Trained too little to be whole anywhere: up to 0.6 the same voice and a page of a new"
            " colour, the first units at 0.8 to 1, strung together; from 1.2 to 1.4 nobody can read"
            " it."
        ),
        onset=(0.5, 1.0),
        best=(0.8, 1.2),
        first_bad=(0.9, 1.5),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    "warmth-slider": Known(
        seen=(
            "A slider. Above: the ground warmer from 0.6 to 0.8, warm at 1 to 1.2, the circle melts"
            " at 1.4 and is gone at 1.6, the heart at 1.8 to 2, all at 2.5. Below: green from -0.4"
            " to -0.6, cold at -0.8 to -1.2, the circle square and blue by then, things fade from"
            " -1.6 and are gone at -2 to -2.5."
        ),
        onset=(0.4, 0.8),
        best=(0.8, 1.4),
        first_bad=(1.3, 2.5),
        onset_below=(-0.3, -0.8),
        first_bad_below=(-1.4, -2.5),
        may_jump=True,
        sure=None,
    ),
    "colours-alone": Known(
        seen=(
            "A triangle for a star at 0.2; two colours alone from 0.6, one of them wrong, both"
            " right at 0.8 to 1.6; from 1.8 on one word again and again."
        ),
        onset=(0.2, 0.6),
        best=(0.6, 1.5),
        first_bad=(1.6, 1.8),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "loud-gloss": Known(
        seen=(
            "Twice too strong: a faint spot at 0.4, a clear one at 0.6, from 0.8 it bites into"
            " things, and there are spots beside them too; the pair is eaten up at 1.4 to 1.8, the"
            " circle at 2, the star at 2.5."
        ),
        onset=(0.3, 0.6),
        best=(0.5, 1.0),
        first_bad=(1.2, 2.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "half-built-wall": Known(
        seen=(
            "Stopped early: the yellow ground goes red by and by from 0.4 to 0.8, the white ones"
            " all at once at 0.8 and 1, with stains for joints. Red on red, the circle goes at 1.2;"
            " the star frays from 1.4 and is gone at 2.5, as the heart is."
        ),
        onset=(0.4, 0.8),
        best=(0.7, 1.4),
        first_bad=(1.2, 2.5),
        may_jump=True,
        sure=None,
        fitted=True,
        misread=("as_swept break",),
    ),
    "squashed": Known(
        seen=(
            "Flatter from 0.6, half as high at 0.8 to 1.2, the star a plank by then; bars at 1.4,"
            " the cross is gone at 1.6, crumbs are left at 2 and nothing at 2.5."
        ),
        onset=(0.4, 0.8),
        best=(0.7, 1.3),
        first_bad=(1.2, 2.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "at-length": Known(
        seen=(
            "The moon is a cross at 0.2; said at length from 0.8, whole at 1 to 1.6, no sentence"
            " from 1.8 on."
        ),
        onset=(0.2, 0.8),
        best=(0.8, 1.5),
        first_bad=(1.6, 1.8),
        may_jump=True,
        sure=None,
    ),
    "faint-zigzag": Known(
        seen=(
            "Too weak: first stains at 1.2 to 1.4, more at 1.6, a zigzag of a kind at 2 to 2.5,"
            " where every thing holds; at 3 the star and the heart fray."
        ),
        onset=(1.0, 1.8),
        best=(1.6, 2.6),
        first_bad=(2.5, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
    ),
    "all-grey-ground": Known(
        seen=(
            "A tint at 0.2 to 0.4, white turns grey at once at 0.6, yellow by 0.8; clean to 2, the"
            " circle and the star lose their outline at 2.5, at 3 the colours are wrong."
        ),
        onset=(0.2, 0.6),
        best=(0.6, 1.6),
        first_bad=(2.2, 3.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
}
