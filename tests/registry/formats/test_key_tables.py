"""
Whole files as real tools write them, a few layers of each: what must be seen, and where it fits.

The tables are small, but each mixes what the tool mixes: dialects, algorithms, parts of the base,
and tensors that are no layer's. A file that is misread fits nowhere, so the bases are the judges.
"""

from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.fit import fit
from tests.reading import adapter_from

KOHYA = ("lora_down.weight", "lora_up.weight")
PEFT = ("lora_A.weight", "lora_B.weight")
MID = ("lora.down.weight", "lora.up.weight")
RANK = 4


def lora(root, outputs, inputs, tails=KOHYA, *, kernel=(), alpha=False):
    """Return the tensors of one layer."""
    down, up = tails
    shapes = {
        f"{root}.{down}": (RANK, inputs, *kernel),
        f"{root}.{up}": (outputs, RANK, *(1 for _ in kernel)),
    }
    return shapes | ({f"{root}.alpha": ()} if alpha else {})


def merged(*tables):
    return {name: shape for table in tables for name, shape in table.items()}


def clip(prefix, width, tails=KOHYA, *, layer="text_model.encoder.layers.0", flat=False):
    """Return two layers of a CLIP text encoder."""
    rows = [("self_attn.q_proj", width, width), ("mlp.fc1", 4 * width, width)]
    names = [(f"{layer}.{name}", *sizes) for name, *sizes in rows]
    return merged(*(
        lora(prefix + (name.replace(".", "_") if flat else name), *sizes, tails)
        for name, *sizes in names
    ))  # fmt: skip


def t5(prefix, tails=KOHYA, *, flat=False):
    name = "encoder.block.0.layer.0.SelfAttention.q"
    return lora(prefix + (name.replace(".", "_") if flat else name), 4096, 4096, tails)


WAN = "diffusion_model.blocks.0"
SDXL = "lora_unet_input_blocks_4_1"
COMFYUI = "diffusion_model.input_blocks.4.1"
LLAMA = "base_model.model.model.layers.0"

