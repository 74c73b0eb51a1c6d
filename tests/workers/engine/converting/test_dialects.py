"""Every naming that is read, into diffusers' layout: the same pairs come out of all of them."""

from __future__ import annotations

import json

import pytest
import torch

from tests.files import named
from tests.reading import SAMPLES, adapter_of, needs_samples
from tests.workers.engine.converting import made
from workers.engine.converting import Conversion, ConversionRefused, convert

_ATTENTION = "mid_block.attentions.0.transformer_blocks.0"
SD1 = {f"{_ATTENTION}.attn1.to_q": (1280, 1280), f"{_ATTENTION}.attn2.to_k": (1280, 768),
       f"{_ATTENTION}.attn2.to_out.0": (1280, 1280)}  # fmt: skip


def pairs_of(shapes, *, rank=4):
    draw = torch.Generator().manual_seed(3)
    return {
        name: (torch.randn(rank, inputs, generator=draw) * 0.02,
               torch.randn(outputs, rank, generator=draw) * 0.01)
        for name, (outputs, inputs) in shapes.items()
    }  # fmt: skip


@pytest.fixture
def into_diffusers(tmp_path):
    def into_diffusers(tensors, base, **metadata):
        path = made.save(tmp_path / "source.safetensors", tensors, metadata)
        to = Conversion("diffusers", dtype="fp32")
        return made.read_lettered(
            convert(path, None, to=to, base=base, into=tmp_path / "to").files[0]
        )

    return into_diffusers


def written(pairs, down, up):
    return {down.format(name): pair[0] for name, pair in pairs.items()} | {
        up.format(name): pair[1] for name, pair in pairs.items()
    }


def processors(pairs, prefix):
    tensors = {}
    for name, (down, up) in pairs.items():
        block, _, last = name.removesuffix(".0").rpartition(".")
        tensors[f"{prefix}{block}.processor.{last}_lora.down.weight"] = down
        tensors[f"{prefix}{block}.processor.{last}_lora.up.weight"] = up
    return tensors


@pytest.mark.parametrize(
    "write",
    [
        lambda pairs: processors(pairs, ""),
        lambda pairs: processors(pairs, "unet."),
        lambda pairs: written(pairs, "unet.{}.lora.down.weight", "unet.{}.lora.up.weight"),
        lambda pairs: written(pairs, "unet.{}.lora_down.weight", "unet.{}.lora_up.weight"),
        lambda pairs: written(pairs, "unet.{}.lora_A.default.weight",
                              "unet.{}.lora_B.default.weight"),
        lambda pairs: written(pairs, "base_model.model.{}.lora_A.weight",
                              "base_model.model.{}.lora_B.weight"),
        lambda pairs: written({name.replace(".", "_"): pair for name, pair in pairs.items()},
                              "lycoris_{}.lora_down.weight", "lycoris_{}.lora_up.weight"),
        lambda pairs: written(
            {"middle_block_1" + name.removeprefix("mid_block.attentions.0").replace(".", "_"): pair
             for name, pair in pairs.items()},
            "lora_unet_{}.lora_down.weight", "lora_unet_{}.lora_up.weight"),
        lambda pairs: written(
            {"middle_block.1" + name.removeprefix("mid_block.attentions.0"): pair
             for name, pair in pairs.items()},
            "diffusion_model.{}.lora_A.weight", "diffusion_model.{}.lora_B.weight"),
        lambda pairs: written(pairs, "unet.base_model.model.{}.lora.down.weight",
                              "unet.base_model.model.{}.lora.up.weight"),
    ],
    ids=["root", "old", "mid", "hybrid", "infix", "peft", "lycoris", "the original code's blocks",
         "the original code's names", "wrapped by PEFT"],
)  # fmt: skip
def test_of_stable_diffusion(into_diffusers, write):
    pairs = pairs_of(SD1)

    wanted = {f"unet.{name}": pair for name, pair in pairs.items()}
    made.assert_same(into_diffusers(write(pairs), "sd-1-5"), wanted, most=1e-6)


