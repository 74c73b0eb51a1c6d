"""
Whether a runtime takes a version: what each refuses, and why, as its loader does.

An obstacle is a function of a card that returns the reason as the end of a sentence, "" where there
is none. Reasons come from the loaders' own checks (docs/runtimes.md says which versions), so that
nobody finds out by a crash at the first request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from registry.exports import preparing
from registry.exports.card import Card
from registry.exports.preparing import Source
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.families import Family

Obstacle = Callable[[Card], str]

VLLM_RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)  # that --max-lora-rank can be
_LOKR_IN_DIFFUSERS = {Family.FLUX2, Family.Z_IMAGE}
_WITH_UNET = {Family.SD1, Family.SD2, Family.SDXL}
_OF_DIFFUSERS = {
    Dialect.DIFFUSERS, Dialect.DIFFUSERS_MID, Dialect.DIFFUSERS_OLD, Dialect.DIFFUSERS_ROOT,
}  # fmt: skip
_ALL_LAYERS = {"all", "all-linear"}
_ADAPTER_ONLY_INITS = {"gaussian", "eva", "orthogonal", "mica", "lora_ga"}

NAMINGS: Mapping[str, str] = {
    Dialect.PEFT: "its tensors have PEFT's names",
    Dialect.GGUF: "it is in GGUF, which llama.cpp and what is built on it read",
    Dialect.DIFFUSERS_PEFT: "PEFT's “base_model.model.” stands inside its names",
    Dialect.LYCORIS: "its tensors have names that begin with “lycoris_”",
    Dialect.XLABS: "its tensors have the names of XLabs' trainer",
    Dialect.CLONEOFSIMO: "its layers are numbered, as trainers of 2022 did, and not named",
}
LONG_NAMES: Mapping[str, str] = {
    Algorithm.LOHA: "LoHa",
    Algorithm.LOKR: "LoKr",
    Algorithm.FULL: "a full difference",
    Algorithm.NORM: "a change of normalisations",
    Algorithm.IA3: "(IA)³",
    Algorithm.OFT: "OFT",
    Algorithm.BOFT: "BOFT",
    Algorithm.GLORA: "GLoRA",
    Algorithm.DORA: "DoRA",
    Algorithm.VERA: "VeRA",
    Algorithm.ADALORA: "AdaLoRA",
    Algorithm.PEFT: "one of PEFT's other methods",
    Algorithm.UNKNOWN: "a method that nobody here knows",
}
PLAIN = (Algorithm.LORA, Algorithm.LOCON)


def not_in(*dialects: Dialect) -> Obstacle:
    """Refuse files in these dialects."""

    def obstacle(card: Card) -> str:
        if card.dialect not in dialects:
            return ""
        return NAMINGS.get(card.dialect, f"its tensors have the names of {card.dialect}")

    return obstacle


def dotted_unet(card: Card) -> str:
    """Refuse diffusers' names, with whatever tails, for a base whose denoiser is a UNet."""
    is_dotted = card.dialect in _OF_DIFFUSERS | {Dialect.HYBRID} and card.family in _WITH_UNET
    return "it does not know diffusers' names in a file for this base" if is_dotted else ""


def kohya_alone_for_unet(card: Card) -> str:
    """Refuse all but kohya's flat names, for a base whose denoiser is a UNet."""
    is_other = card.dialect != Dialect.KOHYA and card.family in _WITH_UNET
    return "it knows kohya's names alone in a file for this base" if is_other else ""


def dotted_magnitudes(card: Card) -> str:
    """Refuse DoRA in diffusers' names, of whose magnitudes the loader knows no name."""
    is_dotted = card.dialect in _OF_DIFFUSERS and Algorithm.DORA in card.algorithms
    return "it passes over DoRA's magnitudes in diffusers' names" if is_dotted else ""


def dora_by_outputs(card: Card) -> str:
    """Refuse DoRA where the loader takes a magnitude for each output for one of an input."""
    is_dora = Algorithm.DORA in card.algorithms
    return (
        "it is DoRA, which it applies along the wrong side of the matrices; Forge does not"
        if is_dora
        else ""
    )


def dotted_text_encoder(card: Card) -> str:
    """Refuse diffusers' names where a text encoder is changed, too: they pass unread."""
    is_dotted = card.dialect in _OF_DIFFUSERS and card.family in _WITH_UNET
    reads = is_dotted and card.has_text_encoder
    return "its loader passes over text encoders in diffusers' names" if reads else ""


def in_peft_alone(card: Card) -> str:
    if card.dialect != Dialect.PEFT:
        return "it reads a folder in PEFT's layout alone"
    if not card.layout and not card.config_url:
        return "its adapter_config.json is missing, in which alpha is"
    return ""


def in_gguf_alone(card: Card) -> str:
    return "" if card.dialect == Dialect.GGUF else "it reads adapters in GGUF alone"


def made_by(*algorithms: Algorithm) -> Obstacle:
    """Refuse files with other algorithms than these."""

    def obstacle(card: Card) -> str:
        others = [each for each in card.algorithms if each not in set(algorithms)]
        return f"it has {LONG_NAMES.get(others[0], others[0])} in it" if others else ""

    return obstacle


