"""The same random change, written in every form, against others that are merely much like it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import load, save

from registry.bases import catalogue
from registry.formats.header import read_header
from registry.formats.likeness import Part, alike, norm_of, signature
from tests import files
from tests.reading import SAMPLES, adapter_of, header_of, needs_samples
from workers.content import read_content

BLOCKS = range(8)
RANK, WIDTH = 4, 96
SETTINGS = {"r": RANK, "lora_alpha": 2}


def change(seed=0, scale=1.0):
    """Return up and down of queries, keys, values and the way out of some blocks."""
    rng = np.random.default_rng(seed)
    strengths = np.random.default_rng(99).uniform(0.5, 2, (len(BLOCKS), 4)) * scale
    return {
        (block, part): (
            (rng.normal(size=(WIDTH, RANK)) * strengths[block, n]).astype(np.float32),
            (rng.normal(size=(RANK, WIDTH)) * 0.1).astype(np.float32),
        )
        for block in BLOCKS
        for n, part in enumerate(("to_q", "to_k", "to_v", "to_out_0"))
    }


def kohya(pairs, dtype=np.float16):
    tensors = {}
    for (block, part), (up, down) in pairs.items():
        root = f"lora_unet_down_blocks_1_attentions_{block}_transformer_blocks_0_attn1_{part}"
        tensors[f"{root}.lora_up.weight"] = up.astype(dtype)
        tensors[f"{root}.lora_down.weight"] = down.astype(dtype)
        tensors[f"{root}.alpha"] = np.array(2, np.float32)
    return of(tensors)


def _to_bfloat16(array):
    return (array.view(np.uint32) + 0x8000 & 0xFFFF0000).view(np.float32)


def bfloat16(pairs, *, cut_off=False):
    def shorten(array):
        return (array.view(np.uint32) & 0xFFFF0000).view(np.float32)

    shorter = shorten if cut_off else _to_bfloat16
    rounded = {key: tuple(map(shorter, two)) for key, two in pairs.items()}
    return kohya(rounded, np.float32)


def diffusers(pairs):
    tensors = {}
    for (block, part), (up, down) in pairs.items():
        name = part.replace("_0", ".0")
        root = f"unet.down_blocks.1.attentions.{block}.transformer_blocks.0.attn1.{name}"
        tensors[f"{root}.lora_B.weight"] = up * 0.5  # The alpha is in it.
        tensors[f"{root}.lora_A.weight"] = down
    return of(tensors)


def configured(pairs):
    """Return what PEFT would write, the alpha in its configuration and another component's name."""
    tensors = {}
    for (block, part), (up, down) in pairs.items():
        root = f"base_model.model.model.layers.{block}.self_attn.{part}"
        tensors[f"{root}.lora_B.weight"] = up
        tensors[f"{root}.lora_A.weight"] = down
    return of(tensors, config=SETTINGS)


def joined(pairs):
    """Return the change with queries, keys and values in one matrix, as the first authors do."""
    tensors = {}
    for block in BLOCKS:
        three = [pairs[block, part] for part in ("to_q", "to_k", "to_v")]
        up = np.zeros((3 * WIDTH, 3 * RANK), np.float32)
        for n, (each, _) in enumerate(three):
            up[n * WIDTH : (n + 1) * WIDTH, n * RANK : (n + 1) * RANK] = each * 0.5
        root = f"lora_unet_double_blocks_{block}_img_attn"
        tensors[f"{root}_qkv.lora_up.weight"] = up
        tensors[f"{root}_qkv.lora_down.weight"] = np.concatenate([down for _, down in three])
        way_out = pairs[block, "to_out_0"]
        tensors[f"{root}_proj.lora_up.weight"] = way_out[0] * 0.5
        tensors[f"{root}_proj.lora_down.weight"] = way_out[1]
    return of(tensors)


def of(tensors, *, config=None):
    file = files.named(save(tensors), "adapter.safetensors")
    adapter = adapter_of(file, config=config)
    file.seek(0)
    header = read_header(file, file_size=len(file.getvalue()))
    return signature(adapter, read_content(file, header, config=config).norms)


THE_SAME = kohya(change())


