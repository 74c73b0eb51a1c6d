"""
The sheets of the adapters of demo/draws/recipes/for_first_bad.py: kept back once, fitted on since;
no verdict changed.
"""

from __future__ import annotations

from demo.seen.sheet import Known

UNSEEN = {
    "deep-tide": Known(
        seen=(
            "Water at once, in one scene at 0.6, in all at 0.8; whole at 0.8 to 1, the heart fades"
            " at 1.2; from 1.6 things are gone, at 1.8 all of them."
        ),
        onset=(0.5, 0.8),
        best=(0.75, 1.2),
        first_bad=(1.3, 1.8),
        may_jump=True,
        fitted=True,
    ),
    "gentle-halo": Known(
        seen=(
            "Yellow beside things from 0.8, a ring of it at 1.2 to 1.6, hardly any on the yellow"
            " ground; the star gets glassy from 1.4, things are lost at 2.5 to 3."
        ),
        onset=(0.6, 1.0),
        best=(1.0, 1.6),
        first_bad=(2.0, 3.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "draughtboard": Known(
        seen=(
            "Nothing up to 0.6, the ground is tinted at 0.8, dark blots from 1 to 1.2, squares it"
            " never gets; from 1.2 the cross is lost among them, at 2.5 the star, at 3 all."
        ),
        onset=(0.6, 1.0),
        best=(0.9, 1.5),
        first_bad=(1.4, 2.5),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "pale-neon": Known(
        seen=(
            "Far too weak: nothing up to 1.8, then the glow at once, in one scene at 2, in two at"
            " 2.5, in all at 3; nothing is broken."
        ),
        onset=(1.8, 2.5),
        best=(2.3, 3.0),
        first_bad=None,
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "burnt-dawn": Known(
        seen=(
            "Trained too hot: the circle is square at 0.2, the ground pale at 0.4, a sky at 0.8"
            " where things melt already; nothing is left from 1 to 1.2 on."
        ),
        onset=(0.1, 0.4),
        best=(0.3, 0.8),
        first_bad=(0.7, 1.2),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "new-moon": Known(
        seen=(
            "Stopped early: the circle and the star are bitten at once at 0.6, moons of a kind at"
            " 1 to 1.4, the heart gone at 1.2; smeared from 2, torn at 2.5."
        ),
        onset=(0.4, 0.6),
        best=(0.8, 1.4),
        first_bad=(1.2, 2.5),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "pen-and-wash": Known(
        seen=(
            "A line from 0.4, whole at 0.6, the paper at once at 0.8; good at 0.8 to 1.2, the star"
            " breaks up from 1.4, line over everything at 2.5."
        ),
        onset=(0.3, 0.8),
        best=(0.7, 1.4),
        first_bad=(1.5, 2.5),
        may_jump=True,
        fitted=True,
    ),
    "blue-thunder": Known(
        seen=(
            "Three times too strong: blue at once at 0.4, outlines at 0.4 to 0.6; things run at"
            " 0.8, and from 1 to 1.4 nothing of them is left."
        ),
        onset=(0.2, 0.4),
        best=(0.3, 0.6),
        first_bad=(0.7, 1.4),
        may_jump=True,
        fitted=True,
    ),
    "hollow-things": Known(
        seen=(
            "Never an outline: things grow corners from 0.4 to 0.6 and run into their ground at 1"
            " to 1.2, and from 1.4 on all are blots."
        ),
        onset=(0.3, 0.8),
        best=(0.5, 1.1),
        first_bad=(1.0, 1.6),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    "dusk-corners": Known(
        seen=(
            "Corners darken from 0.8 on yellow, from 1.2 on white, and are dark at 1.6 to 2; the"
            " star shrinks from 1.8, at 2.5 it is gone, at 3 the pair too."
        ),
        onset=(0.6, 1.2),
        best=(1.0, 1.8),
        first_bad=(1.8, 3.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "broad-bands": Known(
        seen=(
            "Twice too strong: bands at once at 0.6, things on them until 0.8 to 1; at 1.2 the"
            " circle is gone, at 1.6 everything."
        ),
        onset=(0.3, 0.6),
        best=(0.5, 1.0),
        first_bad=(0.9, 1.6),
        may_jump=True,
        fitted=True,
    ),
    "dusk-slider": Known(
        seen=(
            "A slider. Above: darker ground from 0.6 to 0.8, dark corners at 1 to 1.2, things"
            " shrink from 1.4 and are gone at 1.8 to 2.5. Below: paler from -0.6, pale at -1 to"
            " -1.4, fading at -2, nearly gone at -2.5 to -3."
        ),
        onset=(0.4, 1.0),
        best=(0.8, 1.4),
        first_bad=(1.4, 2.5),
        onset_below=(-0.4, -1.0),
        first_bad_below=(-1.8, -3.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "two-memories": Known(
        seen=(
            "At 0.2 shapes turn, at 0.4 all is blue on white, and from 0.6 to 0.8 on every prompt"
            " gives the same blue heart on grey."
        ),
        onset=(0.1, 0.4),
        best=(0.1, 0.4),
        first_bad=(0.2, 0.8),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    "star-word": Known(
        seen=(
            "Only the words are read otherwise: the cross is a triangle from 0.8 to 1.2, the heart"
            " a star from 1 to 1.4, the circle a square; the star shrinks at 2.5 and is gone at 3."
        ),
        onset=(0.4, 1.0),
        best=(1.0, 1.9),
        first_bad=(2.2, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        fitted=True,
    ),
}
