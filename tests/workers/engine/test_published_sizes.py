"""Configurations that are called the published ones give as many parameters as are published."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("torch", reason="models are built with torch")

from registry.bases import catalogue
from workers.engine import manifests

pytestmark = pytest.mark.torch

SAID = re.compile(r"Its ([\d,]+) parameters are as many as are published")
# One of each kind: the rest differ from these in their numbers alone.
SAMPLE = [
    "llama-3-2-1b", "mixtral-8x7b", "qwen-2-5-0-5b", "qwen-3-0-6b", "gemma-2-2b", "gemma-3-4b",
    "phi-2", "phi-3-mini", "gpt-2-medium", "opt-350m", "bloom-560m", "bert-base-uncased",
    "roberta-base", "distilbert-base-uncased", "t5-small", "falcon-7b", "pythia-410m",
    "llava-1-5-7b", "qwen-2-5-vl-3b", "paligemma-3b", "blip2-opt-2-7b", "whisper-small",
    "wav2vec2-base-960h",
]  # fmt: skip


@pytest.mark.parametrize("slug", SAMPLE)
def test_a_base_has_as_many_parameters_as_its_notes_say(slug):
    said = SAID.search(catalogue.entry(slug).notes)
    [(_, _, model)] = manifests._models(catalogue.FOLDER / slug / "config")
    assert said
    assert f"{sum(each.numel() for each in model.parameters()):,}" == said[1]


@pytest.mark.parametrize("slug", ["mixtral-8x7b", "llava-1-5-7b", "gemma-3-4b", "musicgen-small"])
def test_a_manifest_is_what_its_configuration_gives(slug):
    assert manifests.make(slug, catalogue.FOLDER / slug / "config") == catalogue.manifest(slug)
