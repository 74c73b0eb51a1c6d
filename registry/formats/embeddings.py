"""
Textual inversion that travels with an adapter: vectors for words that the base does not know.

There are three ways of it: tensors `bundle_emb.<token>.<tensor>` (kohya, OneTrainer, A1111), plain
`<token>` in the files of 2022, and pivotal tuning's `clip_l` and `clip_g` (or `text_encoders_0` …),
which do not say their tokens. They are parts of the version, not layers of the adapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.formats.header import Tensor

_BUNDLED = re.compile(r"bundle_emb\.(.+?)\.((?:string_to_param\.)?[^.]+)")
_TOKEN = re.compile(r"<[^<>]+>")
_ENCODERS = re.compile(r"(clip_l|clip_g|clip_h|t5|t5xxl|text_encoders_[012])")

# Which text encoder a tensor of such a name is for; which T5 is for, other text encoders show.
_TEXT_ENCODERS = {
    "clip_l": "text_encoder",
    "clip_g": "text_encoder_2",
    "text_encoders_1": "text_encoder_2",
    "text_encoders_2": "text_encoder_3",
    "gemma": "text_encoder",
}


@dataclass(frozen=True, slots=True)
class Embedding:
    """One bundled tensor: how many vectors for which token of which text encoder."""

    token: str  # "" where the file does not say
    name: str  # the tensor's own
    vectors: int
    width: int
    text_encoder: str
    after: bool = False  # It is put in after the text encoder, not before it.


def is_embedding(name: str) -> bool:
    """Return whether a tensor beside an adapter's is a bundled embedding by its name."""
    return bool(
        name.startswith("bundle_emb.") or _TOKEN.fullmatch(name) or _ENCODERS.fullmatch(name)
    )


def read_embeddings(names: Iterable[str], tensors: Mapping[str, Tensor]) -> tuple[Embedding, ...]:
    """Return what the tensors of these names are, in their order."""
    read = [_read(name, tensors[name]) for name in names]
    kinds = {_kind(each.name) for each in read}
    return tuple(_with_encoder(each, kinds) for each in read)


def _read(name: str, tensor: Tensor) -> Embedding:
    *rest, width = tensor.shape or (0,)
    token = ""
    if match := _BUNDLED.fullmatch(name):
        token = match[1]
    elif _TOKEN.fullmatch(name):
        token = name
    vectors = rest[0] if rest else 1
    return Embedding(token, name, vectors, width, "", after=name.endswith("_out"))


def _kind(name: str) -> str:
    """Return the part of a tensor's name that speaks of a text encoder."""
    if _TOKEN.fullmatch(name):
        return ""
    return name.rpartition(".")[2].removesuffix("_out").replace("t5xxl", "t5")


def _with_encoder(read: Embedding, kinds: set[str]) -> Embedding:
    kind = _kind(read.name)
    encoder = _TEXT_ENCODERS.get(kind, "text_encoder")
    if kind == "t5":
        if "clip_g" in kinds:
            encoder = "text_encoder_3"
        elif "clip_l" in kinds:
            encoder = "text_encoder_2"
    elif kind == "llama" and "t5" in kinds:
        encoder = "text_encoder_4"
    elif kind == "clip_l" and "llama" in kinds and "t5" not in kinds:
        encoder = "text_encoder_2"  # HunyuanVideo's second is CLIP.
    return Embedding(read.token, read.name, read.vectors, read.width, encoder, after=read.after)
