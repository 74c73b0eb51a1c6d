"""Names as real trainers and tools write them, and what must be seen in each."""

from __future__ import annotations

import pytest

from registry.formats.adapter import Dialect
from registry.formats.dialects import layers_in
from registry.formats.tensors import Tensor
from tests.reading import adapter_from

TEXT = "text_model_encoder_layers_0_self_attn_q_proj"
DOTTED_TEXT = "text_model.encoder.layers.0.self_attn.q_proj"
T5 = "encoder.block.0.layer.0.SelfAttention.q"
MOTION = (
    "down_blocks.0.motion_modules.0.temporal_transformer.transformer_blocks.0.attention_blocks.0"
)
DOWN_0 = "down_blocks.0.attentions.0.transformer_blocks.0"
FLAT_T5 = "encoder_block_0_layer_0_SelfAttention_q"

# Whose spelling it is, the name of one tensor, and dialect, component and module seen in it.
SPELLINGS = [
    # diffusers
    (
        "diffusers' first, its output matrix",
        "unet.mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_out_lora.up.weight",
        Dialect.DIFFUSERS_OLD, "unet", "mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0",
    ),
    (
        "diffusers' first, with an alpha",
        "unet.mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.alpha",
        Dialect.DIFFUSERS_OLD, "unet", "mid_block.attentions.0.transformer_blocks.0.attn1.to_q",
    ),
    (
        "diffusers' first, of a text encoder",
        "text_encoder.text_model.encoder.layers.0.self_attn.to_out_lora.down.weight",
        Dialect.DIFFUSERS_OLD, "text_encoder", "text_model.encoder.layers.0.self_attn.out_proj",
    ),
    (
        "AnimateDiff's motion",
        f"{MOTION}.processor.to_q_lora.down.weight",
        Dialect.DIFFUSERS_ROOT, "unet",
        f"{MOTION}.to_q",
    ),
    (
        "SD 3 in 2024",
        "transformer.transformer_blocks.0.attn.to_q.lora.down.weight",
        Dialect.DIFFUSERS_MID, "transformer", "transformer_blocks.0.attn.to_q",
    ),
    (
        "Wan by diffusers' names",
        "transformer.blocks.0.attn1.to_q.lora_A.weight",
        Dialect.DIFFUSERS, "transformer", "blocks.0.attn1.to_q",
    ),
    (
        "Wan 2.2's second transformer",
        "transformer_2.blocks.0.attn1.to_q.lora_A.weight",
        Dialect.DIFFUSERS, "transformer_2", "blocks.0.attn1.to_q",
    ),
    (
        "Z-Image by diffusers' names",
        "transformer.layers.0.attention.to_q.lora_A.weight",
        Dialect.DIFFUSERS, "transformer", "layers.0.attention.to_q",
    ),
    (
        "diffusers' DoRA",
        "unet.mid_block.attentions.0.proj_in.lora_magnitude_vector.weight",
        Dialect.DIFFUSERS, "unet", "mid_block.attentions.0.proj_in",
    ),
    (
        "Stable Cascade by PEFT in diffusers",
        "prior.down_blocks.0.2.attention.to_q.lora_A.weight",
        Dialect.DIFFUSERS, "prior", "down_blocks.0.2.attention.to_q",
    ),
    (
        "HiDream's fourth text encoder",
        "text_encoder_4.model.layers.0.self_attn.q_proj.lora_A.weight",
        Dialect.DIFFUSERS, "text_encoder_4", "model.layers.0.self_attn.q_proj",
    ),
    # PEFT
    (
        "PEFT in memory",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_A.default.weight",
        Dialect.PEFT, "model", "model.layers.0.self_attn.q_proj",
    ),
    (
        "PEFT in memory, an embedding",
        "base_model.model.model.embed_tokens.lora_embedding_A.default",
        Dialect.PEFT, "model", "model.embed_tokens",
    ),
    (
        "PEFT in memory, DoRA",
        "base_model.model.model.layers.0.mlp.up_proj.lora_magnitude_vector.default.weight",
        Dialect.PEFT, "model", "model.layers.0.mlp.up_proj",
    ),
    (
        "a headless language model",
        "base_model.model.layers.0.self_attn.q_proj.lora_A.weight",
        Dialect.PEFT, "model", "layers.0.self_attn.q_proj",
    ),
    (
        "Meta's own Llama",
        "base_model.model.layers.0.attention.wq.lora_A.weight",
        Dialect.PEFT, "model", "layers.0.attention.wq",
    ),
    (
        "a vision transformer",
        "base_model.model.blocks.0.attn.qkv.lora_A.weight",
        Dialect.PEFT, "model", "blocks.0.attn.qkv",
    ),
    (
        "Whisper's head",
        "base_model.model.proj_out.lora_A.weight",
        Dialect.PEFT, "model", "proj_out",
    ),
    (
        "VITS, whose text encoder is its own",
        "base_model.model.text_encoder.encoder.layers.0.attention.q_proj.lora_A.weight",
        Dialect.PEFT, "model", "text_encoder.encoder.layers.0.attention.q_proj",
    ),
    (
        "DistilBERT without PEFT's prefix",
        "distilbert.transformer.layer.0.attention.q_lin.lora_A.weight",
        Dialect.PEFT, "model", "distilbert.transformer.layer.0.attention.q_lin",
    ),
    (
        "MPT without PEFT's prefix",
        "transformer.blocks.0.attn.Wqkv.lora_A.weight",
        Dialect.PEFT, "model", "transformer.blocks.0.attn.Wqkv",
    ),
    (
        "BLOOM without PEFT's prefix",
        "transformer.word_embeddings.lora_embedding_A",
        Dialect.PEFT, "model", "transformer.word_embeddings",
    ),
    (
        "VeRA without PEFT's prefix",
        "model.layers.0.self_attn.q_proj.vera_lambda_b",
        Dialect.PEFT, "model", "model.layers.0.self_attn.q_proj",
    ),
    (
        "PEFT's LoHa without its prefix",
        "model.layers.0.self_attn.q_proj.hada_w1_a",
        Dialect.PEFT, "model", "model.layers.0.self_attn.q_proj",
    ),
    (
        "LoKr by BFL's bare names",
        "double_blocks.0.img_attn.qkv.lokr_w1",
        Dialect.BFL, "transformer", "double_blocks.0.img_attn.qkv",
    ),
    (
        "PixArt by PEFT",
        "base_model.model.transformer_blocks.0.attn1.to_q.lora_A.weight",
        Dialect.PEFT, "transformer", "transformer_blocks.0.attn1.to_q",
    ),
    (
        "DiffSynth's Wan",
        "blocks.0.self_attn.q.lora_A.default.weight",
        Dialect.PEFT, "transformer", "blocks.0.self_attn.q",
    ),
    # kohya and musubi-tuner
    (
        "kohya's SDXL by the original names",
        "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.lora_down.weight",
        Dialect.KOHYA, "unet", "input_blocks_4_1_transformer_blocks_0_attn1_to_q",
    ),
    ("kohya's CLIP-L", f"lora_te1_{TEXT}.lora_down.weight", Dialect.KOHYA, "text_encoder", TEXT),
    ("kohya's CLIP-G", f"lora_te2_{TEXT}.lora_down.weight", Dialect.KOHYA, "text_encoder_2", TEXT),
    (
        "kohya's time embedding",
        "lora_unet_time_embedding_linear_1.lora_down.weight",
        Dialect.KOHYA, "unet", "time_embedding_linear_1",
    ),
    (
        "kohya's SD 3, its text stream",
        "lora_unet_joint_blocks_3_context_block_mlp_fc1.lora_down.weight",
        Dialect.KOHYA, "transformer", "joint_blocks_3_context_block_mlp_fc1",
    ),
    (
        "kohya's OFT",
        "oft_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.oft_blocks",
        Dialect.KOHYA, "unet", "down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q",
    ),
    (
        "kohya's Gemma in Lumina 2",
        "lora_te_layers_0_self_attn_q_proj.lora_down.weight",
        Dialect.KOHYA, "text_encoder", "layers_0_self_attn_q_proj",
    ),
    (
        "musubi's Wan",
        "lora_unet_blocks_0_self_attn_q.lora_down.weight",
        Dialect.KOHYA, "transformer", "blocks_0_self_attn_q",
    ),
    (
        "Wan Fun's two underscores",
        "lora_unet__blocks_0_cross_attn_k.lora_down.weight",
        Dialect.KOHYA, "transformer", "blocks_0_cross_attn_k",
    ),
    (
        "musubi's HunyuanVideo",
        "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight",
        Dialect.KOHYA, "transformer", "double_blocks_0_img_attn_qkv",
    ),
    (
        "Tencent's HunyuanVideo",
        "Hunyuan_video_I2V_lora_double_blocks_0_img_attn_qkv.lora_down.weight",
        Dialect.KOHYA, "transformer", "double_blocks_0_img_attn_qkv",
    ),
    (
        "musubi's Qwen-Image",
        "lora_unet_transformer_blocks_0_attn_add_k_proj.lora_down.weight",
        Dialect.KOHYA, "transformer", "transformer_blocks_0_attn_add_k_proj",
    ),
    (
        "musubi's Z-Image",
        "lora_unet_layers_0_attention_to_q.lora_down.weight",
        Dialect.KOHYA, "transformer", "layers_0_attention_to_q",
    ),
    (
        "musubi's Kandinsky 5",
        "lora_unet_visual_transformer_blocks_0_self_attention_to_query.lora_down.weight",
        Dialect.KOHYA, "transformer", "visual_transformer_blocks_0_self_attention_to_query",
    ),
    (
        "musubi's FramePack",
        "lora_unet_single_transformer_blocks_0_attn_to_q.lora_down.weight",
        Dialect.KOHYA, "transformer", "single_transformer_blocks_0_attn_to_q",
    ),
    (
        "musubi's Krea 2",
        "lora_unet_blocks_0_attn_wq.lora_down.weight",
        Dialect.KOHYA, "transformer", "blocks_0_attn_wq",
    ),
    # LyCORIS
    (
        "SimpleTuner's LoKr",
        "lycoris_transformer_blocks_0_attn_to_q.lokr_w1",
        Dialect.LYCORIS, "transformer", "transformer_blocks_0_attn_to_q",
    ),
    (
        "LyCORIS on a U-Net",
        "lycoris_down_blocks_1_attentions_0_proj_in.hada_w1_a",
        Dialect.LYCORIS, "unet", "down_blocks_1_attentions_0_proj_in",
    ),
    (
        "LyCORIS on CLIP",
        f"lycoris_{TEXT}.lora_down.weight",
        Dialect.LYCORIS, "text_encoder", TEXT,
    ),
    ("LyCORIS, renamed", f"lycoris_te2_{TEXT}.diff", Dialect.LYCORIS, "text_encoder_2", TEXT),
    # BFL's and ComfyUI's
    (
        "ComfyUI's SDXL",
        "diffusion_model.input_blocks.4.1.proj_in.lora_up.weight",
        Dialect.BFL, "unet", "input_blocks.4.1.proj_in",
    ),
    (
        "a checkpoint's prefix",
        "model.diffusion_model.output_blocks.0.0.in_layers.2.diff",
        Dialect.BFL, "unet", "output_blocks.0.0.in_layers.2",
    ),
    (
        "ComfyUI's Wan, a norm",
        "diffusion_model.blocks.0.norm3.diff",
        Dialect.BFL, "transformer", "blocks.0.norm3",
    ),
    (
        "ComfyUI's Wan, its patches",
        "diffusion_model.patch_embedding.diff_b",
        Dialect.BFL, "transformer", "patch_embedding",
    ),
    (
        "LTX-Video",
        "diffusion_model.patchify_proj.lora_A.weight",
        Dialect.BFL, "transformer", "patchify_proj",
    ),
    (
        "ComfyUI's CLIP-L",
        f"text_encoders.clip_l.transformer.{DOTTED_TEXT}.lora_up.weight",
        Dialect.BFL, "text_encoder", DOTTED_TEXT,
    ),
    (
        "ComfyUI's CLIP-G",
        f"text_encoders.clip_g.transformer.{DOTTED_TEXT}.lora_A.weight",
        Dialect.BFL, "text_encoder_2", DOTTED_TEXT,
    ),
    (
        "ComfyUI's Qwen 2.5 in Qwen-Image",
        "text_encoders.qwen25_7b.transformer.model.layers.0.self_attn.q_proj.lora_A.weight",
        Dialect.BFL, "text_encoder", "model.layers.0.self_attn.q_proj",
    ),
    (
        "ComfyUI's Stable Cascade",
        "diffusion_model.down_blocks.0.2.attention.attn.out_proj.lora_up.weight",
        Dialect.BFL, "prior", "down_blocks.0.2.attention.attn.out_proj",
    ),
    (
        "BFL's own names alone",
        "double_blocks.0.img_attn.qkv.lora_A.weight",
        Dialect.BFL, "transformer", "double_blocks.0.img_attn.qkv",
    ),
    (
        "BFL's control adapter",
        "single_blocks.0.linear1.lora_B.bias",
        Dialect.BFL, "transformer", "single_blocks.0.linear1",
    ),
    (
        "fal's Kontext",
        "base_model.model.single_blocks.0.linear2.lora_A.weight",
        Dialect.BFL, "transformer", "single_blocks.0.linear2",
    ),
    # XLabs
    (
        "XLabs",
        "double_blocks.0.processor.qkv_lora1.down.weight",
        Dialect.XLABS, "transformer", "double_blocks.0.img_attn.qkv",
    ),
    (
        "XLabs in ComfyUI's words",
        "diffusion_model.double_blocks.0.processor.proj_lora2.up.weight",
        Dialect.XLABS, "transformer", "double_blocks.0.txt_attn.proj",
    ),
    (
        "USO's single blocks",
        "single_blocks.37.processor.qkv_lora.up.weight",
        Dialect.XLABS, "transformer", "single_blocks.37.qkv",
    ),
    (
        "USO's single blocks, going out",
        "single_blocks.37.processor.proj_lora.down.weight",
        Dialect.XLABS, "transformer", "single_blocks.37.linear2",
    ),
    # OneTrainer
    (
        "OneTrainer's Chroma",
        "lora_transformer_transformer_blocks_0_attn_to_q.lora_down.weight",
        Dialect.KOHYA, "transformer", "transformer_blocks_0_attn_to_q",
    ),
    (
        "OneTrainer's Stable Cascade",
        "lora_prior_unet_down_blocks_0_2_attention_attn_to_q.lora_down.weight",
        Dialect.KOHYA, "prior", "down_blocks_0_2_attention_attn_to_q",
    ),
    (
        "Stable Cascade's text encoder",
        f"lora_prior_te_{TEXT}.lora_down.weight",
        Dialect.KOHYA, "text_encoder", TEXT,
    ),
    (
        "OneTrainer's OFT",
        "lora_unet_mid_block_attentions_0_proj_in.oft_R.weight",
        Dialect.KOHYA, "unet", "mid_block_attentions_0_proj_in",
    ),
    (
        "OMI's CLIP-L",
        f"clip_l.{DOTTED_TEXT}.lora_down.weight",
        Dialect.OMI, "text_encoder", DOTTED_TEXT,
    ),
    (
        "kohya's tails on bare names",
        "transformer_blocks.0.attn.to_q.lora_down.weight",
        Dialect.HYBRID, "transformer", "transformer_blocks.0.attn.to_q",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "dialect", "component", "module"),
    [row[1:] for row in SPELLINGS],
    ids=[row[0] for row in SPELLINGS],
)
def test_a_name_is_taken_apart(name, dialect, component, module):
    place = places_of([name])[name]
    assert (place.dialect, place.component, place.module) == (dialect, component, module)


