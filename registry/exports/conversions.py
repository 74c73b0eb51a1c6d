"""
What a version can be converted into, for which families, how exactly, and what is refused.

The engine converts (workers/engine/converting); this table says what may be asked of it, so that
pages offer no more. docs/conversions.md is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry.bases.family_titles import title_of
from registry.formats.families import Family

PICTURES = (Family.SHAPES, Family.SD1, Family.SD2, Family.SDXL, Family.SD3, Family.FLUX1)
TEXTS = (
    Family.LLAMA,
    Family.MISTRAL,
    Family.QWEN2,
    Family.QWEN3,
    Family.GEMMA,
    Family.GEMMA2,
    Family.GEMMA3,
    Family.PHI3,
    Family.GPT2,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A layout that the engine writes."""

    layout: str
    title: str
    families: tuple[Family, ...]  # () is all of them
    files: str
    exactness: str
    read_by: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not converted, and why."""

    what: str
    why: str


OFFERS: tuple[Offer, ...] = (
    Offer(
        "original",
        "the layout that it has",
        (),
        "the file under its own name",
        "byte for byte, but for the header; rounded if another number type is asked for",
        "whatever reads the original",
    ),
    Offer(
        "kohya",
        "kohya",
        PICTURES,
        "`lora.safetensors`",
        "matrices and alpha as they are; FLUX.1 and SD 3 get their queries, keys and values in one "
        "matrix, whose rank is the sum of theirs unless they share their down matrix",
        "Stable Diffusion WebUI, Forge, ComfyUI, diffusers (not for SD 3)",
    ),
    Offer(
        "diffusers",
        "diffusers",
        PICTURES,
        "`pytorch_lora_weights.safetensors`",
        "alpha goes into the matrices, so that every reader applies it; joined matrices are cut "
        "into their rows, each with the same down matrix",
        "diffusers; ComfyUI and InvokeAI, but for SD 1, SD 2 and SDXL",
    ),
    Offer(
        "peft",
        "PEFT",
        (*PICTURES, *TEXTS),
        "`adapter_config.json` and `adapter_model.safetensors`, in a folder for each component of "
        "a picture base",
        "matrices as they are; alpha in the configuration, by patterns where layers differ; where "
        "layers of a base of texts do, the difference goes into the matrices, since servers apply "
        "one alpha to all",
        "PEFT, vLLM, SGLang, TGI, LoRAX",
    ),
    Offer(
        "gguf",
        "GGUF",
        TEXTS,
        "`adapter.gguf`",
        "matrices as they are, queries and keys in the order of rows that llama.cpp wants; alpha "
        "is kept where all layers have one, and goes into the matrices where they differ",
        "llama.cpp, Ollama and what is built on them",
    ),
)

# Dialects that are read for it are all that we tell apart; these algorithms become plain LoRA.
ALGORITHMS: Mapping[str, str] = MappingProxyType(
    {
        "LoRA, LoCon": "kept as it is",
        "LoCon with a core (Tucker)": "exact: the core goes into the down matrix",
        "DoRA": "its magnitudes are kept in kohya, diffusers and PEFT",
        "LoHa": "exact at the square of its rank, then shrunk by singular values",
        "LoKr": "exact by the singular values of its factors, then shrunk",
        "full difference": "by singular values",
        "GLoRA": "if its part that multiplies the base's weights is zero",
        "normalisations": "left out, and said",
        "embeddings beside the adapter": "left out, and said",
    }
)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "GLoRA with both parts, (IA)³, OFT, BOFT and PEFT's other types",
        "they multiply or turn the base's own weights, so there are no two matrices that are true "
        "for every base",
    ),
    Refusal(
        "DoRA with a magnitude an input",
        "LyCORIS has this kind alone; other layouts have one an output",
    ),
    Refusal(
        "DoRA on a part of a component, into diffusers or PEFT",
        "their configuration says DoRA of all layers or of none",
    ),
    Refusal("DoRA into GGUF, and on LoHa or LoKr", "the layout has no place for magnitudes"),
    Refusal("changes of biases", "plain LoRA changes weights alone"),
    Refusal(
        "layers that PEFT saved whole (modules_to_save)",
        "they are no adapter, and only PEFT puts them back",
    ),
    Refusal(
        "a change of T5 into diffusers",
        "its pipelines load no adapter into that text encoder",
    ),
    Refusal(
        "PEFT's files for texts without adapter_config.json",
        "alpha is in it and nowhere else",
    ),
    Refusal(
        "the output layer into GGUF, where it shares the embedding's weight",
        "llama.cpp has no such tensor in that base",
    ),
    Refusal(
        "layers of BLOOM, Falcon and GPT-NeoX into GGUF",
        "llama.cpp has the rows of their joined matrices in another order, not written yet",
    ),
    Refusal("numbers over 65,504 into fp16", "they would become infinite"),
    Refusal(
        "a layer that came out further off than its number type and rank explain",
        "every file is read again and compared with the original before it is offered",
    ),
)


def offered(family: str) -> tuple[Offer, ...]:
    """Return the layouts that adapters of a family are converted into."""
    return tuple(offer for offer in OFFERS if not offer.families or family in offer.families)


def why_not(layout: str, family: str) -> str:
    """Return why adapters of a family are not converted into a layout, "" if they are."""
    offer = next((each for each in OFFERS if each.layout == layout), None)
    if offer is None:
        known = ", ".join(each.layout for each in OFFERS)
        return f"{layout!r} is no layout that adapters are written in: choose one of {known}."
    if not offer.families or family in offer.families:
        return ""
    known = ", ".join(each.layout for each in offered(family))
    return (
        f"Adapters of the family {title_of(family)} are not written in {offer.title}'s layout: "
        f"{known}."
    )
