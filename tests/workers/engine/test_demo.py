"""The demo's own base and adapters: real training, every dialect, and three that must fail."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from registry.bases import catalogue
from registry.sweeps.plan import Scene, write_prompt
from tests.workers.engine.test_sweeping import at_weights, by_hand
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import BaseSource
from workers.engine.trials import try_on

DEMO = Path(__file__).resolve().parents[3] / "demo"
EVERY = {
    path.parent.name: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((DEMO / "adapters").glob("*/card.json"))
}
CARDS = {slug: card for slug, card in EVERY.items() if card["base"] == "shapes"}
GOOD = [slug for slug, card in CARDS.items() if card["expected"] == "published"]


@pytest.fixture(scope="module")
def shapes_base(bases):
    folder = DEMO / "base"
    return bases.load(BaseSource("shapes", "StableDiffusionPipeline", folder, folder, "shapes"))


@pytest.fixture(scope="module")
def circle():
    scene = catalogue.entry("shapes").scenes[0]
    return Scene(**scene | {"steps": 6})


def source_of(slug):
    folder = DEMO / "adapters" / slug
    weights = max(folder.glob("*.safetensors"))  # the latest training step
    config = folder / "adapter_config.json"
    return AdapterSource(weights, config if config.exists() else None)


def trial_of(slug, base, scene):
    words = tuple(CARDS[slug]["trigger_words"])
    return try_on(base, source_of(slug), scene, words, on_step=lambda done, of: None)[0]


@pytest.mark.parametrize("slug", GOOD)
def test_a_good_adapter_loads_whole_and_shows(shapes_base, circle, slug):
    facts = trial_of(slug, shapes_base, circle)

    assert facts["error"] is None
    assert facts["injected"] == facts["in_file"] != {}
    assert facts["unmatched_layers"] == []
    assert facts["saw_nan"] is False
    assert facts["change"] > 0
    assert shapes_base.is_sound


@pytest.mark.parametrize("slug", [slug for slug in GOOD if slug != "zebra"])  # not its loader's
def test_at_once_is_what_the_loop_gives(shapes_base, circle, slug):
    weights = (0.0, 0.4, 0.8, 1.2)
    path = source_of(slug).path

    expected = by_hand(shapes_base, circle, path, weights)
    found = at_weights(shapes_base, circle, path, weights)

    assert found.method == "batch"
    for shot, latent in zip(found.shots, expected, strict=True):
        # Where an overtrained adapter drives latents far out, rounding grows with them: the loop
        # differs as much from itself there when tensors only lie in memory in another order.
        size = max(1.0, np.abs(latent).max())
        assert np.abs(shot.latent - latent).max() < 1e-3 * size


@pytest.mark.parametrize("slug", CARDS.keys() & {"cracked-glaze"})
def test_an_adapter_that_is_no_number_is_seen(shapes_base, circle, slug):
    assert trial_of(slug, shapes_base, circle)["saw_nan"] is True


@pytest.mark.parametrize("slug", CARDS.keys() & {"blank-start"})
def test_an_adapter_of_zeros_changes_nothing(shapes_base, circle, slug):
    assert trial_of(slug, shapes_base, circle)["change"] == 0


@pytest.mark.parametrize("slug", CARDS.keys() & {"lost-traveller"})
def test_an_adapter_for_another_base_leaves_layers_over(shapes_base, circle, slug):
    facts = trial_of(slug, shapes_base, circle)

    assert facts["error"]
    assert facts["injected"] == {}
    assert facts["unmatched_layers"]


def test_the_scene_has_a_place_for_trigger_words(circle):
    assert write_prompt(circle.prompt, ("zq",)) != write_prompt(circle.prompt, ())
