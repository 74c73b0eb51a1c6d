"""
The sheets of the adapters of demo/draws/recipes/fourth.py.

How a verdict is made was written down before any of them was trained. Who makes it has not written
the rules that the curve is read by, and looks at the pictures alone, 13 weights over three scenes,
with no curve and no figure. An effect is *there* in a scene if somebody who knows what it is meant
to be points at it; what is *lost* is a thing whose shape nobody would name any more (of the pair,
either thing); most is two scenes of three.

Each range is of pictures of the sheet, its first and its last, and never of weights between them:

- `onset`: the first picture at which any scene differs in a way that leads to the effect, and the
  first at which the effect is there in most scenes. None if nothing ever comes.
- `best`: the first picture at which the effect is there in most scenes, and the last at which it is
  there in most and at most one scene has lost a thing. Where there is no such picture, from the
  first of `onset` to the one half way through `first_bad` (the lower of two), and none as well
  (`may_have_no_range`).
- `first_bad`: the first picture at which one scene has lost its thing for good (at all higher
  weights too), and the first at which all have, or 3 if not all ever have. If just one scene has
  lost its thing by 3, or things fray and none is lost, one may also say that it holds (`may_hold`).
  None if nothing frays.
- `jump`: the picture before and that after, if in all scenes the effect is not there and, a picture
  later, whole; `may_jump` if so in one scene, or if a scene is lost in one step. Otherwise none.
- `sure`: True if the effect is there in all scenes within two steps, and all are lost by 2.5 or
  none is by 3. False if nobody could say by the sheet from where on it shows. Else either (None).

Nobody can tell finer than the sheet's step what lies between two of its pictures. So each verdict
says `of_pictures`, and a weight agrees with a range if it lies between the picture before the first
and that after the last; these two themselves are a step off, and do not. Where the sheet ends,
nothing is beyond. What begins at a weight (`onset`, `first_bad`) agrees as well if the range was
reached since the weight looked at before it, as in the third draw. At the weights of the sheet this
is the same as the range itself.

No range is made wider than that, and none is changed once a curve was drawn.
"""

from __future__ import annotations

from demo.seen.sheet import Known

FOURTH_DRAW: dict[str, Known] = {
    "through-a-porthole": Known(
        seen="The corners of the star turn green at 0.6; from 0.8 on black lies around a round "
        "window, from 1 in all three. The star and the pair are lost at 1.2, the circle "
        "is a smear at 1.4.",
        onset=(0.6, 0.8),
        best=(0.8, 1.0),
        first_bad=(1.2, 1.4),
        may_jump=True,
        of_pictures=True,
    ),
    "loud-curtain": Known(
        seen="Curtains cut into the pair at 0.4, and stand in all three at 0.6, where the "
        "heart is gone and the star a blob; of the circle a smear is left at 0.8.",
        onset=(0.4, 0.6),
        best=(0.4, 0.6),
        first_bad=(0.6, 0.8),
        may_jump=True,
        may_have_no_range=True,
        of_pictures=True,
    ),
    "faint-fence": Known(
        seen="A smear at the foot of the star from 1 on, legs under the pair at 1.6, pickets "
        "in all three by 1.8. The cross is a block on legs from 1.6 on; circle and star "
        "are nameable until 2.5 and gone at 3.",
        onset=(1.0, 1.8),
        best=(1.8, 2.5),
        first_bad=(1.6, 3.0),
        may_jump=True,
        sure=None,
        of_pictures=True,
        fitted=True,
    ),
    "burnt-confetti": Known(
        seen="A scrap at the foot of the star at 0.4, scraps in all three by 0.8. The cross is "
        "a mushroom at 0.6 already, the star a blob at 1.2 in one step, the circle melts "
        "at 1.6; then only patches.",
        onset=(0.4, 0.8),
        best=(0.8, 1.0),
        first_bad=(0.6, 1.6),
        may_jump=True,
        of_pictures=True,
    ),
    "square-word": Known(
        seen="The circle is squarish at 0.2 and a square at 0.4, as the cross is; the star is "
        "a triangle from 0.4 to 0.8 and a square at 1. At 1.6 heart and cross run into "
        "one black heart; the circle is a blob at 1.8, a square at 2, and a triangle at "
        "3.",
        onset=(0.2, 0.4),
        best=(0.4, 2.0),
        first_bad=(1.6, 3.0),
        may_jump=True,
        may_hold=True,
        sure=None,
        of_pictures=True,
    ),
    "unfinished-spiral": Known(
        seen="No spiral, but clouds of another shade in the ground: of the star and the pair "
        "from 0.6 on, plain at 1. Heart and cross are blobs at 2; circle and star are "
        "nameable until 2.5.",
        onset=(0.6, 1.0),
        best=(1.0, 2.5),
        first_bad=(2.0, 3.0),
        sure=None,
        of_pictures=True,
        fitted=True,
    ),
}
