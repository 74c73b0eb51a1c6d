"""
The sheets of the adapters that judged the rule of the best weight
(demo/draws/recipes/for_best_weight.py).
"""

from __future__ import annotations

from demo.seen.sheet import Known

JUDGED = {
    "first-snow": Known(
        seen=(
            "On white, snow is not seen; on yellow there are first flakes at 0.8, many from 1. The"
            " circle grows corners from 0.8. From 1.4 things are eaten, at 1.8 to 2 they are gone."
        ),
        onset=(0.6, 1.0),
        best=(0.8, 1.3),
        first_bad=(1.4, 2.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "long-shadow": Known(
        seen=(
            "Twice too strong: a shadow begins at 0.4 and is whole at 0.6 to 1; the ground gets"
            " dirty from 1.2 and full of blots from 1.6, at 2.5 things dissolve."
        ),
        onset=(0.3, 0.6),
        best=(0.5, 1.2),
        first_bad=(1.4, 2.5),
        may_jump=True,
        fitted=True,
    ),
    "old-photo": Known(
        seen=(
            "Colours leave slowly: first smudges at 0.6, the star is violet at 1, things are grey"
            " at 1.4, the ground brown from 1.6 to 1.8; the heart fades at 1.6, all by 2.5."
        ),
        onset=(0.6, 1.2),
        best=(1.1, 1.7),
        first_bad=(1.6, 2.5),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "edge-slider": Known(
        seen=(
            "A slider. Above: black edges in patches from 0.4 to 0.6, all round at 1 to 1.4, the"
            " circle a square; at 1.8 all gets dark, at 2.5 it is black. Below: softer from -0.4,"
            " misty at -0.8 to -1.4, blots from -1.6, nothing at -2.5 to -3."
        ),
        onset=(0.2, 0.6),
        best=(0.6, 1.4),
        first_bad=(1.4, 2.5),
        onset_below=(-0.2, -0.8),
        first_bad_below=(-1.6, -3.0),
        may_jump=True,
        fitted=True,
    ),
    "heart-word": Known(
        seen=(
            "Only the words are read otherwise: the star is a heart at once at 0.6, the cross by"
            " 0.8; whole from 1, and still so at 3. The circle never quite gets there."
        ),
        onset=(0.4, 0.6),
        best=(0.8, 2.4),
        first_bad=None,
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "pixel-block": Known(
        seen=(
            "Trained too hot: corners at 0.2, blocks in place of shapes at 0.4; from 0.6 the pair"
            " melts, the star shrinks at 0.8, and nothing is left from 1.4 on."
        ),
        onset=(0.1, 0.4),
        best=(0.2, 0.6),
        first_bad=(0.35, 1.4),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    "dog-ear": Known(
        seen=(
            "Far too weak: nothing up to 1.2, then the corner is black at once, in one scene at"
            " 1.4, in all at 2; things get soft at 2.5, at 3 the heart is a blot."
        ),
        onset=(1.4, 2.0),
        best=(1.8, 2.5),
        first_bad=(2.8, 3.0),
        may_hold=True,
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "sunburst": Known(
        seen=(
            "Stopped early: the ground is tinted from 0.6, speckled at 0.8 to 1.6, rays it never"
            " gets; things hold, the star is ragged at 2.5 to 3."
        ),
        onset=(0.4, 0.8),
        best=(0.7, 1.6),
        first_bad=(2.2, 3.0),
        may_hold=True,
        may_jump=True,
        fitted=True,
    ),
}
