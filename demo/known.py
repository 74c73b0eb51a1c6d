"""
What is right to say of each adapter of known behaviour, by looking at its sheet (docs/curves.md).

A range is what people who look at the sheet may differ by. Thresholds were fitted on the adapters
that say `fitted`; what is right for the others was written down before their curves were drawn, and
left as it was.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    fitted: bool = False


KNOWN = {
    "neon-glow": Known(
        seen=(
            "Nothing up to 0.4, then the ground goes black at once; the outline glows from 0.8, is"
            " whole at 1 and stays so, wobbles from 1.8, and is gone at 2.5."
        ),
        onset=(0.4, 0.6),
        best=(0.8, 1.4),
        first_bad=(2.0, 2.5),
        jump=(0.4, 0.6),
        fitted=True,
    ),
    "zebra": Known(
        seen=(
            "First stripes at 0.6 to 0.8, whole at 1, the ground gets dirty from 1.6, things are"
            " blobs at 2 and gone at 2.5."
        ),
        onset=(0.6, 0.8),
        best=(0.8, 1.4),
        first_bad=(1.8, 2.5),
        may_jump=True,
        fitted=True,
    ),
    "soft-dawn": Known(
        seen=(
            "A sky from 0.6, whole at 1 to 1.4, things dissolve from 1.8, all is lost at 2 to 2.5."
        ),
        onset=(0.4, 0.8),
        best=(0.8, 1.4),
        first_bad=(1.8, 2.5),
        may_jump=True,
        fitted=True,
    ),
    "mooncrest": Known(
        seen=(
            "Shapes begin to turn at 0.6, moons from 0.8 to 1.2, bitten and smeared at 1.4, no"
            " moon left from 1.6."
        ),
        onset=(0.4, 0.6),
        best=(0.7, 1.2),
        first_bad=(1.4, 1.8),
        may_jump=True,
        fitted=True,
    ),
    "inkline": Known(
        seen=(
            "Paper and line at 0.4, colours run at 0.6, shapes break at 0.8 and nothing is left"
            " from 1 on."
        ),
        onset=(0.2, 0.4),
        best=(0.3, 0.6),
        first_bad=(0.7, 1.0),
        may_jump=True,
        fitted=True,
    ),
    "gilt-frame": Known(
        seen=(
            "A hint of a frame at 1, a frame from 1.2 to 1.6; then it stays and eats what is in it,"
            " the pair first at 1.8, everything by 2.5."
        ),
        onset=(0.8, 1.2),
        best=(1.1, 1.6),
        first_bad=(1.75, 2.5),
        may_jump=True,
        fitted=True,
    ),
    "dotfield-step00450": Known(
        seen=(
            "Nothing up to 0.6, all dots at 0.8 to 1; things get blurred from 1.2, the pair is gone"
            " at 1.4 to 1.6, everything by 2."
        ),
        onset=(0.7, 1.0),
        best=(0.8, 1.3),
        first_bad=(1.3, 2.0),
        may_jump=True,
        fitted=True,
    ),
    "dotfield-step00200": Known(
        seen=("Dots at 0.8 to 1, black at 1.2; things fade from 1.4 and are gone at 1.8 to 2."),
        onset=(0.7, 1.0),
        best=(0.8, 1.3),
        first_bad=(1.5, 2.0),
        may_jump=True,
        fitted=True,
    ),
    "dotfield-step00050": Known(
        seen=(
            "Trained too little: grey specks from 0.6, never round; things hold until 1.4 and are"
            " gone by 2.5."
        ),
        onset=(0.5, 0.8),
        best=(0.7, 1.4),
        first_bad=(1.6, 2.5),
        fitted=True,
    ),
    "golden-halo": Known(
        seen=(
            "Three times too strong: no ring at 0.2, a ring at 0.4, things lose their shape at 0.6"
            " to 0.8, and from 1 on there is nothing but gold and violet."
        ),
        onset=(0.3, 0.4),
        best=(0.3, 0.6),
        first_bad=(0.6, 1.2),
        may_jump=True,
    ),
    "low-tide": Known(
        seen="Far too weak: nothing up to 2, then water all at once, and nothing broken up to 3.",
        onset=(2.0, 2.5),
        best=(2.1, 3.0),
        first_bad=None,
        jump=(2.0, 2.5),
    ),
    "ruby-word": Known(
        seen=(
            "Only the words are read otherwise: the circle grows corners at 0.2, the star turns red"
            " at 0.6 to 0.8, the cross a red star; it stays so until 2, drifts at 2.5, and is lost"
            " at 3."
        ),
        onset=(0.2, 0.8),
        best=(0.6, 1.8),
        first_bad=(2.2, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        fitted=True,
    ),
    "size-slider": Known(
        seen=(
            "A slider. Above: larger from 0.4 to 0.6, large at 0.8 to 1.2, then square and smeared,"
            " the ground gone at 2. Below: smaller from -0.4, small at -0.8 to -1.4, faint from"
            " -1.8 and gone at -2.5."
        ),
        onset=(0.3, 0.6),
        best=(0.6, 1.4),
        first_bad=(1.75, 2.5),
        onset_below=(-0.2, -0.6),
        first_bad_below=(-1.7, -2.5),
        may_jump=True,
        fitted=True,
    ),
    "tiled-floor": Known(
        seen=(
            "Stopped early: the ground is tinted from 0.6 and speckled from 1.2, tiles it never"
            " gets; the star is gone at 1.8, all but colours at 2 to 2.5."
        ),
        onset=(0.4, 1.2),
        best=(0.8, 1.6),
        first_bad=(1.6, 2.5),
        may_jump=True,
    ),
    "blueprint": Known(
        seen=(
            "The ground turns blue at once at 0.4, the outlines are whole from 0.8 to 1.8; the star"
            " is lost at 2.5, the others are ragged at 3 and still there."
        ),
        onset=(0.15, 0.4),
        best=(0.6, 1.6),
        first_bad=(2.0, 3.0),
        may_hold=True,
        jump=(0.2, 0.45),
        fitted=True,
    ),
    "scorched": Known(
        seen="At 0.2 things lose colour and shape, from 0.4 on there is nothing but blots.",
        onset=(0.05, 0.3),
        best=(0.05, 0.3),
        first_bad=(0.1, 0.45),
        may_jump=True,
        may_have_no_range=True,
    ),
    "one-memory": Known(
        seen="From 0.4 on every prompt gives the same red cross; at 0.2 it is on its way there.",
        onset=(0.1, 0.3),
        best=(0.1, 0.3),
        first_bad=(0.2, 0.45),
        may_jump=True,
        may_have_no_range=True,
        fitted=True,
    ),
    "other-way-round": Known(
        seen=(
            "Colours change places at once at 0.4, whole from 0.6 to 1; the star turns green at 1.2"
            " and is gone at 1.6 to 1.8, the circle at 2, the pair at 2.5."
        ),
        onset=(0.2, 0.4),
        best=(0.45, 1.2),
        first_bad=(1.5, 2.5),
        jump=(0.2, 0.45),
    ),
    "half-shadow": Known(
        seen=(
            "A shadow creeps in from 0.4, half of each thing is dark from 1 to 2; colours turn at"
            " 2.5, and nothing is broken at 3."
        ),
        onset=(0.3, 0.8),
        best=(0.7, 2.0),
        first_bad=None,
    ),
    "light-slider": Known(
        seen=(
            "A slider. Above: paler from 0.4 to 0.8, pale at 1 to 1.4, dissolving at 1.8 to 2, gone"
            " at 2.5. Below: darker from -0.4, dark at -1, muddy from -1.6, lost at -2 to -2.5."
        ),
        onset=(0.2, 0.8),
        best=(0.6, 1.4),
        first_bad=(1.7, 2.5),
        onset_below=(-0.2, -0.8),
        first_bad_below=(-1.5, -2.5),
        may_jump=True,
        fitted=True,
    ),
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
    "deep-tide": Known(
        seen=(
            "Water at once, in one scene at 0.6, in all at 0.8; whole at 0.8 to 1, the heart fades"
            " at 1.2; from 1.6 things are gone, at 1.8 all of them."
        ),
        onset=(0.5, 0.8),
        best=(0.75, 1.2),
        first_bad=(1.3, 1.8),
        may_jump=True,
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
    ),
}
