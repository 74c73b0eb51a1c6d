"""The video bases and their kin have as many parameters as their makers publish."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="manifests are made with torch")

from registry.bases import catalogue
from workers.engine import manifests

pytestmark = pytest.mark.torch

MILLIONS = [
    ("lumina-2", 2609.8),
    ("hidream-i1-full", 17105.7),
    ("pixart-sigma", 610.9),
    ("sana-1600m", 1604.5),
    ("hunyuan-video", 12821.0),
    ("wan-2-1-1-3b", 1419.0),
    ("wan-2-1-14b", 14288.5),
    ("wan-2-2-5b", 4999.8),
    ("ltx-video", 1923.4),
    ("cosmos-predict2-2b", 1956.4),
    ("hunyuan-dit", 1500.0),
]


@pytest.mark.parametrize(("slug", "millions"), MILLIONS)
def test_a_transformer_has_as_many_parameters_as_the_release(slug, millions):
    folder = catalogue.FOLDER / slug / "config"
    name, _, model = next(iter(manifests._models(folder)))
    assert name == "transformer"
    assert sum(p.numel() for p in model.parameters()) / 1e6 == pytest.approx(millions, abs=0.1)


def test_an_adapter_that_diffusers_keep_apart_is_inside_the_denoiser():
    made = manifests.make("anima", catalogue.FOLDER / "anima/config")
    assert made == catalogue.manifest("anima")
    assert set(made.components) == {"transformer", "text_encoder"}
    name = "text_conditioner.blocks.0.self_attn.q_proj"
    assert name in made.components["transformer"]
    assert made.other_names["transformer"]["llm_adapter_blocks_0_self_attn_q_proj"] == (name,)
