"""Headers without what the trainer wrote: in every layout, and in PEFT's configuration."""

from __future__ import annotations

import json

import pytest
from safetensors import safe_open

from tests.workers.engine.converting import made
from workers.engine.converting import Conversion, convert

BASE = "sd-1-5"
SAID = {
    "ss_tag_frequency": '{"10_mei": {"mei": 12}}',
    "ss_sd_model_name": "/home/mei/secret.safetensors",
    "ss_network_dim": "4",
    "modelspec.author": "mei",
    "lora_adapter_metadata": json.dumps({"unet.r": 4, "unet.lora_alpha": 4}),
}


def metadata_of(path):
    with safe_open(path, "pt") as file:
        return file.metadata() or {}


@pytest.fixture
def source(tmp_path):
    pairs = {name: one for name, one in made.pairs_of(BASE).items() if name.startswith("unet.")}
    tensors = {}
    for name, (down, up) in pairs.items():
        tensors[f"{name}.lora_A.weight"], tensors[f"{name}.lora_B.weight"] = down, up
    return made.save(tmp_path / "source.safetensors", tensors, SAID)


@pytest.mark.parametrize("layout", ["original", "kohya", "diffusers", "peft"])
def test_nothing_of_its_trainer_is_in_a_bare_file(tmp_path, source, layout):
    to = Conversion(layout, bare=True, bake={"loradex.version": "1"})
    done = convert(source, None, to=to, base=BASE, into=tmp_path / "out")

    weights = [path for path in done.files if path.suffix == ".safetensors"]
    said = metadata_of(weights[0])
    assert said["loradex.version"] == "1"
    assert said["ss_network_dim"] == "4"
    for path in done.files:
        assert b"mei" not in path.read_bytes()


def test_a_file_that_is_not_bare_says_what_it_said(tmp_path, source):
    done = convert(source, None, to=Conversion("original"), base=BASE, into=tmp_path / "out")
    assert metadata_of(done.files[0]) == SAID


def test_a_configuration_names_the_base_as_the_hub_does(tmp_path, source):
    repo = {"loradex.base_repo": "stable-diffusion-v1-5/stable-diffusion-v1-5"}
    to = Conversion("peft", bake=repo)
    done = convert(source, None, to=to, base=BASE, into=tmp_path / "out")

    [written] = [path for path in done.files if path.suffix == ".json"]
    assert json.loads(written.read_text())["base_model_name_or_path"] == repo["loradex.base_repo"]


@pytest.mark.parametrize("layout", ["original", "peft"])
def test_a_configuration_that_names_a_folder_of_its_trainer_s_loses_that(tmp_path, source, layout):
    config = tmp_path / "adapter_config.json"
    fields = {"peft_type": "LORA", "r": 4, "lora_alpha": 4, "target_modules": ["to_q"]}
    config.write_text(json.dumps({**fields, "base_model_name_or_path": "/home/mei/llama"}))

    to = Conversion(layout, bare=True)
    done = convert(source, config, to=to, base=BASE, into=tmp_path / "out")

    [written] = [path for path in done.files if path.suffix == ".json"]
    told = json.loads(written.read_text())
    assert told["base_model_name_or_path"] is None
    assert told["r"] == 4
