from __future__ import annotations

import json

import pytest

from registry.formats.adapter import Dialect
from registry.formats.errors import NotAnAdapter
from tests import files
from tests.reading import adapter_from, adapter_of

BLOCK = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k"
FLAT = "down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k"
DOWN, UP = (4, 768), (640, 4)

# A spelling of one and the same layer, and what must be seen in it.
SPELLINGS = [
    ("kohya", f"lora_unet_{FLAT}.lora_down.weight", Dialect.KOHYA, "unet", FLAT),
    ("lycoris", f"lycoris_unet_{FLAT}.lora_down.weight", Dialect.LYCORIS, "unet", FLAT),
    ("diffusers", f"unet.{BLOCK}.lora_A.weight", Dialect.DIFFUSERS, "unet", BLOCK),
    ("PEFT's infix", f"unet.{BLOCK}.lora_A.default.weight", Dialect.DIFFUSERS, "unet", BLOCK),
    ("diffusers, mid", f"unet.{BLOCK}.lora.down.weight", Dialect.DIFFUSERS_MID, "unet", BLOCK),
    (
        "diffusers, old",
        f"unet.{BLOCK.replace('.to_k', '.processor.to_k_lora')}.down.weight",
        Dialect.DIFFUSERS_OLD,
        "unet",
        BLOCK,
    ),
    (
        "diffusers, oldest",
        f"{BLOCK.replace('.to_k', '.processor.to_k_lora')}.down.weight",
        Dialect.DIFFUSERS_ROOT,
        "unet",
        BLOCK,
    ),
    ("PEFT", f"base_model.model.{BLOCK}.lora_A.weight", Dialect.PEFT, "unet", BLOCK),
    ("kohya's tail on dots", f"unet.{BLOCK}.lora_down.weight", Dialect.HYBRID, "unet", BLOCK),
    (
        "an old text encoder",
        "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_linear_layer.down.weight",
        Dialect.DIFFUSERS_MID,
        "text_encoder",
        "text_model.encoder.layers.0.self_attn.q_proj",
    ),
    (
        "kohya's second text encoder",
        "lora_te2_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight",
        Dialect.KOHYA,
        "text_encoder_2",
        "text_model_encoder_layers_0_self_attn_q_proj",
    ),
    (
        "kohya's FLUX",
        "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight",
        Dialect.KOHYA,
        "transformer",
        "double_blocks_0_img_attn_qkv",
    ),
    (
        "OneTrainer's FLUX",
        "lora_transformer_single_transformer_blocks_0_attn_to_k.lora_down.weight",
        Dialect.KOHYA,
        "transformer",
        "single_transformer_blocks_0_attn_to_k",
    ),
    (
        "OneTrainer's FLUX, taken apart",
        "transformer.double_blocks.0.img_attn.qkv.1.lora_down.weight",
        Dialect.HYBRID,
        "transformer",
        "double_blocks.0.img_attn.qkv.1",
    ),
    (
        "OMI's text encoder",
        "clip_g.text_model.encoder.layers.0.self_attn.q_proj.lora_down.weight",
        Dialect.OMI,
        "text_encoder_2",
        "text_model.encoder.layers.0.self_attn.q_proj",
    ),
    (
        "kohya's SD 3",
        "lora_unet_joint_blocks_0_x_block_attn_qkv.lora_down.weight",
        Dialect.KOHYA,
        "transformer",
        "joint_blocks_0_x_block_attn_qkv",
    ),
    (
        "kohya's T5",
        "lora_te3_encoder_block_0_layer_0_SelfAttention_q.lora_down.weight",
        Dialect.KOHYA,
        "text_encoder_3",
        "encoder_block_0_layer_0_SelfAttention_q",
    ),
    (
        "Stable Cascade",
        "lora_prior_unet_down_blocks_0_2_attention.lora_down.weight",
        Dialect.KOHYA,
        "prior",
        "down_blocks_0_2_attention",
    ),
    (
        "HunyuanVideo's own",
        "diffusion_model.double_blocks.0.img_attn_qkv.lora_A.weight",
        Dialect.BFL,
        "transformer",
        "double_blocks.0.img_attn_qkv",
    ),
    (
        "ai-toolkit",
        "diffusion_model.double_blocks.0.img_attn.qkv.lora_A.weight",
        Dialect.BFL,
        "transformer",
        "double_blocks.0.img_attn.qkv",
    ),
    (
        "fal",
        "base_model.model.double_blocks.0.img_attn.qkv.lora_A.weight",
        Dialect.BFL,
        "transformer",
        "double_blocks.0.img_attn.qkv",
    ),
    (
        "XLabs",
        "double_blocks.3.processor.proj_lora2.down.weight",
        Dialect.XLABS,
        "transformer",
        "double_blocks.3.txt_attn.proj",
    ),
    (
        "a language model",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
        Dialect.PEFT,
        "model",
        "model.layers.0.self_attn.q_proj",
    ),
    (
        "GPT-2 without PEFT's prefix",
        "transformer.h.0.attn.c_attn.lora_A.weight",
        Dialect.PEFT,
        "model",
        "transformer.h.0.attn.c_attn",
    ),
    (
        "2022",
        "unet:5:down",
        Dialect.CLONEOFSIMO,
        "unet",
        "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k",
    ),
]


def other_half(name: str) -> str:
    return name.replace("lora_A", "lora_B").replace("down.weight", "up.weight").replace(
        ":down", ":up"
    )  # fmt: skip


