"""The same adapter under another header, or in another number type."""

from __future__ import annotations

import io

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from registry.formats.hashes import HashingReader
from tests.reading import header_of
from tests.workers.engine.converting import made
from workers.engine.converting import Conversion, ConversionRefused, convert
from workers.engine.converting.__main__ import main

LAYER = "lora_unet_mid_block_attentions_0_proj_in"
METADATA = {"ss_sd_model_name": "/home/ann/sd.safetensors", "ss_network_dim": "4",
            "sshs_model_hash": "0" * 64, "modelspec.title": "Pirates"}  # fmt: skip


def tensors(size=0.02):
    draw = torch.Generator().manual_seed(2)
    return {
        f"{LAYER}.lora_down.weight": torch.randn(4, 1280, 1, 1, generator=draw) * 0.02,
        f"{LAYER}.lora_up.weight": torch.randn(1280, 4, 1, 1, generator=draw) * size,
        f"{LAYER}.alpha": torch.tensor(3.0),
    }


@pytest.fixture
def source(tmp_path):
    return made.save(tmp_path / "pirates.safetensors", tensors(), METADATA)


def original(path, folder, **asked):
    to = Conversion("original", **asked)
    return convert(path, None, to=to, base="sd-1-5", into=folder / "to")


def metadata_of(path):
    with safe_open(path, "pt") as file:
        return file.metadata()


def digest(path):
    content = path.read_bytes()
    reader = HashingReader(header_of(io.BytesIO(content)))
    reader.update(content)
    return reader.tensor_digest()


class TestHeader:
    def test_is_less_and_more_as_asked_and_the_weights_the_same(self, source, tmp_path):
        told = original(
            source,
            tmp_path,
            strip=("ss_sd_model_name", "ss_nowhere"),
            bake={"modelspec.author": "Ann", "modelspec.title": "Pirate ships"},
        )
        [path] = told.files

        assert metadata_of(path) == {
            "ss_network_dim": "4",
            "sshs_model_hash": "0" * 64,  # of the tensors, which are the same
            "modelspec.title": "Pirate ships",
            "modelspec.author": "Ann",
        }
        assert told.worst_error == 0
        assert digest(path) == digest(source)
        assert path.name == source.name

    def test_of_converted_weights_does_not_speak_of_the_original_s_bytes(self, source, tmp_path):
        to = Conversion("diffusers", strip=("ss_sd_model_name",), bake={"modelspec.author": "Ann"})
        told = convert(source, None, to=to, base="sd-1-5", into=tmp_path / "to")
        found = metadata_of(told.files[0])

        assert found.keys() == {"ss_network_dim", "modelspec.title", "modelspec.author", "format",
                                "lora_adapter_metadata"}  # fmt: skip

    def test_of_shrunk_weights_does_not_speak_of_the_original_s_rank(self, source, tmp_path):
        to = Conversion("kohya", rank=2)
        told = convert(source, None, to=to, base="sd-1-5", into=tmp_path / "to")

        assert "ss_network_dim" not in metadata_of(told.files[0])


