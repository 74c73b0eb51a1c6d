"""The plugin for vLLM against a hub that runs, and against stand-ins of vLLM's two classes."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import json
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.cache import cache

from registry.models import AdapterVersion
from tests import files
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    FileFactory,
    VersionFactory,
    keep,
    member,
    token,
)

pytestmark = pytest.mark.django_db(transaction=True)

FILE = Path(__file__).resolve().parents[2] / "client/vllm_resolver.py"
BASE = "Qwen/Qwen2.5-0.5B"
CONFIG = {"peft_type": "LORA", "r": 4, "base_model_name_or_path": BASE}


@pytest.fixture
def vllm(monkeypatch):
    """Put stand-ins of what the plugin imports in their place; return the resolvers registered."""
    registered = {}

    class LoRARequest:
        def __init__(self, lora_name, lora_int_id, lora_path):
            assert lora_int_id > 0
            self.lora_name, self.lora_int_id, self.lora_path = lora_name, lora_int_id, lora_path

    class LoRAResolver:
        pass

    class LoRAResolverRegistry:
        register_resolver = staticmethod(registered.__setitem__)

    request, resolver = types.ModuleType("vllm.lora.request"), types.ModuleType("v.r")
    request.LoRARequest = LoRARequest
    resolver.LoRAResolver, resolver.LoRAResolverRegistry = LoRAResolver, LoRAResolverRegistry
    for name, module in {
        "vllm": types.ModuleType("vllm"),
        "vllm.lora": types.ModuleType("vllm.lora"),
        "vllm.lora.request": request,
        "vllm.lora.resolver": resolver,
    }.items():
        monkeypatch.setitem(sys.modules, name, module)
    return registered


@pytest.fixture
def plugin():
    spec = importlib.util.spec_from_file_location("loradex_vllm_resolver", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def resolve(vllm, plugin, live_server, tmp_path, monkeypatch, blob_root):
    """Return a function that asks the registered resolver for an adapter."""
    cache.clear()
    monkeypatch.setenv("LORADEX_HUB", live_server.url)
    monkeypatch.setenv("LORADEX_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "localhost")

    def resolve(name, base=BASE):
        plugin.register()
        with ThreadPoolExecutor(1) as apart:  # a browser's loop may be running in this thread
            return apart.submit(asyncio.run, vllm["Loradex"].resolve_lora(base, name)).result(60)

    return resolve


def tales(config=CONFIG, **state):
    base = BaseFactory(slug="qwen-2-5-0-5b", family="qwen2", pipeline="Qwen2ForCausalLM")
    adapter = AdapterVersion.objects.filter(adapter__slug="tales").first()
    version = VersionFactory(
        adapter=adapter.adapter if adapter else AdapterFactory(slug="tales", team__slug="ink"),
        base=base,
        content=files.kohya_lora("sdxl", values=files.Values(seed=len(config))).getvalue()
        if not adapter
        else None,
        **state or {"published": True},
    )
    version.files.update(dialect="peft")
    FileFactory(
        version=version,
        role="config",
        name="adapter_config.json",
        blob=keep(json.dumps(config).encode()),
        metadata=config,
    )
    return version


class TestResolver:
    def test_makes_a_folder_that_peft_reads(self, resolve):
        version = tales()
        request = resolve("ink/tales")
        place = Path(request.lora_path)
        assert place.name == "ink--tales-v1"
        weights = (place / "adapter_model.safetensors").read_bytes()
        assert hashlib.sha256(weights).hexdigest() == version.sha256
        assert json.loads((place / "adapter_config.json").read_text()) == CONFIG
        assert sorted(each.name for each in place.parent.iterdir()) == [place.name]

    def test_takes_the_version_that_is_named(self, resolve):
        tales()
        second = tales()
        assert Path(resolve("ink/tales@v1").lora_path).name == "ink--tales-v1"
        assert Path(resolve("ink/tales").lora_path).name == f"ink--tales-v{second.number}"

    def test_follows_a_channel(self, resolve, api):
        version = tales()
        reviewer = member(version.adapter.team, "reviewer")
        api.force_authenticate(reviewer)
        moved = api.put("/api/adapters/ink/tales/channels/prod", {"version": 1})
        assert moved.status_code in {200, 201}
        assert Path(resolve("ink/tales@prod").lora_path).name == "ink--tales-v1"
        assert resolve("ink/tales@other") is None

    def test_fetches_once(self, resolve):
        version = tales()
        resolve("ink/tales@1")
        resolve("ink/tales@1")
        version.refresh_from_db()
        assert version.downloads == 2  # the weights, and the configuration

    @pytest.mark.parametrize(
        "name", ["nobody/tales", "tales", "a/b/c", "../../etc", "ink/tales@v9", "ink/tales@x"]
    )
    def test_leaves_what_the_hub_does_not_have_to_others(self, resolve, name):
        tales()
        assert resolve(name) is None

    def test_leaves_another_base_s_adapters_alone(self, resolve, caplog, monkeypatch):
        tales()
        assert resolve("ink/tales", base="Qwen/Qwen2.5-7B") is None
        assert "is for Qwen/Qwen2.5-0.5B or qwen-2-5-0-5b" in caplog.text
        assert resolve("ink/tales", base="qwen-2-5-0-5b") is not None
        monkeypatch.setenv("LORADEX_ANY_BASE", "1")
        assert resolve("ink/tales", base="our-model") is not None

    def test_says_why_vllm_cannot_serve_one(self, resolve, caplog):
        tales(CONFIG | {"use_dora": True, "modules_to_save": ["lm_head"]})
        assert resolve("ink/tales") is None
        assert "it is DoRA" in caplog.text

    def test_shows_its_token(self, resolve, monkeypatch):
        version = tales(ready=True)
        assert resolve("ink/tales@1") is None
        monkeypatch.setenv("LORADEX_TOKEN", token(member(version.adapter.team)))
        assert resolve("ink/tales@1") is not None

    def test_does_not_keep_bytes_that_are_not_the_version_s(self, resolve, caplog, tmp_path):
        version = tales()
        AdapterVersion.objects.filter(pk=version.pk).update(sha256="0" * 64)
        assert resolve("ink/tales") is None
        assert "The bytes came with the sha256" in caplog.text
        assert list((tmp_path / "cache").iterdir()) == []

    def test_survives_a_hub_that_is_away(self, resolve, monkeypatch, caplog):
        monkeypatch.setenv("LORADEX_HUB", "http://127.0.0.1:9")
        assert resolve("ink/tales") is None
        assert "could not be had from the hub" in caplog.text


FIND = """
from importlib.metadata import entry_points

[one] = [each for each in entry_points(group="vllm.general_plugins") if each.name == "loradex"]
print(one.load().__name__)
"""


def test_it_is_found_by_its_entry_point(plugin, tmp_path):
    plugin.install(tmp_path)
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            FIND,
        ],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert found.stdout == "register\n"


def test_without_a_hub_it_registers_nothing(vllm, plugin, monkeypatch):
    monkeypatch.delenv("LORADEX_HUB", raising=False)
    plugin.register()
    assert vllm == {}


def test_the_hub_hands_it_out(client):
    answer = client.get("/client/vllm_resolver.py")
    assert answer.content == FILE.read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="vllm_resolver.py"'
    assert (
        client.get(
            "/client/vllm_resolver.py", headers={"If-None-Match": answer["ETag"]}
        ).status_code
        == 304
    )
    assert client.get("/client/loradex.py")["ETag"] != answer["ETag"]
