from __future__ import annotations

import hashlib

import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.hashes import hash_stream
from registry.formats.header import read_header
from tests import files
from tests.reading import SAMPLES, header_of, needs_samples

FILE = files.kohya_lora("sdxl", rank=32)
RAW = FILE.getvalue()
HEADER = header_of(FILE)


def pieces(raw: bytes, size: int):
    return (raw[start : start + size] for start in range(0, len(raw), size))


class TestHashes:
    def test_are_those_that_tools_compute(self):
        hashes, _ = hash_stream([RAW], header=HEADER, blake3=blake3())

        sha256 = hashlib.sha256(RAW).hexdigest()
        assert hashes.sha256 == sha256
        assert hashes.autov2 == sha256[:10]
        assert hashes.autov1 == hashlib.sha256(RAW[0x100000:0x110000]).hexdigest()[:8]
        assert hashes.autov3 == hashlib.sha256(RAW[HEADER.data_at :]).hexdigest()[:12]
        assert hashes.blake3 == blake3(RAW).hexdigest()
        assert len(hashes.crc32) == 8

    @given(st.integers(1000, 3_000_000))
    def test_do_not_depend_on_the_pieces(self, size):
        whole = hash_stream([RAW], header=HEADER)
        assert hash_stream(pieces(RAW, size), header=HEADER) == whole

    def test_of_a_small_file_have_no_autov1(self):
        small = files.kohya_lora(rank=1)
        assert hash_stream([small.getvalue()], header=header_of(small))[0].autov1 == ""

    def test_of_another_kind_of_file_have_no_autov3(self):
        assert hash_stream([b'{"r": 8}'])[0].autov3 == ""


@needs_samples
def test_a_real_file_has_the_six_hashes_that_it_is_looked_up_by():
    path = SAMPLES / "adapters/cloneofsimo-analog_svd_rank4.safetensors"
    with path.open("rb") as file:
        header = read_header(file, file_size=path.stat().st_size)
    hashes, _ = hash_stream([path.read_bytes()], header=header, blake3=blake3())
    known = {
        "sha256": "337293d2de4c0d7c0f155ccb4c1470d9a7da4cb2ed594432a5d11f474461df59",
        "autov1": "dd744339",
        "autov2": "337293d2de",
        "autov3": "c1cb0e15d1f4",
        "crc32": "db238da2",
        "blake3": "121890c414a535f76108c0db5c6025ebb1b41a6eaa9c6569ae58e04dc2cf791e",
    }
    assert {name: getattr(hashes, name) for name in known} == known


class TestTensorDigest:
    def digest(self, file):
        return hash_stream([file.getvalue()], header=header_of(file))[1]

    def test_stays_under_other_metadata(self):
        edited = files.kohya_lora(metadata={"ss_output_name": "mine now"})
        assert self.digest(edited) == self.digest(files.kohya_lora())

    def test_stays_in_another_order(self):
        tensors = files.kohya_tensors(files.layers_of("sd1"))
        turned = dict(reversed(tensors.items()))
        one, other = (files.named(files.safetensors(each), "a") for each in (tensors, turned))
        assert one.getvalue() != other.getvalue()
        assert self.digest(one) == self.digest(other)

    @pytest.mark.parametrize(
        "other",
        [
            files.kohya_lora("sdxl", values=files.Values(seed=1)),
            files.kohya_lora("sdxl", rank=8),
            files.kohya_lora("sdxl", values=files.Values(dtype="BF16")),
            files.kohya_lora("sdxl", without="alpha"),
        ],
        ids=["other numbers", "another rank", "another number type", "fewer tensors"],
    )
    def test_changes_with_the_weights(self, other):
        assert self.digest(other) != self.digest(files.kohya_lora("sdxl"))

    def test_counts_tensors_without_bytes(self):
        with_empty = files.safetensors({"a": files.tensor((2, 2)), "b": files.tensor((0, 2))})
        without = files.safetensors({"a": files.tensor((2, 2))})
        one, other = (files.named(each, "a") for each in (with_empty, without))
        assert self.digest(one) != self.digest(other)
