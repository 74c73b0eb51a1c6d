from __future__ import annotations

import json

import pytest

from registry.bases import catalogue
from registry.formats.errors import Pickle
from registry.verdicts.shown import as_json
from registry.verdicts.told import told
from registry.verdicts.verdict import OnBase, Seen, Word, refusal, verdict_of
from tests import files
from tests.layers import Layer
from tests.reading import adapter_from, adapter_of

STRANGER = Layer("unet", "mid_block.attentions.0.nowhere.to_q", 1280, 1280)


def verdict(file, **options):
    return verdict_of(adapter_of(file), Seen("neon.safetensors", 1000), **options)


def on(slug: str) -> OnBase:
    return OnBase.of(catalogue.entry(slug))


class TestWithoutADeclaredBase:
    def test_a_sound_adapter_is_judged_on_the_base_it_is_likeliest_for(self):
        seen = verdict(files.kohya_lora("sdxl", text_encoder=True))
        assert (seen.word, seen.base.slug, seen.declared) == (Word.ACCEPTED, "sdxl-1-0", False)
        assert seen.fit.whole

    def test_a_layer_that_no_such_base_has_refuses_it(self):
        layers = [*files.layers_of("sd1", text_encoder=False), STRANGER]
        seen = verdict(files.named(files.safetensors(files.kohya_tensors(layers)), "a"))
        assert seen.word is Word.REFUSED
        assert [one.code for one in seen.problems] == ["layers.known"]

    def test_layers_of_two_families_are_refused(self):
        layers = [
            *files.layers_of("sd1", text_encoder=False),
            *files.layers_of("sdxl", text_encoder=False)[4:8],
        ]
        seen = verdict(files.named(files.safetensors(files.kohya_tensors(layers)), "a"))
        assert seen.word is Word.REFUSED
        assert [one.code for one in seen.problems if one.word is Word.REFUSED] == ["base.matches"]

    def test_a_base_of_a_size_that_nobody_knows_is_no_fault_of_the_file(self):
        root = "base_model.model.model.layers.0.self_attn.q_proj"
        shapes = {f"{root}.lora_A.weight": (8, 7777), f"{root}.lora_B.weight": (7777, 8)}
        seen = verdict_of(adapter_from(shapes), Seen("a.safetensors"))
        assert seen.word is Word.WARNED
        assert "base.found" in [one.code for one in seen.problems]

    def test_a_layout_that_nobody_knows_is_refused_and_not_guessed(self):
        seen = verdict_of(adapter_from({"w_a_000": (2, 768)}), Seen("sam.safetensors"))
        assert (seen.word, seen.identification.detection.family) == (Word.REFUSED, "unknown")


class TestOnADeclaredBase:
    def test_another_family_is_refused(self):
        seen = verdict(files.kohya_lora("sd1"), base=on("sdxl-1-0"))
        assert seen.word is Word.REFUSED
        assert "base.matches" in [one.code for one in seen.problems]

    def test_a_family_that_shapes_leave_open_is_believed(self):
        adapter = adapter_of(files.peft_lora("llama"), config={"r": 4, "lora_alpha": 4})
        families = verdict_of(adapter, Seen("a"), base=on("llama-3-1-8b")).identification.families
        assert "llama" in families


@pytest.mark.parametrize(
    "seen",
    [
        verdict(files.kohya_lora("sdxl")),
        verdict(files.kohya_lora("sd1"), base=on("sdxl-1-0")),
        verdict_of(adapter_from({"w_a_000": (2, 768)}), Seen("sam.safetensors")),
        refusal(Pickle("It holds pickled weights."), Seen("a.bin", 4)),
    ],
    ids=["sound", "another base", "unknown", "unreadable"],
)
class TestShown:
    def test_everything_is_json_and_always_under_the_same_names(self, seen):
        fields = json.loads(json.dumps(as_json(seen)))
        assert fields.keys() == as_json(verdict(files.kohya_lora("sd1"))).keys()
        assert fields["verdict"] == seen.word

    def test_a_terminal_is_told_the_verdict_first_and_every_problem(self, seen):
        text = told(seen)
        assert text.startswith(f"{seen.name}: {seen.word.value}")
        assert all(problem.sentence in text for problem in seen.problems)


class TestAlgorithm:
    """What only the configuration tells of the algorithm is told in the JSON and the terminal."""

    ROOT = "base_model.model.model.layers.0.self_attn.q_proj"

    def seen(self, tensors, config):
        shapes = {f"{self.ROOT}.{name}": shape for name, shape in tensors.items()}
        return verdict_of(adapter_from(shapes, config=config), Seen("adapter_model.safetensors"))

    def test_rank_stabilised_lora_is_lora_by_its_tensors(self):
        lora = {"lora_A.weight": (8, 4096), "lora_B.weight": (4096, 8)}
        seen = self.seen(lora, {"peft_type": "LORA", "r": 8, "use_rslora": True})
        fields = as_json(seen)
        assert (fields["algorithm"], fields["method"]) == ("lora", "rslora")
        assert "rslora" in told(seen)

    def test_a_rarer_type_of_peft_s_is_named_as_it_is(self):
        seen = self.seen({"hra_u": (4096, 8)}, {"peft_type": "HRA", "r": 8})
        fields = as_json(seen)
        assert (fields["algorithm"], fields["algorithms"]) == ("hra", ["hra"])
        assert fields["method"] == "hra"
