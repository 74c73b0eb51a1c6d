"""Other names as tables: what another code calls a layer, and the layers of ours that it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from workers.engine.other_names.naming import OtherNames

# In the other code's own dotted spelling, `{n}` for the number of a block; its layer may be several
# of ours, joined as rows in this order.
Table = Mapping[str, tuple[str, ...]]


def names_by(table: Table, layers: Iterable[str]) -> OtherNames:
    """Return the names that a table gives to these layers; rows of layers not there give none."""
    known = set(layers)
    blocks = 1 + max((int(each) for name in known for each in re.findall(r"\d+", name)), default=0)
    names: OtherNames = {}
    for other, parts in table.items():
        for number in range(blocks if "{n}" in other else 1):
            covered = tuple(part.replace("{n}", str(number)) for part in parts)
            if known.issuperset(covered):
                names[other.replace("{n}", str(number)).replace(".", "_")] = covered
    return names
