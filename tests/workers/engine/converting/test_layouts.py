"""Every pair of layouts, for every family that is offered them, there and back."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from tests.workers.engine.converting import made
from tests.workers.engine.converting.test_loading import peft_source
from workers.engine.converting import Conversion, convert
from workers.engine.converting.layouts import diffusers, kohya, peft

BASES = tuple(made.LAYERS)
HALF = made.ALPHA / made.RANK


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Return the file in diffusers' layout that the others of a base are made of."""
    folder = tmp_path_factory.mktemp("sources")
    kept = {}

    def of(base):
        if base not in kept:
            pairs = made.pairs_of(base)
            kept[base] = (made.diffusers_file(folder / base, pairs), made.scaled(pairs, HALF))
        return kept[base]

    return of


def converted(path, base, layout, into, config=None, **other):
    return convert(path, config, to=Conversion(layout, **other), base=base, into=into)


@pytest.mark.parametrize("base", BASES)
class TestThereAndBack:
    def test_by_kohya_s_layout(self, source, tmp_path, base):
        path, wanted = source(base)
        there = converted(path, base, "kohya", tmp_path / "there")
        back = converted(there.files[0], base, "diffusers", tmp_path / "back")

        assert there.layers == len(wanted)
        assert max(there.worst_error, back.worst_error) <= 1e-3
        made.assert_same(made.read_lettered(back.files[-1]), wanted)

    def test_by_peft_s_layout(self, source, tmp_path, base):
        path, wanted = source(base)
        there = converted(path, base, "peft", tmp_path / "there")

        assert there.worst_error <= 1e-6  # Alpha is in the configuration, so nothing was rounded.
        found = {}
        for component in made.LAYERS[base]:
            folder = tmp_path / "there" / component
            back = converted(
                folder / peft.WEIGHTS, base, "diffusers", tmp_path / component, folder / peft.CONFIG
            )
            found |= made.read_lettered(back.files[0])
        made.assert_same(found, wanted)

    def test_by_diffusers_layout(self, source, tmp_path, base):
        path, wanted = source(base)
        there = converted(path, base, "diffusers", tmp_path / "there")

        assert there.worst_error <= 1e-3
        made.assert_same(made.read_lettered(there.files[0]), wanted)

    def test_from_kohya_s_layout_to_peft_s_without_a_rounded_number(self, source, tmp_path, base):
        path, _ = source(base)
        there = converted(path, base, "kohya", tmp_path / "there")

        assert converted(there.files[0], base, "peft", tmp_path / "peft").worst_error <= 1e-6


class TestKohya:
    def test_joins_what_reads_alike_at_the_same_rank(self, tmp_path):
        pairs = made.pairs_of("flux-1-dev")
        q, k, v = (f"transformer.transformer_blocks.0.attn.to_{letter}" for letter in "qkv")
        pairs[k], pairs[v] = (pairs[q][0], pairs[k][1]), (pairs[q][0], pairs[v][1])
        path = made.diffusers_file(tmp_path / "source", pairs)
        tensors = load_file(converted(path, "flux-1-dev", "kohya", tmp_path / "to").files[0])

        root = "lora_unet_double_blocks_0_img_attn_qkv"
        assert tensors[f"{root}.lora_down.weight"].shape == (made.RANK, 3072)
        assert tensors[f"{root}.lora_up.weight"].shape == (9216, made.RANK)
        assert float(tensors[f"{root}.alpha"]) == made.ALPHA

    def test_joins_others_at_the_sum_of_their_ranks_and_says_so(self, source, tmp_path):
        path, _ = source("flux-1-dev")
        there = converted(path, "flux-1-dev", "kohya", tmp_path)
        tensors = load_file(there.files[0])

        up = tensors["lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight"]
        assert up.shape == (9216, 3 * made.RANK)
        assert not up[:3072, made.RANK :].any()
        assert any("sum of theirs (up to 12)" in note for note in there.notes)

    def test_swaps_shift_and_scale_where_the_original_code_has_shift_first(self, source, tmp_path):
        path, _ = source("flux-1-dev")
        tensors = load_file(converted(path, "flux-1-dev", "kohya", tmp_path).files[0])
        ours = load_file(path)["transformer.norm_out.linear.lora_B.weight"]

        theirs = tensors["lora_unet_final_layer_adaLN_modulation_1.lora_up.weight"]
        assert torch.equal(theirs[3072:], ours[:3072])
        assert torch.equal(theirs[:3072], ours[3072:])

    @pytest.mark.parametrize(
        ("base", "names"),
        [
            ("sd-1-5", ["lora_te_text_model_encoder_layers_1_self_attn_q_proj"]),
            ("sdxl-1-0", ["lora_te1_text_model_encoder_layers_1_mlp_fc1",
                          "lora_te2_text_model_encoder_layers_1_mlp_fc1",
                          "lora_unet_down_blocks_1_attentions_0_proj_in"]),
            ("flux-1-dev", ["lora_te1_text_model_encoder_layers_1_mlp_fc1",
                            "lora_unet_single_blocks_0_linear1"]),
            ("sd3-medium", ["lora_unet_joint_blocks_0_x_block_attn_qkv",
                            "lora_unet_joint_blocks_23_context_block_adaLN_modulation_1"]),
        ],
    )  # fmt: skip
    def test_names_layers_as_its_scripts_do(self, source, tmp_path, base, names):
        path, _ = source(base)
        tensors = load_file(converted(path, base, "kohya", tmp_path).files[0])

        assert {f"{name}.lora_down.weight" for name in names} <= tensors.keys()


