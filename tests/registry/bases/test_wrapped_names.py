"""What adapters call layers of transformers' models, and that no name means two layers."""

from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.manifest import plain

# A base, what an adapter in the wild calls a layer of it (flat), and its weight's shape.
WILD = [
    ("llama-2-7b", "base_model_model_model_layers_0_mlp_gate_proj", (11008, 4096)),
    ("llama-3-8b", "model_layers_31_self_attn_v_proj", (1024, 4096)),
    ("mistral-7b-v0-3", "model_embed_tokens", (32768, 4096)),
    ("mixtral-8x7b", "model_layers_0_block_sparse_moe_experts_7_w1", (14336, 4096)),
    ("mixtral-8x7b", "model_layers_31_block_sparse_moe_gate", (8, 4096)),
    ("qwen-3-30b-a3b", "model_layers_0_mlp_experts_127_down_proj", (2048, 768)),
    ("qwen-3-0-6b", "model_layers_0_self_attn_q_norm", (128,)),
    ("phi-3-mini", "model_layers_0_self_attn_qkv_proj", (9216, 3072)),
    ("phi-3-mini", "model_layers_0_mlp_gate_up_proj", (16384, 3072)),
    ("phi-2", "model_layers_0_self_attn_dense", (2560, 2560)),
    ("gpt-2-xl", "transformer_h_47_attn_c_attn", (4800, 1600)),
    ("opt-350m", "model_decoder_project_in", (1024, 512)),
    ("bert-base-uncased", "bert_encoder_layer_0_attention_self_query", (768, 768)),
    ("bert-base-uncased", "encoder_layer_11_output_dense", (768, 3072)),
    ("bert-base-uncased", "bert_pooler_dense", (768, 768)),
    ("distilbert-base-uncased", "distilbert_transformer_layer_5_attention_q_lin", (768, 768)),
    ("flan-t5-xl", "decoder_block_23_layer_1_EncDecAttention_v", (2048, 2048)),
    ("flan-t5-xxl", "encoder_block_0_layer_1_DenseReluDense_wi_0", (10240, 4096)),
    # LLaVA: transformers 4 and 5, and its own code
    ("llava-1-5-7b", "language_model_model_layers_31_mlp_down_proj", (4096, 11008)),
    ("llava-1-5-7b", "model_language_model_layers_31_mlp_down_proj", (4096, 11008)),
    ("llava-1-5-7b", "model_layers_31_mlp_down_proj", (4096, 11008)),
    ("llava-1-5-7b", "language_model_lm_head", (32064, 4096)),
    ("llava-1-5-7b", "vision_tower_vision_model_encoder_layers_0_mlp_fc1", (4096, 1024)),
    ("llava-1-5-7b", "model_vision_tower_encoder_layers_0_mlp_fc1", (4096, 1024)),
    ("llava-1-5-7b", "model_vision_tower_vision_tower_vision_model_encoder_layers_0_mlp_fc1",
     (4096, 1024)),
    ("llava-1-5-7b", "model_mm_projector_2", (4096, 4096)),
    ("llava-1-5-7b", "multi_modal_projector_linear_1", (4096, 1024)),
    ("paligemma-3b", "language_model_model_layers_17_self_attn_k_proj", (256, 2048)),
    ("paligemma-3b", "vision_tower_vision_model_encoder_layers_26_self_attn_k_proj", (1152, 1152)),
    # ColPali's own code, and transformers'
    ("colpaligemma-3b", "model_language_model_model_layers_17_self_attn_k_proj", (256, 2048)),
    ("colpaligemma-3b", "custom_text_proj", (128, 2048)),
    ("colpaligemma-3b", "vlm_model_language_model_layers_0_mlp_up_proj", (16384, 2048)),
    ("colpaligemma-3b", "vlm_vision_tower_vision_model_encoder_layers_0_mlp_fc1", (4304, 1152)),
    ("colqwen2-2b", "model_layers_27_mlp_down_proj", (1536, 8960)),
    ("colqwen2-2b", "custom_text_proj", (128, 1536)),
    ("colqwen2-5-3b", "custom_text_proj", (128, 2048)),
    ("colqwen2-5-3b", "embedding_proj_layer", (128, 2048)),
    ("gemma-3-4b", "language_model_model_layers_33_self_attn_q_proj", (2048, 2560)),
    ("qwen-2-5-vl-3b", "visual_blocks_31_attn_qkv", (3840, 1280)),
    ("qwen-2-5-vl-3b", "model_visual_blocks_31_attn_qkv", (3840, 1280)),
    ("qwen-2-5-vl-3b", "model_layers_35_self_attn_q_proj", (2048, 2048)),
    ("qwen-2-5-vl-3b", "model_language_model_layers_35_self_attn_q_proj", (2048, 2048)),
    ("qwen-2-vl-7b", "visual_merger_mlp_0", (5120, 5120)),
    ("blip-image-captioning-base", "text_decoder_bert_encoder_layer_0_crossattention_self_key",
     (768, 768)),
    ("blip2-opt-2-7b", "language_model_model_decoder_layers_31_self_attn_q_proj", (2560, 2560)),
    ("blip2-opt-2-7b", "qformer_encoder_layer_0_crossattention_attention_key", (768, 1408)),
    ("whisper-small", "base_model_model_model_decoder_layers_0_encoder_attn_q_proj", (768, 768)),
    ("whisper-small", "encoder_layers_11_fc1", (3072, 768)),
    ("whisper-large-v3", "model_encoder_conv1", (1280, 128, 3)),
    ("wav2vec2-base-960h", "wav2vec2_encoder_layers_0_attention_q_proj", (768, 768)),
    ("wav2vec2-base-960h", "encoder_layers_0_feed_forward_output_dense", (768, 3072)),
    ("musicgen-small", "decoder_model_decoder_layers_0_encoder_attn_v_proj", (1024, 1024)),
    ("musicgen-small", "model_decoder_layers_0_encoder_attn_v_proj", (1024, 1024)),
    ("musicgen-small", "text_encoder_encoder_block_0_layer_0_SelfAttention_q", (768, 768)),
    ("mms-tts-eng", "text_encoder_encoder_layers_5_attention_q_proj", (192, 192)),
]  # fmt: skip


@pytest.mark.parametrize(("base", "name", "shape"), WILD)
def test_a_base_has_the_layer_under_the_name_that_adapters_have(base, name, shape):
    assert catalogue.manifest(base).find("model", name).shape == shape


@pytest.mark.parametrize("manifest", catalogue.manifests(), ids=lambda each: each.base)
def test_no_two_layers_of_a_base_answer_to_one_name(manifest):
    for component, layers in manifest.components.items():
        names = [plain(component, name.replace(".", "_")) for name in layers]
        assert len(set(names)) == len(names)
        others = manifest.other_names.get(component, {})
        own = dict(zip(names, layers, strict=True))
        for other in others.keys() & own.keys():
            assert others[other] == (own[other],)
