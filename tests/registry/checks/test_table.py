"""Every check has a case that fails it, and only it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from registry.bases import catalogue
from registry.bases.identify import identify
from registry.checks.facts import Content, Declared, Effect, Trial
from registry.checks.outcome import Outcome, judge
from registry.checks.table import EFFECT_CHECKS, FILE_CHECKS, HEADER_CHECKS, TRIAL_CHECKS
from registry.verdicts.verdict import OnBase, gather
from tests import files
from tests.reading import adapter_from, adapter_of

SOUND = files.kohya_lora("sdxl")
ROOT = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k"
SOUND_LAYER = {f"{ROOT}.lora_down.weight": (4, 2048), f"{ROOT}.lora_up.weight": (1280, 4)}
GOOD_CONTENT = Content(layers=16)


def declare(adapter, on="sdxl-1-0", **more) -> Declared:
    base = OnBase.of(catalogue.entry(on))
    facts = gather(adapter, identify(adapter), base=base, content=GOOD_CONTENT)
    return replace(facts, **more)


def with_layer(**changes) -> Declared:
    """Return the facts of one sound layer, and of whatever else `changes` name and shape."""
    return declare(adapter_from(SOUND_LAYER | changes))


def outcomes(facts, checks):
    return {result.code: result.outcome for result in judge(facts, checks)}


def problems(facts, checks):
    return {result.code: result.problem for result in judge(facts, checks) if result.problem}


def llama(**configured):
    return adapter_of(files.peft_lora(), config=files.peft_config(**configured))


HALF = {"lora_unet_conv_in.lora_down.weight": (4, 4, 3, 3)}
TORN = {"lora_unet_conv_in.lora_down.weight": (4, 4, 3, 3),
        "lora_unet_conv_in.lora_up.weight": (320, 8, 1, 1)}  # fmt: skip
STRANGE = {"lora_unet_down_blocks_9_x.lora_down.weight": (4, 8),
           "lora_unet_down_blocks_9_x.lora_up.weight": (8, 4)}  # fmt: skip
LAVISH = {"lora_unet_conv_in.lora_down.weight": (64, 4, 3, 3),
          "lora_unet_conv_in.lora_up.weight": (320, 64, 1, 1)}  # fmt: skip
WIDE = {"lora_unet_conv_in.lora_down.weight": (4, 9, 3, 3),
        "lora_unet_conv_in.lora_up.weight": (320, 4, 1, 1)}  # fmt: skip
UNSEEN = {"lora_unet_down_blocks_1_x.lora_down.weight": (4, 8),
          "lora_unet_down_blocks_1_x.lora_up.weight": (8, 4)}  # fmt: skip
SD1 = adapter_of(files.kohya_lora("sd1"))
NAN_IN = Content(nan_tensors=("a.lora_up.weight", "b.lora_up.weight"), layers=16)

MANY = files.kohya_lora("sdxl", text_encoder=True)
ONE_FAR_OFF = {pair.layer: 1.0 for pair in adapter_of(MANY).pairs} | {ROOT: 900.0}
RUN_AWAY = Content(layers=32, norms=ONE_FAR_OFF)
COPIED = {"ss_network_module": "networks.lora", "ss_network_dim": "32"}
PRIVATE = {"ss_sd_model_name": "C:\\Users\\annette\\models\\sdxl.safetensors"}
HASHED = {"sshs_model_hash": "ab" * 32}
REHASHED = Content(layers=1, hashes=("cd" * 32,))

FILE_FAULTS = {
    "file.readable": declare(adapter_from({"w_a_000": (2, 768)})),
    "base.matches": declare(SD1, fit=None),
    "pairs.complete": with_layer(**HALF),
    "pairs.rank": with_layer(**TORN),
    "pairs.useful": with_layer(**LAVISH),
    "layers.known": with_layer(**STRANGE),
    "shapes.match": with_layer(**WIDE),
    "base.visible": declare(adapter_from(UNSEEN), fit=None),
    "base.found": declare(adapter_of(SOUND), base="", base_title="", fit=None),
    "base.claimed": declare(adapter_from(SOUND_LAYER, metadata={"ss_base_model_version": "sd_v1"})),
    "config.rank": declare(llama(r=8), "llama-3-1-8b"),
    "config.targets": declare(llama(target_modules=["q_proj", "v_proj"]), "llama-3-1-8b"),
    "tensors.used": with_layer(junk=(1,)),
    "runtimes.diffusers": with_layer(**{f"{ROOT}.dora_scale": (1280, 1)}),
    "runtimes.peft": declare(llama(peft_type="ADALORA"), "llama-3-1-8b"),
    "values.finite": declare(adapter_of(SOUND), content=NAN_IN),
    "values.nonzero": declare(adapter_of(SOUND), content=Content(zero_up=("a", "b"), layers=2)),
    "values.trained": declare(adapter_of(SOUND), content=Content(zero_up=("a",), layers=2)),
    "values.even": declare(adapter_of(MANY), content=RUN_AWAY),
    "metadata.agrees": declare(adapter_from(SOUND_LAYER, metadata=COPIED)),
    "metadata.private": declare(adapter_from(SOUND_LAYER, metadata=PRIVATE)),
    "tensors.as_claimed": declare(adapter_from(SOUND_LAYER, metadata=HASHED), content=REHASHED),
    "weights.new": declare(adapter_of(SOUND), alike=("ink/wash v1",)),
    "bytes.new": declare(adapter_of(SOUND), duplicates=("ink/wash v1",)),
}

COUNTS = {"unet": 16, "text_encoder": 8}
GOOD = Trial(level="renders", in_file=COUNTS, injected=COUNTS, change=0.2, trigger_change=0.1)
TRIAL_FAULTS = {
    "trial.loads": replace(GOOD, error="size mismatch for mid_block", injected={}),
    "trial.layers": replace(GOOD, injected={"unet": 16}),
    "trial.finite": replace(GOOD, saw_nan=True),
    "trial.effect": replace(GOOD, change=0.0001),
    "trial.trigger": replace(GOOD, trigger_change=0.0),
}

WORKS = Effect(
    weight=0.9,
    whole=0.5,
    most=0.7,
    highest=2.0,
    visible=0.02,
    without_words=0.1,
    parts={"unet": 0.4, "text_encoder": 0.1},
    words={"inkwash": 0.5, "paper": 0.2},
    declared=("inkwash",),
)
EFFECT_FAULTS = {
    "effect.visible": replace(WORKS, most=0.01, whole=0.01, without_words=0.0, words={}),
    "effect.parts": replace(WORKS, parts={"unet": 0.001, "text_encoder": 0.5}),
    "effect.words": replace(WORKS, without_words=0.45),
    "effect.others": replace(WORKS, words={"inkwash": 0.2, "paper": 0.4}),
}


class TestSound:
    @pytest.mark.parametrize("base", ["sdxl-1-0", "pony-v6", "illustrious-xl"])
    def test_adapter_passes_every_check(self, base):
        found = outcomes(declare(adapter_of(SOUND), base), FILE_CHECKS)
        assert set(found.values()) == {Outcome.PASSED}

    def test_adapter_passes_before_its_weights_have_come(self):
        assert not problems(declare(adapter_of(SOUND), content=None), FILE_CHECKS)

    def test_trial_passes_every_check(self):
        assert set(outcomes(GOOD, TRIAL_CHECKS).values()) == {Outcome.PASSED}


class TestWhatNobodySaw:
    @pytest.mark.parametrize(
        ("changed", "without"),
        [
            ({"trigger_change": None}, {"trial.trigger"}),  # it has no trigger words
            ({"change": None, "trigger_change": None}, {"trial.effect", "trial.trigger"}),
            ({"level": "loads"}, {"trial.finite", "trial.effect", "trial.trigger"}),
            (
                {"error": "it broke off"},
                {"trial.layers", "trial.finite", "trial.effect", "trial.trigger"},
            ),
        ],
    )
    def test_of_a_trial_has_not_passed(self, changed, without):
        said = outcomes(replace(GOOD, **changed), TRIAL_CHECKS)
        assert {check.code for check in TRIAL_CHECKS} - set(said) == without

    @pytest.mark.parametrize(
        ("changed", "without"),
        [
            ({"without_words": None}, {"effect.words"}),
            ({"words": {}}, {"effect.others"}),
            ({"parts": {}}, {"effect.parts"}),
            ({"whole": 0.001}, {"effect.words", "effect.parts"}),
        ],
    )
    def test_of_an_effect_has_not_passed(self, changed, without):
        said = outcomes(replace(WORKS, **changed), EFFECT_CHECKS)
        assert {check.code for check in EFFECT_CHECKS} - set(said) == without


@pytest.mark.parametrize("check", FILE_CHECKS, ids=lambda check: check.code)
def test_a_fault_in_the_file_fails_its_check_alone(check):
    found = problems(FILE_FAULTS[check.code], FILE_CHECKS)
    assert list(found) == [check.code]
    assert outcomes(FILE_FAULTS[check.code], FILE_CHECKS)[check.code] is check.if_false
    assert found[check.code][-1] in ".?"


@pytest.mark.parametrize("check", TRIAL_CHECKS, ids=lambda check: check.code)
def test_a_fault_in_the_trial_fails_its_check_alone(check):
    found = problems(TRIAL_FAULTS[check.code], TRIAL_CHECKS)
    assert list(found) == [check.code]
    assert found[check.code][-1] in ".?"


@pytest.mark.parametrize("check", EFFECT_CHECKS, ids=lambda check: check.code)
def test_a_fault_in_the_effect_fails_its_check_alone(check):
    found = problems(EFFECT_FAULTS[check.code], EFFECT_CHECKS)
    assert list(found) == [check.code]
    assert found[check.code][-1] in ".?"


class TestEffect:
    def test_of_a_sound_adapter_passes_every_check(self):
        assert set(outcomes(WORKS, EFFECT_CHECKS).values()) == {Outcome.PASSED}

    def test_of_an_adapter_without_trigger_words_is_not_held_against_them(self):
        silent = replace(WORKS, without_words=None, words={}, declared=())
        assert not problems(silent, EFFECT_CHECKS)

    def test_of_a_text_encoder_that_has_all_layers_says_so(self):
        alone = replace(WORKS, parts={"text_encoder": 0.5})
        assert problems(alone, EFFECT_CHECKS) == {
            "effect.parts": "It only changes how the text encoder reads the prompt."
        }

    def test_of_layers_that_do_nothing_names_them(self):
        idle = replace(WORKS, parts={"unet": 0.001, "text_encoder": 0.5})
        assert problems(idle, EFFECT_CHECKS)["effect.parts"] == (
            "It only changes how the text encoder reads the prompt; "
            "its layers in the unet do nothing."
        )

    def test_names_a_word_that_nobody_declared(self):
        found = problems(replace(WORKS, words={"paper": 0.5}, declared=()), EFFECT_CHECKS)
        assert "“paper”" in found["effect.others"]
        assert "no word at all" in found["effect.others"]

    def test_of_a_word_that_does_what_any_word_does_is_no_trigger(self):
        weak = replace(WORKS, words={"paper": 0.12}, declared=())
        assert not problems(weak, EFFECT_CHECKS)


class TestSentences:
    def test_of_an_alpha_of_nothing_name_the_alpha(self):
        content = Content(zero_up=("a",), layers=1, alphas={"a": 0.0})
        found = problems(declare(adapter_of(SOUND), content=content), FILE_CHECKS)
        assert "its alpha is 0" in found["values.nonzero"]

    """What an uploader reads."""

    def test_of_another_base_names_the_right_one_and_the_layer_that_shows_it(self):
        found = problems(declare(SD1, "shapes"), FILE_CHECKS)
        assert found["base.matches"] == (
            f"This file fits SD 1.5, not Shapes: its layer {ROOT} takes 768 inputs "
            "where Shapes has 128."
        )

    def test_of_a_claim_that_shapes_cannot_check(self):
        adapter = adapter_from(SOUND_LAYER, metadata={"ss_sd_model_name": "ponyDiffusionV6XL.ckpt"})
        found = problems(declare(adapter), FILE_CHECKS)
        assert "which is Pony Diffusion V6 XL, not SDXL 1.0" in found["base.claimed"]
        assert not problems(declare(adapter, "pony-v6"), FILE_CHECKS)

    def test_of_a_parent_s_name_in_a_child_s_file_there_is_none(self):
        metadata = {"ss_base_model_version": "sdxl_base_v1-0"}
        adapter = adapter_from(SOUND_LAYER, metadata=metadata)
        assert not problems(declare(adapter, "pony-v6"), FILE_CHECKS)

    def test_of_an_unseen_family_says_whose_word_is_taken(self):
        adapter = adapter_from(UNSEEN, metadata={"ss_base_model_version": "sdxl_base_v1-0"})
        found = problems(declare(adapter, fit=None), FILE_CHECKS)
        assert "ss_base_model_version says “sdxl_base_v1-0”" in found["base.visible"]

    def test_of_soft_prompts_says_what_they_are(self):
        config = {"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 8}
        adapter = adapter_from({"prompt_embeddings": (8, 4096)}, config=config)
        found = problems(declare(adapter, "llama-3-1-8b"), FILE_CHECKS)
        assert "this is prompt tuning (PROMPT_TUNING), which learns" in found["file.readable"]

    @pytest.mark.parametrize(("rank", "is_told"), [(4, True), (64, False)], ids=["all", "little"])
    def test_of_a_rank_beyond_use_is_told_where_it_is_a_tenth_of_the_file(self, rank, is_told):
        others = {f"{ROOT}.lora_down.weight": (rank, 2048), f"{ROOT}.lora_up.weight": (1280, rank)}
        found = problems(declare(adapter_from(LAVISH | others)), FILE_CHECKS)
        assert ("pairs.useful" in found) is is_told

    def test_of_layers_without_a_number_is_none_about_their_rank(self):
        empty = {f"{ROOT}.lora_down.weight": (4, 0), f"{ROOT}.lora_up.weight": (0, 4)}
        assert "pairs.useful" not in problems(declare(adapter_from(empty)), FILE_CHECKS)

    def test_of_a_rank_that_only_the_configuration_has(self):
        found = problems(FILE_FAULTS["config.rank"], FILE_CHECKS)
        assert "the rank 8 and its matrices have 4" in found["config.rank"]

    def test_of_ranks_that_adalora_has_shared_out_is_none(self):
        root = "base_model.model.encoder.block.0.layer.0.SelfAttention.q"
        shapes = {f"{root}.lora_A": (12, 768), f"{root}.lora_B": (768, 12)}
        config = {"peft_type": "ADALORA", "r": 8, "init_r": 12, "target_r": 8}
        adapter = adapter_from(shapes | {f"{root}.lora_E": (12, 1)}, config=config)
        assert "config.rank" not in problems(declare(adapter, "t5-base"), FILE_CHECKS)

    def test_of_a_text_adapter_on_a_picture_base(self):
        found = problems(declare(adapter_of(files.peft_lora("gpt2"))), FILE_CHECKS)
        assert found["base.matches"].startswith("This file fits GPT-2, not SDXL 1.0: its layer")

    def test_of_a_family_of_which_no_base_in_the_catalogue_has_such_layers(self):
        root = "base_model.model.model.decoder.layers.0.encoder_attn.q_proj"
        shapes = {f"{root}.lora_A.weight": (4, 999), f"{root}.lora_B.weight": (999, 4)}
        found = problems(declare(adapter_from(shapes)), FILE_CHECKS)
        assert "fits the family Whisper, not" in found["base.matches"]

    @pytest.mark.parametrize(
        ("code", "told"),
        [
            ("pairs.complete", "lora_unet_conv_in lacks its up matrix"),
            ("pairs.rank", r"down \(4, 4, 3, 3\), up \(320, 8, 1, 1\)"),
            ("layers.known", "1 of 2 layers do not exist in SDXL 1.0"),
            ("shapes.match", "lora_unet_conv_in takes 9 inputs where SDXL 1.0 has 4"),
            ("base.claimed", "“sd_v1”, which is SD 1.5"),
            ("tensors.used", "1 tensor belongs to no layer"),
            ("values.finite", "a.lora_up.weight .* as do 1 more"),
            ("values.nonzero", "changes nothing"),
            ("bytes.new", "ink/wash v1"),
            ("weights.new", "another form .* ink/wash v1"),
            ("values.even", f"{ROOT} is changed .* times as much"),
            ("metadata.agrees", r"rank as 32 \(ss_network_dim\), and the tensors have 4"),
            ("metadata.private", r"a user name: C:\\Users\\a\*\*\* in ss_sd_model_name"),
            ("tensors.as_claimed", r"hash to abababababab… .* they hash to cdcdcdcdcdcd…"),
        ],
    )
    def test_name_the_offender(self, code, told):
        assert re.search(told, problems(FILE_FAULTS[code], FILE_CHECKS)[code])

    def test_of_infinite_values_say_so(self):
        content = Content(inf_tensors=("a",), layers=1)
        found = problems(declare(adapter_of(SOUND), content=content), FILE_CHECKS)
        assert "infinite" in found["values.finite"]

    def test_of_layers_that_did_not_load_count_them(self):
        half = replace(GOOD, injected={"unet": 4, "text_encoder": 8}, unmatched_layers=("x.y",))
        assert problems(half, TRIAL_CHECKS)["trial.layers"] == (
            "Of 16 layers for the unet, only 4 took their place in the base, and not x.y."
        )

    def test_of_layers_that_the_loader_left_over(self):
        over = replace(GOOD, unmatched_layers=("x.y",))
        assert "1 layers over, the first: x.y" in problems(over, TRIAL_CHECKS)["trial.layers"]


class TestTraps:
    """Files that diffusers loads wrongly, or not at all."""

    @pytest.mark.parametrize(
        ("names", "told"),
        [
            ({"mid.attn1.processor.to_k_lora.down.weight": (4, 8)}, "lack the “unet.”"),
            ({"unet:0:down": (4, 8)}, "2022"),
            (
                {"unet.base_model.model.mid_block.attentions.0.proj_in.lora_A.weight": (4, 1280)},
                "base_model.model",
            ),
            ({f"{ROOT}.dora_scale": (1280, 1)} | SOUND_LAYER, "dora_scale"),
            ({f"{ROOT}.lokr_w1": (2, 2), f"{ROOT}.lokr_w2": (2, 2)}, "LyCORIS"),
            ({"bundle_emb.a.clip_l": (1, 768)} | SOUND_LAYER, "embeddings"),
        ],
        ids=["root names", "numbers for layers", "wrapped names", "DoRA", "LyCORIS", "embeddings"],
    )
    def test_are_told(self, names, told):
        found = problems(declare(adapter_from(names)), HEADER_CHECKS)
        assert told in found["runtimes.diffusers"]

    def test_do_not_catch_dora_as_peft_writes_it(self):
        root = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k"
        names = {
            f"{root}.lora_A.weight": (4, 2048),
            f"{root}.lora_B.weight": (1280, 4),
            f"{root}.lora_magnitude_vector": (1280,),
        }
        assert "runtimes.diffusers" not in problems(declare(adapter_from(names)), HEADER_CHECKS)


def test_codes_are_unique():
    codes = Counter(check.code for check in (*FILE_CHECKS, *TRIAL_CHECKS, *EFFECT_CHECKS))
    assert codes.most_common(1)[0][1] == 1


def test_evidence_can_be_stored():
    for facts in (*FILE_FAULTS.values(), declare(adapter_of(SOUND))):
        for result in judge(facts, FILE_CHECKS):
            json.dumps(dict(result.evidence))
    for trial in (*TRIAL_FAULTS.values(), GOOD):
        for result in judge(trial, TRIAL_CHECKS):
            json.dumps(dict(result.evidence))