def diffusers_passes_over(card: Card) -> str:
    """Refuse what the loader of diffusers drops in silence, or what it refuses itself."""
    source = Source(
        sha256=card.sha256,
        base="any",  # of a base whose layers are not known, the same is true
        base_title=card.base_title,
        family=card.family,
        dialect=card.dialect,
        algorithms=card.algorithms,
    )
    if not preparing.needed_for_diffusers(source):
        lokr = (Algorithm.LOKR,) if card.family in _LOKR_IN_DIFFUSERS else ()
        return made_by(*PLAIN, Algorithm.DORA, *lokr)(card)
    others = made_by(*PLAIN)(card)
    return others or "its loader passes over these names, or reads them wrongly"


def whole_modules(allowed: Iterable[str] = ()) -> Obstacle:
    """Refuse configurations with layers saved whole, but for some."""

    def obstacle(card: Card) -> str:
        saved = card.config.get("modules_to_save")
        names = saved if isinstance(saved, list) else []
        others = [str(each) for each in names if each not in set(allowed)]
        return f"PEFT saved whole layers beside it (modules_to_save: {others[0]})" if others else ""

    return obstacle


def told(key: str, reason: str) -> Obstacle:
    """Refuse configurations in which a key is set."""
    return lambda card: f"{reason} ({key})" if card.config.get(key) else ""


def dora(card: Card) -> str:
    is_dora = Algorithm.DORA in card.algorithms or card.config.get("use_dora")
    return "it is DoRA" if is_dora else ""


def changes_the_base(card: Card) -> str:
    """Refuse starts that change the base's own weights as PEFT loads the adapter."""
    start = card.config.get("init_lora_weights")
    if not isinstance(start, str) or start.lower() in _ADAPTER_ONLY_INITS or card.layout:
        return ""
    return f"its start changed the base's own weights (init_lora_weights: {start[:20]})"


def biases(card: Card) -> str:
    bias = card.config.get("bias", "none")
    return "it changes biases (bias)" if bias not in ("none", None, "") else ""


def differs_by_layer(card: Card) -> str:
    """
    Refuse ranks and alphas of single layers, where the loader applies the configuration's to all.

    What the hub writes in PEFT's layout has one scale for all layers; of a file that is no plain
    LoRA, its ranks are known only once it is written.
    """
    if card.config.get("alpha_pattern") and not card.layout:
        return "its layers differ in alpha (alpha_pattern), and it applies one to all"
    lowest = card.rank if card.rank_low is None else card.rank_low
    if card.config.get("rank_pattern") or lowest != card.rank:
        return "its layers differ in rank, and it takes one for all"
    if card.layout and card.rank is None:
        return "its layers come out with ranks of their own, and it takes one for all"
    return ""


def scaled_by_root(card: Card) -> str:
    """Refuse scales that are not alpha by rank; what the hub writes has no others."""
    is_so = card.config.get("use_rslora") and not card.layout
    return "its alpha is divided by the root of its rank (use_rslora)" if is_so else ""


def layers_by_pattern(card: Card) -> str:
    """Refuse a pattern where the loader wants a list of layers; what the hub writes has a list."""
    named = card.config.get("target_modules")
    is_pattern = isinstance(named, str) and named not in _ALL_LAYERS and not card.layout
    return (
        "its layers are told by a pattern (target_modules), and it wants a list"
        if is_pattern
        else ""
    )


def some_blocks(card: Card) -> str:
    """Refuse changes of some blocks alone, where the loader drops a layer that not all have."""
    some = card.config.get("layers_to_transform")
    return "it changes some blocks alone (layers_to_transform), and it drops those" if some else ""


def parts_of_joined(card: Card) -> str:
    """Refuse changes of a part of what the loader joins, where it wants another part too."""
    found = set(targets(card))
    if found & {"q_proj", "k_proj", "v_proj"} and not {"q_proj", "v_proj"} <= found:
        return "it joins queries, keys and values, and wants the first and the last"
    if "up_proj" in found and "gate_proj" not in found:
        return "it joins gate_proj and up_proj, and wants the first"
    return ""


def rank_over(most: int) -> Obstacle:
    def obstacle(card: Card) -> str:
        rank = card.highest_rank
        return f"its rank is {rank}, and {most} is the most" if rank and rank > most else ""

    return obstacle


def step_for(rank: int | None) -> int:
    """Return what --max-lora-rank has to be for a rank: one of vLLM's steps."""
    return next((step for step in VLLM_RANKS if step >= (rank or 16)), VLLM_RANKS[-1])


def targets(card: Card) -> list[str]:
    """Return the layers' names that a server has to be told of, [] where a pattern says them."""
    named = card.config.get("target_modules")
    if not isinstance(named, list):
        return []
    return sorted({str(each).rpartition(".")[2] for each in named})


def first(obstacles: Iterable[Obstacle], card: Card) -> str:
    """Return the first reason there is, "" if there is none."""
    return next((reason for each in obstacles if (reason := each(card))), "")
