"""What shows the families of language models."""

from __future__ import annotations

from collections.abc import Mapping

from registry.formats.family_rules.rule import Family, Rule, Strength, hint, rule

# Families whose layers have the very names that the rules of one show: manifests tell them apart.
# A file that shows such a family, and one that it may stand for, is for the latter.
LIKE: Mapping[Family, frozenset[Family]] = {
    Family.LLAMA: frozenset(
        {
            Family.MISTRAL,
            Family.MIXTRAL,
            Family.QWEN2,
            Family.QWEN3,
            Family.QWEN3_MOE,
            Family.GEMMA,
            Family.GEMMA2,
            Family.GEMMA3,
            Family.PHI2,
            Family.PHI3,
            # LLaVA's own code calls its language model's layers as Llama does; so did Qwen's.
            Family.LLAVA,
            Family.QWEN2_VL,
            Family.QWEN2_5_VL,
        }
    ),
    Family.QWEN3: frozenset({Family.QWEN3_MOE, Family.GEMMA3}),
    Family.GEMMA2: frozenset({Family.GEMMA3, Family.PALIGEMMA}),
    Family.BLOOM: frozenset({Family.FALCON}),
    Family.OPT: frozenset({Family.WHISPER, Family.MUSICGEN, Family.BLIP2}),
    Family.WHISPER: frozenset({Family.MUSICGEN}),
}

_LAYER = r"(model_|language_model_)*layers_\d+_"

_NOT_GPT2 = r"(transformer_)?h_\d+_mlp_w[12]$"  # Qwen's first, which has a gate.

RULES: tuple[Rule, ...] = (
    hint(Family.OPT, "model", r"(model_)?decoder_layers_\d+_(self_attn_[qkv]|self_attn_out|fc[12])",
         "a decoder by OPT's names"),
    rule(Family.LLAMA, "model",
         r"(model_)*layers_\d+_(self_attn_[qkvo]_proj|mlp_(gate|up|down)_proj)$",
         "layers by Llama's names (Qwen, Mistral and Gemma use them too)"),
    rule(Family.MIXTRAL, "model", rf"{_LAYER}block_sparse_moe_", "experts by Mixtral's names"),
    rule(Family.QWEN3_MOE, "model", rf"{_LAYER}mlp_(experts_\d+_|gate$)",
         "experts by Qwen's names"),
    rule(Family.QWEN3, "model", rf"{_LAYER}self_attn_[qk]_norm$",
         "norms of queries and keys, as Qwen 3 has"),
    rule(Family.GEMMA2, "model", rf"{_LAYER}(pre|post)_feedforward_layernorm$",
         "norms on both sides of the feed-forward, as Gemma 2 has"),
    rule(Family.PHI3, "model", rf"{_LAYER}(self_attn_qkv_proj|mlp_gate_up_proj)$",
         "queries, keys and values in one matrix, as Phi-3 has"),
    rule(Family.PHI2, "model", rf"{_LAYER}(self_attn_dense|mlp_fc[12])$", "layers by Phi's names"),
    rule(Family.GPT2, "model", r"(transformer_)?h_\d+_(attn_c_proj|mlp_c_)",
         "layers by GPT-2's names", unless=_NOT_GPT2 + r"|(transformer_)?h_\d+_attn_c_attn$"),
    rule(Family.GPT2, "model", r"(transformer_)?h_\d+_attn_c_attn$",
         "queries, keys and values of equal size in one matrix, by GPT-2's name",
         outputs_per_input=3, unless=_NOT_GPT2),
    rule(Family.BLOOM, "model", r"(transformer_)?h_\d+_self_attention_query_key_value$",
         "queries, keys and values of equal size in one matrix", outputs_per_input=3),
    hint(Family.BLOOM, "model", r"(transformer_)?h_\d+_(self_attention|mlp)_dense",
         reason="layers by BLOOM's names"),
    hint(Family.FALCON, "model", r"(transformer_)?h_\d+_self_attention_query_key_value$",
         "one key and value for several queries"),
    rule(Family.NEOX, "model", r"(gpt_neox_)?layers_\d+_attention_(query_key_value|dense)$",
         "layers by GPT-NeoX's names"),
    rule(Family.ROBERTA, "model", r"roberta_encoder_layer_", "layers by RoBERTa's names"),
    rule(Family.BERT, "model", r"bert_encoder_layer_", "layers by BERT's names"),
    *(
        rule(family, "model",
             r"encoder_layer_\d+_(attention_self_(query|key|value)|(attention_)?output_dense|"
             r"intermediate_dense)$",
             "layers by names that BERT and RoBERTa share", strength=Strength.STRONG)
        for family in (Family.BERT, Family.ROBERTA)
    ),
    rule(Family.DISTILBERT, "model",
         r"(distilbert_)?transformer_layer_\d+_(attention_[qkv]_lin|attention_out_lin|ffn_lin)",
         "layers by DistilBERT's names"),
    rule(Family.T5, "model", r"(encoder|decoder)_block_\d+_layer_\d_", "blocks by T5's names"),
)  # fmt: skip
