"""A base that only the file knows: what layers prove then, and what is said."""

from __future__ import annotations

import pytest

from registry.verdicts.verdict import Seen, Word, verdict_of
from tests.reading import adapter_from


def peft(layers, *, base=""):
    """Return a PEFT adapter of layers: root → (outputs, inputs)."""
    shapes = {}
    for root, (outputs, inputs) in layers.items():
        shapes[f"base_model.model.{root}.lora_A.weight"] = (8, inputs)
        shapes[f"base_model.model.{root}.lora_B.weight"] = (outputs, 8)
    return adapter_from(shapes, config={"base_model_name_or_path": base} if base else None)


def blocks(root, count, *shape):
    return {root.format(number): shape for number in range(count)}


BART = {
    **blocks("model.encoder.layers.{}.self_attn.q_proj", 12, 1024, 1024),
    **blocks("model.decoder.layers.{}.encoder_attn.q_proj", 12, 1024, 1024),
}
CHATGLM = blocks("transformer.layers.{}.attention.query_key_value", 28, 12288, 4096)
COMMAND_R = blocks("model.layers.{}.self_attn.q_proj", 40, 8192, 8192)
SMOLLM = {
    **blocks("model.layers.{}.self_attn.q_proj", 36, 2048, 2048),
    **blocks("model.layers.{}.self_attn.v_proj", 36, 512, 2048),
}


def verdict(layers, **more):
    return verdict_of(peft(layers, **more), Seen("adapter_model.safetensors"))


@pytest.mark.parametrize(
    ("layers", "base"),
    [(BART, "facebook/bart-large"), (CHATGLM, "THUDM/chatglm-6b")],
    ids=["BART", "ChatGLM"],
)
def test_a_base_with_layers_like_half_of_another_s_is_unknown(layers, base):
    seen = verdict(layers, base=base)
    assert (seen.word, seen.base) == (Word.WARNED, None)
    assert seen.identification.detection.family == "unknown"
    assert f"“{base}”" in seen.identification.detection.reason


def test_a_base_by_llama_s_names_keeps_the_family_and_is_warned_of():
    seen = verdict(COMMAND_R, base="CohereForAI/c4ai-command-r-v01")
    assert (seen.word, seen.identification.detection.family) == (Word.WARNED, "llama")
    [problem] = seen.problems
    assert "not in the library" in problem.sentence


def test_a_fine_tuned_model_with_all_layers_of_one_here_is_no_stranger():
    layers = blocks("model.layers.{}.self_attn.q_proj", 80, 8192, 8192)
    seen = verdict(layers, base="somebody/llama-of-their-own")
    assert (seen.word, seen.identification.detection.family) == (Word.ACCEPTED, "llama")


def test_a_path_on_a_disk_names_no_base():
    layers = blocks("model.decoder.layers.{}.encoder_attn.q_proj", 12, 1024, 1024)
    seen = verdict(layers, base="/home/me/checkpoint")
    assert seen.identification.detection.family == "whisper"


def test_a_base_that_nobody_named_and_that_half_fits_refuses_nothing():
    seen = verdict(SMOLLM)
    assert (seen.word, seen.base) == (Word.WARNED, None)


def test_a_named_base_whose_layers_are_others_is_named_in_the_warning():
    layers = blocks("transformer.h.{}.mixer.Wqkv", 32, 7680, 2560)
    [*_, claimed] = verdict(layers, base="microsoft/phi-2").problems
    assert claimed.code == "base.claimed"
    assert claimed.sentence == (
        "The file's own metadata says “microsoft/phi-2”, which is Phi-2, but its layers are not "
        "those of that base."
    )
