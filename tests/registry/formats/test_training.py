from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.training import TrainingFacts, read_training

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