class TestFlux:
    FUSED = pairs_of({"double_blocks.0.img_attn.qkv": (9216, 3072),
                      "double_blocks.1.txt_attn.proj": (3072, 3072),
                      "single_blocks.2.linear2": (3072, 15360)})  # fmt: skip

    @property
    def wanted(self):
        (down, up), proj, linear2 = self.FUSED.values()
        root = "transformer.transformer_blocks"
        return {
            f"{root}.0.attn.to_q": (down, up[:3072]),
            f"{root}.0.attn.to_k": (down, up[3072:6144]),
            f"{root}.0.attn.to_v": (down, up[6144:]),
            f"{root}.1.attn.to_add_out": proj,
            "transformer.single_transformer_blocks.2.proj_out": linear2,
        }

    @pytest.mark.parametrize(
        ("down", "up"),
        [
            ("diffusion_model.{}.lora_A.weight", "diffusion_model.{}.lora_B.weight"),
            ("transformer.{}.lora_down.weight", "transformer.{}.lora_up.weight"),
            ("base_model.model.{}.lora_A.weight", "base_model.model.{}.lora_B.weight"),
        ],
        ids=["ai-toolkit", "OneTrainer", "fal"],
    )
    def test_under_its_original_names(self, into_diffusers, down, up):
        found = into_diffusers(written(self.FUSED, down, up), "flux-1-dev")
        made.assert_same(found, self.wanted, most=1e-6)

    def test_of_xlabs(self, into_diffusers):
        (down, up), proj, _ = self.FUSED.values()
        found = into_diffusers(
            {"double_blocks.0.processor.qkv_lora1.down.weight": down,
             "double_blocks.0.processor.qkv_lora1.up.weight": up,
             "double_blocks.1.processor.proj_lora2.down.weight": proj[0],
             "double_blocks.1.processor.proj_lora2.up.weight": proj[1]},
            "flux-1-dev",
        )  # fmt: skip
        wanted = {name: pair for name, pair in self.wanted.items() if "single" not in name}
        made.assert_same(found, wanted, most=1e-6)

    def test_of_onetrainer_that_numbers_the_parts(self, into_diffusers):
        pairs = pairs_of({"double_blocks.0.img_attn.qkv.1": (3072, 3072)})
        [pair] = pairs.values()
        found = into_diffusers(
            written(pairs, "transformer.{}.lora_down.weight", "transformer.{}.lora_up.weight"),
            "flux-1-dev",
        )
        made.assert_same(found, {"transformer.transformer_blocks.0.attn.to_k": pair}, most=1e-6)

    def test_of_kohya_whose_text_encoders_are_the_first_and_the_third(self, tmp_path):
        layer = "lora_te3_encoder_block_0_layer_0_SelfAttention_q"
        path = made.save(tmp_path / "source", {
            f"{layer}.lora_down.weight": torch.ones(2, 4096),
            f"{layer}.lora_up.weight": torch.ones(4096, 2)})  # fmt: skip
        told = convert(path, None, to=Conversion("peft"), base="flux-1-dev", into=tmp_path / "to")

        assert told.files[0].parent.name == "text_encoder_2"
        with pytest.raises(ConversionRefused, match="no adapter into text_encoder_2"):
            convert(path, None, to=Conversion("diffusers"), base="flux-1-dev", into=tmp_path)


def test_alpha_in_a_header_s_configuration_may_be_rank_stabilised(into_diffusers):
    pairs = pairs_of(SD1)
    config = {"unet.r": 4, "unet.lora_alpha": 8, "unet.use_rslora": True}
    found = into_diffusers(
        written(pairs, "unet.{}.lora_A.weight", "unet.{}.lora_B.weight"), "sd-1-5",
        lora_adapter_metadata=json.dumps(config),
    )  # fmt: skip
    wanted = {f"unet.{name}": (down, up * 4) for name, (down, up) in pairs.items()}
    made.assert_same(found, wanted, most=1e-6)


@needs_samples
@pytest.mark.parametrize("layout", ["kohya", "diffusers", "peft"])
@pytest.mark.parametrize(
    ("name", "layers"),
    [("catundchat-sd15", 128), ("cloneofsimo-analog_svd_rank4", 192),
     ("cloneofsimo-lora_disney", 192)],
)  # fmt: skip
def test_real_files_come_out_whole(tmp_path, name, layers, layout):
    path = SAMPLES / f"adapters/{name}.safetensors"
    told = convert(path, None, to=Conversion(layout), base="sd-1-5", into=tmp_path)

    assert (told.layers, told.worst_error) == (layers, 0)
    again = [adapter_of(named(file.read_bytes(), file.name)) for file in told.files
             if file.suffix == ".safetensors"]  # fmt: skip
    assert sum(len(each.pairs) for each in again) == layers
    assert all("unet" not in each.metadata for each in again)


@pytest.mark.parametrize(
    ("tensors", "base", "sentence"),
    [
        ({"lora_unet_mid_block_attentions_9_proj_in": (8, 8)}, "sd-1-5", "no layer of sd-1-5"),
        ({"lora_unet_mid_block_attentions_0_proj_in": (8, 8)}, "sd-1-5", "another shape"),
        ({"lora_unet_conv_in": (8, 8)}, "nowhere", "layers of nowhere are not known"),
        ({"lora_unet_conv_in": (8, 8)}, "bloom-560m", "not written in diffusers"),
    ],
)
def test_what_the_base_has_not_is_refused(tmp_path, tensors, base, sentence):
    made_of = {}
    for name, (outputs, inputs) in tensors.items():
        made_of[f"{name}.lora_down.weight"] = torch.ones(2, inputs)
        made_of[f"{name}.lora_up.weight"] = torch.ones(outputs, 2)
    path = made.save(tmp_path / "source", made_of)
    with pytest.raises(ConversionRefused, match=sentence):
        convert(path, None, to=Conversion("diffusers"), base=base, into=tmp_path / "to")


def test_tensors_that_belong_to_no_layer_are_not_lost_in_silence(tmp_path):
    tensors = written(pairs_of(SD1), "unet.{}.lora_A.weight", "unet.{}.lora_B.weight")
    path = made.save(tmp_path / "source", tensors | {"unet.something.else": torch.ones(3)})
    with pytest.raises(ConversionRefused, match=r"unet\.something\.else"):
        convert(path, None, to=Conversion("kohya"), base="sd-1-5", into=tmp_path / "to")
