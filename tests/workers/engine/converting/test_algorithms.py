"""LyCORIS' algorithms as plain LoRA, held against what their definitions say."""

from __future__ import annotations

import pytest
import torch
from peft.tuners.loha.layer import make_weight, make_weight_cp
from peft.tuners.lokr.layer import make_kron
from safetensors.torch import load_file

from tests.workers.engine.converting import made
from workers.engine.converting import Conversion, ConversionRefused, convert

LINEAR = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q"  # 1280 → 1280
KERNEL = "lora_unet_down_blocks_0_resnets_0_conv1"  # 320 → 320, 3 × 3
ALPHA = torch.tensor(2.0)


def numbers(*shape, seed=0):
    draw = torch.Generator().manual_seed(seed + sum(shape))
    return torch.randn(*shape, generator=draw) * 0.1


def loha():
    parts = [numbers(1280, 3), numbers(3, 1280), numbers(1280, 3, seed=5), numbers(3, 1280, seed=6)]
    names = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")
    return (
        {f"{LINEAR}.{name}": part for name, part in zip(names, parts, strict=True)}
        | {f"{LINEAR}.alpha": ALPHA},
        make_weight(*parts, torch.tensor(2 / 3)),
    )


def loha_around_a_core():
    first = [numbers(3, 3, 3, 3), numbers(3, 320), numbers(3, 320, seed=1)]
    second = [numbers(3, 3, 3, 3, seed=2), numbers(3, 320, seed=3), numbers(3, 320, seed=4)]
    parts = [*first, *second]
    names = ("hada_t1", "hada_w1_a", "hada_w1_b", "hada_t2", "hada_w2_a", "hada_w2_b")
    return (
        {f"{KERNEL}.{name}": part for name, part in zip(names, parts, strict=True)},
        make_weight_cp(*parts, torch.tensor(1.0)),
    )


def lokr_of_whole_factors():
    one, other = numbers(8, 8), numbers(160, 160)
    # Nothing is decomposed, so alpha counts for nothing.
    return (
        {f"{LINEAR}.lokr_w1": one, f"{LINEAR}.lokr_w2": other, f"{LINEAR}.alpha": ALPHA},
        make_kron(one, other),
    )


def lokr_of_a_product():
    one, left, right = numbers(8, 8), numbers(160, 4), numbers(4, 160)
    return (
        {f"{LINEAR}.lokr_w1": one, f"{LINEAR}.lokr_w2_a": left, f"{LINEAR}.lokr_w2_b": right,
         f"{LINEAR}.alpha": ALPHA},
        make_kron(one, left @ right, 0.5),
    )  # fmt: skip


def lokr_of_a_kernel():
    one, other = numbers(4, 4), numbers(80, 80, 3, 3)
    return {f"{KERNEL}.lokr_w1": one, f"{KERNEL}.lokr_w2": other}, make_kron(one, other)


def whole():
    difference = numbers(1280, 6) @ numbers(6, 1280)
    return {f"{LINEAR}.diff": difference}, difference


def locon_around_a_core():
    up, core, down = numbers(320, 4, 1, 1), numbers(4, 4, 3, 3), numbers(4, 320, 1, 1)
    return (
        {f"{KERNEL}.lora_up.weight": up, f"{KERNEL}.lora_mid.weight": core,
         f"{KERNEL}.lora_down.weight": down, f"{KERNEL}.alpha": ALPHA},
        torch.einsum("oaxy,abkl,bixy->oikl", up, core, down) * 0.5,
    )  # fmt: skip


def glora_without_its_factor():
    left, right = numbers(1280, 4), numbers(4, 1280)
    return (
        {f"{LINEAR}.b1.weight": left, f"{LINEAR}.b2.weight": right, f"{LINEAR}.alpha": ALPHA,
         f"{LINEAR}.a1.weight": numbers(1280, 4), f"{LINEAR}.a2.weight": torch.zeros(4, 1280)},
        left @ right * 0.5,
    )  # fmt: skip


EXACT = {
    "LoHa": loha,
    "LoHa around a core": loha_around_a_core,
    "LoKr of a product": lokr_of_a_product,
    "full": whole,
    "LoCon around a core": locon_around_a_core,
    "GLoRA": glora_without_its_factor,
}
OF_ANY_RANK = {"LoKr": lokr_of_whole_factors, "LoKr of a kernel": lokr_of_a_kernel}


@pytest.fixture
def as_lora(tmp_path):
    """Convert tensors into diffusers' layout, and return what was said and the one change."""

    def as_lora(tensors, **asked):
        path = made.save(tmp_path / "source.safetensors", tensors)
        asked = {"dtype": "fp32", **asked}
        told = convert(
            path, None, to=Conversion("diffusers", **asked), base="sd-1-5", into=tmp_path / "to"
        )
        [(down, up)] = made.read_lettered(told.files[0]).values()
        return told, (up.flatten(1) @ down.flatten(1)).reshape(up.shape[0], *down.shape[1:])

    return as_lora


def distance(one, other):
    return float((one - other).norm() / other.norm())


@pytest.mark.parametrize("make", EXACT.values(), ids=EXACT)
def test_what_has_a_low_rank_is_exact(as_lora, make):
    tensors, wanted = make()
    told, change = as_lora(tensors, energy=1.0)

    assert change.shape == wanted.shape
    assert distance(change, wanted) < 1e-4
    assert told.worst_error < 1e-4