# What it is; its base; its table; dialect, commonest algorithm, layers by part.
TABLES = [
    (
        "a distillation of Wan with differences of norms and biases",
        "wan-2-1-14b",
        merged(
            *(lora(f"{WAN}.self_attn.{each}", 5120, 5120) for each in "qkvo"),
            {f"{WAN}.self_attn.{each}.diff_b": (5120,) for each in "qkvo"},
            {f"{WAN}.self_attn.norm_q.diff": (5120,)},
            {f"{WAN}.norm3.diff": (5120,), f"{WAN}.norm3.diff_b": (5120,)},
            lora(f"{WAN}.ffn.0", 13824, 5120),
            lora("diffusion_model.text_embedding.0", 5120, 4096),
            lora("diffusion_model.time_projection.1", 30720, 5120),
            {"diffusion_model.patch_embedding.diff": (5120, 16, 1, 2, 2)},
        ),
        ("bfl", "lora", {"transformer": 10}),
    ),
    (
        "LCM, which trains convolutions and the embedding of time",
        "sdxl-1-0",
        merged(
            lora("lora_unet_down_blocks_1_attentions_0_proj_in", 640, 640, alpha=True),
            lora("lora_unet_down_blocks_0_resnets_0_conv1", 320, 320, kernel=(3, 3), alpha=True),
            lora("lora_unet_down_blocks_1_resnets_0_conv_shortcut", 640, 320, kernel=(1, 1)),
            lora("lora_unet_down_blocks_0_downsamplers_0_conv", 320, 320, kernel=(3, 3)),
            lora("lora_unet_time_embedding_linear_1", 1280, 320),
            lora("lora_unet_add_embedding_linear_1", 1280, 2816),
            lora("lora_unet_conv_in", 320, 4, kernel=(3, 3)),
        ),
        ("kohya", "lora", {"unet": 7}),
    ),
    (
        "OneTrainer's DoRA on FLUX, its magnitudes by inputs, T5 as te2",
        "flux-1-dev",
        merged(
            lora("lora_transformer_single_transformer_blocks_0_attn_to_q", 3072, 3072, alpha=True),
            {"lora_transformer_single_transformer_blocks_0_attn_to_q.dora_scale": (1, 3072)},
            lora("lora_transformer_transformer_blocks_0_ff_net_0_proj", 12288, 3072),
            {"lora_transformer_transformer_blocks_0_ff_net_0_proj.dora_scale": (1, 3072)},
            clip("lora_te1_", 768, flat=True),
            {"lora_te1_text_model_encoder_layers_0_mlp_fc1.dora_scale": (1, 768)},
            t5("lora_te2_", flat=True),
            {"bundle_emb.zkw.clip_l": (2, 768), "bundle_emb.zkw.t5": (2, 4096)},
        ),
        ("kohya", "dora", {"transformer": 2, "text_encoder": 2, "text_encoder_2": 1}),
    ),
    (
        "BFL's control adapter with norms put in whole",
        "flux-1-dev",
        merged(
            lora("double_blocks.0.img_attn.qkv", 9216, 3072, PEFT),
            {"double_blocks.0.img_attn.qkv.lora_B.bias": (9216,)},
            {"double_blocks.0.img_attn.norm.query_norm.scale": (128,)},
            {"single_blocks.0.norm.key_norm.scale": (128,)},
            lora("single_blocks.0.linear1", 21504, 3072, PEFT),
        ),
        ("bfl", "lora", {"transformer": 2}),
    ),
    (
        "a difference of two SDXL checkpoints, as ComfyUI extracts it",
        "sdxl-1-0",
        merged(
            lora(f"{COMFYUI}.transformer_blocks.0.attn2.to_k", 640, 2048),
            {f"{COMFYUI}.transformer_blocks.0.attn2.to_out.0.diff_b": (640,)},
            {f"{COMFYUI}.norm.diff": (640,), f"{COMFYUI}.norm.diff_b": (640,)},
            clip("text_encoders.clip_l.transformer.", 768),
            clip("text_encoders.clip_g.transformer.", 1280),
        ),
        ("bfl", "lora", {"unet": 3, "text_encoder": 2, "text_encoder_2": 2}),
    ),
    (
        "SD 3 by kohya's scripts, all three text encoders",
        "sd3-medium",
        merged(
            lora("lora_unet_joint_blocks_0_x_block_attn_qkv", 4608, 1536, alpha=True),
            lora("lora_unet_joint_blocks_0_context_block_mlp_fc1", 6144, 1536, alpha=True),
            clip("lora_te1_", 768, flat=True),
            clip("lora_te2_", 1280, flat=True),
            t5("lora_te3_", flat=True),
        ),
        (
            "kohya", "lora",
            {"transformer": 2, "text_encoder": 2, "text_encoder_2": 2, "text_encoder_3": 1},
        ),
    ),
    (
        "SD 3 by OMI, queries, keys and values apart",
        "sd3-medium",
        merged(
            *(lora(f"transformer.joint_blocks.0.x_block.attn.qkv.{part}", 1536, 1536)
              for part in range(3)),
            clip("clip_l.", 768),
            clip("clip_g.", 1280),
            t5("t5."),
        ),
        (
            "omi", "lora",
            {"transformer": 3, "text_encoder": 2, "text_encoder_2": 2, "text_encoder_3": 1},
        ),
    ),
    (
        "FLUX by OMI",
        "flux-1-dev",
        merged(
            lora("transformer.single_blocks.0.linear1.3", 12288, 3072),
            clip("clip_l.", 768),
            t5("t5."),
        ),
        ("omi", "lora", {"transformer": 1, "text_encoder": 2, "text_encoder_2": 1}),
    ),
    (
        "FLUX by kohya's scripts, T5 as te3",
        "flux-1-dev",
        merged(
            lora("lora_unet_double_blocks_0_txt_mlp_0", 12288, 3072, alpha=True),
            t5("lora_te3_", flat=True),
        ),
        ("kohya", "lora", {"transformer": 1, "text_encoder_2": 1}),
    ),
    (
        "SimpleTuner of 2024, PEFT's prefix inside the pipeline's",
        "flux-1-dev",
        merged(
            lora("transformer.base_model.model.single_transformer_blocks.0.attn.to_q", 3072, 3072,
                 MID),
            lora("transformer.base_model.model.transformer_blocks.0.attn.add_k_proj", 3072, 3072,
                 MID),
        ),
        ("diffusers_peft", "lora", {"transformer": 2}),
    ),
    (
        "diffusers of early 2023, both parts",
        "sd-1-5",
        merged(
            lora("unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k", 1280, 768, MID),
            clip("text_encoder.", 768, ("lora_linear_layer.down.weight",
                                        "lora_linear_layer.up.weight")),
        ),
        ("diffusers_mid", "lora", {"unet": 1, "text_encoder": 2}),
    ),
    (
        "pivotal tuning beside diffusers' layers",
        "sdxl-1-0",
        merged(
            lora("unet.mid_block.attentions.0.proj_in", 1280, 1280, PEFT),
            {"clip_l": (2, 768), "clip_g": (2, 1280)},
        ),
        ("diffusers", "lora", {"unet": 1}),
    ),
    (
        "several of LyCORIS' algorithms in one file",
        "sdxl-1-0",
        merged(
            {f"{SDXL}_proj_in.lokr_w1": (8, 8), f"{SDXL}_proj_in.lokr_w2_a": (80, RANK),
             f"{SDXL}_proj_in.lokr_w2_b": (RANK, 80), f"{SDXL}_proj_in.alpha": ()},
            {f"{SDXL}_proj_out.lokr_w1": (8, 8), f"{SDXL}_proj_out.lokr_w2": (80, 80)},
            {"lora_unet_input_blocks_1_0_in_layers_2.hada_w1_a": (320, RANK),
             "lora_unet_input_blocks_1_0_in_layers_2.hada_w1_b": (RANK, 2880),
             "lora_unet_input_blocks_1_0_in_layers_2.hada_w2_a": (320, RANK),
             "lora_unet_input_blocks_1_0_in_layers_2.hada_w2_b": (RANK, 2880)},
            {f"{SDXL}_norm.w_norm": (640,), f"{SDXL}_norm.b_norm": (640,)},
            {f"{SDXL}_transformer_blocks_0_ff_net_2.weight": (2560,),
             f"{SDXL}_transformer_blocks_0_ff_net_2.on_input": ()},
            {f"{SDXL}_transformer_blocks_0_attn1_to_q.oft_blocks": (8, 80, 80)},
        ),
        ("kohya", "lokr", {"unet": 6}),
    ),
    (
        "Stable Cascade by OneTrainer",
        "stable-cascade",
        merged(
            lora("lora_prior_unet_down_blocks_0_2_attention_attn_to_q", 2048, 2048, alpha=True),
            lora("lora_prior_unet_down_blocks_0_2_attention_attn_out_proj", 2048, 2048),
            lora("lora_prior_unet_down_blocks_0_0_channelwise_0", 8192, 2048),
            clip("lora_prior_te_", 1280, flat=True),
        ),
        ("kohya", "lora", {"prior": 3, "text_encoder": 2}),
    ),
    (
        "a language model with its vocabulary trained",
        "llama-3-1-8b",
        merged(
            lora(f"{LLAMA}.self_attn.q_proj", 4096, 4096, PEFT),
            {f"{LLAMA}.self_attn.q_proj.lora_magnitude_vector": (4096,)},
            {"base_model.model.lm_head.weight": (128256, 4096)},
            {"base_model.model.model.embed_tokens.weight": (128256, 4096)},
        ),
        ("peft", "dora", {"model": 1}),
    ),
    (
        "Qwen-Image, bare names and kohya's tails",
        "qwen-image",
        merged(
            lora("transformer_blocks.0.attn.add_q_proj", 3072, 3072, alpha=True),
            lora("transformer_blocks.0.img_mlp.net.0.proj", 12288, 3072, alpha=True),
        ),
        ("hybrid", "lora", {"transformer": 2}),
    ),
    (
        "Z-Image by ai-toolkit",
        "z-image-turbo",
        merged(
            lora("diffusion_model.layers.0.attention.to_q", 3840, 3840, PEFT),
            lora("diffusion_model.layers.0.feed_forward.w1", 10240, 3840, PEFT),
            lora("diffusion_model.noise_refiner.0.attention.to_out.0", 3840, 3840, PEFT),
        ),
        ("bfl", "lora", {"transformer": 3}),
    ),
    (
        "SimpleTuner's LoKr on FLUX",
        "flux-1-dev",
        {"lycoris_transformer_blocks_0_attn_to_q.lokr_w1": (16, 16),
         "lycoris_transformer_blocks_0_attn_to_q.lokr_w2": (192, 192),
         "lycoris_transformer_blocks_0_attn_to_q.alpha": ()},
        ("lycoris", "lokr", {"transformer": 1}),
    ),
    (
        "USO's FLUX",
        "flux-1-dev",
        merged(
            lora("double_blocks.0.processor.qkv_lora1", 9216, 3072, ("down.weight", "up.weight")),
            lora("double_blocks.0.processor.proj_lora2", 3072, 3072, ("down.weight", "up.weight")),
            lora("single_blocks.0.processor.qkv_lora", 9216, 3072, ("down.weight", "up.weight")),
            lora("single_blocks.0.processor.proj_lora", 3072, 15360, ("down.weight", "up.weight")),
        ),
        ("xlabs", "lora", {"transformer": 4}),
    ),
]  # fmt: skip
IDS = [row[0] for row in TABLES]


