"""
A runtime reads another layout than the one that was uploaded: it asks, waits while a worker writes
it, loads what comes with the library that it is for, and does the same as with the original.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone

from registry.formats.adapter import read_adapter
from registry.formats.header import read_header
from registry.models import BaseModel
from registry.services import bases, demo, scheduling
from tests.factories import AdapterFactory, FileFactory, VersionFactory, keep
from workers import devices, gpu
from workers.engine_link import EngineChild

torch = pytest.importorskip("torch")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore::FutureWarning"),  # of peft, about transformers
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("blob_root", "sent"),
]

ADAPTERS = demo.HOME / "adapters"


@pytest.fixture(scope="module")
def child():
    with EngineChild("cpu", threads=1) as child:
        yield child


@pytest.fixture
def published(team, contributor, api, child, monkeypatch):
    """Return a function that publishes a demo adapter, and gives the address of its version."""
    monkeypatch.setattr(gpu, "engine", lambda: child)
    bases.load_catalogue()
    api.force_authenticate(contributor)

    def publish(name, base):
        folder = ADAPTERS / name
        [weights] = folder.glob("*.safetensors")
        config = folder / "adapter_config.json"
        version = VersionFactory(
            adapter=AdapterFactory(slug=name, team=team),
            base=BaseModel.objects.get(slug=base),
            content=weights.read_bytes(),
            published=True,
            trigger_words=[name],
            weight_default=0.9,
        )
        given = json.loads(config.read_text()) if config.exists() else None
        with weights.open("rb") as file:
            header = read_header(file, file_size=weights.stat().st_size)
        adapter = read_adapter(header, config=given)
        version.files.update(
            dialect=adapter.dialect.value,
            algorithm=", ".join(adapter.algorithms),
            metadata=dict(header.metadata),
        )
        if given:
            blob = keep(config.read_bytes())
            FileFactory(version=version, role="config", name=config.name, blob=blob, dialect="")
        return f"/api/adapters/ink/{name}/versions/1"

    return publish


@pytest.fixture
def fetch(api):
    """Return a function that asks until it is there, a worker at hand, and gives the bytes."""

    def fetch(at, **wanted):
        answer = api.get(f"{at}/download", wanted)
        assert answer.status_code == 202, answer.content
        now = timezone.now()
        row = scheduling.take(devices.mine().asks(now), owner="a test", now=now)
        gpu.do(row)
        told = api.get(answer["Location"]).json()
        assert told["state"] == "done", told["reason"]
        assert told["worst_error"] <= 1e-3
        return b"".join(api.get(told["download_url"]).streaming_content)

    return fetch


def metadata_of(content):
    return read_header(io.BytesIO(content), file_size=len(content)).metadata


@pytest.fixture(scope="module")
def pipeline():
    from diffusers import StableDiffusionPipeline

    torch.set_num_threads(1)
    return StableDiffusionPipeline.from_pretrained(demo.HOME / "base", safety_checker=None)


def shown(pipeline, words="a red circle on white, neonglow"):
    """Return what the text encoder and the denoiser make of a prompt and a noise."""
    form = (1, pipeline.unet.config.in_channels, 12, 12)
    noise = torch.randn(form, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        states, _ = pipeline.encode_prompt(words, "cpu", 1, do_classifier_free_guidance=False)
        return pipeline.unet(noise, 500, states).sample


def through_diffusers(pipeline, content, tmp_path, name):
    """Return the same with a file on it, loaded by the pipeline's own loader."""
    (tmp_path / name).write_bytes(content)
    pipeline.load_lora_weights(str(tmp_path), weight_name=name)
    try:
        return shown(pipeline)
    finally:
        pipeline.unload_lora_weights()


def apart(one, other, base):
    """Return how far two effects are apart, as a share of the effect."""
    effect = (other - base).norm()
    assert effect > 0.05 * base.norm()
    return float((one - other).norm() / effect)


def test_kohya_s_names_become_diffusers_and_do_the_same(published, fetch, pipeline, tmp_path):
    original = (ADAPTERS / "neon-glow/neon-glow.safetensors").read_bytes()
    content = fetch(published("neon-glow", "shapes"), layout="diffusers")

    base = shown(pipeline)
    before = through_diffusers(pipeline, original, tmp_path, "before.safetensors")
    after = through_diffusers(pipeline, content, tmp_path, "after.safetensors")

    assert apart(after, before, base) < 2e-3
    said = metadata_of(content)
    assert said["modelspec.trigger_phrase"] == "neon-glow"
    assert said["modelspec.lora_default_weight"] == "0.9"
    assert said["loradex.source_sha256"]


