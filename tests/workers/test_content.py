from __future__ import annotations

import hashlib
import io
import tracemalloc

import numpy as np
import pytest
from safetensors.numpy import load, save

from registry.formats.header import read_header
from tests import files
from tests.reading import header_of
from workers.content import read_content
from workers.decoding import as_floats


def content_of(file, *, config=None):
    return read_content(file, header_of(file), config=config)


def saved(arrays):
    return files.named(save(arrays), "adapter.safetensors")


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


M = "lora_unet_mid_block_x"


class TestValues:
    @pytest.mark.parametrize("dtype", ["F16", "BF16", "F32"])
    def test_that_are_sound_are_no_news(self, dtype):
        content = content_of(files.kohya_lora("sd1", values=files.Values(dtype=dtype)))
        assert (content.nan_tensors, content.inf_tensors, content.zero_up) == ((), (), ())
        assert content.layers == len(content.norms) == 8
        assert all(norm > 0 for norm in content.norms.values())

    @pytest.mark.parametrize("dtype", ["F16", "BF16", "F32"])
    def test_that_are_no_numbers_are_named(self, dtype):
        content = content_of(files.kohya_lora("sd1", values=files.Values(dtype=dtype, nan=True)))
        [name] = content.nan_tensors
        assert name.endswith("attn2_to_out_0.lora_up.weight")
        assert content.inf_tensors == ()
        assert name.removesuffix(".lora_up.weight") not in content.norms

    @pytest.mark.parametrize("dtype", ["F16", "BF16", "F32"])
    def test_that_are_infinite_are_named(self, dtype):
        values = files.Values(dtype=dtype, infinity=True)
        content = content_of(files.kohya_lora("sd1", values=values))
        assert len(content.inf_tensors) == 1
        assert content.nan_tensors == ()

    def test_beyond_32_bits_are_infinite(self):
        arrays = {f"{M}.diff": np.array([[1e300]])}
        assert content_of(saved(arrays)).inf_tensors == (f"{M}.diff",)

    def test_that_are_large_but_finite_are_no_news(self):
        arrays = {f"{M}.diff": np.full((4, 4), 3e38, np.float32)}
        assert content_of(saved(arrays)).inf_tensors == ()


class TestZero:
    def test_up_matrices_are_told_layer_by_layer(self):
        content = content_of(files.kohya_lora("sd1", values=files.Values(zero_up=True)))
        assert len(content.zero_up) == content.layers == 8
        assert set(content.norms.values()) == {0.0}

    def test_up_matrix_among_others_is_told(self):
        tensors = files.kohya_tensors(files.layers_of("sd1", text_encoder=False))
        name = next(name for name in tensors if name.endswith("lora_up.weight"))
        tensors[name] = files.zeros(tensors[name].shape)
        content = content_of(files.named(files.safetensors(tensors), "a"))
        assert content.zero_up == (name.removesuffix(".lora_up.weight"),)

    def test_alpha_multiplies_everything_by_nothing(self):
        arrays = {f"{M}.lora_down.weight": random(4, 6), f"{M}.lora_up.weight": random(8, 4)}
        content = content_of(saved(arrays | {f"{M}.alpha": np.zeros((), np.float32)}))
        assert (content.zero_up, content.norms) == ((M,), {M: 0.0})

    def test_is_not_what_numbers_of_an_unreadable_type_are_taken_for(self):
        tensors = {
            f"{M}.lora_down.weight": files.Raw("F6_E2M3", (4, 8), b"\x21" * 24),
            f"{M}.lora_up.weight": files.Raw("F6_E2M3", (8, 4), b"\x12" * 24),
        }
        content = content_of(files.named(files.safetensors(tensors), "a"))
        assert content.zero_up == ()

    def test_factor_of_a_hadamard_product_is_told(self):
        arrays = {f"{M}.{role}": random(8, 4) for role in ("hada_w1_a", "hada_w2_a")}
        arrays |= {f"{M}.hada_w1_b": random(4, 6), f"{M}.hada_w2_b": np.zeros((4, 6), np.float32)}
        assert content_of(saved(arrays)).zero_up == (M,)


