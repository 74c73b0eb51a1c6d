"""Each claim is made as the program makes it that writes it, from the library's own bytes."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest
from safetensors.numpy import save

from registry.formats.claimed_hashes import ClaimedHash, claimed_hashes, hash_by_name
from registry.formats.hashes import hash_stream
from tests import files
from tests.reading import header_of

ROOT = "lora_unet_mid_block_attentions_0_proj_in"
TENSORS = {
    f"{ROOT}.lora_up.weight": np.full((64, 4), 0.5, np.float32),
    f"{ROOT}.alpha": np.array(4, np.float32),
    f"{ROOT}.lora_down.weight": np.full((4, 64), 0.25, np.float16),
}


def after_the_header(raw):
    return raw[8 + int.from_bytes(raw[:8], "little") :]


def test_kohya_s_model_hash_is_of_all_that_follows_the_header():
    # As sd-scripts do it: saved with the ss_* keys alone, hashed, then saved with all of them.
    first = save(TENSORS, {"ss_network_dim": "4"})
    claim = hashlib.sha256(after_the_header(first)).hexdigest()
    file = files.named(save(TENSORS, {"ss_network_dim": "4", "sshs_model_hash": claim}), "a")

    header = header_of(file)
    [claimed] = claimed_hashes(header.metadata)
    hashes, _ = hash_stream([file.getvalue()], header=header)

    assert claimed == ClaimedHash("sshs_model_hash", claim)
    assert claimed.sha256.startswith(hashes.autov3)


def test_kohya_s_legacy_hash_is_autov1_of_the_file_with_its_own_metadata_alone():
    large = {f"{ROOT}.diff": np.arange(600_000, dtype=np.float32)}
    first = save(large, {"ss_network_dim": "4"})
    file = files.named(first, "a")

    hashes, _ = hash_stream([first], header=header_of(file))

    assert hashes.autov1 == hashlib.sha256(first[0x100000:0x110000]).hexdigest()[:8]


def test_onetrainer_s_hash_is_of_the_tensors_by_name():
    by_name = b"".join(TENSORS[name].tobytes() for name in sorted(TENSORS))
    raw = save(TENSORS, {"modelspec.hash_sha256": "0x" + hashlib.sha256(by_name).hexdigest()})
    header = header_of(files.named(raw, "a"))

    [claimed] = claimed_hashes(header.metadata)

    assert hashlib.sha256(after_the_header(raw)).hexdigest() != claimed.sha256  # F32 lies first.
    assert hash_by_name(io.BytesIO(raw), header) == claimed.sha256


@pytest.mark.parametrize(
    "word",
    ["", "None", "ab12", "0x", "zz" * 32, hashlib.sha256().hexdigest(), "a" * 65],
)
def test_what_is_no_hash_of_anything_is_passed_over(word):
    assert claimed_hashes({"sshs_model_hash": word, "modelspec.hash_sha256": word}) == ()
