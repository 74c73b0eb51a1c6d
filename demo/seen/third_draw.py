"""
The sheets of the adapters of demo/third_draw.py.

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

No range is made wider than that, and none is changed once a curve was drawn.
"""

from __future__ import annotations

from demo.seen.sheet import Known

THIRD_DRAW: dict[str, Known] = {}
