"""Language models: what their layers' names show, and what several families share."""

from __future__ import annotations

import pytest

from registry.bases.identify import identify
from registry.formats.families import Family, Strength, detect_family
from registry.formats.family_rules import LIKE
from tests.reading import adapter_from


def peft(layers: dict[str, tuple[int, int]], *, prefix: str = "base_model.model.") -> dict:
    """Return what PEFT writes for layers, each with its inputs and outputs."""
    shapes = {}
    for name, (inputs, outputs) in layers.items():
        shapes[f"{prefix}{name}.lora_A.weight"] = (8, inputs)
        shapes[f"{prefix}{name}.lora_B.weight"] = (outputs, 8)
    return shapes


def detected(layers, **more):
    return detect_family(adapter_from(peft(layers, **more)))


def identified(layers, *, base: str = ""):
    config = {"base_model_name_or_path": base} if base else None
    return identify(adapter_from(peft(layers), config=config))


LLAMA = {"model.layers.0.self_attn.q_proj": (4096, 4096)}

# A family, and a layer that no other has.
LAYERS = [
    ("mixtral", "model.layers.0.block_sparse_moe.experts.3.w1", 4096, 14336),
    ("mixtral", "model.layers.0.block_sparse_moe.gate", 4096, 8),
    ("qwen3-moe", "model.layers.0.mlp.experts.100.gate_proj", 2048, 768),
    ("qwen3-moe", "model.layers.0.mlp.gate", 2048, 128),
    ("phi3", "model.layers.0.self_attn.qkv_proj", 3072, 9216),
    ("phi3", "model.layers.0.mlp.gate_up_proj", 3072, 16384),
    ("phi2", "model.layers.0.self_attn.dense", 2560, 2560),
    ("phi2", "model.layers.0.mlp.fc1", 2560, 10240),
    ("gpt2", "transformer.h.0.attn.c_attn", 1024, 3072),
    ("gpt2", "h.0.mlp.c_fc", 1600, 6400),
    ("bloom", "transformer.h.0.self_attention.query_key_value", 4096, 12288),
    ("falcon", "transformer.h.0.self_attention.query_key_value", 4544, 4672),
    ("neox", "gpt_neox.layers.0.attention.query_key_value", 2048, 6144),
    ("opt", "model.decoder.layers.0.self_attn.v_proj", 2048, 2048),
    ("bert", "bert.encoder.layer.0.attention.self.query", 768, 768),
    ("roberta", "roberta.encoder.layer.0.attention.self.value", 1024, 1024),
    ("distilbert", "distilbert.transformer.layer.0.attention.q_lin", 768, 768),
    ("distilbert", "transformer.layer.0.ffn.lin1", 768, 3072),
    ("t5", "encoder.block.0.layer.0.SelfAttention.q", 512, 512),
    ("t5", "decoder.block.5.layer.1.EncDecAttention.v", 768, 768),
]


@pytest.mark.parametrize(("family", "layer", "inputs", "outputs"), LAYERS, ids=str)
def test_a_layer_shows_its_family(family, layer, inputs, outputs):
    assert detected({layer: (inputs, outputs)}).family == family


class TestLlamaLike:
    @pytest.mark.parametrize("prefix", ["base_model.model.", "", "base_model.model.model."])
    def test_layers_are_said_to_be_llama_s_whatever_wraps_them(self, prefix):
        layers = {"model.layers.0.mlp.down_proj": (14336, 4096)}
        seen = detected(layers, prefix=prefix)
        assert seen.family is Family.LLAMA
        assert "Qwen, Mistral and Gemma" in seen.reason

    @pytest.mark.parametrize(
        ("family", "more"),
        [
            ("phi3", {"model.layers.0.self_attn.qkv_proj": (3072, 9216)}),
            ("phi2", {"model.layers.0.mlp.fc2": (10240, 2560)}),
            ("mixtral", {"model.layers.0.block_sparse_moe.experts.0.w2": (14336, 4096)}),
            ("qwen3-moe", {"model.layers.0.mlp.experts.0.up_proj": (2048, 768)}),
        ],
    )
    def test_layers_beside_one_that_llama_lacks_are_that_family_s(self, family, more):
        assert detected(LLAMA | more).family == family

    @pytest.mark.parametrize(
        ("norms", "family"),
        [
            (["self_attn.q_norm"], "qwen3"),
            (["pre_feedforward_layernorm"], "gemma2"),
            (["self_attn.q_norm", "pre_feedforward_layernorm"], "gemma3"),  # It alone has both.
        ],
        ids=lambda each: each if isinstance(each, str) else " and ".join(each),
    )
    def test_norms_show_qwen_3_and_gemma(self, norms, family):
        root = "base_model.model.model.layers.0"
        shapes = {f"{root}.{norm}.w_norm": (256,) for norm in norms}
        assert detect_family(adapter_from(shapes)).family == family
        assert detect_family(adapter_from(shapes | peft(LLAMA))).family == family

    def test_layers_of_two_families_that_share_no_third_belong_to_neither(self):
        seen = detected(
            {
                "model.layers.0.self_attn.qkv_proj": (3072, 9216),
                "model.layers.0.block_sparse_moe.gate": (4096, 8),
            }
        )
        assert seen.family is Family.UNKNOWN
        assert "mixtral and phi3" in seen.reason