class TestNorms:
    """Each is held against the change, built."""

    def norm(self, arrays, **more):
        return content_of(saved(arrays), **more).norms[M]

    def test_of_lora(self):
        up, down = random(8, 4), random(4, 6)
        arrays = {f"{M}.lora_up.weight": up, f"{M}.lora_down.weight": down}
        assert self.norm(arrays) == pytest.approx(np.linalg.norm(up @ down), rel=1e-5)

    def test_of_lora_are_scaled_by_alpha(self):
        up, down = random(8, 4), random(4, 6)
        arrays = {
            f"{M}.lora_up.weight": up,
            f"{M}.lora_down.weight": down,
            f"{M}.alpha": np.array(2, np.float32),
        }
        assert self.norm(arrays) == pytest.approx(np.linalg.norm(up @ down) / 2, rel=1e-5)
        assert content_of(saved(arrays)).alphas == {M: 2.0}

    @pytest.mark.parametrize(("rslora", "scale"), [(False, 2.0), (True, 4.0)])
    def test_of_peft_are_scaled_by_its_configuration(self, rslora, scale):
        config = files.peft_config(rank=4, lora_alpha=8, use_rslora=rslora)
        file = files.peft_lora("gpt2")
        plain = content_of(file).norms
        for layer, norm in content_of(file, config=config).norms.items():
            assert norm == pytest.approx(plain[layer] * scale, rel=1e-5)

    def test_of_a_convolution(self):
        up, down = random(8, 4, 1, 1), random(4, 6, 3, 3)
        arrays = {f"{M}.lora_up.weight": up, f"{M}.lora_down.weight": down}
        delta = up.reshape(8, 4) @ down.reshape(4, -1)
        assert self.norm(arrays) == pytest.approx(np.linalg.norm(delta), rel=1e-5)

    def test_of_a_convolution_with_a_core(self):
        up, down, mid = random(8, 4, 1, 1), random(4, 6, 1, 1, seed=1), random(4, 4, 3, 3, seed=2)
        arrays = {
            f"{M}.lora_up.weight": up,
            f"{M}.lora_down.weight": down,
            f"{M}.lora_mid.weight": mid,
        }
        delta = np.einsum("op,pqkl,qi->oikl", up[..., 0, 0], mid, down[..., 0, 0])
        assert self.norm(arrays) == pytest.approx(np.linalg.norm(delta), rel=1e-5)

    def test_of_a_hadamard_product(self):
        one, two, three, four = random(8, 4), random(4, 6), random(8, 3), random(3, 6)
        arrays = {
            f"{M}.hada_w1_a": one,
            f"{M}.hada_w1_b": two,
            f"{M}.hada_w2_a": three,
            f"{M}.hada_w2_b": four,
        }
        delta = (one @ two) * (three @ four)
        assert self.norm(arrays) == pytest.approx(np.linalg.norm(delta), rel=1e-5)

    def test_of_a_kronecker_product(self):
        one, two, three = random(2, 3), random(4, 2), random(2, 5)
        arrays = {f"{M}.lokr_w1": one, f"{M}.lokr_w2_a": two, f"{M}.lokr_w2_b": three}
        delta = np.kron(one, two @ three)
        assert self.norm(arrays) == pytest.approx(np.linalg.norm(delta), rel=1e-5)

    def test_of_a_full_difference(self):
        delta = random(8, 6)
        assert self.norm({f"{M}.diff": delta}) == pytest.approx(np.linalg.norm(delta), rel=1e-5)


