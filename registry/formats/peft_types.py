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
                           ("delora_A", "delora_B", "delora_lambda")),
        "FOURIERFT": PeftType("FourierFT", "changes layers by a few waves",
                              ("fourierft_spectrum",)),
        "FROD": PeftType("FRoD", "changes layers in a shared basis",
                         ("frod_lambda_l", "frod_lambda_s_values")),
        "GLORA": PeftType("GLoRA", "changes weights and what goes through them",
                          ("glora_A", "glora_B", "glora_C", "glora_D", "glora_E")),
        "GRALORA": PeftType("GraLoRA", "changes blocks of layers", ("gralora_A", "gralora_B")),
        "HIRA": PeftType("HiRA", "multiplies layers by a product", ("hira_A", "hira_B")),
        "HRA": PeftType("HRA", "mirrors layers", ("hra_u",)),
        "IA3": PeftType("(IA)³", "multiplies what goes through layers", ("ia3_l",)),
        "LILY": PeftType("Lily", "shares matrices between layers", ("lily_A", "lily_B")),
        "LN_TUNING": PeftType("LN tuning", "trains normalisations alone"),
        "LOHA": PeftType("LoHa", "changes layers by a product number by number",
                         ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")),
        "LOKR": PeftType("LoKr", "changes layers by a Kronecker product", ("lokr_w1", "lokr_w2")),
        "MISS": PeftType("MiSS", "repeats one small block", ("miss_block",)),
        "OFT": PeftType("OFT", "turns layers", ("oft_R",)),
        "OSF": PeftType("OSF", "trains layers outside of what they know"),
        "PVERA": PeftType("PVeRA", "scales shared random matrices, at random",
                          ("pvera_lambda_b", "pvera_lambda_d")),
        "RANDLORA": PeftType("RandLoRA", "scales shared random matrices",
                             ("randlora_lambda", "randlora_gamma")),
        "ROAD": PeftType("RoAd", "turns what goes through layers", ("road_theta", "road_alpha")),
        "SHIRA": PeftType("SHiRA", "changes a few numbers of layers", ("shira_weight",)),
        "TRAINABLE_TOKENS": PeftType("trainable tokens", "trains the vectors of some tokens",
                                     ("trainable_tokens_delta",)),
        "UNILORA": PeftType("UniLoRA", "makes all layers' changes of one vector"),
        "VBLORA": PeftType("VB-LoRA", "mixes its matrices from a bank of vectors",
                           ("vblora_logits_A", "vblora_logits_B")),
        "VERA": PeftType("VeRA", "scales shared random matrices",
                         ("vera_lambda_b", "vera_lambda_d")),
        "WAVEFT": PeftType("WaveFT", "changes layers by a few wavelets", ("waveft_spectrum",)),
        "ADAPTION_PROMPT": PeftType("adaption prompt", _PROMPT),
        "CARTRIDGE": PeftType("cartridge", _PROMPT),
        "CPT": PeftType("context-aware prompt tuning", _PROMPT),
        "MULTITASK_PROMPT_TUNING": PeftType("multitask prompt tuning", _PROMPT),
        "PREFIX_TUNING": PeftType("prefix tuning", _PROMPT),
        "PROMPT_TUNING": PeftType("prompt tuning", _PROMPT),
        "P_TUNING": PeftType("P-tuning", _PROMPT),
        "POLY": PeftType("Poly", "routes each task through several adapters"),
        "XLORA": PeftType("X-LoRA", "mixes several adapters token by token"),
        "PEANUT": PeftType("PEANuT", "adds a small network to layers"),
        "PSOFT": PeftType("PSOFT", "turns layers in their main directions"),
        "SHADOW": PeftType("Shadow", "runs a small network beside the base"),
        "SUPERTUNING": PeftType("SuperTuning", "changes layers in its own way"),
        "TINYLORA": PeftType("TinyLoRA", "changes layers by a handful of numbers"),
    }
)  # fmt: skip


def named_in(config: Mapping[str, Any]) -> tuple[str, PeftType | None]:
    """Return the type that a configuration names, "" if none, and what we know of it."""
    name = config.get("peft_type")
    if not isinstance(name, str):
        return "", None
    name = name.rpartition(".")[2].upper()[:60]  # "PeftType.LORA" was written once.
    return name, PEFT_TYPES.get(name)
