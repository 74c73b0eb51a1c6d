"""PEFT puts adapters on small models of real classes of transformers, without their weights."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import torch
import transformers as tf
from peft import (
    AdaLoraConfig,
    IA3Config,
    LoHaConfig,
    LoKrConfig,
    LoraConfig,
    OFTConfig,
    VeraConfig,
    get_peft_model,
)
from safetensors.torch import load_file, save_file

from registry.bases.catalogue import FOLDER
from tests.workers.engine.converting.test_loading import peft_source
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import BaseSource, BaseUnreadable
from workers.engine.converting import Conversion, convert
from workers.engine.families.table import UnknownPipeline, family_of
from workers.engine.trials import prove_loads

# PEFT asks for things by names that transformers is about to change.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")

SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
         "num_attention_heads": 4, "vocab_size": 64}  # fmt: skip
LLAMA = SMALL | {"num_key_value_heads": 2, "pad_token_id": 0}
SEEING = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
          "num_attention_heads": 4, "image_size": 16, "patch_size": 8}  # fmt: skip
WHISPER = {"d_model": 16, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4,
           "decoder_attention_heads": 4, "encoder_ffn_dim": 32, "decoder_ffn_dim": 32,
           "vocab_size": 64, "num_mel_bins": 8, "pad_token_id": 0, "bos_token_id": 0,
           "eos_token_id": 0, "decoder_start_token_id": 0}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    config: object
    targets: tuple[str, ...]
    layers: int


# The class, its small configuration, and how many layers its attention has under those names.
KINDS = {
    "LlamaForCausalLM": Kind(tf.LlamaConfig(**LLAMA), ("q_proj", "v_proj"), 4),
    "GPT2LMHeadModel": Kind(
        tf.GPT2Config(n_embd=16, n_layer=2, n_head=4, vocab_size=64), ("c_attn",), 2
    ),
    "BertForSequenceClassification": Kind(tf.BertConfig(**SMALL), ("query", "value"), 4),
    "T5ForConditionalGeneration": Kind(
        tf.T5Config(d_model=16, d_kv=4, d_ff=32, num_layers=2, num_heads=4, vocab_size=64),
        ("q", "v"),
        12,
    ),
    "WhisperForConditionalGeneration": Kind(tf.WhisperConfig(**WHISPER), ("q_proj", "v_proj"), 12),
    "LlavaForConditionalGeneration": Kind(
        tf.LlavaConfig(
            text_config=tf.LlamaConfig(**LLAMA),
            vision_config=tf.CLIPVisionConfig(**SEEING),
            image_token_index=63,
        ),
        ("q_proj", "v_proj"),
        8,
    ),
    "BlipForConditionalGeneration": Kind(
        tf.BlipConfig(
            text_config=SMALL | {"encoder_hidden_size": 16}, vision_config=SEEING
        ),
        ("query", "value", "qkv"),
        10,
    ),
}  # fmt: skip


@pytest.fixture(params=KINDS)
def name(request):
    return request.param


@pytest.fixture
def skeleton(bases, tmp_path, name):
    folder = tmp_path / "config"
    folder.mkdir(exist_ok=True)
    told = KINDS[name].config.to_dict() | {"architectures": [name]}
    (folder / "config.json").write_text(json.dumps(told))
    return bases.skeleton(BaseSource("small", name, None, folder, ""))


@pytest.fixture
def trained(tmp_path, name):
    """Return the folder that PEFT saves of such a model, and the tensors in it."""
    kind = KINDS[name]
    torch.manual_seed(0)
    model = get_peft_model(
        getattr(tf, name)(kind.config),
        LoraConfig(r=2, target_modules=list(kind.targets), init_lora_weights=False),
    )
    folder = tmp_path / "adapter"
    model.save_pretrained(folder)
    return folder


def proved(skeleton, folder, change=None, *, config=True):
    path = folder / "adapter_model.safetensors"
    if change:
        save_file(change(read(folder)), path, {"format": "pt"})
    beside = folder / "adapter_config.json" if config else None
    facts, blobs = prove_loads(skeleton, AdapterSource(path, beside))
    assert not blobs
    # However it went, the skeleton is as it was.
    assert skeleton.is_sound
    return facts


def read(folder):
    return load_file(folder / "adapter_model.safetensors")


def assert_whole(facts, layers):
    assert facts["error"] is None
    assert facts["unmatched_layers"] == []
    assert facts["injected"] == facts["in_file"] == {"model": layers}
    assert facts["level"] == "loads"
    assert facts["saw_nan"] is False


class TestProveLoads:
    def test_takes_every_layer_of_a_folder_that_peft_saved(self, skeleton, trained, name):
        facts = proved(skeleton, trained)

        assert_whole(facts, KINDS[name].layers)
        assert facts["loader_messages"] == []

    def test_takes_the_file_without_its_configuration(self, skeleton, trained, name):
        assert_whole(proved(skeleton, trained, config=False), KINDS[name].layers)

    def test_takes_names_without_their_prefix(self, skeleton, trained, name):
        def bare(tensors):
            return {key.removeprefix("base_model.model."): one for key, one in tensors.items()}

        assert_whole(proved(skeleton, trained, bare), KINDS[name].layers)

    def test_can_be_tried_again_and_again(self, skeleton, trained, name):
        for _ in range(2):
            assert_whole(proved(skeleton, trained), KINDS[name].layers)

    def test_counts_a_layer_with_one_half_missing_as_left_over(self, skeleton, trained, name):
        def halved(tensors):
            first = next(key for key in tensors if ".lora_B." in key)
            return {key: one for key, one in tensors.items() if key != first}

        facts = proved(skeleton, trained, halved)

        assert facts["injected"] != facts["in_file"]
        assert len(facts["unmatched_layers"]) == 1

    def test_has_a_wrong_width_as_a_fact(self, skeleton, trained, name):
        def wide(tensors):
            first = next(key for key in tensors if ".lora_A." in key)
            return tensors | {first: torch.ones(2, 99)}

        facts = proved(skeleton, trained, wide)

        assert "size mismatch" in facts["error"]
        assert facts["injected"] == {}

    def test_names_a_layer_that_the_base_lacks(self, skeleton, trained, name):
        def more(tensors):
            root = "base_model.model.model.nowhere.q_proj.lora_"
            halves = {f"{root}A.weight": torch.ones(2, 16), f"{root}B.weight": torch.ones(16, 2)}
            return tensors | halves

        facts = proved(skeleton, trained, more)

        assert facts["unmatched_layers"] == ["model.model.nowhere.q_proj"]
        assert facts["injected"] == {"model": KINDS[name].layers}

    def test_leaves_a_whole_layer_in_the_file_alone(self, skeleton, trained, name):
        own = next(key for key, _ in skeleton.pipeline.model.named_parameters())

        def headed(tensors):
            return tensors | {f"base_model.model.{own}": torch.ones(3, 3)}

        assert_whole(proved(skeleton, trained, headed), KINDS[name].layers)

    def test_sees_numbers_that_are_none(self, skeleton, trained, name):
        def spoiled(tensors):
            return {key: one * float("nan") for key, one in tensors.items()}

        assert proved(skeleton, trained, spoiled)["saw_nan"] is True

    def test_has_an_adapter_for_another_base_as_facts(self, skeleton, trained, name):
        def alien(tensors):
            return {key.replace("base_model.model.", "base_model.model.x."): one
                    for key, one in tensors.items()}  # fmt: skip

        facts = proved(skeleton, trained, alien)

        assert facts["injected"] == {}
        assert len(facts["unmatched_layers"]) == KINDS[name].layers or facts["error"]


TARGETS = {"target_modules": ["q_proj", "v_proj"]}
METHODS = {
    "DoRA": LoraConfig(r=2, use_dora=True, **TARGETS),
    "rsLoRA": LoraConfig(r=2, use_rslora=True, **TARGETS),
    "PiSSA": LoraConfig(r=2, init_lora_weights="pissa", **TARGETS),
    "with a head": LoraConfig(r=2, modules_to_save=["lm_head"], **TARGETS),
    "LoHa": LoHaConfig(r=2, **TARGETS),
    "LoKr": LoKrConfig(r=2, **TARGETS),
    "IA3": IA3Config(feedforward_modules=[], **TARGETS),
    "AdaLoRA": AdaLoraConfig(init_r=2, target_r=2, total_step=10, **TARGETS),
    "VeRA": VeraConfig(r=2, target_modules=["q_proj", "o_proj"]),
    "OFT": OFTConfig(oft_block_size=4, **TARGETS),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["LlamaForCausalLM"], indirect=True)
@pytest.mark.parametrize("method", METHODS)
def test_takes_what_other_methods_of_peft_save(skeleton, tmp_path, method, name):
    model = get_peft_model(tf.LlamaForCausalLM(KINDS[name].config), METHODS[method])
    model.save_pretrained(tmp_path / "adapter")
    path = tmp_path / "adapter" / "adapter_model.safetensors"
    source = AdapterSource(path, path.with_name("adapter_config.json"), expected={"model": 4})

    facts, _ = prove_loads(skeleton, source)

    assert_whole(facts, 4)
    assert skeleton.is_sound


@pytest.mark.parametrize("name", ["LlamaForCausalLM"], indirect=True)
class TestOtherNames:
    def test_brings_the_name_of_a_training_adapter_into_pefts_own(self, skeleton, trained):
        def named(tensors):
            return {key.replace(".weight", ".default.weight"): one for key, one in tensors.items()}

        facts = proved(skeleton, trained, named)

        assert_whole(facts, 4)
        assert "PEFT alone does not take this file" in facts["loader_messages"][0]

    def test_takes_ranks_that_differ(self, skeleton, trained):
        def uneven(tensors):
            first = next(key for key in tensors if ".lora_A." in key)
            second = first.replace("lora_A", "lora_B")
            narrow = {first: tensors[first][:1], second: tensors[second][:, :1]}
            return tensors | {key: one.contiguous() for key, one in narrow.items()}

        assert_whole(proved(skeleton, trained, uneven, config=False), 4)

    def test_says_that_peft_has_no_such_method(self, skeleton, trained):
        path = trained / "adapter_config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"peft_type": "NEXT"}))

        assert "no method called NEXT" in proved(skeleton, trained)["loader_messages"][0]


def test_reads_a_gguf_file_and_says_that_peft_does_not(bases, tmp_path):
    pytest.importorskip("gguf")
    layers = {
        "model.layers.0.self_attn.q_proj": (2048, 2048),
        "model.layers.0.self_attn.k_proj": (512, 2048),
    }
    source = peft_source(tmp_path, layers)
    to = Conversion("gguf")
    path = convert(*source, to=to, base="llama-3-2-1b", into=tmp_path / "to").files[0]
    config = FOLDER / "llama-3-2-1b" / "config"
    skeleton = bases.skeleton(BaseSource("llama-3-2-1b", "LlamaForCausalLM", None, config, ""))

    facts, _ = prove_loads(skeleton, AdapterSource(path))

    assert_whole(facts, 2)
    assert "is a GGUF file, which llama.cpp reads and PEFT does not" in facts["loader_messages"][0]


class TestFamilyOf:
    def test_knows_no_class_that_transformers_lacks(self):
        with pytest.raises(UnknownPipeline, match="what transformers has a class for"):
            family_of("HomemadeForCausalLM")

    def test_builds_no_class_of_the_base_s_own_code(self, bases, tmp_path):
        told = {"architectures": ["Homemade"], "auto_map": {"AutoModel": "homemade.Homemade"}}
        (tmp_path / "config.json").write_text(json.dumps(told))

        with pytest.raises(BaseUnreadable, match="no model called 'Homemade'"):
            bases.skeleton(BaseSource("own", "LlamaForCausalLM", None, tmp_path, ""))
