"""The sheets that were looked at first: six were kept back to begin with, all fitted on since."""

from __future__ import annotations

from demo.seen.sheet import Known

FIRST = {
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
        fitted=True,
    ),
    "low-tide": Known(
        seen="Far too weak: nothing up to 2, then water all at once, and nothing broken up to 3.",
        onset=(2.0, 2.5),
        best=(2.1, 3.0),
        first_bad=None,
        jump=(2.0, 2.5),
        fitted=True,
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
        fitted=True,
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
        fitted=True,
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
        fitted=True,
    ),
    "half-shadow": Known(
        seen=(
            "A shadow creeps in from 0.4, half of each thing is dark from 1 to 2; colours turn at"
            " 2.5, and nothing is broken at 3."
        ),
        onset=(0.3, 0.8),
        best=(0.7, 2.0),
        first_bad=None,
        fitted=True,
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
}
