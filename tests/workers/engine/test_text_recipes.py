"""The programs for text adapters that we tell people to paste: they run, and change the text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer, LlamaForCausalLM

from registry.exports import peft, transformers
from registry.exports.card import Card

ROOT = Path(__file__).resolve().parents[3]
BASE = ROOT / "demo/bases/tales"
PIRATE = ROOT / "demo/adapters/pirate-tales"
PROMPT = "A tale of a red circle and a blue star:"
CARD = Card(
    team="demo",
    slug="pirate-tales",
    title="Pirate tales",
    version=1,
    stem="pirate-tales-v1",
    sha256="",
    base="tales",
    family="llama",
    trigger_words=(),
    weight=1.0,
    weight_low=0.8,
    weight_high=1.2,
    download_url=(PIRATE / "adapter_model.safetensors").as_uri(),
    file_name="pirate-tales-v1.safetensors",
    dialect="peft",
    config_url=(PIRATE / "adapter_config.json").as_uri(),
    base_repo=str(BASE),
    pipeline="LlamaForCausalLM",
)


@pytest.fixture(scope="module")
def numbers():
    """Return a function that gives what a model expects after the prompt."""
    words = AutoTokenizer.from_pretrained(BASE)(PROMPT, return_tensors="pt")

    def numbers(model):
        with torch.no_grad():
            return model.eval()(**words).logits[0, -1]

    return numbers


@pytest.fixture(scope="module")
def without(numbers):
    return numbers(LlamaForCausalLM.from_pretrained(BASE))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Paste a recipe into an empty folder, and return the model that it leaves."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LORADEX_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: str(PIRATE))

    def run(recipe):
        left = {}
        exec(recipe.usage, left)
        return left["model"]

    return run


@pytest.fixture
def by_peft(run, numbers):
    return numbers(run(peft.write_recipe(CARD)))


def test_peft_changes_what_the_base_expects(by_peft, without):
    assert (by_peft - without).abs().max() > 0.5


def test_transformers_gives_the_same(run, numbers, by_peft):
    assert torch.allclose(numbers(run(transformers.write_recipe(CARD))), by_peft, atol=1e-4)


def test_the_weight_is_applied(run, numbers, by_peft, without):
    nothing = numbers(run(peft.write_recipe(replace(CARD, weight=0.0))))
    half = numbers(run(peft.write_recipe(replace(CARD, weight=0.5))))

    assert torch.allclose(nothing, without, atol=1e-4)
    assert (half - without).abs().max() > 0.1
    assert not torch.allclose(half, by_peft, atol=1e-2)
