"""Text bases of every kind: what they answer at each weight, all at once and one by one."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from peft import (
    AdaLoraConfig,
    IA3Config,
    LoHaConfig,
    LoKrConfig,
    LoraConfig,
    OFTConfig,
    VeraConfig,
)

from registry.bases import catalogue
from registry.sweeps import media
from tests.workers.engine.families import texts
from workers.engine import rendering
from workers.engine.attaching import attached
from workers.engine.bases import Bases, BaseSource, BaseUnreadable
from workers.engine.devices import choose
from workers.engine.families.table import family_of
from workers.engine.families.transforming import Transforming
from workers.engine.rendering import Sample, render
from workers.engine.sweeping import Row, sweep
from workers.engine.texts import divergence
from workers.engine.trials import try_on

# PEFT asks for things by names that transformers is about to change.
pytestmark = pytest.mark.filterwarnings("ignore")

WEIGHTS = (0.0, 0.5, 1.0, 2.0)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Return a function that gives the small base of a class, loaded."""
    kept = {}

    def load(name):
        if name not in kept:
            folder = texts.build_base(name, tmp_path_factory.mktemp("texts") / name)
            bases = Bases(choose("cpu"))
            kept[name] = bases, bases.load(BaseSource(name, name, folder, folder, name))
        return kept[name][1]

    return load


@pytest.fixture(params=texts.KINDS)
def name(request):
    return request.param


@pytest.fixture
def base(loaded, name):
    base = loaded(name)
    base.memory.clear()
    base.most_at_once = 1_000_000
    return base


@pytest.fixture
def source(name, tmp_path):
    return texts.adapter(name, tmp_path / "adapter")


def quiet(done, of):
    pass


def rendered(base, source, samples, scene=None):
    with attached(base, source) as attachment:
        assert attachment.error is None
        assert attachment.unmatched == ()
        return render(base, scene or texts.scene(), samples, attachment=attachment, on_step=quiet)


def one_by_one(base, source, samples, monkeypatch):
    monkeypatch.setattr(rendering, "why_not", lambda _attachment: "asked for")
    return rendered(base, source, samples)


def assert_same(one, other):
    assert one.text == other.text
    assert one.tokens == other.tokens
    assert np.abs(np.exp(one.expected) - np.exp(other.expected)).max() < 1e-5
    for measure, value in one.told.items():
        assert value == pytest.approx(other.told[measure], rel=1e-4)


SAMPLES = [Sample("the ferry left the", weight) for weight in WEIGHTS]


class TestRender:
    def test_gives_at_once_what_the_weights_give_one_by_one(self, base, source, monkeypatch):
        together = rendered(base, source, SAMPLES)
        apart = one_by_one(base, source, SAMPLES, monkeypatch)

        assert (together.method, apart.method) == ("batch", "loop")
        for one, other in zip(together.shots, apart.shots, strict=True):
            assert_same(one, other)

    def test_gives_without_weight_what_the_base_gives(self, base, source):
        alone = render(base, texts.scene(), SAMPLES[:1], attachment=None, on_step=quiet)
        with_it = rendered(base, source, SAMPLES)

        assert_same(alone.shots[0], with_it.shots[0])

    def test_moves_further_with_the_weight(self, base, source):
        samples = [Sample("the ferry left the", weight) for weight in (0.0, 0.05, 0.2, 1.0)]

        zero, *others = rendered(base, source, samples).shots

        distances = [zero.distances(shot)["kl"] for shot in others]
        assert zero.distances(zero) == {"kl": 0, "words": 0}
        assert 0 < distances[0] < distances[1] < distances[2]

    def test_changes_what_a_table_of_words_gives(self, base, name, tmp_path, monkeypatch):
        told = LoraConfig(
            r=4, target_modules=[texts.KINDS[name].embedding], init_lora_weights=False
        )
        source = texts.adapter(name, tmp_path / "embedding", told)

        together = rendered(base, source, SAMPLES)
        apart = one_by_one(base, source, SAMPLES, monkeypatch)

        assert together.method == "batch"
        for one, other in zip(together.shots, apart.shots, strict=True):
            assert_same(one, other)
        assert divergence(together.shots[0].expected, together.shots[2].expected) > 0.001

    def test_answers_prompts_of_several_lengths_in_one_batch(self, base, source):
        samples = [Sample("the ferry left the", 1.0), Sample("zq , zq . the ferry left the", 1.0)]

        together = rendered(base, source, samples).shots
        apart = [rendered(base, source, [sample]).shots[0] for sample in samples]

        for one, other in zip(together, apart, strict=True):
            assert one.text == other.text
            assert np.abs(np.exp(one.expected) - np.exp(other.expected)).max() < 1e-4

    def test_halves_a_batch_that_does_not_fit(self, base, source, monkeypatch):
        expected = rendered(base, source, SAMPLES).shots
        whole = base.family.answer

        def answer(pipeline, prompts, *rest):
            if len(prompts) > 2:
                raise torch.OutOfMemoryError("no room")
            return whole(pipeline, prompts, *rest)

        monkeypatch.setattr(base.family, "answer", answer)
        found = rendered(base, source, SAMPLES).shots

        assert base.most_at_once == 2
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)