class TestEffectiveRanks:
    """Each is held against the singular values of the change, built."""

    def ranks(self, arrays, **more):
        return content_of(saved(arrays), **more).effective_ranks

    def by_svd(self, delta):
        energies = np.linalg.svd(delta.reshape(len(delta), -1).astype(np.float64))[1] ** 2
        return int(np.argmax(np.cumsum(energies) >= 0.99 * energies.sum())) + 1

    @pytest.mark.parametrize("decay", [0.0, 0.5, 1.0, 3.0])
    def test_of_lora(self, decay):
        strengths = np.exp(-decay * np.arange(16)).astype(np.float32)
        up, down = random(40, 16) * strengths, random(16, 60, seed=1)
        arrays = {f"{M}.lora_up.weight": up, f"{M}.lora_down.weight": down}
        assert self.ranks(arrays) == {M: self.by_svd(up @ down)}

    def test_of_lora_that_has_learned_one_thing_is_one(self):
        up, down = random(40, 1) @ random(1, 16), random(16, 60, seed=1)
        arrays = {f"{M}.lora_up.weight": up, f"{M}.lora_down.weight": down}
        assert self.ranks(arrays) == {M: 1}

    def test_of_a_convolution_with_a_core(self):
        up, down, mid = random(8, 4, 1, 1), random(5, 6, 1, 1, seed=1), random(4, 5, 3, 3, seed=2)
        arrays = {
            f"{M}.lora_up.weight": up,
            f"{M}.lora_down.weight": down,
            f"{M}.lora_mid.weight": mid,
        }
        delta = np.einsum("op,pqkl,qi->oikl", up[..., 0, 0], mid, down[..., 0, 0])
        assert self.ranks(arrays) == {M: self.by_svd(delta)}

    def test_of_a_hadamard_product(self):
        one, two, three, four = random(30, 4), random(4, 26), random(30, 3), random(3, 26)
        arrays = {
            f"{M}.hada_w1_a": one,
            f"{M}.hada_w1_b": two,
            f"{M}.hada_w2_a": three,
            f"{M}.hada_w2_b": four,
        }
        assert self.ranks(arrays) == {M: self.by_svd((one @ two) * (three @ four))}

    def test_of_a_kronecker_product(self):
        one, two, three = random(4, 6), random(14, 3), random(3, 15)
        arrays = {f"{M}.lokr_w1": one, f"{M}.lokr_w2_a": two, f"{M}.lokr_w2_b": three}
        assert self.ranks(arrays) == {M: self.by_svd(np.kron(one, two @ three))}

    def test_of_a_layer_that_changes_nothing_there_is_none(self):
        assert content_of(files.kohya_lora("sd1", values=files.Values(zero_up=True))
                          ).effective_ranks == {}  # fmt: skip

    def test_are_of_a_sample_where_all_would_take_too_long(self, monkeypatch):
        monkeypatch.setattr("workers.content.MOST_SPECTRA", 4**3 * 4)
        content = content_of(files.kohya_lora("sd1"))
        assert len(content.effective_ranks) == 4
        assert len(content.norms) == 8


class TestTime:
    @pytest.mark.parametrize(
        ("arrays", "most"),
        [
            ({f"{M}_{{}}.lora_up.weight": (64, 512), f"{M}_{{}}.lora_down.weight": (512, 64)}, 3),
            ({f"{M}_{{}}.hada_w1_a": (64, 30), f"{M}_{{}}.hada_w1_b": (30, 64),
              f"{M}_{{}}.hada_w2_a": (64, 30), f"{M}_{{}}.hada_w2_b": (30, 64)}, 3),
            ({f"{M}_{{}}.lokr_w1": (2, 2), f"{M}_{{}}.lokr_w2": (512, 512)}, 3),
        ],
        ids=["LoRA", "Hadamard", "Kronecker"],
    )  # fmt: skip
    def test_is_bounded_where_ranks_are_large(self, arrays, most):
        drawn = {
            name.format(n): random(*shape, seed=n)
            for n in range(6)
            for name, shape in arrays.items()
        }
        content = content_of(saved(drawn))
        assert len(content.norms) == 6
        assert 1 <= len(content.effective_ranks) <= most


class TestHashes:
    """Each as the program computes it whose key it is."""

    NAMES = (f"{M}.lora_down.weight", f"{M}.lora_up.weight")

    def tensors(self):
        return {self.NAMES[0]: random(4, 6).astype(np.float16), self.NAMES[1]: random(8, 4)}

    def hashes(self, metadata):
        return content_of(files.named(save(self.tensors(), metadata), "a")).hashes

    def test_are_of_the_tensors_as_they_lie_where_the_header_claims_that(self):
        raw = save(self.tensors())
        claim = hashlib.sha256(raw[8 + int.from_bytes(raw[:8], "little") :]).hexdigest()
        assert self.hashes({"sshs_model_hash": claim}) == (claim,)

    def test_are_of_the_tensors_by_name_too_where_another_is_claimed(self):
        tensors = self.tensors()
        claim = hashlib.sha256(b"".join(tensors[name].tobytes() for name in self.NAMES))
        found = self.hashes({"modelspec.hash_sha256": f"0x{claim.hexdigest()}"})
        assert found[0] != found[1] == claim.hexdigest()

    def test_are_none_where_the_header_claims_none(self):
        assert self.hashes({"ss_network_dim": "4"}) == ()


