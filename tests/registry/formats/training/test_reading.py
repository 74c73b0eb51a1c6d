from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.training import (
    RecommendedWeight,
    TrainingFacts,
    TriggerCandidate,
    read_training,
)
from registry.formats.training.places import SPEC

KOHYA = {
    "ss_output_name": "zkw-cat",
    "ss_network_module": "networks.lora",
    "ss_base_model_version": "sdxl_base_v1-0",
    "ss_sd_model_name": "sd_xl_base_1.0.safetensors",
    "ss_network_dim": "16",
    "ss_network_alpha": "8.0",
    "ss_max_train_steps": "2000",
    "ss_steps": "1500",
    "ss_num_epochs": "10",
    "ss_resolution": "(1024, 768)",
    "ss_num_train_images": "400",
    "ss_learning_rate": "0.0001",
    "ss_unet_lr": "None",
    "ss_optimizer": "bitsandbytes.optim.adamw.AdamW8bit(weight_decay=0.1)",
    "ss_seed": "42",
    "ss_training_started_at": "1700000000.5",
    "sshs_model_hash": "0xAB12",
    "ss_dataset_dirs": json.dumps({"10_zkw cat": {"n_repeats": 10, "img_count": 40}}),
    "ss_tag_frequency": json.dumps(
        {"10_zkw cat": {"zkw cat": 40, "1girl": 39, "grass": 12, " outdoors ": 3}}
    ),
}


OF_OTHERS = {"sources", "trigger_candidates", "noise"}  # told by other names there


