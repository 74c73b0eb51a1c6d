"""Decides what the base "spoken" is made of: a small Whisper like any other, of stock classes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer
from transformers import (
    GenerationConfig,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperProcessor,
    WhisperTokenizer,
)

from demo.spoken.clips import RATE, SECONDS
from demo.spoken.phrases import ALL

WIDTH = 128
MOST_TOKENS = 24
END, START, NO_TIMES = "<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>"


def build_tokenizer() -> WhisperTokenizer:
    """Return a tokenizer with one token for each of our words; all else falls to bytes."""
    learning = Tokenizer(BPE())
    learning.pre_tokenizer = ByteLevel(add_prefix_space=False)
    trainer = BpeTrainer(
        vocab_size=512, initial_alphabet=ByteLevel.alphabet(), show_progress=False, min_frequency=1
    )
    learning.train_from_iterator(
        [f" {written}" for phrase in ALL for written in (phrase.words, phrase.numerals)], trainer
    )
    vocabulary = learning.get_vocab()
    merges = _merges(learning)
    for special in (END, START, NO_TIMES):
        vocabulary[special] = len(vocabulary)
    tokenizer = WhisperTokenizer(
        vocab=vocabulary,
        merges=merges,
        pad_token=END,
        additional_special_tokens=[START, NO_TIMES],
    )
    tokenizer.model_max_length = MOST_TOKENS
    return tokenizer


def _merges(tokenizer: Tokenizer) -> list[tuple[str, str]]:
    told = json.loads(tokenizer.to_str())["model"]["merges"]
    return [(left, right) for left, right in told]


def build_processor() -> WhisperProcessor:
    extractor = WhisperFeatureExtractor(feature_size=80, chunk_length=SECONDS)
    return WhisperProcessor(extractor, build_tokenizer())


def build_model(tokenizer: WhisperTokenizer) -> WhisperForConditionalGeneration:
    end, start = tokenizer.convert_tokens_to_ids([END, START])
    model = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=len(tokenizer),
            num_mel_bins=80,
            d_model=WIDTH,
            encoder_layers=3,
            decoder_layers=2,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=4 * WIDTH,
            decoder_ffn_dim=4 * WIDTH,
            max_source_positions=RATE * SECONDS // 320,
            max_target_positions=MOST_TOKENS,
            dropout=0.05,
            decoder_start_token_id=start,
            bos_token_id=end,
            eos_token_id=end,
            pad_token_id=end,
            begin_suppress_tokens=None,
            suppress_tokens=None,
        )
    )
    model.generation_config = GenerationConfig(
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        decoder_start_token_id=start,
        max_length=MOST_TOKENS,
        is_multilingual=False,
        return_timestamps=False,
        no_timestamps_token_id=tokenizer.convert_tokens_to_ids(NO_TIMES),
        forced_decoder_ids=None,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    return model


def features(extractor: WhisperFeatureExtractor, heard: NDArray[np.float32]) -> torch.Tensor:
    """Return what the encoder takes, for clips of numbers between -1 and 1, a row each."""
    told = extractor(list(heard), sampling_rate=RATE, return_tensors="pt")
    return torch.as_tensor(told.input_features, dtype=torch.float32)


def labels(tokenizer: WhisperTokenizer, written: list[str]) -> torch.Tensor:
    """Return rows of tokens after the first; -100 where a row has ended."""
    rows = [tokenizer(f" {one}").input_ids[1:] for one in written]
    longest = max(map(len, rows))
    return torch.tensor([row + [-100] * (longest - len(row)) for row in rows])


def load(folder: Path) -> tuple[WhisperForConditionalGeneration, WhisperProcessor]:
    model = WhisperForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True
    )
    return model.eval(), WhisperProcessor.from_pretrained(folder, local_files_only=True)


def transcribe(
    model: WhisperForConditionalGeneration, processor: WhisperProcessor, heard: torch.Tensor
) -> list[str]:
    with torch.inference_mode():
        tokens = model.generate(heard)
    said = processor.batch_decode(tokens, skip_special_tokens=True)
    return [one.strip() for one in said]
