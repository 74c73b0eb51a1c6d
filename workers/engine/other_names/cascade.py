"""What Stable Cascade's first code calls the layers of its prior, stage C."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames

_ATTENTION = re.compile(r"(.+\.attention)\.to_(q|k|v|out\.0)")
_HEADS = {"q": "attn_to_q", "k": "attn_to_k", "v": "attn_to_v", "out.0": "attn_out_proj"}


def names(layers: tuple[str, ...], _config: Mapping[str, Any]) -> OtherNames:
    """Return the names of attention; torch's own module there joins its three matrices as rows."""
    found: OtherNames = {}
    for layer in layers:
        if match := _ATTENTION.fullmatch(layer):
            root = match[1].replace(".", "_")
            found[f"{root}_{_HEADS[match[2]]}"] = (layer,)
            if match[2] == "q":
                joined = tuple(f"{match[1]}.to_{part}" for part in "qkv")
                found[f"{root}_attn_in_proj"] = joined
    return found
