"""
vLLM: server flags, a call that loads the adapter, the folder that its own resolver reads, and the
plugin that asks this hub.

Its rank is one of a few steps, decided when the server starts; its resolver compares the base's
name letter by letter.
"""

from __future__ import annotations

import json
from shlex import quote

from registry.exports import fetching, fitness, peft
from registry.exports.card import PEFT_CONFIG, PEFT_WEIGHTS, Card, Paste, Recipe
from registry.exports.peft_config import BASE

FOLDER = "/adapters"
STEPS = f"{', '.join(map(str, fitness.VLLM_RANKS[:-1]))} or {fitness.VLLM_RANKS[-1]}"
ONE_WEIGHT = "Servers apply adapters at weight 1"
RENAMED = """\
import json, pathlib

at = pathlib.Path({path})
config = json.loads(at.read_text())
config["base_model_name_or_path"] = {base}  # exactly as the server calls its base
at.write_text(json.dumps(config))"""


def write_recipe(card: Card) -> Recipe:
    at = f"{FOLDER}/{card.folder}"
    return Recipe(
        title="vLLM",
        path=f"{at}/{PEFT_WEIGHTS}",
        usage=_named(card, card.folder, at),
        language="shell",
        requirements=_requirements(card),
        more=(
            Paste("Fetch the folder first", fetching.folder(card, at), "shell"),
            Paste("Or load it while the server runs", _load(card, at), "shell"),
            Paste("Ask for it", ask(card), "shell"),
            *fetching.by_name(card, f"{_named(card, card.repo, card.repo)}  # the newest", "shell"),
            *_renaming(card, at),
            Paste(
                "Or start a server that reads the folder itself",
                _resolving(card),
                "shell",
            ),
            Paste("Or with the hub's plugin: any request may name it", _by_plugin(card), "shell"),
        ),
    )


def weight_note(card: Card) -> tuple[str, ...]:
    """Return what has to be said where a server has no weights."""
    if card.weight == 1:
        return ()
    return (f"{ONE_WEIGHT}; here {card.weight:g} is the best.",)


def ask(card: Card, model: str = "") -> str:
    """Return a request to a server that speaks as OpenAI's does."""
    body = {"model": model or card.folder, "prompt": "Once upon a time", "max_tokens": 40}
    return (
        "curl -fsS http://localhost:8000/v1/completions -H 'Content-Type: application/json' "
        f"-d {quote(json.dumps(body, ensure_ascii=False))}"
    )


def _flags(card: Card) -> str:
    rank = fitness.step_for(card.highest_rank)
    return f"--enable-lora --max-loras 4 --max-lora-rank {rank}"


def _named(card: Card, name: str, at: str) -> str:
    base = quote(peft.base_of(card))
    return f"vllm serve {base} {_flags(card)} --lora-modules {quote(f'{name}={at}')}"


def _load(card: Card, at: str) -> str:
    body = json.dumps({"lora_name": card.folder, "lora_path": at})
    return (
        f"VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve {quote(peft.base_of(card))} "
        f"{_flags(card)} &\n"
        "curl -fsS http://localhost:8000/v1/load_lora_adapter -H 'Content-Type: application/json' "
        f"-d {quote(body)}"
    )


def _renaming(card: Card, at: str) -> tuple[Paste, ...]:
    """Return what puts the base's name right, where the configuration has another."""
    named = card.base_repo if card.layout else card.config.get(BASE)
    if named and named == peft.base_of(card):
        return ()
    lines = RENAMED.format(path=repr(f"{at}/{PEFT_CONFIG}"), base=repr(peft.base_of(card)))
    return (
        Paste(
            "For a server that reads the folder itself: the base's exact name",
            lines,
            "python",
        ),
    )


def _resolving(card: Card) -> str:
    return (
        f"VLLM_ALLOW_RUNTIME_LORA_UPDATING=True VLLM_PLUGINS=lora_filesystem_resolver "
        f"VLLM_LORA_RESOLVER_CACHE_DIR={FOLDER} vllm serve {quote(peft.base_of(card))} "
        f"{_flags(card)}"
    )


def _by_plugin(card: Card) -> str:
    name = f"{card.repo}@v{card.version}"
    return (
        f"curl -fLO {quote(f'{card.hub}/client/vllm_resolver.py')}\n"
        "python vllm_resolver.py --install\n"
        f"VLLM_ALLOW_RUNTIME_LORA_UPDATING=True VLLM_PLUGINS=loradex "
        f"LORADEX_HUB={quote(card.hub)} vllm serve {quote(peft.base_of(card))} {_flags(card)}\n"
        f"{ask(card, name)}"
    )


def _requirements(card: Card) -> tuple[str, ...]:
    targets = fitness.targets(card)
    changed = (f"Layers that it changes: {', '.join(targets)}.",) if targets else ()
    rank = card.highest_rank
    step = fitness.step_for(rank)
    needs = (
        f"The server needs --max-lora-rank {step} or more: the adapter's rank is {rank}."
        if rank
        else f"The server needs --max-lora-rank of the adapter's rank or more: {STEPS}."
    )
    return (
        needs,
        *changed,
        *weight_note(card),
        *peft.needs_base(card),
        *fetching.notes(card),
    )