class TestReadTraining:
    def test_reads_what_kohya_s_scripts_write(self):
        facts = read_training(KOHYA)

        assert facts.name == "zkw-cat"
        assert facts.trainer == "kohya sd-scripts"
        assert facts.base_version == "sdxl_base_v1-0"
        assert (facts.rank, facts.alpha) == (16, 8.0)
        assert (facts.steps, facts.training_step, facts.epochs) == (2000, 1500, 10)
        assert facts.resolution == (1024, 768)
        assert facts.images == 400
        assert facts.learning_rate == 0.0001
        assert facts.optimizer == "AdamW8bit"
        assert facts.seed == 42
        assert facts.started_at == datetime(2023, 11, 14, 22, 13, 20, 500000, tzinfo=UTC)
        assert facts.claimed_hash == "ab12"

    def test_counts_tags_over_all_folders(self):
        folders = {"1_a": {"cat": 3, "dog": 1}, "1_b": {"dog": 5}}
        facts = read_training({"ss_tag_frequency": json.dumps(folders)})
        assert facts.tags == (("dog", 6), ("cat", 3))

    def test_proposes_what_was_trained_before_what_was_merely_seen(self):
        metadata = KOHYA | {"modelspec.trigger_phrase": "zkwstyle, ink"}
        words = read_training(metadata).trigger_candidates
        assert words == ("zkwstyle", "ink", "zkw cat", "1girl")

    def test_proposes_class_tokens(self):
        datasets = [{"subsets": [{"class_tokens": "shs dog", "img_count": 4}]}]
        assert read_training({"ss_datasets": json.dumps(datasets)}).trigger_candidates == (
            "shs dog",
        )

    def test_reads_ai_toolkit(self):
        facts = read_training(
            {
                "software": '{"name": "ai-toolkit"}',
                "training_info": '{"step": 250, "epoch": 3}',
                "name": "mine",
            }
        )
        assert (facts.trainer, facts.training_step, facts.name) == ("ai-toolkit", 250, "mine")

    def test_reads_modelspec(self):
        facts = read_training(
            {
                "modelspec.title": "Ink",
                "modelspec.architecture": "flux-1-dev/lora",
                "modelspec.resolution": "1024x768",
            }
        )
        assert facts.name == "Ink"
        assert facts.architecture == "flux-1-dev/lora"
        assert facts.resolution == (1024, 768)

    def test_reads_peft_s_configuration(self):
        config = {"base_model_name_or_path": "bigscience/bloom-560m", "r": 8, "lora_alpha": 16}
        facts = read_training({}, config=config)
        assert (facts.base_name, facts.rank, facts.alpha) == ("bigscience/bloom-560m", 8, 16.0)

    def test_says_where_each_fact_was_read(self):
        facts = read_training(KOHYA)
        assert facts.sources["rank"] == "ss_network_dim"
        assert facts.sources["name"] == "ss_output_name"
        assert facts.sources["tags"] == "ss_tag_frequency"
        assert facts.sources["trainer"] == "ss_network_module"
        silent = TrainingFacts()
        told = {field.name for field in fields(facts) if field.name not in OF_OTHERS}
        assert {name for name in told if getattr(facts, name) != getattr(silent, name)} == {
            *facts.sources
        }

    def test_reads_what_musubi_tuner_writes_as_its_own(self):
        metadata = {"ss_network_module": "networks.lora_wan", "ss_base_model_version": "wan"}
        assert read_training(metadata).trainer == "musubi-tuner"

    def test_reads_kohya_s_settings(self):
        facts = read_training(
            KOHYA
            | {
                "ss_unet_lr": "1e-4",
                "ss_text_encoder_lr": "[5e-05, 5e-05]",
                "ss_lr_scheduler": "cosine_with_restarts",
                "ss_lr_warmup_steps": "100",
                "ss_noise_offset": "0.0357",
                "ss_min_snr_gamma": "5",
                "ss_zero_terminal_snr": "False",
                "ss_debiased_estimation": "True",
                "ss_multires_noise_iterations": "None",
                "ss_clip_skip": "2",
                "ss_training_comment": "second try",
                "ss_network_args": json.dumps({"conv_dim": "8", "conv_alpha": "1"}),
                "ss_training_finished_at": "1700003600",
                "ss_total_batch_size": "4",
                "ss_epoch": "7",
                "ss_mixed_precision": "bf16",
                "ss_sd_scripts_commit_hash": "abc123",
            }
        )
        assert (facts.unet_learning_rate, facts.text_encoder_learning_rate) == (1e-4, 5e-5)
        assert (facts.scheduler, facts.warmup_steps) == ("cosine_with_restarts", 100)
        assert facts.noise == {
            "noise_offset": 0.0357,
            "min_snr_gamma": 5,
            "debiased_estimation": 1,
        }
        assert (facts.clip_skip, facts.comment) == (2, "second try")
        assert (facts.conv_rank, facts.conv_alpha) == (8, 1.0)
        assert (facts.batch_size, facts.epoch, facts.precision) == (4, 7, "bf16")
        assert facts.datasets == (("10_zkw cat", 40, 10),)
        assert facts.trainer_version == "abc123"
        assert facts.finished_at > facts.started_at

    def test_reads_onetrainer_s_configuration(self):
        config = {
            "base_model_name": "/home/ann/models/sdxl.safetensors",
            "model_type": "STABLE_DIFFUSION_XL_10_BASE",
            "learning_rate": 0.0003,
            "learning_rate_scheduler": "COSINE",
            "epochs": 40,
            "batch_size": 2,
            "resolution": "1024",
            "lora_rank": 16,
            "lora_alpha": 1.0,
            "optimizer": {"optimizer": "PRODIGY"},
            "unet": {"learning_rate": 0.0002},
            "text_encoder": {"learning_rate": None},
            "offset_noise_weight": 0.05,
            "additional_embeddings": [{"placeholder": "<zkw>", "train": True}],
        }
        facts = read_training(
            {"ot_branch": "master", "ot_revision": "f00d", "ot_config": json.dumps(config)}
        )
        assert (facts.trainer, facts.trainer_version) == ("OneTrainer", "f00d")
        assert facts.base_name == "sdxl.safetensors"
        assert (facts.rank, facts.alpha, facts.epochs) == (16, 1.0, 40)
        assert (facts.learning_rate, facts.unet_learning_rate) == (0.0003, 0.0002)
        assert (facts.optimizer, facts.scheduler) == ("PRODIGY", "COSINE")
        assert facts.resolution == (1024, 1024)
        assert facts.noise == {"noise_offset": 0.05}
        assert facts.candidates[0] == TriggerCandidate("<zkw>", "ot_config")
        assert facts.sources["rank"] == "ot_config/lora_rank"

    def test_reads_what_diffusers_keeps_of_peft(self):
        config = {"unet.r": 8, "unet.lora_alpha": 4, "text_encoder.r": 16}
        facts = read_training({"lora_adapter_metadata": json.dumps(config)})
        assert (facts.trainer, facts.rank, facts.alpha) == ("diffusers", 8, 4.0)
        assert facts.sources["rank"] == "lora_adapter_metadata/unet.r"

    def test_reads_every_field_of_modelspec_but_the_picture(self):
        metadata = {f"modelspec.{key}": f"my {key}" for key in (*SPEC, "thumbnail", "mine")}
        assert read_training(metadata).spec == {key: f"my {key}" for key in SPEC}

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("C:\\Users\\ann\\models\\sdxl.safetensors", "sdxl.safetensors"),
            ("/home/ann/my model", "my model"),
            ("models/sdxl.safetensors", "sdxl.safetensors"),
            ("stabilityai/sdxl-turbo", "stabilityai/sdxl-turbo"),
        ],
    )
    def test_names_a_base_without_the_folders_it_lay_in(self, name, shown):
        assert read_training({"ss_sd_model_name": name}).base_name == shown

    def test_of_nothing_says_nothing(self):
        assert read_training({}) == TrainingFacts()

    @pytest.mark.parametrize("nonsense", ["", "None", "nan", "inf", "[[[", "1e999", "{}", "-"])
    def test_leaves_out_nonsense(self, nonsense):
        facts = read_training(dict.fromkeys(KOHYA, nonsense))
        assert (facts.rank, facts.seed, facts.started_at, facts.tags) == (None, None, None, ())

    @given(st.dictionaries(st.sampled_from([*KOHYA, "training_info", "ss_datasets"]), st.text()))
    def test_answers_any_text(self, metadata):
        read_training(metadata)

    @given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)
           | st.dictionaries(st.text(), inner), max_leaves=8))  # fmt: skip
    def test_answers_any_json(self, value):
        text = json.dumps(value)
        read_training(dict.fromkeys(["ss_tag_frequency", "ss_datasets", "ss_dataset_dirs",
                                     "software", "training_info"], text))  # fmt: skip


