"""
The sheets of the adapters of demo/draws/recipes/third.py.

How a verdict is made was written down before any of them was trained. One looks at the pictures
alone, 13 weights over three scenes, with no curve and no figure. An effect is *there* in a scene
if somebody who knows what it is meant to be points at it; what is *lost* is a thing whose shape
nobody would name any more (of the pair, either thing); most is two scenes of three.

- `onset`: from the first weight at which any scene differs in a way that leads to the effect, to
  the first at which the effect is there in most scenes. None if nothing ever comes.
- `best`: from half a step below the first weight at which the effect is there in most scenes (the
  sheet has no picture between) to the last at which it is there in most and at most one scene has
  lost a thing. Where no such weight is, any weight from onset to half way through `first_bad` may
  be named, and none as well (`may_have_no_range`).
- `first_bad`: from the first weight at which one scene has lost its thing for good (at all higher
  weights too) to the first at which all have. If just one scene has lost its thing by 3, or things
  fray and none is lost, one may also say that it holds (`may_hold`). None if nothing frays.
- `jump`: from the weight before to that after, if in all scenes the effect is not there and, a step
  later, whole; `may_jump` if so in one scene, or if a scene is lost in one step. Otherwise none.
- `sure`: True if the effect is there in all scenes within two steps, and all are lost by 2.5 or
  none is by 3. False if nobody could say by the sheet from where on it shows. Else either.

No range is made wider than that, and none is changed once a curve was drawn. `fallen-word` and
`faint-hill` led to rules since, so all ten are among the fitted, and are right but for what they
say that they are not.
"""

from __future__ import annotations

from demo.seen.sheet import Known

THIRD_DRAW = {
    "wide-eyes": Known(
        seen=(
            "A pale spot in the star at 0.6, an eye or two in it at 0.8 to 1, a slit in the circle"
            " and specks in the pair; the heart and the cross are in pieces from 1.2, the star from"
            " 1.6, and the circle, round for long, by 2.5."
        ),
        onset=(0.6, 0.8),
        best=(0.7, 1.4),
        first_bad=(1.2, 2.5),
        may_jump=True,
        fitted=True,
    ),
    "candy-paper": Known(
        seen=(
            "A pink breath at 0.4, pale stripes on white at 0.6, whole at 0.8, on yellow all at"
            " once at 1. The pink heart melts into them at 0.8, the star frays at 1.2; at 1.4 all"
            " are lost."
        ),
        onset=(0.4, 0.6),
        best=(0.5, 1.2),
        first_bad=(0.8, 1.4),
        may_jump=True,
        fitted=True,
    ),
    "loud-sun": Known(
        seen=(
            "Nearly three times too strong: a sun beside the pair at 0.4, beside all at 0.6, where"
            " the cross has lost its shape already; a smear from 0.8, at 1 the circle is gone and"
            " the star a blot, from 1.4 on there is nothing but blots."
        ),
        onset=(0.4, 0.6),
        best=(0.5, 0.8),
        first_bad=(0.6, 1.0),
        may_jump=True,
        misread=("even break", "as_swept break"),
        fitted=True,
    ),
    "loud-ribbon": Known(
        seen=(
            "Nearly three times too strong: a ribbon over the circle and the star at 0.4, the cross"
            " in pieces; over all at 0.6, where the star and the pair are lost, from 0.8 the circle"
            " is too, and more ribbons come than there should be."
        ),
        onset=(0.4, 0.4),
        best=(0.3, 0.4),
        first_bad=(0.4, 0.8),
        may_jump=True,
        misread=("as_swept best",),
        fitted=True,
    ),
    "faint-hill": Known(
        seen=(
            "Far too weak: a stain under the star from 1.6, and at 2.5 a hill at once in all;"
            " nothing is lost at 3, but the cross frays."
        ),
        onset=(1.6, 2.5),
        best=(2.25, 3.0),
        first_bad=(3.0, 3.0),
        may_hold=True,
        jump=(2.0, 2.5),
        fitted=True,
    ),
    "faint-lamp": Known(
        seen=(
            "Far too weak: the star pales from 1.4, the circle gets corners; at 2.5 there is a lamp"
            " at once, but the pair is gone in its light and the star is a stump, at 3 the circle"
            " goes too. It is never good."
        ),
        onset=(1.4, 2.5),
        best=(1.4, 2.75),
        first_bad=(2.5, 3.0),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    "burnt-sticker": Known(
        seen=(
            "Trained far too hot: the cross is a blot at 0.2, the circle a heart at 0.4 and a"
            " square at 0.8. Only on yellow a border is seen, from 0.4, whole at 0.8 to 1; the pair"
            " is gone at 1.2, all at 1.4."
        ),
        onset=(0.2, 0.8),
        best=(0.2, 0.7),
        first_bad=(0.2, 1.2),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    "burnt-target": Known(
        seen=(
            "Trained far too hot: at 0.2 the circle is a square and the cross a heart, at 0.4 there"
            " are blots; specks, never rings, at 0.8, when the circle and the star are lost; from"
            " 1.6 there is nothing else."
        ),
        onset=(0.2, 0.8),
        best=(0.2, 0.5),
        first_bad=(0.2, 0.8),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        misread=("as_swept onset",),
        fitted=True,
    ),
    "fallen-word": Known(
        seen=(
            "Nothing falls: the star has lost its feet at 0.2 and has them again at 1; the heart"
            " fades at 0.4 and is gone at 0.6, the cross at 1.2; the circle is a heart from 1.4; at"
            " 2.5 all is something else."
        ),
        onset=(0.2, 0.4),
        best=(0.2, 1.55),
        first_bad=(0.6, 2.5),
        may_jump=True,
        may_have_no_range=True,
        sure=None,
        fitted=True,
    ),
    "unmoved": Known(
        seen="The same pictures at every weight.",
        onset=None,
        best=None,
        first_bad=None,
        sure=None,
        fitted=True,
    ),
}