TARGETS = {"target_modules": ["q_proj", "v_proj"]}
OTHERS = {
    "DoRA": LoraConfig(r=2, use_dora=True, init_lora_weights=False, **TARGETS),
    "rsLoRA": LoraConfig(r=4, use_rslora=True, init_lora_weights=False, **TARGETS),
    "LoHa": LoHaConfig(r=2, init_weights=False, **TARGETS),
    "LoKr": LoKrConfig(r=2, init_weights=False, **TARGETS),
    "IA3": IA3Config(feedforward_modules=["down_proj"], target_modules=["q_proj", "down_proj"]),
    "AdaLoRA": AdaLoraConfig(
        init_r=2, target_r=2, total_step=10, init_lora_weights=False, **TARGETS
    ),
    "VeRA": VeraConfig(r=2, target_modules=["q_proj", "o_proj"], init_weights=False),
    "OFT": OFTConfig(oft_block_size=4, init_weights=False, **TARGETS),
}


@pytest.mark.parametrize("name", ["LlamaForCausalLM"], indirect=True)
@pytest.mark.parametrize("method", OTHERS)
def test_every_method_of_peft_grows_with_the_weight(base, name, method, tmp_path, monkeypatch):
    source = texts.adapter(name, tmp_path / "other", OTHERS[method])
    samples = [Sample("the ferry left the", weight) for weight in (0.0, 0.05, 0.3, 1.0)]

    found = rendered(base, source, samples)
    apart = one_by_one(base, source, samples, monkeypatch)

    zero, little, more, whole = (shot.expected for shot in found.shots)
    alone = render(base, texts.scene(), SAMPLES[:1], attachment=None, on_step=quiet).shots[0]
    # DoRA takes one weight at a time: it scales by the length of the changed weight.
    assert found.method == ("loop" if method == "DoRA" else "batch")
    assert divergence(alone.expected, zero) < 1e-6
    assert 0 < divergence(zero, little) < divergence(zero, more)
    assert divergence(more, whole) > 0
    for one, other in zip(found.shots, apart.shots, strict=True):
        assert_same(one, other)
    assert base.is_sound