@pytest.mark.parametrize("make", (EXACT | OF_ANY_RANK).values(), ids=EXACT | OF_ANY_RANK)
def test_what_is_shrunk_is_as_far_off_as_is_said(as_lora, make):
    tensors, wanted = make()
    told, change = as_lora(tensors, energy=0.9)

    assert distance(change, wanted) == pytest.approx(told.worst_error, abs=1e-4)
    assert told.worst_error <= 0.1**0.5 + 1e-4


def test_without_a_word_an_error_of_one_in_a_hundred_is_kept_to(as_lora):
    tensors, wanted = loha()
    told, change = as_lora(tensors, dtype="fp16")

    assert distance(change, wanted) <= 0.011
    assert "plain LoRA" in told.notes[0]


def test_a_rank_is_kept_to_and_its_error_said(as_lora):
    tensors, wanted = loha()
    told, change = as_lora(tensors, rank=3)

    assert torch.linalg.matrix_rank(change, rtol=1e-4) == 3
    values = torch.linalg.svdvals(wanted)
    best = float(values[3:].norm() / values.norm())
    assert told.worst_error == pytest.approx(best, abs=1e-4)


def test_plain_lora_keeps_its_bits_unless_a_rank_is_asked_for(tmp_path):
    pairs = made.pairs_of("sd-1-5")
    path = made.diffusers_file(tmp_path / "source", pairs, alpha=None)
    said = convert(path, None, to=Conversion("kohya"), base="sd-1-5", into=tmp_path / "a")
    less = convert(path, None, to=Conversion("kohya", rank=2), base="sd-1-5", into=tmp_path / "b")

    assert said.worst_error == 0
    assert 0.3 < less.worst_error < 0.8
    ups = [
        tensor
        for name, tensor in load_file(less.files[0]).items()
        if name.endswith("lora_up.weight")
    ]
    assert {tensor.shape[1] for tensor in ups} == {2}


class TestDora:
    def tensors(self, shape=(1280, 1)):
        return {
            f"{LINEAR}.lora_down.weight": numbers(4, 1280),
            f"{LINEAR}.lora_up.weight": numbers(1280, 4),
            f"{LINEAR}.alpha": ALPHA,
            f"{LINEAR}.dora_scale": numbers(*shape).abs(),
        }

    @pytest.mark.parametrize("layout", ["kohya", "diffusers", "peft"])
    def test_keeps_its_magnitudes(self, tmp_path, layout):
        tensors = self.tensors()
        path = made.save(tmp_path / "source", tensors)
        told = convert(path, None, to=Conversion(layout), base="sd-1-5", into=tmp_path / layout)

        written = load_file(told.files[-1])
        [kept] = [each for name, each in written.items() if "dora" in name or "magnitude" in name]
        assert torch.equal(kept.reshape(-1), tensors[f"{LINEAR}.dora_scale"].reshape(-1))

    def test_with_a_magnitude_an_input_is_refused(self, tmp_path):
        path = made.save(tmp_path / "source", self.tensors((1, 1280)))
        with pytest.raises(ConversionRefused, match="one an input"):
            convert(path, None, to=Conversion("peft"), base="sd-1-5", into=tmp_path / "to")

    def test_on_some_layers_alone_is_refused(self, tmp_path):
        other = LINEAR.replace("to_q", "to_k")
        tensors = self.tensors() | {
            f"{other}.lora_down.weight": numbers(4, 1280),
            f"{other}.lora_up.weight": numbers(1280, 4),
        }
        path = made.save(tmp_path / "source", tensors)
        with pytest.raises(ConversionRefused, match="all or nothing"):
            convert(path, None, to=Conversion("diffusers"), base="sd-1-5", into=tmp_path / "to")


@pytest.mark.parametrize(
    ("tails", "sentence"),
    [
        ({"a1.weight": (1280, 4), "a2.weight": (4, 1280), "b1.weight": (1280, 4),
          "b2.weight": (4, 1280)}, "multiplies the base's own weights"),
        ({"oft_blocks": (8, 160, 160)}, "is oft"),
        ({"lora_down.weight": (4, 1280), "lora_up.weight": (1280, 4), "diff_b": (1280,)},
         "changes a bias"),
        ({"lora_down.weight": (4, 1280)}, "lacks its up matrix"),
        ({"lora_down.weight": (4, 640), "lora_up.weight": (1280, 4)}, "another shape"),
        ({"diff": (1280, 640)}, "another shape"),
    ],
    ids=["GLoRA", "OFT", "a bias", "half a pair", "other shape", "other difference"],
)  # fmt: skip
def test_what_cannot_be_expressed_is_refused_by_name(tmp_path, tails, sentence):
    tensors = {f"{LINEAR}.{tail}": numbers(*shape) for tail, shape in tails.items()}
    path = made.save(tmp_path / "source", tensors)
    with pytest.raises(ConversionRefused, match=sentence):
        convert(path, None, to=Conversion("diffusers"), base="sd-1-5", into=tmp_path / "to")
    assert not list((tmp_path / "to").glob("*"))


def test_normalisations_are_left_out_and_said(tmp_path):
    tensors = {
        "lora_unet_mid_block_attentions_0_norm.w_norm": numbers(1280),
        f"{LINEAR}.lora_down.weight": numbers(4, 1280),
        f"{LINEAR}.lora_up.weight": numbers(1280, 4),
    }
    path = made.save(tmp_path / "source", tensors)
    told = convert(path, None, to=Conversion("diffusers"), base="sd-1-5", into=tmp_path / "to")

    assert told.layers == 1
    assert "1 normalisations are left out" in told.notes[0]
