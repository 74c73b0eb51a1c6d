"""Bases that hear, see and sound: one batch is what the loop gives, and weight 0 is the base."""

from __future__ import annotations

import numpy as np
import peft
import pytest
import torch
import transformers

from registry.bases import catalogue
from registry.sweeps import media, plain_scenes
from registry.sweeps.plan import Scene
from tests.workers.engine.families.sensing import BASES
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import NAME, attached
from workers.engine.bases import Bases, BaseSource
from workers.engine.devices import choose
from workers.engine.families.saying import word_errors
from workers.engine.families.table import family_of
from workers.engine.families.transforming import Transforming
from workers.engine.rendering import Sample, render
from workers.engine.sounds import SoundShot
from workers.engine.sweeping import Row, sweep
from workers.engine.trials import try_on

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

WEIGHTS = (0.0, 0.5, 1.0, 1.5)


def quiet(done, of):
    """Nobody listens."""


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """Return a function that gives a loaded base and an adapter for it."""
    made = {}

    def give(name):
        if name not in made:
            small = BASES[name]
            home = tmp_path_factory.mktemp(name)
            folder = small.build(home / "base")
            source = BaseSource(name, small.pipeline, folder, folder, name)
            made[name] = Bases(choose("cpu")).load(source), adapter(small, folder, home / "lora")
        return made[name]

    return give


def adapter(small, folder, home):
    torch.manual_seed(0)
    model = getattr(transformers, small.pipeline).from_pretrained(folder, dtype=torch.float32)
    config = peft.LoraConfig(
        r=4, lora_alpha=8, target_modules=small.layers, init_lora_weights=False
    )
    peft.get_peft_model(model, config).save_pretrained(home)
    return AdapterSource(home / "adapter_model.safetensors", home / "adapter_config.json")


@pytest.fixture(params=BASES)
def name(request):
    return request.param


@pytest.fixture
def base(kept, name):
    base, _ = kept(name)
    base.memory.clear()
    return base


@pytest.fixture
def source(kept, name):
    return kept(name)[1]


@pytest.fixture
def scene(name):
    return Scene(**{"slug": name, "title": name, "prompt": ""} | BASES[name].scene)


def shots_of(base, scene, source, weights):
    samples = [Sample(scene.prompt, weight) for weight in weights]
    with attached(base, source) as attachment:
        assert attachment.injected == attachment.in_file
        return render(base, scene, samples, attachment=attachment, on_step=quiet)


def by_hand(base, scene, source, weight):
    """Set the weight of each layer, ask, as people do it."""
    with attached(base, source) as attachment, torch.inference_mode():
        base.family.prepare(base.pipeline, [scene.prompt], scene)
        for layer in attachment.layers["model"].values():
            layer.set_scale(NAME, weight)
        return base.family.answer(base.pipeline, [scene.prompt], scene, quiet)[0]


def apart(one, other):
    if isinstance(one, SoundShot):
        if one.sound.samples.shape != other.sound.samples.shape:
            return np.inf
        return np.abs(one.sound.samples - other.sound.samples).max()
    assert one.text == other.text
    assert one.tokens == other.tokens
    return np.abs(np.exp(one.expected) - np.exp(other.expected)).max()


def test_at_once_is_what_the_loop_gives(base, scene, source, name):
    found = shots_of(base, scene, source, WEIGHTS)

    assert found.method == ("batch" if BASES[name].at_once else "loop")
    assert bool(found.reason) is not BASES[name].at_once
    for weight, shot in zip(WEIGHTS, found.shots, strict=True):
        assert apart(by_hand(base, scene, source, weight), shot) < 2e-4
    assert base.is_sound


def test_the_adapter_shows(base, scene, source):
    zero, *_, most = shots_of(base, scene, source, WEIGHTS).shots

    assert zero.change(most) > 0
    assert zero.change(zero) == 0


def test_weight_0_is_the_base_alone(base, scene, source):
    (zero,) = shots_of(base, scene, source, (0.0,)).shots

    alone = render(base, scene, [Sample(scene.prompt, 0.0)], attachment=None, on_step=quiet)

    assert apart(alone.shots[0], zero) < 1e-5


def test_the_same_twice(base, scene, source):
    first, second = (shots_of(base, scene, source, (1.0,)).shots[0] for _ in range(2))

    assert apart(first, second) == 0


def test_a_trial_renders_and_tells_what_changes(base, scene, source, name):
    facts, blobs = try_on(base, source, scene, (), on_step=quiet)

    assert facts["error"] is None
    assert facts["injected"] == facts["in_file"] != {}
    assert facts["change"] > 0
    assert facts["saw_nan"] is False
    assert bool(blobs) is (name in ("musicgen", "vits"))


def test_a_row_tells_its_cells(base, scene, source, name):
    row = Row(scene=scene, prompt=scene.prompt, weights=WEIGHTS, skip=frozenset())

    answer, blobs = sweep(base, source, row, on_step=quiet)

    zero, *others = answer["cells"]
    assert zero["from_zero"] is None
    if name in ("musicgen", "vits"):
        assert {cell["medium"] for cell in answer["cells"]} == {"sound"}
        assert all(blobs[cell["sound"]][:4] == b"RIFF" for cell in answer["cells"])
        assert all(blobs[cell["blob"]][8:12] == b"WEBP" for cell in answer["cells"])
        assert {"spectrum"} == others[-1]["from_zero"].keys()
        assert {"seconds", "loudness", "clipping"} <= others[-1]["measures"].keys()
        return
    assert {cell["medium"] for cell in answer["cells"]} == {"text"}
    assert {"kl", "words"} == others[-1]["from_zero"].keys()
    assert others[-1]["from_zero"]["kl"] > 0
    assert {"repetition", "error", "agreement"} <= others[-1]["measures"].keys()


@pytest.mark.parametrize("name", ["whisper", "blip", "llava"])
def test_what_is_meant_is_more_or_less_expected(base, scene, source):
    row = Row(scene=scene, prompt=scene.prompt, weights=WEIGHTS, skip=frozenset())

    cells = sweep(base, source, row, on_step=quiet)[0]["cells"]

    told = [cell["measures"]["surprise"] for cell in cells]
    assert len(set(told)) == len(WEIGHTS)
    assert min(told) > 1


@pytest.mark.parametrize("name", ["blip", "llava"])
def test_prompts_of_different_lengths_are_asked_one_by_one(base, scene, source):
    samples = [Sample("a big", 1.0), Sample("a big blue", 1.0)]

    with attached(base, source) as attachment:
        found = render(base, scene, samples, attachment=attachment, on_step=quiet)

    assert found.method == "loop"
    assert "differ" in found.reason
    assert len(found.shots) == 2


def test_words_that_are_wrong_are_counted():
    assert word_errors("Seven blue hearts.", "seven blue hearts") == 0
    assert word_errors("seven red hearts", "seven blue hearts") == pytest.approx(1 / 3)
    assert word_errors("", "seven blue hearts") == 1
    assert word_errors("well seven blue hearts now", "seven blue hearts") == pytest.approx(2 / 3)


def test_what_the_hub_says_is_swept_has_a_family_that_answers():
    for entry in catalogue.entries():
        if media.medium_of(entry.modality, entry.pipeline) in {media.TEXT, media.SOUND}:
            family = family_of(entry.pipeline)
            assert not isinstance(family, Transforming), entry.slug
            assert plain_scenes.of(entry.modality, entry.pipeline), entry.slug
