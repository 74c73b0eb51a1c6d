"""Decides which words are one token to the base, and writes the tokenizer's files.

Every word of the captions is one token; anything else, a trigger word above all, falls to pieces
of a byte or a few, and never fails.
"""

from __future__ import annotations

import json
from pathlib import Path

from transformers import CLIPTokenizer

from demo.outlines import BASE_SHAPES
from demo.pictures import COLOURS

MAX_TOKENS = 40
_OTHERS = (
    "a an and on at the of with in , . small big left right top bottom background picture drawing"
)
WORDS = tuple(sorted({*COLOURS, *BASE_SHAPES, *_OTHERS.split()}))
START, END = "<|startoftext|>", "<|endoftext|>"


def _byte_symbols() -> list[str]:
    """Return CLIP's 256 printable stand-ins for bytes, in its own order."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
    plain += range(ord("®"), ord("ÿ") + 1)
    others = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) for byte in plain] + [chr(256 + rank) for rank in range(len(others))]


def _merges() -> list[tuple[str, str]]:
    """Return merges from left to right, longest words first.

    The order matters: a merge for "on" that came early would break up "orange" and "green".
    """
    merges: dict[tuple[str, str], None] = {}
    for word in sorted(WORDS, key=lambda word: (-len(word), word)):
        letters = [*word[:-1], word[-1] + "</w>"]
        left = letters[0]
        for right in letters[1:]:
            merges[left, right] = None
            left += right
    return list(merges)


def write(folder: Path) -> CLIPTokenizer:
    """Write vocab.json and merges.txt beside tokenizer.json, which alone is saved by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    symbols = _byte_symbols()
    merges = _merges()
    tokens = [*symbols, *(symbol + "</w>" for symbol in symbols)]
    tokens += [left + right for left, right in merges] + [START, END]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    lines = ["#version: 0.2", *(f"{left} {right}" for left, right in merges), ""]
    (folder / "merges.txt").write_text("\n".join(lines), "utf-8")
    tokenizer = CLIPTokenizer.from_pretrained(folder, model_max_length=MAX_TOKENS)
    tokenizer.save_pretrained(folder)
    return tokenizer