def test_a_baked_file_does_exactly_the_same(published, fetch, pipeline, tmp_path):
    original = (ADAPTERS / "neon-glow/neon-glow.safetensors").read_bytes()
    at = published("neon-glow", "shapes")
    content = fetch(at, bake="1", strip="1")

    before = through_diffusers(pipeline, original, tmp_path, "before.safetensors")
    after = through_diffusers(pipeline, content, tmp_path, "after.safetensors")

    assert torch.equal(after, before)
    was, said = metadata_of(original), metadata_of(content)
    assert "ss_tag_frequency" in was
    assert "ss_tag_frequency" not in said
    assert said["ss_network_dim"] == was["ss_network_dim"]
    assert said["loradex.name"] == "ink/neon-glow"


def test_peft_s_names_become_kohya_s_and_do_the_same(published, fetch, pipeline, tmp_path):
    from peft import PeftModel

    content = fetch(published("zebra", "shapes"), layout="kohya", dtype="fp32")

    base = shown(pipeline)
    after = through_diffusers(pipeline, content, tmp_path, "after.safetensors")
    worn = PeftModel.from_pretrained(pipeline.unet, ADAPTERS / "zebra")
    try:
        before = shown(pipeline)
    finally:
        worn.unload()
    assert torch.equal(shown(pipeline), base)
    assert apart(after, before, base) < 2e-3


@pytest.fixture(scope="module")
def model():
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(1)
    return AutoModelForCausalLM.from_pretrained(demo.HOME / "bases/tales")


def through_peft(model, folder):
    from peft import PeftModel

    worn = PeftModel.from_pretrained(model, folder)
    try:
        return said(worn)
    finally:
        worn.unload()


def said(model):
    """Return what the model expects after each word of a text."""
    with torch.no_grad():
        return model(torch.arange(1, 25).unsqueeze(0)).logits


class TestTexts:
    def test_a_folder_of_peft_s_does_the_same(self, published, fetch, model, tmp_path):
        packed = fetch(published("pirate-tales", "tales"), layout="peft", dtype="fp32")
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(tmp_path)

        base = said(model)
        before = through_peft(model, ADAPTERS / "pirate-tales")
        after = through_peft(model, tmp_path / "pirate-tales-v1-peft")

        assert torch.equal(said(model), base)
        assert apart(after, before, base) < 1e-4

    def test_gguf_holds_the_same_change(self, published, fetch, tmp_path):
        from gguf import GGUFReader
        from safetensors.torch import load_file

        path = tmp_path / "adapter.gguf"
        path.write_bytes(fetch(published("pirate-tales", "tales"), layout="gguf", dtype="fp32"))

        reader = GGUFReader(path)
        found = {tensor.name: torch.from_numpy(tensor.data.copy()) for tensor in reader.tensors}
        text = {name: field.contents() for name, field in reader.fields.items()}
        assert (text["general.type"], text["adapter.type"]) == ("adapter", "lora")
        assert text["loradex.trigger_words"] == "pirate-tales"

        tensors = load_file(ADAPTERS / "pirate-tales/adapter_model.safetensors")
        config = json.loads((ADAPTERS / "pirate-tales/adapter_config.json").read_text())
        down = next(
            name for name in tensors if name.endswith("layers.1.self_attn.v_proj.lora_A.weight")
        )
        up = down.replace("lora_A", "lora_B")
        scale = text["adapter.lora.alpha"] / found["blk.1.attn_v.weight.lora_a"].shape[0]
        made = found["blk.1.attn_v.weight.lora_b"] @ found["blk.1.attn_v.weight.lora_a"] * scale
        was = tensors[up].float() @ tensors[down].float() * config["lora_alpha"] / config["r"]
        assert float((made - was).norm() / was.norm()) < 1e-5


def test_nothing_is_left_in_the_engine_s_folder(child, published, fetch):
    fetch(published("zebra", "shapes"), strip="1")
    assert not list(Path(child.scratch).glob("converted-*"))
