"""The whole engine as it runs in production: a child process, reached over its pipes."""

from __future__ import annotations

import io
import logging
import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from registry.sweeps.plan import Scene, cell_key
from tests.workers.engine import tiny
from workers.engine_link import EngineChild, EngineDied, EngineRefused

SCENE = {
    "slug": "red-circle",
    "prompt": "{trigger} a red circle",
    "negative": "",
    "seed": 3,
    "steps": 3,
    "guidance": 4.0,
    "width": 16,
    "height": 16,
}


@pytest.fixture(scope="module")
def engine():
    with EngineChild("cpu", threads=1) as child:
        yield child


@pytest.fixture(scope="module")
def asked(base_folder, tmp_path_factory, unet_pairs):
    """Return what every request about the tiny base and a sound adapter says."""
    path = tiny.write(tmp_path_factory.mktemp("adapters") / "sound", tiny.kohya(unet_pairs))
    return {
        "base": {
            "slug": "tiny",
            "pipeline": "StableDiffusionPipeline",
            "folder": str(base_folder),
            "config_folder": str(base_folder),
            "digest": "digest-of-tiny",
        },
        "adapter": {
            "path": str(path),
            "config_path": None,
            "dialect": "kohya",
            "expected": {"unet": len(unet_pairs)},
            "tensor_digest": "digest-of-adapter",
        },
        "scene": SCENE,
    }


def descendants(pid):
    """Return the process ids from `pid` down to its youngest child's."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(line for child in children for line in descendants(child))]


@pytest.mark.slow
class TestChild:
    def test_says_what_it_is(self, engine):
        hello = engine.start()

        assert hello["device"] == "cpu"
        assert hello["versions"].keys() >= {"engine", "torch", "diffusers", "peft"}

    def test_has_no_network(self, engine):
        if not engine.start()["network_off"]:
            pytest.skip("NOT CHECKED: this system lets nobody leave the network.")

        own = Path("/proc/self/ns/net").readlink()
        innermost = descendants(engine.pid)[-1]  # under bubblewrap, the engine is its child
        assert Path(f"/proc/{innermost}/ns/net").readlink() != own

    def test_has_no_credentials(self, engine):
        engine.start()
        environment = Path(f"/proc/{engine.pid}/environ").read_bytes().decode()

        assert not {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"} & {
            line.partition("=")[0] for line in environment.split("\0")
        }

    def test_proves_and_tries_and_sweeps(self, engine, asked):
        loads, _ = engine.call("prove_loads", asked, timeout=60)
        renders, pictures = engine.call("try_on", asked | {"trigger_words": ["zq"]}, timeout=60)
        heard = []
        swept, cells = engine.call(
            "sweep",
            asked | {"prompt": "zq a red circle", "weights": [0, 0.5, 1], "skip": []},
            timeout=60,
            on_progress=heard.append,
        )

        assert loads["injected"] == renders["injected"] == loads["in_file"]
        assert loads["network_off"] == engine.hello["network_off"]
        assert set(pictures) == {"without", "with", "untriggered"}
        assert len(cells) == 3
        assert heard[-1] == {"stage": "rendering", "done": 3, "of": 3}
        assert swept["cells"][1]["key"] == cell_key(
            base_digest="digest-of-tiny",
            adapter_digest="digest-of-adapter",
            weight=0.5,
            scene=Scene(title="", **SCENE),
            prompt="zq a red circle",
        )

    def test_converts_into_its_scratch_folder(self, engine, tmp_path):
        layer = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q"
        tensors = {
            f"{layer}.lora_down.weight": torch.ones(2, 1280),
            f"{layer}.lora_up.weight": torch.ones(1280, 2),
        }
        path = tiny.write(tmp_path / "adapter", tensors)
        asked = {"adapter": {"path": str(path)}, "base": {"slug": "sd-1-5"}}
        answer, _ = engine.call(
            "convert", asked | {"conversion": {"layout": "diffusers"}}, timeout=60
        )

        [[name, size]] = answer["files"]
        made = Path(answer["folder"]) / name
        assert engine.scratch in made.parents
        assert (made.stat().st_size, answer["layers"]) == (size, 1)
        with pytest.raises(EngineRefused, match="family Stable Diffusion 1") as refusal:
            engine.call("convert", asked | {"conversion": {"layout": "gguf"}}, timeout=60)
        assert refusal.value.code == "conversion_refused"

    def test_is_replaced_when_killed_in_the_middle_of_a_sweep(self, engine, asked):
        long = {"scene": SCENE | {"steps": 500}, "weights": [0, 1.0], "prompt": "a red circle"}

        def kill(progress):
            if progress["done"] > 1:
                os.kill(engine.pid, signal.SIGKILL)

        with pytest.raises(EngineDied, match="SIGKILL"):
            engine.call("sweep", asked | long, timeout=60, on_progress=kill)

        short = long | {"scene": SCENE}
        assert len(engine.call("sweep", asked | short, timeout=60).blobs) == 2

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ({"adapter": None}, "bad_fields"),
            ({"weights": [1.0, 0.0]}, "bad_fields"),
            (
                {"base": {"slug": "x", "pipeline": "FluxPipeline", "folder": "/x"}},
                "base_unreadable",
            ),
            ({"adapter": {"path": "/nowhere"}}, "adapter_refused"),
        ],
        ids=["no adapter", "weights descending", "no such base", "no such file"],
    )
    def test_says_why_it_cannot(self, engine, asked, fault, code):
        with pytest.raises(EngineRefused) as refusal:
            engine.call("sweep", asked | {"weights": [0, 1.0]} | fault, timeout=60)

        assert refusal.value.code == code

    def test_does_not_know_every_verb(self, engine):
        with pytest.raises(EngineRefused, match="conjure"):
            engine.call("conjure", {}, timeout=60)


@pytest.mark.slow
class TestChildThatCompiles:
    def test_draws_what_one_draws_that_does_not(self, engine, asked, caplog):
        if not any(map(shutil.which, ("g++", "clang++"))):
            pytest.skip("NOT CHECKED: this machine has no C++ compiler.")
        fields = asked | {"weights": [0.0, 0.5, 1.0], "prompt": "a red circle", "skip": []}
        expected = pictures(engine.call("sweep", fields, timeout=60))

        with (
            caplog.at_level(logging.INFO, "workers.engine"),
            EngineChild("cpu", threads=1, compiled=True) as child,
        ):
            found = pictures(child.call("sweep", fields, timeout=400))

            assert list(child.scratch.rglob("*.so")), "it has compiled nothing"
            assert len(descendants(child.pid)) == len(descendants(engine.pid))

        assert not any("without torch.compile" in said for said in caplog.messages)
        for one, other in zip(expected, found, strict=True):
            assert np.abs(one - other).max() <= 2  # of 255
        assert np.abs(found[0] - found[2]).max() > 2


def pictures(answer):
    """Return the pictures of a sweep's answer, as numbers that have a sign."""
    return [
        np.asarray(Image.open(io.BytesIO(answer.blobs[cell["blob"]]))).astype(int)
        for cell in answer.fields["cells"]
    ]