def places_of(names, told=""):
    """Return of each of a file's names the place that it speaks of, None if it speaks of none."""
    layers, others = layers_in({name: Tensor(name, "F16", (), 0, 0) for name in names}, told=told)
    places = {tensor.name: place for place, roles in layers for tensor in roles.values()}
    assert places.keys().isdisjoint(others)
    return {name: places.get(name) for name in names}


def encoder_beside(text_layer, *others, told=""):
    """Return the text encoder that a layer is in, in a file that holds others too."""
    return places_of([text_layer, *others], told=told)[text_layer].component


FLUX = "transformer.single_blocks.0.linear1.0.lora_down.weight"
SD3 = "transformer.joint_blocks.0.x_block.attn.qkv.0.lora_down.weight"
HIDREAM = "diffusion_model.double_stream_blocks.0.block.attn1.to_q.lora_A.weight"
PIXART = "transformer.transformer_blocks.0.attn1.to_q.lora_down.weight"
CHROMA = "diffusion_model.distilled_guidance_layer.layers.0.in_layer.lora_A.weight"
LEGACY_FLUX = "lora_transformer_single_transformer_blocks_0_attn_to_q.lora_down.weight"
LEGACY_SD3 = "lora_transformer_transformer_blocks_0_attn_to_q.lora_down.weight"
OMI_T5 = f"t5.{T5}.lora_down.weight"
COMFYUI_T5 = f"text_encoders.t5xxl.transformer.{T5}.lora_A.weight"
KOHYA_T5 = f"lora_te3_{FLAT_T5}.lora_down.weight"
CLIP_L = f"clip_l.{DOTTED_TEXT}.lora_down.weight"
CLIP_G = f"clip_g.{DOTTED_TEXT}.lora_down.weight"
LLAMA = "text_encoders.llama.transformer.model.layers.0.self_attn.q_proj.lora_A.weight"
COMFYUI_CLIP_L = f"text_encoders.clip_l.transformer.{DOTTED_TEXT}.lora_A.weight"


