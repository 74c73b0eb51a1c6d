"""Files as their trainers leave them, and what becomes of them."""

from __future__ import annotations

import hashlib

import numpy as np
from safetensors.numpy import save

from registry.checks.identity import altered_since_hashed
from tests import files
from tests.reading import adapter_of, header_of
from tests.registry.checks.test_table import ROOT, declare
from workers.content import read_content

TENSORS = {
    f"{ROOT}.lora_down.weight": np.full((4, 2048), 0.01, np.float16),
    f"{ROOT}.lora_up.weight": np.full((1280, 4), 0.02, np.float16),
}


def claimed(tensors=TENSORS, **metadata):
    """Return the metadata that kohya's scripts write beside these tensors."""
    raw = save(tensors)
    digest = hashlib.sha256(raw[8 + int.from_bytes(raw[:8], "little") :]).hexdigest()
    return {"sshs_model_hash": digest, "format": "pt"} | metadata


def found(tensors, metadata):
    file = files.named(save(tensors, metadata), "adapter.safetensors")
    content = read_content(file, header_of(file))
    return altered_since_hashed(declare(adapter_of(file), content=content))


def test_a_file_as_its_trainer_left_it_is_as_claimed():
    assert found(TENSORS, claimed()).problem == ""


def test_edited_metadata_alters_no_tensor():
    assert found(TENSORS, claimed(ss_output_name="renamed")).problem == ""


def test_one_number_changed_after_training_is_told():
    other = {name: array.copy() for name, array in TENSORS.items()}
    other[f"{ROOT}.lora_up.weight"][7, 1] += 1
    result = found(other, claimed())
    assert result.problem.startswith("The header says that its tensors hash to ")
    assert "(sshs_model_hash)" in result.problem
    assert result.evidence["tensors"] != result.evidence["sshs_model_hash"]


def test_another_number_type_is_told():
    wide = {name: array.astype(np.float32) for name, array in TENSORS.items()}
    assert "altered after training" in found(wide, claimed()).problem


def test_one_true_claim_is_enough():
    # Editors write the hash of the whole file where ModelSpec wants that of its tensors.
    metadata = claimed(**{"modelspec.hash_sha256": "ab" * 32})
    assert found(TENSORS, metadata).problem == ""


def test_a_trainer_that_hashes_before_it_renames_is_believed():
    metadata = {"sshs_model_hash": "ab" * 32, "software": '{"name": "ai-toolkit"}'}
    result = found(TENSORS, metadata)
    assert result.problem == ""
    assert result.evidence["sshs_model_hash"] == "ab" * 32


def test_a_file_that_claims_nothing_is_not_asked():
    assert found(TENSORS, {"format": "pt"}) is None
