from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.training.ancestry import MOST, Claim, read_making

A, B = "a" * 64, "b" * 64


def claims(**metadata):
    return list(
        read_making({key.replace("__", "."): text for key, text in metadata.items()}).claims
    )


class TestReadMaking:
    @pytest.mark.parametrize(
        ("metadata", "claim"),
        [
            (
                {"ss_network_weights": "C:\\me\\ink-000010.safetensors"},
                Claim("continued", "ss_network_weights", "ink-000010"),
            ),
            (
                {"ot_config": json.dumps({"lora_model_name": "/home/me/ink.safetensors"})},
                Claim("continued", "ot_config/lora_model_name", "ink"),
            ),
            (
                {"ss_sd_model_hash": "12345678", "ss_new_sd_model_hash": A},
                Claim("continued", "ss_new_sd_model_hash", hash=A),
            ),
            (
                {"loradex.name": "ink/wash", "loradex.source_sha256": A},
                Claim("converted", "loradex.source_sha256", "ink/wash", A),
            ),
        ],
        ids=["trained on", "OneTrainer", "a hash of the base", "made by a hub"],
    )
    def test_tells_what_one_file_came_of(self, metadata, claim):
        assert list(read_making(metadata).claims) == [claim]

    def test_tells_all_that_were_merged(self):
        assert claims(modelspec__merged_from="ink.safetensors, wash") == [
            Claim("merged", "modelspec.merged_from", "ink"),
            Claim("merged", "modelspec.merged_from", "wash"),
        ]

    def test_tells_at_which_weights(self):
        recipe = {"primary_model_hash": A, "secondary_model_hash": B, "multiplier": 0.3}
        models = {A: {"name": "ink.safetensors"}, B: {"name": "wash.safetensors"}}

        told = claims(
            sd_merge_models=json.dumps(models),
            sd_merge_recipe=json.dumps(recipe | {"interp_method": "Weighted sum"}),
        )

        assert told == [
            Claim("merged", "sd_merge_models", "ink", A, 0.7),
            Claim("merged", "sd_merge_models", "wash", B, 0.3),
        ]

    def test_tells_no_weights_of_another_sum(self):
        recipe = {"primary_model_hash": A, "multiplier": 0.3, "interp_method": "Add difference"}
        [told] = claims(sd_merge_models=json.dumps({A: {}}), sd_merge_recipe=json.dumps(recipe))
        assert told.weight is None

    @pytest.mark.parametrize(
        "comment",
        ["dimension is resized from 64 to 8; mine", "Dynamic resize with sv_fro: 0.9 from 64; x"],
    )
    def test_tells_which_rank_there_was(self, comment):
        making = read_making({"ss_training_comment": comment, "ss_session_id": "42"})
        assert (making.rank_before, making.session) == (64, "42")

    def test_is_bounded(self):
        names = ",".join(f"file{n}" for n in range(500))
        assert len(claims(modelspec__merged_from=names)) <= MOST

    @given(st.dictionaries(
        st.sampled_from(["sd_merge_models", "sd_merge_recipe", "modelspec.merged_from",
                         "ss_network_weights", "ot_config", "loradex.name",
                         "ss_training_comment", "ss_sd_model_hash"]),
        st.one_of(st.text(max_size=60), st.recursive(
            st.none() | st.floats() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        ).map(json.dumps)),
    ))  # fmt: skip
    def test_answers_any_nonsense(self, metadata):
        assert len(read_making(metadata).claims) <= MOST
