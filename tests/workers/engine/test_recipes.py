"""The programs that we tell people to paste: they run, and load what they say they load."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from PIL import Image

from registry.exports import diffusers
from registry.exports.card import Card
from tests.workers.engine import tiny


@pytest.fixture
def run(tmp_path, monkeypatch, base_folder):
    """Paste a recipe into an empty folder, and return the picture that it saves."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "huggingface_hub.hf_hub_download", lambda *_, **__: str(tmp_path / "hub" / "kohya")
    )

    def run(tensors, dialect, weight=1.0, config=None):
        hub = tmp_path / "hub"
        hub.mkdir(exist_ok=True)
        (hub / "config").write_text(json.dumps(config or {}), encoding="utf-8")
        card = Card(
            team="studio",
            slug="ink-wash",
            title="Ink wash",
            version=1,
            stem="studio--ink-wash-v1",
            sha256="",
            base="tiny",
            family="sd1",
            trigger_words=("zq",),
            weight=weight,
            weight_low=0.5,
            weight_high=1.0,
            download_url=tiny.write(hub / dialect, tensors).as_uri(),
            file_name="studio--ink-wash-v1.safetensors",
            dialect=dialect,
            base_at=str(base_folder),
            config_url=(hub / "config").as_uri(),
        )
        loading, drawing, rest = diffusers.write_recipe(card).usage.partition("picture = ")
        exec(f"{loading}torch.manual_seed(0)\n{drawing}{rest}", {"torch": torch})
        return np.asarray(Image.open("ink-wash.png"), np.int16)

    return run


def test_each_dialect_gives_the_same_picture(run, unet_pairs):
    without = run(tiny.kohya(unet_pairs), "kohya", weight=0.0)
    expected = run(tiny.kohya(unet_pairs), "kohya")

    root = run(tiny.diffusers_old(unet_pairs, prefix=""), "diffusers_root")
    wrapped = run(tiny.diffusers_wrapped(unet_pairs), "diffusers_peft")
    own = run(
        tiny.peft_files(unet_pairs),
        "peft",
        config={
            "peft_type": "LORA",
            "r": 4,
            "lora_alpha": 4,
            "target_modules": list(tiny.ATTENTION),
        },
    )

    assert np.abs(expected - without).max() > 2
    assert np.abs(expected - root).max() <= 1
    assert np.abs(expected - wrapped).max() <= 1
    assert np.abs(expected - own).max() <= 1
