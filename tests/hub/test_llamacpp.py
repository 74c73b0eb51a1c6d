"""
llama.cpp itself loads what the hub writes for it, and says what PEFT says with the same adapter.

It runs in a process of its own, from a folder where `make setup` puts xllamacpp: llama.cpp's server
as a library. The base is the demo's, which is written as GGUF here.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from registry.services import demo
from tests.factories import AdapterFactory, BaseFactory, FileFactory, VersionFactory, keep, prepare

CLIENT = Path(sys.prefix) / "clients" / "llama-cpp"
pytest.importorskip("peft")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.torch,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("blob_root"),
    pytest.mark.skipif(not CLIENT.is_dir(), reason="no xllamacpp: run make setup"),
]
TALES = demo.HOME / "bases" / "tales"
PIRATE = demo.HOME / "adapters" / "pirate-tales"
PROMPT = "Once upon a time"


GGUF_NAMES = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}  # fmt: skip

# Prints the logarithms of the chances of each next word, by its number: at each of the weights
# (None: without the adapter), and by a server whose weight is changed to the last of them.
ASKS = """
import json, sys, urllib.request
import xllamacpp

base, lora, prompt, weights = json.load(sys.stdin)

def server(weight):
    params = xllamacpp.CommonParams()
    params.model.path, params.n_ctx, params.n_gpu_layers, params.warmup = base, 128, 0, False
    params.cpuparams.n_threads, params.port = 1, 0
    if weight is not None:
        one = xllamacpp.CommonAdapterLoraInfo()
        one.path, one.scale = lora, weight
        params.lora_adapters = [one]
    return xllamacpp.Server(params)

def says(server):
    asked = {"prompt": prompt, "n_predict": 1, "temperature": 0, "n_probs": 640}
    told = server.handle_completions(asked | {"cache_prompt": False})
    words = told["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
    return [one["logprob"] for one in sorted(words, key=lambda one: one["id"])]

told = [says(server(weight)) for weight in weights]
running = server(1.0)
body = json.dumps([{"id": 0, "scale": weights[-1]}]).encode()
asked = urllib.request.Request(f"{running.listening_address}/lora-adapters", body)
asked.add_header("Content-Type", "application/json")
urllib.request.urlopen(asked).read()
print(json.dumps([*told, says(running)]))
"""


def as_gguf(folder, path):
    """Write the demo's base of text as llama.cpp's converter does."""
    import gguf

    config = json.loads((folder / "config.json").read_text())
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config["head_dim"])
    _add_words(writer, json.loads((folder / "tokenizer.json").read_text())["model"])
    _add_tensors(writer, folder / "model.safetensors", heads=config["num_attention_heads"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_words(writer, words):
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(sorted(words["vocab"], key=words["vocab"].get))
    writer.add_token_types([3] * 3 + [1] * (len(words["vocab"]) - 3))  # three of control
    writer.add_token_merges([" ".join(pair) for pair in words["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)  # noqa: FBT003  gguf's signature


def _add_tensors(writer, path, *, heads):
    from safetensors.torch import load_file

    from workers.engine.converting.turning import interleaved

    for name, tensor in load_file(path).items():
        layer = name.removesuffix(".weight")
        block, _, rest = layer.removeprefix("model.layers.").partition(".")
        called = GGUF_NAMES[layer] if layer in GGUF_NAMES else f"blk.{block}.{GGUF_NAMES[rest]}"
        turned = interleaved(tensor, heads) if called.endswith(("attn_q", "attn_k")) else tensor
        writer.add_tensor(f"{called}.weight", turned.float().numpy())


def by_peft(weights):
    """Return what PEFT makes of the same, likewise."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(TALES)(PROMPT, return_tensors="pt").input_ids
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(TALES), PIRATE).eval()

    def says(weight):
        for layer in model.modules():
            if hasattr(layer, "set_scale"):
                layer.set_scale("default", weight)
        with torch.no_grad():
            return torch.log_softmax(model(input_ids=tokens).logits[0, -1].float(), -1).tolist()

    return [says(weight or 0.0) for weight in weights]


@pytest.fixture
def recipe(live_server, team, tmp_path, client):
    """Publish the demo's adapter, written as GGUF by the engine; return its recipe."""
    from workers.engine.converting import Conversion, convert

    tales = BaseFactory(
        slug="tales", family="llama", modality="text", pipeline="LlamaForCausalLM", title="Tales"
    )
    adapter = AdapterFactory(team=team, slug="pirate")
    weights, config = PIRATE / "adapter_model.safetensors", PIRATE / "adapter_config.json"
    version = VersionFactory(
        adapter=adapter, base=tales, published=True, content=weights.read_bytes(),
        weight_default=0.7,
    )  # fmt: skip
    version.files.update(dialect="peft", name=weights.name)
    FileFactory(version=version, role="config", name=config.name, blob=keep(config.read_bytes()))
    (tmp_path / "to").mkdir()
    done = convert(weights, config, to=Conversion("gguf"), base="tales", into=tmp_path / "to")
    prepare(version, "gguf", done.files[0])
    told = client.get("/api/adapters/ink/pirate/versions/1").json()["recipes"]["llama-cpp"]
    return json.loads(json.dumps(told).replace("http://testserver", live_server.url))


def test_it_says_with_the_hubs_file_what_peft_says(recipe, tmp_path):
    fetching = next(one["text"] for one in recipe["more"] if one["title"] == "Fetch it")
    shell = {"PATH": os.environ["PATH"], "no_proxy": "*"}
    subprocess.run(["bash", "-c", fetching], cwd=tmp_path, env=shell, check=True, timeout=60)
    words = shlex.split(recipe["usage"])
    file, _, scale = words[words.index("--lora-scaled") + 1].rpartition(":")
    weights = [None, 0.0, 1.0, float(scale)]

    base = as_gguf(TALES, tmp_path / "base.gguf")
    done = subprocess.run(
        [sys.executable, "-c", ASKS],
        input=json.dumps([str(base), str(tmp_path / file), PROMPT, weights]),
        env=shell | {"PYTHONPATH": str(CLIENT)},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout.strip().splitlines()[-1])
    assert scale == "0.7"
    for here, there in zip(said, by_peft([*weights, weights[-1]]), strict=True):
        assert here == pytest.approx(there, abs=0.01)
    plain, at_zero, whole, usual, _ = said
    assert at_zero == plain
    assert max(abs(a - b) for a, b in zip(whole, plain, strict=True)) > 1
    assert max(abs(a - b) for a, b in zip(whole, usual, strict=True)) > 0.1
