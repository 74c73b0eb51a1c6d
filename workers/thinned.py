"""What a mended copy goes without: the file is read again, since reports name only the first."""

from __future__ import annotations

from registry import blobs
from registry.exports.leaving_out import Found, LeftOut, left_out
from registry.exports.mending import Step
from registry.formats.adapter import read_adapter
from registry.formats.files import read_header
from registry.models import Preparation
from registry.queries import files
from registry.services import declaring, stored
from workers import content

LEAVING = {Step.LEFT_OVER, Step.HALF_LAYERS, Step.NOT_FINITE, Step.UNKNOWN_LAYERS}


def left_out_of(row: Preparation) -> LeftOut:
    """
    Return which tensors the copy is written without.

    :raises NotConvertible: if too little would remain
    """
    if not LEAVING & set(row.steps):
        return LeftOut((), ())
    weights, config = files.weights_of(row.version), declaring.config_of(row.version)
    broken: tuple[str, ...] = ()
    with stored.errors(), blobs.default().open(weights.sha256) as file:
        header = read_header(file, file_size=weights.size)
        adapter = read_adapter(header, config=config)
        if Step.NOT_FINITE in row.steps:
            seen = content.read_content(file, header, config=config)
            broken = (*seen.nan_tensors, *seen.inf_tensors)
    facts = declaring.describe(adapter, base=row.version.base)
    unknown = facts.fit.unknown if facts.fit else ()
    return left_out(adapter, row.steps, Found(broken, unknown))
