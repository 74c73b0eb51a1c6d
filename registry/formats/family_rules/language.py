"""What shows the families of language models."""

from __future__ import annotations

from collections.abc import Mapping

from registry.formats.family_rules.rule import Family, Rule, hint, rule

# Families whose layers have the very names that the rules of one show: manifests tell them apart.
LIKE: Mapping[Family, frozenset[Family]] = {
    Family.LLAMA: frozenset(
        {Family.MISTRAL, Family.QWEN2, Family.QWEN3, Family.GEMMA2, Family.GEMMA3}
    ),
}

RULES: tuple[Rule, ...] = (
    hint(Family.OPT, "model", r"(model_)?decoder_layers_\d+_self_attn",
         "a decoder by OPT's names"),
    rule(Family.LLAMA, "model",
         r"(model_|language_model_)*layers_\d+_(self_attn_[qkvo]_proj|mlp_(gate|up|down)_proj)$",
         "layers by Llama's names (Qwen, Mistral and Gemma use them too)"),
    rule(Family.GPT2, "model", r"(transformer_)?h_\d+_(attn_c_(attn|proj)|mlp_c_)",
         "layers by GPT-2's names"),
    rule(Family.BLOOM, "model", r"(transformer_)?h_\d+_self_attention_query_key_value$",
         "queries, keys and values of equal size in one matrix", outputs_per_input=3),
    hint(Family.BLOOM, "model", r"(transformer_)?h_\d+_(self_attention|mlp)_dense",
         reason="layers by BLOOM's names"),
    hint(Family.FALCON, "model", r"(transformer_)?h_\d+_self_attention_query_key_value$",
         "one key and value for several queries"),
    rule(Family.NEOX, "model", r"(gpt_neox_)?layers_\d+_attention_(query_key_value|dense)$",
         "layers by GPT-NeoX's names"),
    rule(Family.ROBERTA, "model", r"roberta_encoder_layer_", "layers by RoBERTa's names"),
    rule(Family.BERT, "model", r"(bert_)?encoder_layer_\d+_(attention|intermediate|output)_",
         "layers by BERT's names"),
    rule(Family.DISTILBERT, "model", r"(distilbert_)?transformer_layer_\d+_(attention|ffn)_",
         "layers by DistilBERT's names"),
    rule(Family.T5, "model", r"(encoder|decoder)_block_\d+_layer_\d_", "blocks by T5's names"),
)  # fmt: skip