class TestT5:
    @pytest.mark.parametrize(
        ("text_layer", "others", "component"),
        [
            (OMI_T5, [FLUX], "text_encoder_2"),
            (OMI_T5, [FLUX, CLIP_L], "text_encoder_2"),
            (OMI_T5, [SD3], "text_encoder_3"),
            (OMI_T5, [CLIP_L, CLIP_G], "text_encoder_3"),
            (OMI_T5, [PIXART], "text_encoder"),
            (COMFYUI_T5, [FLUX], "text_encoder_2"),
            (COMFYUI_T5, [HIDREAM], "text_encoder_3"),
            (COMFYUI_T5, [CHROMA], "text_encoder"),
            (COMFYUI_T5, [COMFYUI_CLIP_L, FLUX], "text_encoder_2"),
            (KOHYA_T5, [LEGACY_FLUX], "text_encoder_2"),
            (KOHYA_T5, ["lora_unet_double_blocks_0_img_attn_qkv.alpha"], "text_encoder_2"),
            (KOHYA_T5, [LEGACY_SD3], "text_encoder_3"),
            (KOHYA_T5, ["lora_unet_joint_blocks_0_x_block_attn_qkv.alpha"], "text_encoder_3"),
            (f"lora_te2_{FLAT_T5}.alpha", [LEGACY_FLUX], "text_encoder_2"),
            (f"lora_te1_{FLAT_T5}.alpha", [], "text_encoder"),
        ],
    )
    def test_is_the_text_encoder_that_it_is_beside_such_layers(self, text_layer, others, component):
        assert encoder_beside(text_layer, *others) == component

    def test_alone_is_where_the_metadata_says(self):
        assert encoder_beside(KOHYA_T5) == "text_encoder_3"
        assert encoder_beside(KOHYA_T5, told="flux1") == "text_encoder_2"
        assert encoder_beside(OMI_T5, told="flux.1-dev/lora") == "text_encoder_2"