class TestTheSameWeights:
    @pytest.mark.parametrize(
        "form",
        [
            kohya(change(), np.float32),
            bfloat16(change()),
            bfloat16(change(), cut_off=True),
            diffusers(change()),
            configured(change()),
            joined(change()),
        ],
        ids=["of 32 bits", "of bfloat16", "cut off", "of diffusers", "of PEFT", "joined"],
    )
    def test_are_alike_in_another_form(self, form):
        assert alike(THE_SAME, form)
        assert alike(form, THE_SAME)
        assert norm_of(form) == pytest.approx(norm_of(THE_SAME), rel=0.01)

    def test_are_alike_after_a_way_through_the_database(self):
        assert alike(json.loads(json.dumps(THE_SAME)), THE_SAME)

    def test_are_alike_without_layers_that_change_nothing(self):
        with_zeros = change() | {(9, "to_q"): (np.zeros((WIDTH, RANK)), np.ones((RANK, WIDTH)))}
        assert alike(kohya(with_zeros), THE_SAME)


class TestOtherWeights:
    @pytest.mark.parametrize("seed", range(1, 9))
    def test_trained_again_with_the_same_settings_are_not(self, seed):
        assert not alike(kohya(change(seed)), THE_SAME)
        assert not alike(joined(change(seed)), THE_SAME)

    def test_trained_a_little_longer_are_not(self):
        grown = np.random.default_rng(7).uniform(1.0, 1.02, len(change()))
        longer = {
            key: (up * times, down)
            for times, (key, (up, down)) in zip(grown, change().items(), strict=True)
        }
        assert not alike(kohya(longer), THE_SAME)

    def test_that_are_the_same_at_another_weight_are_not(self):
        assert not alike(kohya(change(scale=1.1)), THE_SAME)

    def test_of_which_a_layer_is_another_are_not(self):
        pairs = change()
        up, down = pairs[3, "to_k"]
        assert not alike(kohya(pairs | {(3, "to_k"): (up * 1.5, down)}), THE_SAME)

    def test_with_a_part_more_are_not(self):
        part = Part(norm=1.0, layers=[1.0])
        assert not alike(THE_SAME | {"text_encoder": part}, THE_SAME)

    def test_of_few_layers_are_not_compared(self):
        few = {"main": Part(norm=1.0, layers=[1.0])}
        assert not alike(few, few)

    def test_that_nobody_could_measure_have_no_signature(self):
        adapter = adapter_of(files.kohya_lora("sd1"))
        assert signature(adapter, {}) == {}
        assert norm_of({}) is None
        assert not alike({}, {})


@needs_samples
def test_no_two_real_adapters_are_alike():
    folders = (SAMPLES / "adapters", catalogue.FOLDER.parent / "demo/adapters")
    paths = sorted(path for folder in folders for path in folder.rglob("*.safetensors"))
    found = {}
    for path in paths:
        file = files.named(path.read_bytes(), path.name)
        found[path] = signature(adapter_of(file), _norms(file))
    pairs = [(a, b) for a in paths for b in paths if a < b and alike(found[a], found[b])]
    assert len(paths) > 10
    assert pairs == []


REAL = ["cloneofsimo-lora_disney", "catundchat-sd15", "cloneofsimo-analog_svd_rank4"]


@needs_samples
@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("rounded", [np.float16, "bfloat16"])
def test_a_real_adapter_is_alike_in_another_number_type(name, rounded):
    path = SAMPLES / "adapters" / f"{name}.safetensors"
    file = files.named(path.read_bytes(), path.name)
    header = header_of(file)
    other = {}
    for tensor, array in load(file.getvalue()).items():
        wide = np.ascontiguousarray(array, np.float32)
        other[tensor] = _to_bfloat16(wide) if rounded == "bfloat16" else wide.astype(rounded)
    again = files.named(save(other, dict(header.metadata)), "again.safetensors")

    found = signature(adapter_of(file), _norms(file))

    assert sum(len(part["layers"]) for part in found.values()) >= 128
    assert alike(found, signature(adapter_of(again), _norms(again)))


def _norms(file):
    file.seek(0)
    return read_content(file, read_header(file, file_size=len(file.getvalue()))).norms
