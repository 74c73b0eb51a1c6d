"""Which program wrote the metadata, and which version of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from registry.formats.training.reading import Reading, short


class Trainer(NamedTuple):
    name: str = ""
    version: str = ""
    source: str = ""


# What musubi-tuner trains, as it calls it; sd-scripts train none of these.
_MUSUBI = (
    "hunyuan_video", "hunyuan-video", "wan", "framepack", "flux_kontext", "flux-kontext",
    "flux_2", "flux-2", "qwen_image", "qwen-image", "kandinsky", "z_image", "z-image",
)  # fmt: skip


def read_trainer(reading: Reading) -> Trainer:
    """Return who wrote the metadata, nobody if it does not say."""
    return next(_who(reading), Trainer())


def _who(reading: Reading) -> Iterator[Trainer]:
    software = reading.table("software")
    if short(software.get("name")):
        yield Trainer(short(software["name"]), short(software.get("version")), "software")
    metadata = reading.metadata
    for key in ("ot_config", "ot_revision", "ot_branch"):
        if key in metadata:
            yield Trainer("OneTrainer", short(metadata.get("ot_revision")), key)
    implementation = short(metadata.get("modelspec.implementation_version"))
    if implementation.lower().startswith(("simpletuner", "musubi-tuner", "ai-toolkit")):
        name, _, version = implementation.partition("/")
        yield Trainer(name, version, "modelspec.implementation_version")
    yield from _kohya(reading)
    if any(key.lower().startswith("simpletuner") for key in metadata):
        yield Trainer("SimpleTuner", "", "simpletuner")
    if "lora_adapter_metadata" in metadata:
        yield Trainer("diffusers", "", "lora_adapter_metadata")
    if short(reading.at("adapter_config/peft_type")):
        version = short(reading.at("adapter_config/peft_version"))
        yield Trainer("PEFT", version, "adapter_config/peft_type")


def _kohya(reading: Reading) -> Iterator[Trainer]:
    commit = short(reading.at("ss_sd_scripts_commit_hash"))
    base = short(reading.at("ss_base_model_version")).lower()
    if commit:
        yield Trainer("kohya sd-scripts", commit, "ss_sd_scripts_commit_hash")
    if "ss_network_module" in reading.metadata:
        musubi = "ss_v2" not in reading.metadata and base.startswith(_MUSUBI)
        yield Trainer("musubi-tuner" if musubi else "kohya sd-scripts", "", "ss_network_module")