class TestEncoders:
    def test_bare_names_leave_bert_and_roberta_open(self):
        seen = detected({"encoder.layer.0.attention.self.query": (768, 768)})
        assert seen.family is Family.UNKNOWN
        assert {each.family for each in seen.candidates} == {Family.BERT, Family.ROBERTA}
        assert {each.strength for each in seen.candidates} == {Strength.STRONG}

    def test_manifests_leave_them_open_too(self):
        found = identified({"encoder.layer.0.attention.self.query": (768, 768)})
        assert found.families == {"bert", "roberta"}
        assert "Shapes alone cannot tell" in found.undecided

    def test_a_claim_decides(self):
        layers = {"encoder.layer.0.attention.self.query": (768, 768)}
        assert identified(layers, base="FacebookAI/roberta-base").base.slug == "roberta-base"


def attention(width: int, kv: int, layers: int, *, queries: int = 0) -> dict:
    return {
        f"model.layers.{number}.self_attn.{matrix}_proj": (width, outputs)
        for number in range(layers)
        for matrix, outputs in (("q", queries or width), ("v", kv))
    }


class TestByManifests:
    @pytest.mark.parametrize(
        ("layers", "family", "base"),
        [
            (attention(896, 128, 24), "qwen2", "qwen-2-5-0-5b"),
            (attention(1024, 1024, 28, queries=2048), "qwen3", "qwen-3-0-6b"),
            (attention(2304, 1024, 26, queries=2048), "gemma2", "gemma-2-2b"),
            (attention(1152, 256, 26, queries=1024), "gemma3", "gemma-3-1b"),
            (attention(5120, 1024, 40, queries=4096), "mistral", "mistral-nemo-12b"),
            (attention(2048, 512, 16), "llama", "llama-3-2-1b"),
        ],
        ids=lambda each: each if isinstance(each, str) else "",
    )
    def test_widths_and_depths_tell_what_names_do_not(self, layers, family, base):
        found = identified(layers)
        assert found.detection.family == family
        assert base in {each.base for each in found.candidates}

    def test_one_width_in_several_families_is_undecided(self):
        found = identified(attention(4096, 1024, 32))
        assert {"llama", "mistral", "mixtral"} <= found.families
        assert "Shapes alone cannot tell" in found.undecided
        named = {each.base for each in found.candidates}
        assert {"llama-3-1-8b", "mistral-7b-v0-1", "mixtral-8x7b"} <= named

    def test_no_base_is_named_that_lacks_a_layer_where_others_have_all(self):
        found = identified(attention(3584, 512, 28))  # Qwen 2.5 7B, or what sees by it
        assert found.candidates
        assert all(each.whole for each in found.candidates)

    @pytest.mark.parametrize(
        ("name", "base"),
        [
            ("mistralai/Mistral-7B-Instruct-v0.3", "mistral-7b-v0-3"),
            ("unsloth/mistral-7b-instruct-v0.2-bnb-4bit", "mistral-7b-v0-2"),
            ("unsloth/Meta-Llama-3.1-8B-Instruct-unsloth-bnb-4bit", "llama-3-1-8b"),
            ("./models/Meta-Llama-3-8B-Instruct", "llama-3-8b"),
        ],
    )
    def test_then_the_configuration_decides(self, name, base):
        assert identified(attention(4096, 1024, 32), base=name).base.slug == base

    def test_a_vocabulary_tells_where_an_adapter_changes_it(self):
        root = "base_model.model.model.embed_tokens"
        shapes = peft(attention(4096, 1024, 32)) | {
            f"{root}.lora_embedding_A": (8, 32768),
            f"{root}.lora_embedding_B": (4096, 8),
        }
        found = identify(adapter_from(shapes))
        assert {each.base for each in found.fits} == {"mistral-7b-v0-3"}

    def test_each_size_of_gpt_2_is_told(self):
        layers = {f"transformer.h.{n}.attn.c_attn": (1600, 4800) for n in range(48)}
        assert identified(layers).base.slug == "gpt-2-xl"


@pytest.mark.parametrize("family", LIKE)
def test_a_family_is_not_said_to_be_like_itself(family):
    assert family not in LIKE[family]


# Models of others that use the words of those we know.
STRANGERS = {
    "Qwen 1": {
        "transformer.h.0.attn.c_attn": (4096, 12288), "transformer.h.0.mlp.w1": (4096, 11008),
    },
    "StarCoder": {
        "transformer.h.0.attn.c_attn": (6144, 6400), "transformer.h.0.attn.c_proj": (6144, 6144),
    },
    "Wav2Vec2-BERT": {"wav2vec2_bert.encoder.layers.0.self_attn.linear_q": (1024, 1024)},
    "Qwen 3 VL's vision": {"model.visual.blocks.0.attn.qkv": (1152, 3456)},
}  # fmt: skip


@pytest.mark.parametrize("layers", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_with_familiar_words_is_unknown(layers):
    assert detected(layers).family is Family.UNKNOWN
