"""`manage.py inspect`, as a script would call it."""

from __future__ import annotations

import io
import json
import zipfile

import jsonschema
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests import files
from tests.reading import SAMPLES, needs_samples


def inspect(path, *options):
    """Return the exit status and what was printed."""
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("inspect", path, *options, stdout=out)
    return ended.value.code, out.getvalue()


def written(folder, file, name="neon.safetensors"):
    path = folder / name
    path.write_bytes(file.getvalue())
    return path


class TestInspect:
    def test_accepts_a_sound_adapter_and_ends_with_0(self, tmp_path):
        status, text = inspect(written(tmp_path, files.kohya_lora("sdxl", text_encoder=True)))
        assert (status, text.splitlines()[0]) == (0, "neon.safetensors: accepted")

    def test_warns_and_ends_with_1(self, tmp_path):
        path = written(tmp_path, files.kohya_lora("sdxl", metadata={"ss_sd_model_name": "sd_v1"}))
        assert inspect(path)[0] == 1

    def test_refuses_another_base_than_the_declared_and_ends_with_2(self, tmp_path):
        path = written(tmp_path, files.kohya_lora("sd1"))
        status, text = inspect(path, "--base", "sdxl")
        assert status == 2
        assert "This file fits SD 1.5" in text

    def test_says_everything_as_json(self, tmp_path):
        path = written(tmp_path, files.kohya_lora("sdxl"))
        seen = json.loads(inspect(path, "--json")[1])
        assert (seen["verdict"], seen["family"], seen["pairs"]) == ("accepted", "sdxl", 16)
        assert len(seen["hashes"]["sha256"]) == len(seen["tensor_digest"]) == 64
        assert seen["content"]["layers"] == 16

    def test_says_what_the_metadata_tell_and_show(self, tmp_path):
        metadata = {
            "ss_training_comment": "made in /home/annette/train/ink",
            "modelspec.usage_hint": "weight 0.6-0.9",
            "modelspec.thumbnail": "data:image/jpeg;base64,/9j/4AAQ",
        }
        path = written(tmp_path, files.kohya_lora("sdxl", metadata=metadata))
        seen = json.loads(inspect(path, "--json")[1])
        [fact] = seen["training"]["private"]
        assert (fact["key"], fact["kind"]) == ("ss_training_comment", "user name")
        assert seen["training"]["weight"]["low"] == 0.6
        assert seen["training"]["thumbnail"]["size"] == 6
        assert seen["training"]["sources"]["weight"] == "modelspec.usage_hint"
        assert seen["content"]["rank_used"].startswith("effective rank ")
        assert seen["content"]["outliers"] == []
        assert "weight:        0.6 to 0.9, says modelspec.usage_hint" in inspect(path)[1]

    def test_sees_numbers_that_are_none(self, tmp_path):
        path = written(tmp_path, files.kohya_lora("sdxl", values=files.Values(nan=True)))
        status, text = inspect(path)
        assert status == 2
        assert "[values.finite]" in text

    def test_refuses_what_is_no_adapter_and_hashes_it_all_the_same(self, tmp_path):
        path = written(tmp_path, files.pickle_stream(), "weights.bin")
        status, text = inspect(path, "--json")
        seen = json.loads(text)
        assert (status, seen["verdict"]) == (2, "refused")
        assert seen["problems"][0]["code"] == "file.pickle"
        assert "weights.bin" in seen["problems"][0]["sentence"]
        assert len(seen["hashes"]["sha256"]) == 64

    def test_reads_a_folder_of_peft_s(self, tmp_path):
        written(tmp_path, files.peft_lora("llama"), "adapter_model.safetensors")
        (tmp_path / "adapter_config.json").write_text(json.dumps(files.peft_config()))
        seen = json.loads(inspect(tmp_path, "--json")[1])
        assert (seen["family"], seen["dialect"]) == ("llama", "peft")

    def test_reads_a_zip_file(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "adapter.zip", "w") as packed:
            packed.writestr("llama/adapter_model.safetensors", files.peft_lora("llama").getvalue())
            packed.writestr("llama/adapter_config.json", json.dumps(files.peft_config()))
        seen = json.loads(inspect(tmp_path / "adapter.zip", "--json")[1])
        assert (seen["family"], seen["name"]) == ("llama", "llama/adapter_model.safetensors")

    def test_judges_both_experts_of_a_folder(self, tmp_path):
        written(tmp_path, files.kohya_lora("sdxl"), "wan_high_noise.safetensors")
        half = files.kohya_lora("sdxl", without="lora_up.weight")
        written(tmp_path, half, "wan_low_noise.safetensors")
        status, text = inspect(tmp_path)
        assert status == 2
        assert "wan_low_noise.safetensors: 16 layers have only a part" in text

    def test_says_which_path_cannot_be_read(self, tmp_path):
        with pytest.raises(CommandError, match="nowhere"):
            call_command("inspect", tmp_path / "nowhere.safetensors")

    def test_says_which_base_is_none(self, tmp_path):
        path = written(tmp_path, files.kohya_lora("sdxl"))
        with pytest.raises(CommandError, match="atlantis"):
            call_command("inspect", path, "--base", "atlantis")


@pytest.mark.parametrize(
    "file",
    [
        files.kohya_lora("sdxl", text_encoder=True, metadata={"ss_network_dim": "4"}),
        files.kohya_lora("sd1", without="lora_up.weight"),
        files.pickle_stream(),
        files.named(files.safetensors({"w_a_000": files.tensor((2, 768))}), "sam.safetensors"),
    ],
    ids=["sound", "half a pair", "a pickle", "an unknown layout"],
)
@pytest.mark.parametrize("base", [(), ("--base", "sdxl")], ids=["no base", "a base declared"])
def test_the_json_is_what_the_schema_says(tmp_path, file, base):
    schema = json.loads((settings.BASE_DIR / "docs/inspect.schema.json").read_text())
    seen = json.loads(inspect(written(tmp_path, file), "--json", *base)[1])
    jsonschema.validate(seen, schema)


@needs_samples
@pytest.mark.parametrize(
    ("name", "status", "family"),
    [
        ("catundchat-sd15.safetensors", 1, "sd1"),
        ("catundchat-sd15.bin", 2, "unknown"),
        ("cloneofsimo-analog_svd_rank4.safetensors", 1, "sd1"),
        ("cloneofsimo-lora_disney.safetensors", 1, "sd1"),
        ("mathieunlp-sam-rank2.safetensors", 2, "unknown"),
        ("wujindou-bloom", 2, "unknown"),
    ],
)
def test_real_files_are_judged_right(name, status, family):
    ended, text = inspect(SAMPLES / "adapters" / name, "--json")
    assert (ended, json.loads(text)["family"]) == (status, family)