class TestNumberTypes:
    def test_are_counted(self):
        content = content_of(files.kohya_lora("sd1"))
        assert list(content.dtypes) == ["F16", "F32"]
        assert content.dtypes["F32"] == 8  # an alpha a layer

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, np.int64])
    def test_are_read_as_numpy_reads_them(self, dtype):
        array = np.array([0, 1, -2, 100], dtype=dtype)
        name = {"f": "F", "i": "I"}[array.dtype.kind] + str(array.dtype.itemsize * 8)
        assert as_floats(array.tobytes(), name).tolist() == [0, 1, -2, 100]

    def test_bfloat16_is_half_a_float(self):
        assert as_floats(b"\x80\x3f\x00\xc0", "BF16").tolist() == [1.0, -2.0]

    @pytest.mark.parametrize(
        ("dtype", "code", "value"),
        [
            ("F8_E4M3", 0x38, 1.0),
            ("F8_E4M3", 0x7E, 448.0),
            ("F8_E4M3", 0x01, 2.0**-9),
            ("F8_E5M2", 0x3C, 1.0),
            ("F8_E5M2", 0x7B, 57344.0),
            ("F8_E5M2", 0x7C, float("inf")),
            ("F8_E4M3FNUZ", 0x40, 1.0),
            ("F8_E4M3FNUZ", 0x7F, 240.0),
            ("F8_E5M2FNUZ", 0x40, 1.0),
        ],
    )
    def test_of_eight_bits_follow_their_definition(self, dtype, code, value):
        assert as_floats(bytes([code]), dtype)[0] == value

    @pytest.mark.parametrize(
        ("dtype", "code"), [("F8_E4M3", 0xFF), ("F8_E5M2", 0x7D), ("F8_E4M3FNUZ", 0x80)]
    )
    def test_of_eight_bits_have_their_own_nan(self, dtype, code):
        assert np.isnan(as_floats(bytes([code]), dtype)[0])

    def test_that_hold_no_weights_are_passed_over(self):
        assert as_floats(b"\x00", "F4") is None


class TestLarge:
    def test_files_are_read_in_flat_memory(self):
        tensors = {f"{M}_{n}.diff": files.tensor((1024, 8192), dtype="F16") for n in range(12)}
        raw = files.safetensors(tensors)  # 200 MB
        file = io.BytesIO(raw)
        header = read_header(file, file_size=len(raw))

        tracemalloc.start()
        content = read_content(file, header)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert content.layers == 12
        assert peak < 96 * 1024 * 1024

    def test_files_whose_pairs_lie_apart_hold_nothing_back(self):
        layers = files.layers_of("sdxl", text_encoder=False)
        tensors = files.kohya_tensors(layers)
        apart = dict(sorted(tensors.items(), key=lambda each: each[0].rpartition(".lora_")[2]))
        file = files.named(files.safetensors(apart), "a")
        together = content_of(files.named(files.safetensors(tensors), "a")).norms
        assert content_of(file).norms == pytest.approx(together)

    def test_file_that_ends_too_soon_is_an_error(self):
        whole = files.kohya_lora("sd1")
        header = header_of(whole)
        with pytest.raises(EOFError, match="ends inside"):
            read_content(files.cut_short(whole), header)


def test_an_adapter_read_by_the_library_has_the_same_norms():
    file = files.kohya_lora("sd1")
    tensors = load(file.getvalue())
    for layer, norm in content_of(file).norms.items():
        up, down = tensors[f"{layer}.lora_up.weight"], tensors[f"{layer}.lora_down.weight"]
        delta = up.astype(np.float32) @ down.astype(np.float32)
        assert norm == pytest.approx(np.linalg.norm(delta), rel=1e-4)
