"""
What adapter_config.json may call its adapter, and what that means for whoever serves it.

All types of PEFT 0.21 are here. Those that change layers have tensors named after them, so their
layers can be counted on a base; the others (soft prompts, mixtures) change no layer at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class PeftType(NamedTuple):
    """One type: what people call it, what it does, which tensors show it."""

    title: str
    does: str
    roles: tuple[str, ...] = ()  # names of a layer's tensors; empty if it changes no layers
    everywhere: bool = False  # plain LoRA's like: runtimes other than PEFT take it
    more: tuple[str, ...] = ()  # names of tensors that a layer may have beside these
    shared: tuple[str, ...] = ()  # beginnings of names of tensors that belong to all layers


_LOW_RANK = "changes layers by a product of small matrices"
_PROMPT = "learns vectors that are put before the text and changes no layer"

PEFT_TYPES: Mapping[str, PeftType] = MappingProxyType(
    {
        "LORA": PeftType("LoRA", _LOW_RANK, ("lora_A", "lora_B"), everywhere=True),
        "ADALORA": PeftType("AdaLoRA", "shares its rank out among layers", ("lora_E",)),
        "ADAMSS": PeftType("AdaMSS", "works in subspaces of layers", ("adamss_A", "adamss_B")),
        "BEFT": PeftType("BEFT", "changes biases alone", ("beft_bias",)),
        "BOFT": PeftType("BOFT", "turns layers by butterfly factors", ("boft_R", "boft_s")),
        "C3A": PeftType("C³A", "changes layers by circular convolution", ("c3a_kernel",)),
        "DEFT": PeftType("DEFT", "projects layers", ("deft_P", "deft_R")),
        "DELORA": PeftType("DeLoRA", "parts the angle of its change from its strength",
                           ("delora_A", "delora_B", "delora_lambda"),
                            more=("delora_w_norm",)),
        "FOURIERFT": PeftType("FourierFT", "changes layers by a few waves",
                              ("fourierft_spectrum",)),
        "FROD": PeftType("FRoD", "changes layers in a shared basis",
                         ("frod_lambda_l", "frod_lambda_s_values"),
                         shared=("frod_V", "frod_s_indices", "frod_s_size")),
        "GLORA": PeftType("GLoRA", "changes weights and what goes through them",
                          ("glora_A", "glora_B", "glora_C", "glora_D", "glora_E"),
                          more=tuple(f"glora_{path}.{part}" for path in "ABCDE"
                                     for part in ("Xd", "Xu", "X"))),
        "GRALORA": PeftType("GraLoRA", "changes blocks of layers", ("gralora_A", "gralora_B"),
                            more=("gralora_A_general", "gralora_B_general")),
        "HIRA": PeftType("HiRA", "multiplies layers by a product", ("hira_A", "hira_B"),
                         more=("hira_embedding_A", "hira_embedding_B")),
        "HRA": PeftType("HRA", "mirrors layers", ("hra_u",)),
        "IA3": PeftType("(IA)³", "multiplies what goes through layers", ("ia3_l",)),
        "LILY": PeftType("Lily", "shares matrices between layers", ("lily_A", "lily_B"),
                         more=("lily_router",)),
        "LN_TUNING": PeftType("LN tuning", "trains normalisations alone", ("ln_tuning_layers",),
                              more=("ln_tuning_layers.bias",)),
        "LOHA": PeftType("LoHa", "changes layers by a product number by number",
                         ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")),
        "LOKR": PeftType("LoKr", "changes layers by a Kronecker product", ("lokr_w1", "lokr_w2")),
        "MISS": PeftType("MiSS", "repeats one small block", ("miss_block",)),
        "OFT": PeftType("OFT", "turns layers", ("oft_R",),
                        more=("oft_embedding_R", "oft_R.scaled_oft")),
        "OSF": PeftType("OSF", "trains layers outside of what they know", ("osf_svd_params",),
                        more=("osf_svd_params.S_low", "osf_svd_params.U_low",
                              "osf_svd_params.V_low")),
        "PVERA": PeftType("PVeRA", "scales shared random matrices, at random",
                          ("pvera_lambda_b", "pvera_lambda_d"),
                          shared=("pvera_A", "pvera_B")),
        "RANDLORA": PeftType("RandLoRA", "scales shared random matrices",
                             ("randlora_lambda", "randlora_gamma"),
                             more=("randlora_A", "randlora_B"),
                             shared=("randlora_A", "randlora_B")),
        "ROAD": PeftType("RoAd", "turns what goes through layers", ("road_theta", "road_alpha")),
        "SHIRA": PeftType("SHiRA", "changes a few numbers of layers", ("shira_weight",),
                          more=("shira_indices",)),
        "TRAINABLE_TOKENS": PeftType("trainable tokens", "trains the vectors of some tokens",
                                     ("trainable_tokens_delta",)),
        "UNILORA": PeftType("UniLoRA", "makes all layers' changes of one vector",
                            shared=("unilora_theta_d",)),
        "VBLORA": PeftType("VB-LoRA", "mixes its matrices from a bank of vectors",
                           ("vblora_logits_A", "vblora_logits_B"),
                           more=tuple(f"vblora_logits_{half}_topk_{what}" for half in "AB"
                                      for what in ("indices", "weights")),
                           shared=("vblora_vector_bank",)),
        "VERA": PeftType("VeRA", "scales shared random matrices",
                         ("vera_lambda_b", "vera_lambda_d"), shared=("vera_A", "vera_B")),
        "WAVEFT": PeftType("WaveFT", "changes layers by a few wavelets", ("waveft_spectrum",)),
        "ADAPTION_PROMPT": PeftType("adaption prompt", _PROMPT),
        "CARTRIDGE": PeftType("cartridge", _PROMPT),
        "CPT": PeftType("context-aware prompt tuning", _PROMPT),
        "MULTITASK_PROMPT_TUNING": PeftType("multitask prompt tuning", _PROMPT),
        "PREFIX_TUNING": PeftType("prefix tuning", _PROMPT),
        "PROMPT_TUNING": PeftType("prompt tuning", _PROMPT),
        "P_TUNING": PeftType("P-tuning", _PROMPT),
        "POLY": PeftType("Poly", "routes each task through several adapters",
                         ("poly_lora_A", "poly_lora_B"), more=("poly_router.module_logits",)),
        "XLORA": PeftType("X-LoRA", "mixes several adapters token by token"),
        "PEANUT": PeftType("PEANuT", "adds a small network to layers", ("peanut_A", "peanut_B"),
                           more=("peanut_encoders", "peanut_decoders")),
        "PSOFT": PeftType("PSOFT", "turns layers in their main directions", ("psoft_R",),
                          more=("psoft_R.vector_a", "psoft_R.vector_b")),
        "SHADOW": PeftType("Shadow", "runs a small network beside the base"),
        "SUPERTUNING": PeftType("SuperTuning", "changes a few numbers of layers",
                                ("supertuning_values",), more=("supertuning_indices",)),
        "TINYLORA": PeftType("TinyLoRA", "changes layers by a handful of numbers",
                             ("tinylora_A", "tinylora_B"), more=("tinylora_P",),
                             shared=("tinylora_v",)),
    }
)  # fmt: skip


def named_in(config: Mapping[str, Any]) -> tuple[str, PeftType | None]:
    """Return the type that a configuration names, "" if none, and what we know of it."""
    name = config.get("peft_type")
    if not isinstance(name, str):
        return "", None
    name = name.rpartition(".")[2].upper()[:60]  # "PeftType.LORA" was written once.
    return name, PEFT_TYPES.get(name)
