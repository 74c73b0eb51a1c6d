"""Decides what the base "chimes" is made of: a small MusicGen like any other, of stock classes."""

from __future__ import annotations

import string
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import (
    EncodecConfig,
    EncodecFeatureExtractor,
    EncodecModel,
    MusicgenConfig,
    MusicgenDecoderConfig,
    MusicgenForConditionalGeneration,
    MusicgenProcessor,
    T5Config,
    T5Tokenizer,
)

from demo.chimes.sounds import INSTRUMENTS, PATTERNS, RATE, REGISTERS, SECONDS

BOOKS, BOOK_SIZE = 4, 128
HOP = 320  # samples in a frame
FRAMES = RATE * SECONDS // HOP
WIDTH, TEXT_WIDTH, CODE_WIDTH = 128, 64, 48
_OTHERS = "a an the of and with sound music loud soft slow fast tremble trembling gong drum"


def build_tokenizer() -> T5Tokenizer:
    """Return a tokenizer with one token for each of our words; all else falls to letters."""
    words = [*INSTRUMENTS, *REGISTERS, *(word for one in PATTERNS for word in one.split())]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    pieces += [(f"▁{word}", -3.0) for word in dict.fromkeys([*words, *_OTHERS.split()])]
    pieces += [(letter, -9.0) for letter in string.ascii_lowercase + string.digits + ",."]
    return T5Tokenizer(vocab=pieces, extra_ids=0, additional_special_tokens=[])


def build_processor() -> MusicgenProcessor:
    extractor = EncodecFeatureExtractor(feature_size=1, sampling_rate=RATE)
    return MusicgenProcessor(extractor, build_tokenizer())


def codec_config() -> EncodecConfig:
    return EncodecConfig(
        sampling_rate=RATE,
        # As many bits a second as four books of 128 take, fifty times a second.
        target_bandwidths=[BOOKS * 7 * 50 / 1000],
        upsampling_ratios=[8, 5, 4, 2],
        num_filters=10,
        num_lstm_layers=1,
        hidden_size=CODE_WIDTH,
        codebook_size=BOOK_SIZE,
        use_causal_conv=False,
    )


def build_codec() -> EncodecModel:
    return EncodecModel(codec_config())


def build_model(codec: EncodecModel, tokenizer: T5Tokenizer) -> MusicgenForConditionalGeneration:
    text = T5Config(
        vocab_size=len(tokenizer),
        d_model=TEXT_WIDTH,
        d_kv=16,
        d_ff=4 * TEXT_WIDTH,
        num_layers=2,
        num_heads=4,
        dropout_rate=0.0,
    )
    decoder = MusicgenDecoderConfig(
        vocab_size=BOOK_SIZE,
        hidden_size=WIDTH,
        ffn_dim=4 * WIDTH,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_codebooks=BOOKS,
        pad_token_id=BOOK_SIZE,
        bos_token_id=BOOK_SIZE,
        max_position_embeddings=256,
        dropout=0.05,
    )
    config = MusicgenConfig(
        text_encoder=text.to_dict(), audio_encoder=codec.config.to_dict(), decoder=decoder.to_dict()
    )
    model = MusicgenForConditionalGeneration(config)
    model.audio_encoder.load_state_dict(codec.state_dict())
    told = model.generation_config
    told.bos_token_id = told.pad_token_id = told.decoder_start_token_id = BOOK_SIZE
    told.eos_token_id = None
    told.do_sample, told.guidance_scale, told.top_k = True, 1.0, 20
    told.max_length = FRAMES + BOOKS - 1
    return model


def delayed(codes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """
    Return what the decoder reads and what it is to say, of codes (samples, books, frames).

    Each book comes one frame after the one before it, as MusicGen lays them out.
    """
    samples, books, frames = codes.shape
    rows = torch.full((samples, books, frames + books), BOOK_SIZE)
    for book in range(books):
        rows[:, book, book + 1 : book + 1 + frames] = codes[:, book]
    read = rows[..., :-1].reshape(samples * books, -1)
    told = rows[..., 1:].transpose(1, 2).contiguous()
    return read, told.masked_fill(told == BOOK_SIZE, -100)


def words(tokenizer: T5Tokenizer, texts: Sequence[str]) -> dict[str, torch.Tensor]:
    told = tokenizer(list(texts), padding=True, return_tensors="pt")
    return {"input_ids": told.input_ids, "attention_mask": told.attention_mask}


def load(folder: Path) -> tuple[MusicgenForConditionalGeneration, MusicgenProcessor]:
    model = MusicgenForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True
    )
    return model.eval(), MusicgenProcessor.from_pretrained(folder, local_files_only=True)
