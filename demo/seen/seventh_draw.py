"""
The sheets of the adapters of demo/draws/recipes/seventh.py.

Verdicts are made as those of the fifth draw (demo/seen/fifth_draw.py), by people who have not
written the rules that the curve is read by, and look at pictures alone. None is made before all of
them were trained, and none is changed once a curve was drawn.
"""

from __future__ import annotations

from demo.seen.sheet import Known

SEVENTH_DRAW: dict[str, Known] = {
    "city-by-night": Known(
        seen=(
            "Up to 0.6 only smudges; at 0.8 towers with yellow windows stand behind all "
            "three. There circle and star still hold, the cross is a dark blob already. The "
            "star is gone at 1, the circle at 1.2, and from 1.8 on the city turns to mush."
        ),
        onset=(0.6, 0.8),
        best=(0.8, 0.8),
        first_bad=(0.8, 1.2),
        may_jump=True,
        of_pictures=True,
    ),
    "loud-scales": Known(
        seen=(
            "At 0.4 scales lie behind the circle and the other two only begin. At 0.6 all "
            "have scales, but the star is a blob and the pair is gone; at 0.8 nothing but "
            "scales is left. From 2.5 on these turn to green mush."
        ),
        onset=(0.4, 0.6),
        best=(0.4, 0.6),
        first_bad=(0.4, 0.8),
        may_jump=True,
        may_have_no_range=True,
        of_pictures=True,
    ),
    "faint-leopard": Known(
        seen=(
            "Nearly nothing up to 1.4 but a dark notch in the star and a purple tinge in "
            "the heart from 0.8. Dark patches show in heart and star by 2 to 2.5; the "
            "circle has two small ones. All things hold, but the heart comes apart by 3."
        ),
        onset=(0.8, 2.5),
        best=(2.0, 3.0),
        first_bad=(3.0, 3.0),
        may_hold=True,
        sure=False,
        of_pictures=True,
    ),
    "burnt-flower": Known(
        seen=(
            "Petals stand around the star from 0.8, a pale pink ring around the circle at "
            "1, and a ring around the pair at 1.2. The cross is a blob from 0.6, the circle "
            "breaks at 1.2, the star at 1.4. From 1.8 on it is blots of one colour."
        ),
        onset=(0.4, 1.2),
        best=(0.4, 1.0),
        first_bad=(0.6, 1.4),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        of_pictures=True,
    ),
    "circle-word": Known(
        seen=(
            "The cross rounds at 0.4 and is a rough disc at 0.6 and 0.8; the star is a "
            "triangle at 0.6 and a circle at 1 and 1.2. From 1 the pair is a square and a "
            "pentagon, from 1.4 the star's circle bulges and later splits, and the red "
            "circle is a square by 2.5."
        ),
        onset=(0.4, 1.0),
        best=(0.6, 1.2),
        first_bad=(1.0, 2.5),
        may_jump=True,
        sure=None,
        of_pictures=True,
        misread=("even break", "as_swept break"),
    ),
    "half-spun-web": Known(
        seen=(
            "Pale dabs come by the star from 0.6, and from 1.4 some pale arcs at its upper "
            "left; elsewhere only wisps, so there is never a web in most. The heart is gone "
            "by 1.6, circle and star fade and are gone by 2.5."
        ),
        onset=(0.6, 3.0),
        best=(0.6, 1.8),
        first_bad=(1.6, 2.5),
        may_have_no_range=True,
        sure=False,
        of_pictures=True,
        misread=("even break", "even certainty", "as_swept break", "as_swept certainty"),
    ),
}