class TestLlama:
    def test_is_hidream_s_fourth(self):
        assert encoder_beside(LLAMA, HIDREAM) == "text_encoder_4"

    def test_is_hunyuan_video_s_first_and_clip_its_second(self):
        names = [LLAMA, COMFYUI_CLIP_L, "diffusion_model.double_blocks.0.img_attn_qkv.diff"]
        places = places_of(names)
        assert [places[name].component for name in names] == [
            "text_encoder", "text_encoder_2", "transformer",
        ]  # fmt: skip


class TestTheWholeFile:
    def test_settles_layers_that_name_no_part(self):
        places = places_of([
            "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight",
            "lora_unet_something_new_1.lora_down.weight",
        ])  # fmt: skip
        assert {place.component for place in places.values()} == {"transformer"}

    def test_settles_bare_names_beside_a_denoiser_s(self):
        places = places_of([
            "transformer_blocks.0.attn1.to_q.lora_A.weight",
            "proj_out.lora_A.weight",
            f"{DOTTED_TEXT}.lora_A.weight",
        ])  # fmt: skip
        assert [place.component for place in places.values()] == [
            "transformer", "transformer", "text_encoder",
        ]  # fmt: skip

    def test_leaves_a_language_model_s_layers_alone(self):
        names = [
            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
            "base_model.model.lm_head.lora_A.weight",
            "base_model.model.model.vision_tower.blocks.0.attn.qkv.lora_A.weight",
        ]
        assert {each.component for each in places_of(names).values()} == {"model"}

    def test_keeps_together_a_model_of_several_parts(self):
        places = places_of([
            "text_encoder.encoder.block.0.layer.0.SelfAttention.q.lora_A.weight",
            "decoder.model.decoder.layers.0.self_attn.q_proj.lora_A.weight",
        ])  # fmt: skip
        assert [(place.component, place.module) for place in places.values()] == [
            ("model", "text_encoder.encoder.block.0.layer.0.SelfAttention.q"),
            ("model", "decoder.model.decoder.layers.0.self_attn.q_proj"),
        ]

    def test_in_omi_s_dialect_is_omi_s_though_most_layers_are_like_hybrids(self):
        transformer = {
            f"transformer.joint_blocks.{n}.x_block.mlp.fc1.lora_down.weight": (4, 1536)
            for n in range(8)
        }
        assert adapter_from(transformer).dialect is Dialect.HYBRID
        assert adapter_from(transformer | {CLIP_L: (4, 768)}).dialect is Dialect.OMI

    @pytest.mark.parametrize("first", ["alpha", "lora_down.weight"])
    def test_is_in_the_dialect_of_its_matrices_wherever_its_alphas_stand(self, first):
        shapes = {"lora_down.weight": (4, 1536), "lora_up.weight": (1536, 4), "alpha": ()}
        tails = sorted(shapes, key=lambda tail: tail != first)
        root = "transformer.joint_blocks.0.x_block.mlp.fc1"
        adapter = adapter_from({f"{root}.{tail}": shapes[tail] for tail in tails})
        [pair] = adapter.pairs
        assert (adapter.dialect, adapter.leftovers) == (Dialect.HYBRID, ())
        assert pair.tensors.keys() == {"alpha", "down", "up"}

    def test_gives_a_layer_that_is_there_twice_its_first_tensors(self):
        root = "joint_blocks.0.x_block.mlp.fc1"
        names = [f"{prefix}{root}.{tail}" for prefix, tail in (
            ("transformer.", "lora_A.weight"), ("diffusion_model.", "lora_A.weight"),
            ("diffusion_model.", "lora_B.weight"), ("transformer.", "lora_B.weight"),
        )]  # fmt: skip
        adapter = adapter_from(dict.fromkeys(names, (4, 4)))
        [pair] = adapter.pairs
        assert [tensor.name for tensor in pair.tensors.values()] == [names[0], names[3]]
        assert adapter.leftovers == (names[1], names[2])


