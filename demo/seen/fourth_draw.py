"""
The sheets of the adapters of demo/fourth_draw.py.

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

# Empty until the sheets were judged; then one row a slug, as in demo/seen/third_draw.py, each with
# what is seen in words, ranges of pictures by the rubric above, and `of_pictures` always true.
FOURTH_DRAW: dict[str, Known] = {}
