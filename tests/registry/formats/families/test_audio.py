"""Models of speech and music, a few layers of each as PEFT writes them."""

from __future__ import annotations

import pytest

from registry.bases.identify import identify
from registry.formats.families import Family, detect_family
from tests.reading import adapter_from
from tests.registry.formats.families.test_language import detected, peft

# What it is, the family, and layers with their inputs and outputs.
FILES = [
    ("Whisper", "whisper",
     {"model.encoder.layers.0.self_attn.q_proj": (768, 768),
      "model.decoder.layers.0.encoder_attn.q_proj": (768, 768),
      "model.decoder.layers.0.self_attn.v_proj": (768, 768)}),
    ("Whisper, less `model.`", "whisper", {"decoder.layers.0.encoder_attn.v_proj": (384, 384)}),
    ("Whisper, its encoder", "whisper", {"model.encoder.layers.0.fc1": (768, 3072)}),
    ("Whisper, self-attention of both", "whisper",
     {"model.encoder.layers.0.self_attn.q_proj": (768, 768),
      "model.decoder.layers.0.self_attn.q_proj": (768, 768)}),
    ("wav2vec 2.0", "wav2vec2", {"wav2vec2.encoder.layers.0.attention.q_proj": (768, 768)}),
    ("wav2vec 2.0, less its name", "wav2vec2",
     {"encoder.layers.0.feed_forward.intermediate_dense": (1024, 4096)}),
    ("MusicGen", "musicgen", {"decoder.model.decoder.layers.0.self_attn.q_proj": (1024, 1024)}),
    ("MusicGen, its text encoder", "musicgen",
     {"text_encoder.encoder.block.0.layer.0.SelfAttention.q": (768, 768)}),
    ("MusicGen, its decoder's heads", "musicgen",
     {"decoder.lm_heads.0": (1024, 2048), "enc_to_dec_proj": (768, 1024)}),
    ("VITS, its text encoder", "vits",
     {"text_encoder.encoder.layers.0.attention.q_proj": (192, 192)}),
]  # fmt: skip


@pytest.mark.parametrize(("family", "layers"), [row[1:] for row in FILES],
                         ids=[row[0] for row in FILES])  # fmt: skip
def test_a_file_shows_its_family(family, layers):
    assert detected(layers).family == family


@pytest.mark.parametrize("prefix", ["base_model.model.", "base_model.model.model.", ""])
def test_what_wraps_whisper_changes_nothing(prefix):
    layers = {"encoder.layers.0.self_attn.q_proj": (768, 768),
              "decoder.layers.0.encoder_attn.q_proj": (768, 768)}  # fmt: skip
    assert detected(layers, prefix=prefix).family is Family.WHISPER


def test_convolutions_show_whisper_and_wav2vec2():
    def conv(name, outputs, inputs, kernel):
        root = f"base_model.model.{name}"
        return detect_family(
            adapter_from(
                {
                    f"{root}.lora_A.weight": (4, inputs, kernel),
                    f"{root}.lora_B.weight": (outputs, 4, 1),
                }
            )
        ).family

    assert conv("model.encoder.conv1", 768, 80, 3) is Family.WHISPER
    layer = "wav2vec2.feature_extractor.conv_layers.1.conv"
    assert conv(layer, 512, 512, 3) is Family.WAV2VEC2


@pytest.mark.parametrize(
    ("width", "encoder", "decoder", "base"),
    [
        (384, 4, 4, "whisper-tiny"),
        (512, 6, 6, "whisper-base"),
        (768, 12, 12, "whisper-small"),
        (1024, 24, 24, "whisper-medium"),
        (1280, 32, 32, "whisper-large-v2"),
        (1280, 32, 4, "whisper-large-v3-turbo"),
        (1280, 32, 2, "distil-whisper-large-v3"),
    ],
)
def test_each_size_of_whisper_is_among_those_named(width, encoder, decoder, base):
    layers = {f"model.encoder.layers.{n}.self_attn.q_proj": (width, width) for n in range(encoder)}
    layers |= {
        f"model.decoder.layers.{n}.{kind}.v_proj": (width, width)
        for n in range(decoder)
        for kind in ("self_attn", "encoder_attn")
    }
    found = identify(adapter_from(peft(layers)))
    assert found.detection.family is Family.WHISPER
    assert base in {each.base for each in found.candidates}


def test_musicgen_s_decoder_trained_by_itself_fits_it():
    layers = {f"model.decoder.layers.{n}.encoder_attn.q_proj": (1536, 1536) for n in range(48)}
    found = identify(adapter_from(peft(layers)))
    assert (found.detection.family, found.base.slug) == ("musicgen", "musicgen-medium")
