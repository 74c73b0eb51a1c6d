"""
Every runtime that we write recipes for: which families it runs, what it refuses, and which layouts
of the hub's it takes in the file's place.

To add one, write a `write_recipe(card)` and give it a row. What a runtime cannot run is said with
the reason, never left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from registry.bases.family_titles import title_of
from registry.exports import (
    comfy_cli,
    comfyui,
    diffusers,
    fitness,
    invokeai,
    llamacpp,
    lorax,
    nexa,
    ollama,
    peft,
    sdcpp,
    sglang,
    swarmui,
    tgi,
    transformers,
    vllm,
    webui,
)
from registry.exports.card import Card, Recipe
from registry.exports.conversions import TEXTS
from registry.exports.families import (
    BY_TRANSFORMERS,
    IN_COMFYUI,
    IN_LORAX,
    IN_SDCPP,
    IN_SGLANG,
    IN_TGI,
    IN_VLLM,
    IN_WEBUI,
)
from registry.exports.fitness import Obstacle
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.families import Family


@dataclass(frozen=True, slots=True)
class Runtime:
    """A program that loads adapters."""

    slug: str
    title: str
    runs: frozenset[Family]
    write_recipe: Callable[[Card], Recipe]
    refuses: tuple[Obstacle, ...] = ()
    takes: tuple[str, ...] = ()  # layouts, the best first, in place of a file that it refuses


_OF_LYCORIS = (
    Algorithm.LOHA,
    Algorithm.LOKR,
    Algorithm.FULL,
    Algorithm.NORM,
    Algorithm.OFT,
)
_NOT_FOR_PICTURES = (Dialect.PEFT, Dialect.CLONEOFSIMO, Dialect.GGUF, Dialect.DIFFUSERS_PEFT)
_UNNAMED = fitness.not_in(*_NOT_FOR_PICTURES, Dialect.XLABS)
_BY_COMFYUI = (
    _UNNAMED,
    fitness.dotted_unet,
    fitness.dotted_magnitudes,
    fitness.made_by(*fitness.PLAIN, *_OF_LYCORIS, Algorithm.DORA, Algorithm.GLORA, Algorithm.BOFT),
)
_FOR_PICTURES = ("kohya", "diffusers")
_PLAIN_PEFT = (
    fitness.in_peft_alone,
    fitness.made_by(*fitness.PLAIN, Algorithm.DORA),
    fitness.dora,
    fitness.biases,
)
_ONE_SCALE = (
    *_PLAIN_PEFT,
    fitness.whole_modules(),
    fitness.differs_by_layer,
    fitness.some_blocks,
)

RUNTIMES: tuple[Runtime, ...] = (
    Runtime(
        "diffusers",
        "Diffusers",
        frozenset(diffusers.PIPELINES),
        diffusers.write_recipe,
        (fitness.not_in(*diffusers.UNREAD), diffusers.wrapped, diffusers.refused),
        ("diffusers",),
    ),
    Runtime(
        "webui",
        "Stable Diffusion WebUI",
        IN_WEBUI,
        webui.write_recipe,
        (
            _UNNAMED,
            fitness.kohya_alone_for_unet,
            webui.refused,
            fitness.dora_by_outputs,
            fitness.made_by(*fitness.PLAIN, *_OF_LYCORIS, Algorithm.IA3, Algorithm.BOFT),
        ),
        ("kohya",),
    ),
    Runtime("comfyui", "ComfyUI", IN_COMFYUI, comfyui.write_recipe, _BY_COMFYUI, _FOR_PICTURES),
    Runtime(
        "comfy-cli", "comfy-cli", IN_COMFYUI, comfy_cli.write_recipe, _BY_COMFYUI, _FOR_PICTURES
    ),
    Runtime("swarmui", "SwarmUI", IN_COMFYUI, swarmui.write_recipe, _BY_COMFYUI, _FOR_PICTURES),
    Runtime(
        "invokeai",
        "InvokeAI",
        frozenset(invokeai.BASES),
        invokeai.write_recipe,
        (
            fitness.not_in(*_NOT_FOR_PICTURES),
            fitness.kohya_alone_for_unet,
            fitness.made_by(
                *fitness.PLAIN,
                Algorithm.DORA,
                Algorithm.LOHA,
                Algorithm.LOKR,
                Algorithm.FULL,
                Algorithm.NORM,
                Algorithm.IA3,
            ),
        ),
        _FOR_PICTURES,
    ),
    Runtime(
        "stable-diffusion-cpp",
        "stable-diffusion.cpp",
        IN_SDCPP,
        sdcpp.write_recipe,
        (
            _UNNAMED,
            fitness.dotted_text_encoder,
            fitness.made_by(*fitness.PLAIN, Algorithm.LOHA, Algorithm.LOKR),
        ),
        ("kohya",),
    ),
    Runtime(
        "peft", "PEFT", BY_TRANSFORMERS, peft.write_recipe, (fitness.in_peft_alone,), ("peft",)
    ),
    Runtime(
        "transformers",
        "Transformers",
        BY_TRANSFORMERS,
        transformers.write_recipe,
        (fitness.in_peft_alone,),
        ("peft",),
    ),
    Runtime(
        "vllm",
        "vLLM",
        IN_VLLM,
        vllm.write_recipe,
        (
            *_PLAIN_PEFT,
            fitness.whole_modules(("classifier", "score")),
            fitness.changes_the_base,
            fitness.told("lora_bias", "its matrices have biases"),
            fitness.told("alora_invocation_tokens", "it is activated by words of a prompt"),
            fitness.told("layer_replication", "it doubles layers of the base"),
            fitness.told("use_bdlora", "its matrices are made of blocks"),
            fitness.told("use_qalora", "it was trained on groups of a quantised base"),
            fitness.rank_over(fitness.VLLM_RANKS[-1]),
        ),
        ("peft",),
    ),
    Runtime(
        "sglang",
        "SGLang",
        IN_SGLANG,
        sglang.write_recipe,
        (
            *_PLAIN_PEFT,
            fitness.whole_modules(),
            fitness.told("trainable_token_indices", "it adds to the vocabulary"),
            fitness.layers_by_pattern,
            fitness.scaled_by_root,
            fitness.differs_by_layer,
            fitness.parts_of_joined,
        ),
        ("peft",),
    ),
    Runtime(
        "tgi",
        "Text Generation Inference",
        IN_TGI,
        tgi.write_recipe,
        _ONE_SCALE,
        ("peft",),
    ),
    Runtime(
        "lorax",
        "LoRAX",
        IN_LORAX,
        lorax.write_recipe,
        _ONE_SCALE,
        ("peft",),
    ),
    Runtime(
        "llama-cpp",
        "llama.cpp",
        frozenset(TEXTS),
        llamacpp.write_recipe,
        (fitness.in_gguf_alone, fitness.whole_modules()),
        ("gguf",),
    ),
    Runtime(
        "ollama",
        "Ollama",
        frozenset(TEXTS),
        ollama.write_recipe,
        (fitness.in_gguf_alone, fitness.whole_modules()),
        ("gguf",),
    ),
    Runtime(
        "nexa",
        "Nexa SDK",
        frozenset({*TEXTS, Family.SD1, Family.SD2, Family.SDXL, Family.SD3, Family.FLUX1}),
        nexa.write_recipe,
        (nexa.refused, fitness.whole_modules()),
        ("gguf", "kohya"),
    ),
)


def recipes_for(card: Card) -> dict[str, Recipe]:
    """Return a recipe per runtime that can run the version, in the table's order."""
    recipes = {}
    for runtime in RUNTIMES:
        taken = taken_as(runtime, card)
        if isinstance(taken, Card):
            recipe = runtime.write_recipe(taken)
            known = (card.deprecated,) if card.deprecated else ()
            recipes[runtime.slug] = replace(
                recipe,
                download_url=taken.download_url,
                requirements=(*known, *recipe.requirements),
            )
    return recipes


def reasons_against(card: Card) -> dict[str, str]:
    """Return why the other runtimes cannot, in the table's order."""
    found = {runtime.slug: taken_as(runtime, card) for runtime in RUNTIMES}
    return {slug: taken for slug, taken in found.items() if isinstance(taken, str)}


def taken_as(runtime: Runtime, card: Card) -> Card | str:
    """
    Return the card of what a runtime is to be given, the file or another layout of it; or, in a
    sentence, why it can be given neither.
    """
    if card.family not in runtime.runs:
        return f"{runtime.title} has no bases of the family {title_of(card.family)}."
    reason = fitness.first(runtime.refuses, card)
    if not reason:
        return card
    for layout in runtime.takes:
        if layout in card.layouts:
            converted = card.in_layout(layout)
            further = fitness.first(runtime.refuses, converted)
            if not further:
                return converted
            reason = further  # what no layout would change says more than the file's own names
    return f"{runtime.title} does not take the file: {reason}."