class TestTriggerCandidates:
    def test_say_who_says_so_and_how_often(self):
        facts = read_training(KOHYA | {"modelspec.trigger_phrase": "zkwstyle"})
        assert facts.candidates == (
            TriggerCandidate("zkwstyle", "modelspec.trigger_phrase", None),
            TriggerCandidate("zkw cat", "ss_dataset_dirs", 40),
            TriggerCandidate("1girl", "ss_tag_frequency", 39),
        )
        assert facts.trigger_candidates == tuple(each.text for each in facts.candidates)

    def test_put_what_everybody_writes_last(self):
        tags = {"1girl": 50, "masterpiece": 50, "moonfox": 48, "tree": 9}
        facts = read_training({"ss_tag_frequency": json.dumps({"3_set a": tags})})
        assert facts.trigger_candidates == ("set a", "moonfox", "1girl", "masterpiece")

    @pytest.mark.parametrize("folder", ["5_img", "10_dataset", "1_New Folder"])
    def test_leave_out_folders_called_after_nothing(self, folder):
        facts = read_training({"ss_tag_frequency": json.dumps({folder: {"zkw": 4, "tree": 1}})})
        assert facts.trigger_candidates == ("zkw",)

    def test_are_not_told_twice(self):
        metadata = {"modelspec.trigger_phrase": "ZKW cat", "instance_prompt": "zkw cat, ink"}
        assert read_training(metadata).trigger_candidates == ("ZKW cat", "ink")


class TestWeight:
    @pytest.mark.parametrize(
        ("key", "text", "low", "high"),
        [
            ("modelspec.usage_hint", "weight 0.6-0.9", 0.6, 0.9),
            ("modelspec.usage_hint", "Best at weight: 0.8, with euler a", 0.8, 0.8),
            ("modelspec.usage_hint", "Use a strength of 0.7 to 1.0.", 0.7, 1.0),
            ("modelspec.usage_hint", "0.5–0.8 weight; 30 steps", 0.5, 0.8),
            ("modelspec.description", "Recommended weights between 0.4 and 0.8", 0.4, 0.8),
            ("ss_training_comment", "<lora:inkwash:0.75> inkwash", 0.75, 0.75),
            ("preferred weight", "0.85", 0.85, 0.85),
        ],
    )
    def test_is_read_where_it_is_clearly_said(self, key, text, low, high):
        facts = read_training({key: text})
        assert facts.weight == RecommendedWeight(low, high, key)
        assert facts.sources["weight"] == key

    @pytest.mark.parametrize(
        "text",
        [
            "trained for 10 epochs at 0.0001",
            "weight 0",
            "weight 0.6 for faces, weight 0.9 for style",
            "weight 15",
            "weight 0.9-0.6",
            "weighted captions, 3 of them",
            "weight decay 0.1",
            "SD 1.5 weights",
            "weights 100% mine",
        ],
    )
    def test_is_not_guessed(self, text):
        assert read_training({"modelspec.usage_hint": text}).weight is None
