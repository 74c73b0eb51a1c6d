"""A team describes its own base, the engine lays it out, and uploads are judged against it."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("torch", reason="the engine lays the base out")

from tests import blueprints, files
from tests.factories import TeamFactory, member
from tests.layers import Layer
from workers import gpu
from workers.engine_link import EngineChild

pytestmark = [
    pytest.mark.torch,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("blob_root"),
]


@pytest.fixture
def engine(monkeypatch):
    with EngineChild("cpu", threads=1) as child:
        monkeypatch.setattr(gpu, "engine", lambda: child)
        yield child


def lora(*, width):
    """Return a PEFT LoRA on the query and value projections of the tiny Llama, `width` wide."""
    names = [f"model.layers.{n}.self_attn.{kind}" for n in (0, 1) for kind in ("q_proj", "v_proj")]
    layers = [Layer("model", name, 64 if "q_" in name else 32, width) for name in names]
    tensors = {}
    for _, name, outputs, inputs in layers:
        tensors[f"base_model.model.{name}.lora_A.weight"] = files.tensor((4, inputs))
        tensors[f"base_model.model.{name}.lora_B.weight"] = files.tensor((outputs, 4), seed=1)
    return files.named(files.safetensors(tensors), "adapter_model.safetensors")


def upload(api, name, file):
    config = files.peft_config(target_modules=["q_proj", "v_proj"])
    config = files.named(json.dumps(config).encode(), "adapter_config.json")
    answer = api.post(
        f"/api/adapters/ink/{name}/versions",
        {"file": file, "config": config, "base": "ink/Small-Llama"},
        format="multipart",
    )
    assert answer.status_code == 202, answer.content
    return api.get(f"/api/adapters/ink/{name}/versions/1/report").json()


def test_a_team_adds_its_own_base(api, run_jobs_at_once, engine):
    api.force_authenticate(member(TeamFactory(slug="ink")))

    # Its configuration is all that the hub needs: a worker lays the layers out.
    told = {
        "team": "ink",
        "title": "Small Llama",
        "slug": "small-llama",
        "aliases": ["ink/Small-Llama"],
        "configs": blueprints.language_model(),
    }
    assert api.post("/api/bases", told).status_code == 202
    base = api.get("/api/bases/small-llama").json()
    assert (base["state"], base["reason"], base["family"]) == ("ready", "", "llama")
    assert base["layers"] == {"model": 21}

    # An adapter of its shapes is proved to fit.
    report = upload(api, "sound", lora(width=64))
    assert (report["state"], report["proof"]) == ("ready", "fits")

    # One of other shapes is rejected, in the same words as for any base.
    report = upload(api, "too-wide", lora(width=96))
    assert report["state"] == "rejected"
    assert "takes 96 inputs where Small Llama has 64" in json.dumps(report)

    # What nobody can build fails with a sentence, and waits for its team to try something else.
    told |= {"slug": "broken", "aliases": [], "configs": blueprints.language_model(hidden_act="?")}
    api.post("/api/bases", told)
    broken = api.get("/api/bases/broken").json()
    assert broken["state"] == "failed"
    assert "cannot build a model" in broken["reason"]