class TestNumberType:
    @pytest.mark.parametrize(("dtype", "most"), [("fp16", 1e-3), ("bf16", 8e-3), ("fp32", 0)])
    def test_is_changed_in_place(self, source, tmp_path, dtype, most):
        told = original(source, tmp_path, dtype=dtype)
        found = load_file(told.files[0])

        wanted = {"fp16": torch.float16, "bf16": torch.bfloat16, "fp32": torch.float32}[dtype]
        assert {each.dtype for each in found.values() if each.dim()} == {wanted}
        assert float(found[f"{LAYER}.alpha"]) == 3.0
        assert told.worst_error <= most
        if dtype != "fp32":
            assert "sshs_model_hash" not in metadata_of(told.files[0])

    @pytest.mark.parametrize("layout", ["original", "kohya", "diffusers"])
    def test_that_cannot_hold_a_number_is_refused_with_the_number(self, tmp_path, layout):
        large = tensors() | {f"{LAYER}.lora_up.weight": torch.full((1280, 4, 1, 1), 70_000.0)}
        path = made.save(tmp_path / "source", large | {f"{LAYER}.alpha": torch.tensor(4.0)})
        with pytest.raises(ConversionRefused, match=r"70,000.*65,504.*bf16"):
            convert(path, None, to=Conversion(layout, dtype="fp16"), base="sd-1-5",
                    into=tmp_path / "to")  # fmt: skip

    @pytest.mark.parametrize("layout", ["kohya", "diffusers"])
    def test_has_no_place_for_what_is_no_number(self, tmp_path, layout):
        path = made.save(tmp_path / "source", tensors(size=float("nan")))
        with pytest.raises(ConversionRefused, match="not finite"):
            convert(path, None, to=Conversion(layout), base="sd-1-5", into=tmp_path / "to")

    def test_that_loses_small_numbers_is_refused(self, tmp_path):
        path = made.save(tmp_path / "source", tensors(size=1e-7))
        for layout in ("original", "kohya"):
            with pytest.raises(ConversionRefused, match="off"):
                convert(path, None, to=Conversion(layout, dtype="fp16"), base="sd-1-5",
                        into=tmp_path / "to")  # fmt: skip
        assert not list((tmp_path / "to").glob("lora.safetensors"))

    def test_keeps_small_numbers_of_a_small_alpha(self, tmp_path):
        """Folded into the up matrix, a scale of 1/64 would leave it three digits."""
        small = {name: each.half() for name, each in tensors(size=1e-4).items()}
        path = made.save(tmp_path / "source", small | {f"{LAYER}.alpha": torch.tensor(3 / 64)})
        told = convert(path, None, to=Conversion("diffusers"), base="sd-1-5", into=tmp_path / "to")

        assert told.worst_error < 1e-3

    def test_of_which_there_is_none_is_refused(self, source, tmp_path):
        with pytest.raises(ConversionRefused, match="fp32, fp16, bf16"):
            original(source, tmp_path, dtype="fp4")


class TestAsked:
    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({"layout": "original", "rank": 4}, "Another rank needs a layout"),
            ({"layout": "kohya", "rank": 0}, "give 1 or more"),
            ({"layout": "kohya", "energy": 1.5}, "at most 1"),
            ({"layout": "pickle"}, "no layout"),
        ],
    )
    def test_nonsense_is_refused(self, source, tmp_path, asked, sentence):
        with pytest.raises(ConversionRefused, match=sentence):
            convert(source, None, to=Conversion(**asked), base="sd-1-5", into=tmp_path / "to")

    def test_a_file_that_is_no_adapter_is_refused(self, tmp_path):
        path = tmp_path / "source"
        path.write_bytes(b"\x80\x04pickle of something")
        with pytest.raises(ConversionRefused):
            convert(path, None, to=Conversion("original"), base="sd-1-5", into=tmp_path / "to")

    def test_a_file_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(ConversionRefused, match="cannot be read"):
            original(tmp_path / "nowhere", tmp_path)


class TestCommandLine:
    def test_says_what_it_made(self, source, tmp_path, capsys):
        words = [
            str(source),
            "--to",
            "diffusers",
            "--base",
            "sd-1-5",
            "--dtype",
            "fp16",
            "--strip",
            "ss_sd_model_name",
            "--bake",
            "a=b=c",
            "-o",
            str(tmp_path / "to"),
        ]

        assert main(words) == 0
        told = capsys.readouterr().out
        assert "pytorch_lora_weights.safetensors" in told
        assert "1 layers, the worst" in told
        found = metadata_of(tmp_path / "to" / "pytorch_lora_weights.safetensors")
        assert (found["a"], "ss_sd_model_name" in found) == ("b=c", False)

    @pytest.mark.parametrize("words", [["--to", "gguf"], ["--to", "kohya", "--bake", "nothing"]])
    def test_says_why_it_refuses(self, source, tmp_path, capsys, words):
        given = [str(source), "--base", "sd-1-5", "-o", str(tmp_path / "to"), *words]

        assert main(given) == 1
        assert capsys.readouterr().err.count("\n") == 1