class TestDiffusers:
    def test_has_a_configuration_that_says_a_scale_of_one(self, source, tmp_path):
        path, _ = source("sdxl-1-0")
        there = converted(path, "sdxl-1-0", "diffusers", tmp_path)
        with safe_open(there.files[0], "pt") as file:
            config = json.loads(file.metadata()[diffusers.CONFIG])

        assert config["unet.r"] == config["unet.lora_alpha"] == made.RANK
        assert config["unet.use_dora"] is False
        assert "text_encoder_2.target_modules" in config

    def test_cuts_a_joined_matrix_into_its_rows(self, tmp_path):
        draw = torch.Generator().manual_seed(1)
        down, up = torch.randn(4, 3072, generator=draw), torch.randn(21504, 4, generator=draw)
        root = "diffusion_model.single_blocks.3.linear1"
        path = made.save(tmp_path / "f", {f"{root}.lora_A.weight": down,
                                          f"{root}.lora_B.weight": up})  # fmt: skip
        there = converted(path, "flux-1-dev", "diffusers", tmp_path / "to")
        tensors = load_file(there.files[0])

        root = "transformer.single_transformer_blocks.3"
        rows = {"attn.to_q": up[:3072], "attn.to_k": up[3072:6144], "attn.to_v": up[6144:9216],
                "proj_mlp": up[9216:]}  # fmt: skip
        for name, wanted in rows.items():
            assert torch.equal(tensors[f"{root}.{name}.lora_A.weight"], down)
            assert torch.equal(tensors[f"{root}.{name}.lora_B.weight"], wanted)


class TestPeft:
    def test_a_name_that_others_end_with_is_hit_alone(self, source, tmp_path):
        path, _ = source("flux-1-dev")
        converted(path, "flux-1-dev", "peft", tmp_path)
        config = json.loads((tmp_path / "transformer" / peft.CONFIG).read_text())

        assert "|proj_out|" in config["target_modules"]  # A pattern: a list would hit 38 more.

    def test_ranks_and_alphas_that_differ_stand_in_patterns(self, tmp_path):
        pairs = made.pairs_of("sd-1-5")
        name = "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_v"
        pairs[name] = made.pairs_of("sd-1-5", rank=7)[name]
        path = made.diffusers_file(tmp_path / "source", pairs, alpha=None)
        converted(path, "sd-1-5", "peft", tmp_path / "to")
        config = json.loads((tmp_path / "to" / "unet" / peft.CONFIG).read_text())

        layer = f"^{name.removeprefix('unet.')}"
        assert (config["r"], config["rank_pattern"]) == (made.RANK, {layer: 7})
        assert (config["lora_alpha"], config["alpha_pattern"]) == (made.RANK, {layer: 7})


QUERIES, VALUES = (f"model.layers.0.self_attn.{name}_proj" for name in "qv")
TEXTS = {
    QUERIES: (2048, 2048),
    VALUES: (512, 2048),
    "model.layers.1.self_attn.q_proj": (2048, 2048),
}


@pytest.mark.parametrize(
    ("config", "scales"),
    [({"alpha_pattern": {"v_proj": 2}}, (2, 0.5)), ({"use_rslora": True}, (4, 4))],
    ids=["a pattern", "rank-stabilised"],
)
def test_layers_of_a_base_of_texts_come_out_at_one_scale(tmp_path, config, scales):
    """Servers multiply every layer by alpha over r of the configuration, and read no pattern."""
    source = peft_source(tmp_path, TEXTS, **config)
    there = converted(*source[:1], "llama-3-2-1b", "peft", tmp_path / "to", *source[1:])
    told = json.loads((tmp_path / "to" / peft.CONFIG).read_text())
    ours, found = (load_file(at / peft.WEIGHTS) for at in (tmp_path, tmp_path / "to"))

    assert (told["alpha_pattern"], told["rank_pattern"], told["use_rslora"]) == ({}, {}, False)
    assert there.worst_error <= 1e-6
    for layer, scale in zip((QUERIES, VALUES), scales, strict=True):
        up, down = (f"{peft.PREFIX}{layer}.lora_{half}.weight" for half in "BA")
        by_server = found[up] * told["lora_alpha"] / told["r"]
        assert torch.allclose(by_server, ours[up] * scale, rtol=1e-4)
        assert torch.equal(found[down], ours[down])


def test_kohya_s_and_diffusers_files_have_the_names_that_readers_look_for():
    assert (kohya.FILE, diffusers.FILE) == (
        "lora.safetensors", "pytorch_lora_weights.safetensors")  # fmt: skip
