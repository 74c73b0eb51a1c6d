"""What model hubs call things: libraries, tasks, licences, tags; and the program of a card."""

from __future__ import annotations

from registry.formats.dialects import Dialect
from registry.formats.families import Family

DRAWN = frozenset({"image", "video"})
OF_STABLE_DIFFUSION = frozenset({Family.SHAPES, Family.SD1, Family.SD2, Family.SDXL})

TASKS_BY_MODALITY = {
    "image": "text-to-image",
    "video": "text-to-video",
    "multimodal": "image-text-to-text",
}
# By the end of the class's name; the first that fits.
TASKS = (
    ("ImageToVideoPipeline", "image-to-video"),
    ("EditPipeline", "image-to-image"),
    ("EditPlusPipeline", "image-to-image"),
    ("InpaintPipeline", "image-to-image"),
    ("WhisperForConditionalGeneration", "automatic-speech-recognition"),
    ("ForCTC", "automatic-speech-recognition"),
    ("MusicgenForConditionalGeneration", "text-to-audio"),
    ("VitsModel", "text-to-speech"),
    ("ForQuestionAnswering", "visual-question-answering"),
    ("ForRetrieval", "visual-document-retrieval"),
    ("BlipForConditionalGeneration", "image-to-text"),
    ("T5ForConditionalGeneration", "text2text-generation"),
    ("ForMaskedLM", "fill-mask"),
    ("ForPreTraining", "fill-mask"),
    ("LMHeadModel", "text-generation"),
    ("ForCausalLM", "text-generation"),
)
LICENCES = frozenset(
    {
        "apache-2.0", "mit", "openrail", "creativeml-openrail-m", "openrail++",
        "bigscience-openrail-m", "gpl-3.0", "agpl-3.0", "lgpl-3.0",
        "mpl-2.0", "bsd-2-clause", "bsd-3-clause", "unlicense",
        "cc", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0",
        "cc-by-nd-4.0", "cc-by-nc-nd-4.0", "llama2", "llama3", "llama3.1", "llama3.2", "llama3.3",
        "gemma", "other", "unknown",
    }
)  # fmt: skip

OF_DIFFUSERS = """\
from diffusers import {pipeline}

pipe = {pipeline}.from_pretrained({base!r})
pipe.load_lora_weights({name!r}, adapter_name="it")
pipe.set_adapters(["it"], [{weight:g}])
picture = pipe({prompt!r}).images[0]"""

OF_PEFT = """\
from peft import PeftModel
from transformers import {pipeline}

model = {pipeline}.from_pretrained({base!r})
model = PeftModel.from_pretrained(model, {name!r})"""


def library_of(modality: str, dialect: str) -> str:
    if dialect == Dialect.GGUF:
        return ""
    if dialect == Dialect.PEFT:
        return "peft"
    return "diffusers" if modality in DRAWN else ""


def task_of(modality: str, pipeline: str) -> str:
    found = (task for end, task in TASKS if pipeline.endswith(end))
    return next(found, TASKS_BY_MODALITY.get(modality, ""))


def licence_of(licence: str) -> str:
    """Return a licence as hubs spell it, "" if they have no name for it."""
    word = "-".join(licence.lower().split())
    return word if word in LICENCES else ""


def tags_of(modality: str, family: str, dialect: str) -> list[str]:
    """Return the tags by which programs find adapters of that kind."""
    tags = ["lora"]
    if dialect == Dialect.GGUF:
        tags.append("gguf")
    if modality in DRAWN:
        template = "sd-lora" if family in OF_STABLE_DIFFUSION else "diffusion-lora"
        tags += ["diffusers", f"template:{template}"]
    if dialect == Dialect.PEFT:
        tags.append("peft")
    return tags


def program_for(  # noqa: PLR0913  what the program says
    modality: str,
    dialect: str,
    pipeline: str,
    *,
    base: str,
    name: str,
    weight: float,
    prompt: str,
) -> str:
    """Return a program that loads the adapter from here by its name; "" where none is known."""
    if not pipeline or "/" not in base or dialect == Dialect.GGUF:
        return ""
    if dialect == Dialect.PEFT:
        drawn = modality in DRAWN
        return "" if drawn else OF_PEFT.format(pipeline=pipeline, base=base, name=name)
    if modality not in DRAWN:
        return ""
    return OF_DIFFUSERS.format(
        pipeline=pipeline, base=base, name=name, weight=weight, prompt=prompt
    )
