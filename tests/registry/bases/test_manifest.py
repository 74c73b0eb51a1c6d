from __future__ import annotations

import time

import pytest

from registry.bases import catalogue
from registry.bases.manifest import Layer, Manifest, plain, read, write

SMALL = Manifest(
    "small",
    {"unet": {"mid.to_q": Layer("linear", (6, 4)), "mid.to_k": Layer("linear", (2, 4))}},
    {"unet": {"mid_qk": ("mid.to_q", "mid.to_k")}},
)


class TestManifest:
    def test_survives_its_file(self, tmp_path):
        write(SMALL, tmp_path / "manifest.json.gz")
        assert read(tmp_path / "manifest.json.gz") == SMALL

    def test_becomes_the_same_bytes_each_time(self, tmp_path):
        for name in ("one", "two"):
            write(SMALL, tmp_path / name)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

    def test_finds_a_layer_that_is_several_in_one(self):
        assert SMALL.find("unet", "mid_qk") == Layer("linear", (8, 4))

    def test_finds_nothing_where_nothing_is(self):
        assert SMALL.find("unet", "nope") is None
        assert SMALL.find("nope", "mid_to_q") is None

    @pytest.mark.parametrize(
        ("component", "name"),
        [
            ("text_encoder", "text_model_encoder_layers_0_self_attn_q_proj"),
            ("text_encoder", "encoder_layers_0_self_attn_q_proj"),
        ],
    )
    def test_finds_a_text_encoder_s_layer_with_and_without_its_wrapping(self, component, name):
        assert catalogue.manifest("sd-1-5").find(component, name).shape == (768, 768)

    def test_plain_names_keep_their_words_in_the_middle(self):
        assert plain("model", "model_layers_0_model_x") == "layers_0_model_x"
        assert plain("unet", "model_x") == "model_x"


# Names that trainers write for layers of each base, flat, and their shapes.
KNOWN = [
    ("sd-1-5", "unet", "down_blocks_0_attentions_0_proj_in", (320, 320, 1, 1)),
    ("sd-1-5", "unet", "input_blocks_1_1_transformer_blocks_0_attn2_to_k", (320, 768)),
    ("sd-1-5", "unet", "output_blocks_5_2_conv", (1280, 1280, 3, 3)),
    ("sd-1-5", "unet", "output_blocks_2_1_conv", (1280, 1280, 3, 3)),
    ("sd-1-5", "unet", "input_blocks_3_0_op", (320, 320, 3, 3)),
    ("sd-2-1", "unet", "mid_block_attentions_0_proj_in", (1280, 1280)),
    ("sd-2-1", "text_encoder", "text_model_encoder_layers_22_mlp_fc1", (4096, 1024)),
    ("sdxl-1-0", "unet", "input_blocks_4_1_transformer_blocks_1_attn2_to_v", (640, 2048)),
    ("sdxl-1-0", "unet", "input_blocks_8_1_transformer_blocks_9_ff_net_0_proj", (10240, 1280)),
    ("sdxl-1-0", "unet", "middle_block_1_transformer_blocks_0_attn2_to_k", (1280, 2048)),
    ("sdxl-1-0", "unet", "output_blocks_0_1_transformer_blocks_0_attn1_to_q", (1280, 1280)),
    ("sdxl-1-0", "unet", "output_blocks_5_2_conv", (640, 640, 3, 3)),
    ("sdxl-1-0", "unet", "label_emb_0_0", (1280, 2816)),
    ("sdxl-1-0", "unet", "input_blocks_7_0_skip_connection", (1280, 640, 1, 1)),
    ("sdxl-1-0", "unet", "middle_block_2_in_layers_2", (1280, 1280, 3, 3)),
    ("sdxl-1-0", "text_encoder_2", "text_model_encoder_layers_31_self_attn_q_proj", (1280, 1280)),
    ("flux-1-dev", "transformer", "double_blocks_18_img_attn_qkv", (9216, 3072)),
    ("flux-1-dev", "transformer", "double_blocks_0_txt_mod_lin", (18432, 3072)),
    ("flux-1-dev", "transformer", "single_blocks_37_linear1", (21504, 3072)),
    ("flux-1-dev", "transformer", "single_blocks_0_linear2", (3072, 15360)),
    ("flux-1-dev", "transformer", "final_layer_adaLN_modulation_1", (6144, 3072)),
    ("flux-1-dev", "transformer", "single_transformer_blocks_0_proj_mlp", (12288, 3072)),
    ("flux-1-dev", "text_encoder_2", "encoder_block_0_layer_0_SelfAttention_q", (4096, 4096)),
    ("bloom-560m", "model", "transformer_h_23_self_attention_query_key_value", (3072, 1024)),
    ("gpt-2", "model", "transformer_h_0_attn_c_attn", (2304, 768)),
    ("gpt-2", "model", "h_0_mlp_c_fc", (3072, 768)),
    ("llama-3-1-8b", "model", "model_layers_31_self_attn_k_proj", (1024, 4096)),
    ("shapes", "unet", "mid_block_attentions_0_transformer_blocks_0_attn2_to_k", (144, 128)),
    ("shapes", "text_encoder", "text_model_encoder_layers_2_mlp_fc1", (512, 128)),
]


@pytest.mark.parametrize(("base", "component", "name", "shape"), KNOWN)
def test_a_base_has_the_layer_under_the_name_that_trainers_write(base, component, name, shape):
    assert catalogue.manifest(base).find(component, name).shape == shape


@pytest.mark.parametrize(
    ("base", "count"), [("sd-1-5", 282), ("sd-2-1", 282), ("sdxl-1-0", 794), ("flux-1-dev", 504)]
)
def test_a_base_has_as_many_layers_as_its_denoiser(base, count):
    manifest = catalogue.manifest(base)
    layers = (manifest.components.get("unet") or manifest.components["transformer"]).values()
    assert sum(layer.kind != "norm" for layer in layers) == count


def test_reading_takes_milliseconds():
    path = catalogue.FOLDER / "sdxl-1-0/manifest.json.gz"
    spent = []
    for _ in range(5):
        began = time.process_time()
        read(path).by_flat_name  # noqa: B018
        spent.append(time.process_time() - began)
    assert min(spent) < 0.1