class TestDialects:
    @pytest.mark.parametrize(
        ("name", "dialect", "component", "module"),
        [row[1:] for row in SPELLINGS],
        ids=[row[0] for row in SPELLINGS],
    )
    def test_spell_a_layer_each_their_way(self, name, dialect, component, module):
        adapter = adapter_from({name: DOWN, other_half(name): UP})

        [pair] = adapter.pairs
        assert adapter.dialect is dialect
        assert (pair.component, pair.module) == (component, module)
        assert (pair.rank, pair.shape, pair.missing) == (4, (640, 768), ())
        assert not adapter.leftovers

    def test_of_the_majority_is_the_file_s(self):
        shapes = {f"lora_unet_mid_block_{n}.lora_down.weight": DOWN for n in range(3)}
        assert adapter_from(shapes | {"unet.x.lora_A.weight": DOWN}).dialect is Dialect.KOHYA

    def test_that_nobody_knows_is_unknown(self):
        adapter = adapter_from({"w_a_000": (2, 768), "w_b_000": (768, 2)})
        assert adapter.dialect is Dialect.UNKNOWN
        assert adapter.pairs == ()
        assert adapter.leftovers == ("w_a_000", "w_b_000")


M = "lora_unet_mid_block_x"


class TestReadAdapter:
    def test_counts_layers_by_component(self):
        adapter = adapter_of(files.kohya_lora("sdxl", text_encoder=True))
        assert adapter.components == {"unet": 16, "text_encoder": 8, "text_encoder_2": 8}
        assert adapter.ranks == (4, 4)
        assert adapter.dtypes == ("F16",)

    def test_takes_alpha_from_peft_s_configuration(self):
        config = files.peft_config(rank=4, lora_alpha=32, alpha_pattern={"v_proj": 8})
        pairs = adapter_of(files.peft_lora(), config=config).pairs
        assert [pair.alpha for pair in pairs[:2]] == [32.0, 8.0]

    def test_takes_alpha_from_what_diffusers_puts_into_the_header(self):
        metadata = {"lora_adapter_metadata": json.dumps({"unet.lora_alpha": 16, "unet.r": 4})}
        adapter = adapter_of(files.diffusers_lora(metadata=metadata))
        assert adapter.pairs[0].alpha == 16.0

    @pytest.mark.parametrize("metadata", ["", "[", "[]", "null", '{"unet.lora_alpha": "x"}'])
    def test_takes_no_alpha_from_nonsense(self, metadata):
        file = files.diffusers_lora(metadata={"lora_adapter_metadata": metadata})
        assert adapter_of(file).pairs[0].alpha is None

    def test_tells_bundled_embeddings_apart(self):
        names = {"bundle_emb.zkw.clip_l": (2, 768), "<s1>": (768,)}
        adapter = adapter_from({f"{M}.lora_down.weight": DOWN} | names)
        assert [each.name for each in adapter.embeddings] == list(names)
        assert adapter.leftovers == ()

    def test_tells_layers_apart_that_peft_saved_whole(self):
        adapter = adapter_from(
            {
                "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight": DOWN,
                "base_model.model.classifier.weight": (2, 768),
            }
        )
        assert adapter.saved == ("base_model.model.classifier.weight",)
        assert adapter.leftovers == ()

    def test_takes_the_vocabulary_that_peft_saves_where_it_has_grown(self):
        root = "base_model.model.model.embed_tokens"
        name = f"{root}.base_layer.weight"
        adapter = adapter_from({f"{root}.lora_embedding_A": DOWN, name: (32001, 768)})
        assert adapter.saved == (name,)

    def test_leaves_over_what_belongs_to_no_layer(self):
        adapter = adapter_from({f"{M}.lora_down.weight": DOWN, "junk": (1,), "lone.alpha": ()})
        assert adapter.leftovers == ("junk", "lone.alpha")

    @pytest.mark.parametrize(
        ("names", "told"),
        [
            ((), "no tensors"),
            (("model.diffusion_model.input_blocks.0.0.weight",), "checkpoint"),
            (("first_stage_model.decoder.conv_in.weight",), "VAE"),
            (("down_blocks.0.resnets.0.conv1.weight",), "U-Net"),
            (("transformer_blocks.0.attn.to_q.weight",), "diffusion transformer"),
            (("model.layers.0.self_attn.q_proj.weight", "lm_head.weight"), "whole model"),
            (("emb_params",), "embedding"),
            (("clip_l", "clip_g"), "embedding"),
            (("control_model.input_blocks.0.0.weight",), "ControlNet"),
            (("lora_controlnet", "time_embed.0.up", "time_embed.0.down"), "ControlNet"),
            (("image_proj.proj.weight",), "IP-Adapter"),
            (("lllite_unet_input_blocks_4_1.down.0.weight",), "ControlNet"),
            (
                ("unet.mid_block.attentions.0.attn2.processor.to_k_custom_diffusion.weight",),
                "Custom Diffusion",
            ),
            (("double_blocks.0.img_attn.norm.query_norm.scale",), "diffusion transformer"),
            (("decoder.blocks.0.snake.alpha", "decoder.blocks.0.conv.weight"), "whole model"),
            (
                (
                    "base_model.model.model.layers.0.mlp.up_proj.base_layer.weight",
                    "base_model.model.model.layers.0.mlp.up_proj.lora_A.weight",
                ),
                "whole model with an adapter",
            ),
            (
                ("0.to_q_lora.down.weight", "0.to_q_lora.up.weight", "1.to_k_ip.weight"),
                "IP-Adapter",
            ),
        ],
    )
    def test_refuses_what_is_something_else(self, names, told):
        with pytest.raises(NotAnAdapter, match=told):
            adapter_from(dict.fromkeys(names, (8, 8)))

    def test_calls_an_adapter_in_a_layout_that_it_does_not_know_no_whole_model(self):
        name = "layers.0.attn.q_proj.lora_a.weight"  # torchtune's
        adapter = adapter_from({name: (8, 4096)})
        assert (adapter.dialect, adapter.leftovers) == (Dialect.UNKNOWN, (name,))
