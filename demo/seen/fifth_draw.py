"""
The sheets of the adapters of demo/fifth_draw.py.

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

FIFTH_DRAW: dict[str, Known] = {}
