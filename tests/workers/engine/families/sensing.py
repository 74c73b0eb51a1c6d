"""Small bases that hear, see and sound: the real classes with random weights, and processors."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers as tf
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from demo.captioning import base as captions
from demo.freezing import freeze
from demo.spoken import base as spoken
from tests.workers.engine.families import readers

SAID = {"sample": "four-pink-stars", "passage": "four pink stars", "most_tokens": 8}
SHOWN = {"sample": "moon", "passage": "a yellow moon, on black", "most_tokens": 8}
PLAYED = {"prompt": "a low bell, three notes rising", "seed": 3, "most_tokens": 20}
SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
         "intermediate_size": 64}  # fmt: skip


@dataclass(frozen=True)
class Small:
    """A base: its class, how it is saved to a folder, what it is asked, and what is adapted."""

    pipeline: str
    make: Callable[[Path], tuple[Any, Any]]
    scene: dict[str, Any]
    layers: str | list[str]
    at_once: bool = True

    def build(self, folder: Path) -> Path:
        torch.manual_seed(5)
        folder.mkdir(parents=True)
        freeze(*self.make(folder), folder)
        return folder


def whisper(folder: Path) -> tuple[Any, Any]:
    processor = spoken.build_processor()
    return spoken.build_model(processor.tokenizer), processor


def blip(folder: Path) -> tuple[Any, Any]:
    processor = captions.build_processor()
    return captions.build_model(processor.tokenizer), processor


def musicgen(folder: Path) -> tuple[Any, Any]:
    words = ["a", "low", "bell", "harp", ",", "three", "notes", "rising"]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    pieces += [(f"\u2581{word}", -3.0) for word in words] + [(",", -3.0)]
    tokenizer = tf.T5Tokenizer(vocab=pieces, extra_ids=0, additional_special_tokens=[])
    config = tf.MusicgenConfig(
        text_encoder=tf.T5Config(
            vocab_size=len(tokenizer), d_model=32, d_kv=16, d_ff=32, num_layers=1, num_heads=2
        ).to_dict(),
        audio_encoder=tf.EncodecConfig(
            sampling_rate=16_000,
            target_bandwidths=[4 * 6 * 50 / 1000],  # four books of 64, fifty times a second
            num_filters=4,
            num_lstm_layers=1,
            hidden_size=16,
            codebook_size=64,
        ).to_dict(),
        decoder=tf.MusicgenDecoderConfig(
            vocab_size=64,
            hidden_size=32,
            ffn_dim=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            pad_token_id=64,
            bos_token_id=64,
            max_position_embeddings=128,
        ).to_dict(),
    )
    model = tf.MusicgenForConditionalGeneration(config)
    for layer in model.audio_encoder.quantizer.layers:
        layer.codebook.embed.normal_()
    told = model.generation_config
    told.bos_token_id = told.pad_token_id = told.decoder_start_token_id = 64
    told.eos_token_id = None
    told.do_sample, told.guidance_scale, told.top_k = True, 1.0, 20
    extractor = tf.EncodecFeatureExtractor(feature_size=1, sampling_rate=16_000)
    return model, tf.MusicgenProcessor(extractor, tokenizer)


def wav2vec2(folder: Path) -> tuple[Any, Any]:
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *string.ascii_uppercase]
    vocabulary = folder / "vocab.json"
    vocabulary.write_text(json.dumps({one: place for place, one in enumerate(letters)}))
    model = tf.Wav2Vec2ForCTC(
        tf.Wav2Vec2Config(
            **SMALL,
            vocab_size=len(letters),
            conv_dim=(16, 16, 16),
            conv_stride=(10, 8, 4),
            conv_kernel=(10, 8, 4),
            num_conv_pos_embeddings=4,
            num_conv_pos_embedding_groups=2,
            pad_token_id=0,
        )
    )
    extractor = tf.Wav2Vec2FeatureExtractor(do_normalize=True)
    return model, tf.Wav2Vec2Processor(extractor, tf.Wav2Vec2CTCTokenizer(str(vocabulary)))


def llava(folder: Path) -> tuple[Any, Any]:
    tokenizer = readers.letters()
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>"]})
    tokenizer.chat_template = None
    seeing = tf.CLIPVisionConfig(**SMALL, image_size=32, patch_size=8)
    writing = tf.LlamaConfig(**readers.LANGUAGE | {"max_position_embeddings": 128})
    model = tf.LlavaForConditionalGeneration(
        tf.LlavaConfig(
            text_config=writing,
            vision_config=seeing,
            image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        )
    )
    side = {"height": 32, "width": 32}
    pictures = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=side)
    return model, tf.LlavaProcessor(
        pictures,
        tokenizer,
        patch_size=8,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
    )


def vits(folder: Path) -> tuple[Any, Any]:
    vocabulary = folder / "vocab.json"
    signs = ["<pad>", *string.ascii_lowercase, " ", "<unk>"]
    vocabulary.write_text(json.dumps({one: place for place, one in enumerate(signs)}))
    model = tf.VitsModel(
        tf.VitsConfig(
            vocab_size=len(signs),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            ffn_dim=32,
            flow_size=32,
            spectrogram_bins=33,
            upsample_initial_channel=32,
            upsample_rates=[8, 8],
            upsample_kernel_sizes=[16, 16],
            resblock_kernel_sizes=[3],
            resblock_dilation_sizes=[[1, 3]],
            prior_encoder_num_flows=2,
            prior_encoder_num_wavenet_layers=2,
            posterior_encoder_num_wavenet_layers=2,
            duration_predictor_num_flows=2,
            wavenet_dilation_rate=1,
        )
    )
    return model, tf.VitsTokenizer(str(vocabulary), phonemize=False)


ATTENTION = ["q_proj", "k_proj", "v_proj"]
BASES = {
    "whisper": Small("WhisperForConditionalGeneration", whisper, SAID, [*ATTENTION, "fc1"]),
    "wav2vec2": Small("Wav2Vec2ForCTC", wav2vec2, SAID, ATTENTION),
    "blip": Small(
        "BlipForConditionalGeneration", blip, SHOWN, ["qkv", "query", "key", "value", "dense"]
    ),
    "llava": Small(
        "LlavaForConditionalGeneration", llava, SHOWN | {"prompt": "what is on it?"}, ATTENTION
    ),
    "musicgen": Small(
        "MusicgenForConditionalGeneration",
        musicgen,
        PLAYED | {"guidance": 3.0},
        r"decoder\.model\.decoder\.layers\.\d+\..*(q_proj|v_proj|fc1)",
    ),
    "vits": Small("VitsModel", vits, {"prompt": "red", "seed": 3}, ATTENTION, at_once=False),
}
