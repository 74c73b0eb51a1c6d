"""Versions as folders in the object store, for runtimes that read it themselves."""

from __future__ import annotations

from registry import blobs
from registry.errors import WrongState
from registry.formats.dialects import Dialect
from registry.models import AdapterVersion
from registry.queries import files
from registry.services import downloads, stored

WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"


def lay_out(version: AdapterVersion) -> str:
    """
    Return where a version lies in the object store as PEFT reads it: a folder with its two files.

    :raises WrongState: if it is no PEFT adapter, is still being checked, or the hub keeps its
        files on a disk
    """
    weights, config = files.weights_of(version), files.config_of(version)
    if weights.dialect != Dialect.PEFT or config is None:
        raise WrongState(
            f"Version {version.number} is not in PEFT's layout (adapter_config.json and "
            f"adapter_model.safetensors): download it with ?layout=peft, where it can be had so, "
            f"and load the folder with adapter_source=local.",
            code="not-in-this-layout",
        )
    named = {WEIGHTS: weights, CONFIG: config}
    for file in named.values():
        downloads.require_kept(file)
    with stored.errors():
        place = blobs.default().lay_out(
            str(version.pk), {name: file.sha256 for name, file in named.items()}
        )
    if place is None:
        raise WrongState(
            "This hub keeps its files on a disk, where LoRAX cannot fetch them: set HF_ENDPOINT to "
            "this hub's address and ask with adapter_source=hub and the adapter's team/name.",
            code="not-in-an-object-store",
        )
    return place
