"""
Small models of text of every kind that is swept, and adapters for them: stock classes, own
tokenizers, random weights.

`KINDS` says of each how it is built and which of its layers are adapted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers as tf
from peft import LoraConfig, PeftConfig, get_peft_model
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from registry.sweeps.plan import Scene
from workers.engine.adapter_files import AdapterSource

SPECIAL = ("<pad>", "<s>", "</s>", "<unk>", "[MASK]", "[CLS]", "[SEP]")
__all__ = ["load_file", "save_file"]

WORDS = (
    *("the", "a", "ferry", "left", "harbour", "at", "noon", "and", "gulls", "sat", "on", "wall"),
    *("red", "circle", "blue", "star", "said", "hello", "to", "me", "zq", ".", ","),
)
SIZE = 48
SMALL = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": SIZE,
}
ENDS = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
LABELS = ("calm", "angry", "sad")
NAMED = {
    "id2label": dict(enumerate(LABELS)),
    "label2id": {label: number for number, label in enumerate(LABELS)},
}
PASSAGE = "the ferry left the harbour at noon , and gulls sat on the red wall ."


@dataclass(frozen=True)
class Kind:
    build: Callable[[], Any]
    targets: tuple[str, ...]
    embedding: str
    gain: float = 1.5  # of its random weights, so that it says something and listens
    encodes: bool = False  # its tokenizer frames a text as encoders want it


def _labels() -> dict[str, Any]:
    return {
        "id2label": {0: "calm", 1: "angry", 2: "sad"},
        "label2id": {"calm": 0, "angry": 1, "sad": 2},
    }


KINDS = {
    "LlamaForCausalLM": Kind(
        lambda: tf.LlamaForCausalLM(
            tf.LlamaConfig(**SMALL, **ENDS, num_key_value_heads=2, initializer_range=0.3)
        ),
        ("q_proj", "v_proj", "down_proj"),
        "embed_tokens",
    ),
    "GPT2LMHeadModel": Kind(
        lambda: tf.GPT2LMHeadModel(
            tf.GPT2Config(
                **ENDS, n_embd=32, n_layer=2, n_head=4, vocab_size=SIZE, initializer_range=0.3
            )
        ),
        ("c_attn", "c_proj"),
        "wte",
    ),
    "T5ForConditionalGeneration": Kind(
        lambda: tf.T5ForConditionalGeneration(
            tf.T5Config(
                d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, vocab_size=SIZE,
                pad_token_id=0,
                eos_token_id=2, decoder_start_token_id=0, tie_word_embeddings=False,
            )
        ),
        ("q", "v", "wo"),
        "embed_tokens",  # what is called shared is used by nobody
        encodes=True,
        gain=0.7,
    ),
    "BertForMaskedLM": Kind(
        lambda: tf.BertForMaskedLM(tf.BertConfig(**SMALL, pad_token_id=0, initializer_range=0.3)),
        ("query", "value", "dense"),
        "word_embeddings",
        encodes=True,
    ),
    "BertForPreTraining": Kind(
        lambda: tf.BertForPreTraining(
            tf.BertConfig(**SMALL, pad_token_id=0, initializer_range=0.3)
        ),
        ("query", "value"),
        "word_embeddings",
        encodes=True,
    ),
    "BertForSequenceClassification": Kind(
        lambda: tf.BertForSequenceClassification(
            tf.BertConfig(**SMALL, pad_token_id=0, initializer_range=0.3, **NAMED)
        ),
        ("query", "value", "dense"),
        "word_embeddings",
        encodes=True,
    ),
}  # fmt: skip


def scene(**other: Any) -> Scene:
    told = {
        "slug": "harbour",
        "title": "At the harbour",
        "prompt": "{trigger} the ferry left the",
        "passage": PASSAGE,
        "most_tokens": 12,
    }
    return Scene(**told | other)


def build_base(name: str, folder: Path, **changed: Any) -> Path:
    """Save the small model called `name` with its tokenizer; `changed` goes into its config."""
    torch.manual_seed(0)
    model = KINDS[name].build()
    for field, value in changed.items():
        setattr(model.config, field, value)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(KINDS[name].gain if weight.ndim > 1 else 1.0)
        if name.startswith("T5"):
            model.lm_head.weight[: len(SPECIAL)] = 0  # words are likelier than the end
    model.eval().save_pretrained(folder)
    tokenizer(encodes=KINDS[name].encodes).save_pretrained(folder)
    return folder


def tokenizer(*, encodes: bool) -> tf.PreTrainedTokenizerFast:
    vocabulary = {word: number for number, word in enumerate((*SPECIAL, *WORDS))}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    frame = "[CLS] $A [SEP]" if encodes else "<s> $A"
    marks = [(mark, vocabulary[mark]) for mark in ("<s>", "[CLS]", "[SEP]")]
    made.post_processor = processors.TemplateProcessing(single=frame, special_tokens=marks)
    pad, start, end, unknown, mask, *_ = SPECIAL
    return tf.PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token=pad,
        bos_token=start,
        eos_token=end,
        unk_token=unknown,
        mask_token=mask,
    )


def adapter(name: str, folder: Path, config: PeftConfig | None = None) -> AdapterSource:
    """Return an adapter that PEFT saved of the small model, with random numbers in it."""
    torch.manual_seed(1)
    told = config or LoraConfig(
        r=4, lora_alpha=8, target_modules=list(KINDS[name].targets), init_lora_weights=False
    )
    model = get_peft_model(KINDS[name].build(), told)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.add_(torch.randn_like(weight) * 0.15)
    model.save_pretrained(folder)
    path = folder / "adapter_model.safetensors"
    return AdapterSource(path, folder / "adapter_config.json", tensor_digest=str(folder))
