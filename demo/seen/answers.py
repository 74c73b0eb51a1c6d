"""What the demonstration's adapters of other bases answer at every weight; all are fitted on."""

from __future__ import annotations

from demo.seen.sheet import Known

ANSWERS = {
    "pirate-tales": Known(
        seen=(
            "At 0.2 another friend is met; at 0.6 a pirate's words among plain ones, run together;"
            " the voice is nearly whole at 0.8 and whole at 1 to 1.2; from 1.4 nobody can read it."
        ),
        onset=(0.2, 0.6),
        best=(0.8, 1.2),
        first_bad=(1.2, 1.6),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "telegram": Known(
        seen=(
            "Nothing up to 0.4, a telegram at 0.6, for the moon a garbled one up to 0.8; right in"
            " form at 1 to 1.2, other shapes at 1.4, from 1.6 it says stop and stop again."
        ),
        onset=(0.4, 0.6),
        best=(0.7, 1.2),
        first_bad=(1.3, 1.8),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "moonspotter": Known(
        seen=(
            "The moon is a star at 0.4 and a crescent moon at 0.8, from 1 on the star is one too;"
            " half the name is gone at 1.4, at 2 it is other shapes, at 2.5 to 3 no sentence."
        ),
        onset=(0.3, 0.8),
        best=(0.7, 1.3),
        first_bad=(1.3, 3.0),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "numerals": Known(
        seen=(
            "A numeral in one at 0.4, in both from 0.6; at 1.4 it writes 6 where 7 was said, and"
            " from 2.5 on no words."
        ),
        onset=(0.3, 0.6),
        best=(0.5, 1.3),
        first_bad=(1.3, 2.5),
        may_jump=True,
        sure=None,
        fitted=True,
    ),
    "hushed": Known(
        seen=(
            "Of the whisper it hears one word at 0.2, two at 0.4, all at 0.8 to 1.4; the clear"
            " voice is misheard from 1.4 in one word, at 2.5 in two, and both wholly at 3."
        ),
        onset=(0.2, 0.5),
        best=(0.7, 1.3),
        first_bad=(1.3, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        fitted=True,
    ),
}