@pytest.mark.parametrize(("table", "seen"), [row[2:] for row in TABLES], ids=IDS)
def test_a_file_is_read_right(table, seen):
    adapter = adapter_from(table)
    assert (adapter.dialect, adapter.algorithms[0], dict(adapter.components)) == seen
    assert adapter.leftovers == ()
    assert not any(pair.missing for pair in adapter.pairs)


@pytest.mark.parametrize(("base", "table"), [row[1:3] for row in TABLES], ids=IDS)
def test_a_file_fits_its_base_to_the_last_layer(base, table):
    found = fit(adapter_from(table), catalogue.manifest(base))
    assert (found.unknown, found.mismatched) == ((), ())


def test_parts_that_are_no_layers_are_listed():
    tables = {row[0]: adapter_from(row[2]) for row in TABLES}
    pivotal = tables["pivotal tuning beside diffusers' layers"].embeddings
    bundled = tables["OneTrainer's DoRA on FLUX, its magnitudes by inputs, T5 as te2"].embeddings
    assert [each.text_encoder for each in pivotal] == ["text_encoder", "text_encoder_2"]
    assert [(each.token, each.text_encoder) for each in bundled] == [
        ("zkw", "text_encoder"), ("zkw", "text_encoder_2"),
    ]  # fmt: skip
    assert len(tables["a language model with its vocabulary trained"].saved) == 2
    assert len(tables["BFL's control adapter with norms put in whole"].saved) == 2
