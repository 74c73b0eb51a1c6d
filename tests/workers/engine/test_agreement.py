"""
Our count of layers that fit, held against the layers that diffusers really injects.

The loader runs on whole skeletons (names and shapes, no weights); agreement/ has every family, with
few blocks. Where the two differ we must be the
stricter side, or a trap that registry/checks/runtimes.py tells of.
"""

from __future__ import annotations

import logging

import pytest

pytest.importorskip("diffusers", reason="the real loader is diffusers'")

import diffusers

from registry.bases import catalogue
from registry.bases.fit import fit
from registry.checks.facts import Declared
from registry.checks.runtimes import TRAPS
from registry.formats.families import detect_family
from tests import files
from tests.layers import Layer
from tests.reading import SAMPLES, adapter_of, needs_samples
from workers.engine.families.stable_diffusion import StableDiffusion, StableDiffusionXL

pytestmark = pytest.mark.torch

BASES = {"shapes": "shapes", "sd1": "sd-1-5", "sdxl": "sdxl-1-0"}
STRANGER = Layer("unet", "mid_block.attentions.7.proj_in", 144, 144)


@pytest.fixture(scope="module")
def skeletons():
    diffusers.utils.logging.set_verbosity(logging.CRITICAL)
    kept = {}

    def of(slug: str):
        if slug not in kept:
            pipeline = catalogue.entry(slug).pipeline
            family = StableDiffusionXL() if "XL" in pipeline else StableDiffusion()
            kept[slug] = family.skeleton(catalogue.FOLDER / slug / "config", pipeline=pipeline)
        return kept[slug]

    return of


def injected(pipeline, path) -> int:
    """Return how many layers diffusers puts an adapter into, once it is loaded."""
    try:
        pipeline.load_lora_weights(path.parent, weight_name=path.name, local_files_only=True)
        return sum(
            hasattr(module, "lora_A") and bool(len(module.lora_A))
            for component in ("unet", "text_encoder", "text_encoder_2")
            if getattr(pipeline, component, None) is not None
            for module in getattr(pipeline, component).modules()
        )
    finally:
        pipeline.unload_lora_weights()


def traps_of(adapter) -> list[str]:
    declared = Declared(adapter, "", "", "", detect_family(adapter))
    return [trap.slug for trap in TRAPS if trap.catches(declared)]


@pytest.fixture
def counted(skeletons, tmp_path):
    """Return a file's layers as we count them on a base, and as diffusers does."""

    def count(file, slug: str) -> tuple[int, int]:
        path = tmp_path / "adapter.safetensors"
        path.write_bytes(file.getvalue())
        ours = fit(adapter_of(file), catalogue.manifest(slug)).applied
        return ours, injected(skeletons(slug), path)

    return count


@pytest.mark.parametrize("family", BASES)
@pytest.mark.parametrize("write", [files.kohya_lora, files.diffusers_lora])
@pytest.mark.parametrize("text_encoder", [False, True], ids=["U-Net", "with text encoder"])
def test_sound_adapters_are_counted_alike(counted, family, write, text_encoder):
    file = write(family, text_encoder=text_encoder)
    ours, theirs = counted(file, BASES[family])
    assert ours == theirs == len(adapter_of(file).pairs)


def test_layers_that_the_base_lacks_are_counted_by_neither(counted):
    tensors = files.kohya_tensors([*files.layers_of("shapes", text_encoder=False), STRANGER])
    ours, theirs = counted(files.named(files.safetensors(tensors), "a"), "shapes")
    assert ours == theirs == 8


def test_another_base_s_adapter_is_refused_by_both(counted, skeletons, tmp_path):
    file = files.kohya_lora("sd1")
    path = tmp_path / "adapter.safetensors"
    path.write_bytes(file.getvalue())
    with pytest.raises(RuntimeError, match="size mismatch"):
        injected(skeletons("shapes"), path)
    assert not fit(adapter_of(file), catalogue.manifest("shapes")).whole


@needs_samples
def test_diffusers_applies_nothing_of_root_names_and_we_say_so(skeletons):
    path = SAMPLES / "adapters/catundchat-sd15.safetensors"
    adapter = adapter_of(files.named(path.read_bytes(), path.name))
    assert injected(skeletons("sd-1-5"), path) == 0
    assert traps_of(adapter) == ["root-names"]


def test_diffusers_drops_kohya_s_magnitudes_and_we_say_so(counted):
    layers = files.layers_of("shapes", text_encoder=False)
    tensors = files.kohya_tensors(layers)
    for layer in layers:
        root = f"lora_unet_{layer.name.replace('.', '_')}"
        tensors[f"{root}.dora_scale"] = files.tensor((layer.outputs, 1))
    file = files.named(files.safetensors(tensors), "a")
    assert counted(file, "shapes") == (8, 8)
    assert traps_of(adapter_of(file)) == ["dora-scale"]


@pytest.mark.parametrize(
    "tails",
    [
        {"hada_w1_a": (144, 4), "hada_w1_b": (4, 144), "hada_w2_a": (144, 4),
         "hada_w2_b": (4, 144)},
        {"lokr_w1": (12, 12), "lokr_w2": (12, 12)},
    ],
    ids=["LoHa", "LoKr"],
)  # fmt: skip
def test_diffusers_refuses_lycoris_and_we_say_so(skeletons, tmp_path, tails):
    root = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q"
    tensors = {f"{root}.{tail}": files.tensor(shape) for tail, shape in tails.items()}
    file = files.named(files.safetensors(tensors), "a")
    path = tmp_path / "adapter.safetensors"
    path.write_bytes(file.getvalue())
    with pytest.raises(ValueError, match="keys"):
        injected(skeletons("shapes"), path)
    assert fit(adapter_of(file), catalogue.manifest("shapes")).whole
    assert traps_of(adapter_of(file)) == ["lycoris"]
