"""
The sheets of the adapters of demo/draws/recipes/fifth.py.

Verdicts are made by the rubric of demo/seen/fourth_draw.py, by people who have not written the
rules that the curve is read by, and look at pictures alone. None is made before all of them were
trained, and none is changed once a curve was drawn. Added before any sheet was drawn:

- Two people judge, and neither sees what the other says. A range runs from the lower of their
  firsts to the higher of their lasts, for what two people see differently cannot be told by the
  sheet. What one of them alone calls a jump may be one (`may_jump`); `may_hold` and
  `may_have_no_range` hold if one of them says so; where one alone is sure, so may the curve be,
  or not (`sure` is None). Where one gives a range and the other none, the range holds, and it may
  hold, or have no range.
- A curve may say that it is bad in part from a weight on, and that most scenes hold. That agrees
  if the weight agrees with `first_bad` and this reaches to 3: who says that most hold is wrong
  where all are lost before.
"""

from __future__ import annotations

from demo.seen.sheet import Known

FIFTH_DRAW: dict[str, Known] = {
    "fair-weather": Known(
        seen=(
            "A first pale blue at 0.4, at 0.6 the star's yellow ground is a sky with clouds "
            "at once and the circle's is a pale one, at 0.8 all three have it. Things hold "
            "to 1.2, where the star and the heart fray; star and pair are lost at 1.4 and "
            "the circle at 1.6, only clouds are left."
        ),
        onset=(0.4, 0.6),
        best=(0.6, 1.2),
        first_bad=(1.4, 1.6),
        may_jump=True,
        of_pictures=True,
    ),
    "little-house": Known(
        seen=(
            "Things grow square and get a flat base from 0.4 on; at 0.8 all are houses with "
            "a door. The pink one is a smudge at 1.2, the star's house falls apart at 1.4 "
            "and the circle's at 1.6; nothing but fragments above."
        ),
        onset=(0.4, 0.8),
        best=(0.8, 1.4),
        first_bad=(1.2, 1.6),
        may_jump=True,
        of_pictures=True,
        misread=("even break",),
    ),
    "loud-flames": Known(
        seen=(
            "At 0.4 only the star's feet go up in an orange haze; at 0.6 flames stand along "
            "the bottom of all three. At 0.8 star and heart are lost already and at 1.0 the "
            "circle; from 2 on all is fire."
        ),
        onset=(0.4, 0.6),
        best=(0.6, 0.6),
        first_bad=(0.8, 1.0),
        may_jump=True,
        of_pictures=True,
    ),
    "faint-cinema": Known(
        seen=(
            "Nothing at all to 1.2; the pair has both bars at once at 1.4, the circle at "
            "1.6, the star begins at 1.8 and has them at 2. Things hold to 2.5; at 3 the "
            "star is no star any more and the heart is blurred."
        ),
        onset=(1.4, 1.6),
        best=(1.6, 3.0),
        first_bad=(3.0, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        of_pictures=True,
    ),
    "burnt-comet": Known(
        seen=(
            "A haze beside the circle at 0.4, its tail is there at 0.6, the pair's at 1.0, "
            "the star's at 1.2. The cross is a black spade from 0.6 on; the star is lost at "
            "1.4 and the circle at 1.8, and above 2 there are only stains."
        ),
        onset=(0.4, 1.0),
        best=(1.0, 1.2),
        first_bad=(0.6, 1.8),
        sure=None,
        of_pictures=True,
        misread=("even break",),
    ),
    "triangle-word": Known(
        seen=(
            "The cross turns at 0.2 and is a triangle at 0.4, the star at 0.6, the circle, "
            "by way of a square, at 1.4. The pair are stars from 1.6 on; at 2.5 the big one "
            "is a bell, at 3 a lump, and the pink thing is gone at 3. Shapes are clean till "
            "then."
        ),
        onset=(0.2, 0.6),
        best=(0.6, 2.0),
        first_bad=(3.0, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        of_pictures=True,
    ),
    "half-woven-plaid": Known(
        seen=(
            "Nothing to 0.4; at 0.6 star and pair stand on dark red and green patches and "
            "the circle on grey, at 0.8 all have it, a blurred cloth. The cross melts into "
            "a black blob by 1.4; the circle and the star are still to be named at 3, "
            "though the star has lost its blue."
        ),
        onset=(0.6, 0.6),
        best=(0.6, 3.0),
        first_bad=(1.2, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        of_pictures=True,
    ),
    "garden-party": Known(
        seen=(
            "A stain along the top at 0.6, the string with flags is there in all three at "
            "0.8. The heart is a pale streak at 0.8 already, the circle is lost at 1.0 and "
            "the star at 1.2; the flags stay and the rest turns to stains."
        ),
        onset=(0.6, 0.8),
        best=(0.8, 0.8),
        first_bad=(0.8, 1.2),
        may_jump=True,
        of_pictures=True,
    ),
}
