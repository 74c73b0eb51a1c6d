"""Manifests of configurations that nobody trusts."""

from __future__ import annotations

import resource

import pytest

pytest.importorskip("torch", reason="manifests are made with torch")

import diffusers
import transformers

from registry.bases import classes
from registry.bases.family import family_of
from registry.bases.manifest import decode
from tests import blueprints
from workers.engine import making, manifests
from workers.engine.making import ConfigRefused

pytestmark = pytest.mark.torch


def made(configs):
    content, counts = making.make("ours", configs)
    manifest = decode(content, name="a test's")
    assert {name: len(layers) for name, layers in manifest.components.items()} == counts
    return manifest


def test_lays_out_a_language_model():
    manifest = made(blueprints.language_model())

    layers = manifest.components["model"]
    assert layers["model.layers.1.self_attn.q_proj"].shape == (64, 64)
    assert layers["model.layers.1.self_attn.k_proj"].shape == (32, 64)
    assert layers["lm_head"].shape == (320, 64)
    assert family_of(manifest) == "llama"


def test_lays_out_a_pipeline_with_its_text_encoder():
    manifest = made(blueprints.pipeline())

    unet = manifest.components["unet"]
    name = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k"
    assert unet[name].shape == (32, 32)
    assert "encoder.layers.1.mlp.fc1" in " ".join(manifest.components["text_encoder"])
    assert manifest.find("unet", name.replace(".", "_")) == unet[name]


def test_lays_out_a_picture_model_given_alone():
    assert set(made({"config.json": blueprints.UNET}).components) == {"unet"}


def test_lays_out_tens_of_billions_of_parameters_without_room_for_them():
    manifest = made(
        blueprints.language_model(
            hidden_size=8192, intermediate_size=28672, num_hidden_layers=80,
            num_attention_heads=64, num_key_value_heads=8, vocab_size=128256,
        )
    )  # fmt: skip
    assert len(manifest.components["model"]) == 2 + 1 + 80 * 9


@pytest.mark.parametrize(
    ("configs", "said"),
    [
        (blueprints.language_model(auto_map={"AutoModel": "x.Y"}), "never runs"),
        (blueprints.language_model(hidden_act="no_such_function"), "cannot build"),
        (blueprints.language_model(num_attention_heads=0), "cannot build"),
        (blueprints.language_model(hidden_size="wide"), "cannot build"),
        (blueprints.pipeline(unet={"down_block_types": ["EvilBlock2D"] * 2}), "cannot build"),
        (blueprints.pipeline(unet={"block_out_channels": [32]}), "cannot build"),
    ],
    ids=["code", "an activation", "no heads", "a word", "a block", "too few widths"],
)
def test_says_in_a_sentence_what_cannot_be_built(configs, said):
    with pytest.raises(ConfigRefused, match=said):
        making.make("ours", configs)


def test_stops_a_model_of_too_many_parts_while_it_is_built(monkeypatch):
    monkeypatch.setattr(making, "MOST_PARAMETERS", 20)
    with pytest.raises(ConfigRefused, match="too large"):
        making.make("ours", blueprints.language_model(num_hidden_layers=900))


def test_stops_a_model_that_takes_too_much_memory(monkeypatch):
    monkeypatch.setattr(making, "MOST_MEMORY", 64 * 2**20)
    monkeypatch.setattr(manifests, "make", lambda *_: bytearray(2**31))
    before = resource.getrlimit(resource.RLIMIT_AS)

    with pytest.raises(ConfigRefused, match="too large"):
        making.make("ours", blueprints.language_model())

    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_takes_layers_of_the_parts_that_manifests_are_made_of():
    assert set(manifests.ADAPTED) >= set(classes.PARTS)


@pytest.mark.parametrize("name", sorted(classes.DIFFUSERS))
def test_every_picture_class_is_one_of_diffusers(name):
    kind = getattr(diffusers, name)
    assert issubclass(kind, diffusers.ModelMixin)


@pytest.mark.parametrize("name", sorted(classes.TRANSFORMERS))
def test_every_other_class_is_one_of_transformers(name):
    kind = getattr(transformers, name)
    assert issubclass(kind, transformers.PreTrainedModel)
