from __future__ import annotations

import json

import pytest

from registry.formats.training import read_training
from registry.formats.training.contradictions import Contradiction, contradictions
from tests import files
from tests.reading import adapter_of

PLAIN = {"ss_network_module": "networks.lora", "ss_base_model_version": "sdxl_base_v1-0"}


def found(metadata, *, rank=16, family="sdxl", alphas=()):
    adapter = adapter_of(files.kohya_lora(family, rank=rank, metadata=PLAIN | metadata))
    return contradictions(read_training(adapter.metadata), adapter, alphas=alphas)


def test_a_rank_that_no_matrix_has_is_told():
    assert found({"ss_network_dim": "32"}) == (Contradiction("rank", 32, (16,), "ss_network_dim"),)


def test_an_alpha_that_no_tensor_has_is_told():
    assert found({"ss_network_dim": "16", "ss_network_alpha": "8.0"}, alphas=[16.0]) == (
        Contradiction("alpha", 8, (16.0,), "ss_network_alpha"),
    )


@pytest.mark.parametrize(
    "metadata",
    [
        {"ss_network_dim": "16", "ss_network_alpha": "16"},
        {"ss_network_dim": "None", "ss_network_alpha": "None"},
        {"ss_network_dim": "Dynamic"},
        {"ss_network_dim": "32", "ss_network_args": json.dumps({"conv_dim": "16"})},
        {"ss_network_dim": "32", "ss_network_args": json.dumps({"block_dims": "4,8,16"})},
        {"ss_network_dim": "32", "ss_network_module": "networks.dylora"},
    ],
    ids=["true", "silent", "resized", "of convolutions", "of blocks", "of DyLoRA"],
)
def test_what_may_be_true_is_not(metadata):
    assert found(metadata, alphas=[16.0]) == ()


def test_the_rank_of_matrices_that_a_trainer_joined_is_not():
    metadata = {"ss_network_dim": "16", "ss_base_model_version": "flux1"}
    assert found(metadata, rank=48, family="flux1") == ()


def test_alphas_that_nobody_has_read_are_not():
    assert found({"ss_network_dim": "16", "ss_network_alpha": "8"}) == ()
