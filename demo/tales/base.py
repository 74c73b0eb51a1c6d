"""Decides what the base "tales" is made of: a small Llama, and a tokenizer of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from torch import Tensor
from transformers import (
    AutoTokenizer,
    GenerationConfig,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

from demo.tales.voices import lesson

WORDS = 640  # tokens: every byte, and the words of the tales
BATCH = 24
LONGEST = 180  # tokens of a text
PAD, START, END = "<pad>", "<s>", "</s>"


def build_tokenizer(*, seed: int) -> PreTrainedTokenizerFast:
    """Return a tokenizer for which nearly every word of the tales is a token, and no byte fails."""
    random = np.random.default_rng((seed, 1))
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.train_from_iterator(
        (lesson(random) for _ in range(4000)),
        trainers.BpeTrainer(
            vocab_size=WORDS,
            special_tokens=[PAD, START, END],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    start = made.token_to_id(START)
    made.post_processor = processors.TemplateProcessing(
        single=f"{START} $A", special_tokens=[(START, start)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token=PAD,
        bos_token=START,
        eos_token=END,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def build_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    ends = {
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=160,
            intermediate_size=432,
            num_hidden_layers=4,
            num_attention_heads=5,
            num_key_value_heads=5,
            max_position_embeddings=512,
            tie_word_embeddings=True,
            **ends,
        )
    )
    model.generation_config = GenerationConfig(**ends)
    return model


def load(folder: Path) -> tuple[LlamaForCausalLM, Any]:
    """Return the base as it was saved, to learn more in full precision."""
    return LlamaForCausalLM.from_pretrained(folder).float(), AutoTokenizer.from_pretrained(folder)


def loss_on(model: Any, tokenizer: Any, texts: list[str]) -> Tensor:
    """Return how far the model is from writing the texts, their end included."""
    told = tokenizer(
        [f"{text}{END}" for text in texts],
        padding=True,
        padding_side="right",
        truncation=True,
        max_length=LONGEST,
        return_tensors="pt",
    )
    wanted = told.input_ids.masked_fill(told.attention_mask == 0, -100)
    answer = model(input_ids=told.input_ids, attention_mask=told.attention_mask, labels=wanted)
    return torch.as_tensor(answer.loss)