class TestSweep:
    def test_sends_texts_and_no_files(self, base, source):
        row = Row(texts.scene(), "the ferry left the", WEIGHTS, frozenset())

        answer, blobs = sweep(base, source, row, on_step=quiet)

        first, *others = answer["cells"]
        assert not blobs
        assert {(cell["medium"], cell["blob"], cell["sound"]) for cell in answer["cells"]} == {
            ("text", None, None)
        }
        assert first["text"]
        assert first["from_zero"] is None
        assert first["measures"]["agreement"] == 1
        assert all(cell["from_zero"]["kl"] > 0 for cell in others)
        assert all(0 <= cell["measures"]["repetition"] <= 1 for cell in answer["cells"])

    def test_tells_what_it_need_not_send_all_the_same(self, base, source):
        whole = Row(texts.scene(), "the ferry left the", WEIGHTS, frozenset())
        known = Row(texts.scene(), "the ferry left the", WEIGHTS, frozenset(WEIGHTS))

        expected, _ = sweep(base, source, whole, on_step=quiet)
        found, _ = sweep(base, source, known, on_step=quiet)

        assert [one["text"] for one in found["cells"]] == [one["text"] for one in expected["cells"]]

    def test_says_that_numbers_are_none_and_measures_it_all_the_same(self, base, name, tmp_path):
        source = texts.adapter(name, tmp_path / "spoiled")
        tensors = {key: one * float("inf") for key, one in texts.load_file(source.path).items()}
        texts.save_file(tensors, source.path, {"format": "pt"})
        row = Row(texts.scene(), "the ferry left the", (0.0, 1.0), frozenset())

        answer, _ = sweep(base, source, row, on_step=quiet)

        zero, one = answer["cells"]
        assert (zero["saw_nan"], one["saw_nan"]) == (False, True)
        assert np.isfinite(one["from_zero"]["kl"])
        assert all(np.isfinite(value) for value in one["measures"].values())

    @pytest.mark.parametrize("name", ["LlamaForCausalLM"], indirect=True)
    def test_measures_the_base_once_for_all_adapters(self, base, name, tmp_path, monkeypatch):
        row = Row(texts.scene(), "the ferry left the", WEIGHTS, frozenset())
        base.pipeline.kept.clear()
        made = []
        keep = base.pipeline.keep
        monkeypatch.setattr(
            base.pipeline, "keep", lambda key, one: (made.append(key), keep(key, one))
        )

        for number in range(2):
            source = texts.adapter(name, tmp_path / f"adapter-{number}")
            sweep(base, source, row, on_step=quiet)

        assert len(made) == 1


class TestTryOn:
    def test_tells_how_much_the_adapter_changes(self, base, source):
        facts, blobs = try_on(base, source, texts.scene(), ["zq"], on_step=quiet)

        assert not blobs
        assert facts["level"] == "renders"
        assert facts["saw_nan"] is False
        assert 0.002 < facts["change"] <= 1
        assert 0 <= facts["trigger_change"] <= 1

    def test_sees_that_an_adapter_of_zeros_changes_nothing(self, base, name, tmp_path):
        source = texts.adapter(name, tmp_path / "zeros")
        tensors = {key: one * 0 for key, one in texts.load_file(source.path).items()}
        texts.save_file(tensors, source.path, {"format": "pt"})

        facts, _ = try_on(base, source, texts.scene(), [], on_step=quiet)

        assert facts["change"] < 1e-5


class TestLoad:
    @pytest.mark.parametrize("name", ["LlamaForCausalLM"])
    def test_takes_no_pickled_weights(self, name, tmp_path):
        folder = texts.build_base(name, tmp_path / name)
        (folder / "model.safetensors").unlink()
        torch.save({}, folder / "pytorch_model.bin")

        with pytest.raises(BaseUnreadable, match="safetensors"):
            Bases(choose("cpu")).load(BaseSource("x", name, folder, folder, ""))

    def test_says_that_a_class_is_not_swept(self, tmp_path):
        (tmp_path / "config.json").write_text("{}")

        with pytest.raises(BaseUnreadable, match="not swept"):
            Bases(choose("cpu")).load(BaseSource("x", "BertModel", tmp_path, tmp_path, ""))


@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.slug)
def test_the_hub_asks_to_render_what_the_engine_renders(entry):
    if media.medium_of(entry.modality, entry.pipeline) not in {None, media.PICTURE}:
        assert not isinstance(family_of(entry.pipeline), Transforming)