class TestCloneofsimo:
    @pytest.mark.parametrize(
        ("targets", "module"),
        [
            ('["CrossAttention", "Attention"]', f"{DOWN_0}.attn2.to_q"),
            ('["CrossAttention", "Attention", "GEGLU"]', f"{DOWN_0}.ff.net.0.proj"),
            ('["Attention", "ResnetBlock2D"]', "4"),
            ("[", f"{DOWN_0}.attn2.to_q"),
        ],
    )
    def test_names_its_numbers_only_where_it_knows_what_was_counted(self, targets, module):
        shapes = {"unet:4:down": (4, 320), "unet:4:up": (320, 4)}
        [pair] = adapter_from(shapes, metadata={"unet": targets}).pairs
        assert pair.module == module


class TestInfix:
    def test_may_be_any_adapter_s_name(self):
        root = "base_model.model.model.layers.0.self_attn.q_proj"
        adapter = adapter_from({
            f"{root}.lora_A.my_style.weight": (4, 4096),
            f"{root}.lora_B.my_style.weight": (4096, 4),
        })  # fmt: skip
        [pair] = adapter.pairs
        assert (pair.layer, pair.rank, pair.missing) == (root, 4, ())

    def test_that_is_a_number_tells_several_tensors_apart(self):
        root = "base_model.model.model.layers.0.self_attn.q_proj"
        names = [f"{root}.adamss_{half}.{n}" for half in "AB" for n in range(5)]
        adapter = adapter_from(dict.fromkeys(names, (1, 4)))
        [pair] = adapter.pairs
        assert len(pair.tensors) == 10
        assert (adapter.method, adapter.leftovers) == ("adamss", ())

    @pytest.mark.parametrize("name", ["x.alpha.default", "x.diff.y", "model.layers.0.weight"])
    def test_is_not_seen_in_other_names(self, name):
        assert places_of([name])[name] is None
