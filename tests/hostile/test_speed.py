"""No header that is taken keeps anyone waiting: 8 MiB of the worst names are judged in a second."""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass

import pytest

import registry.bases
import registry.formats
from registry.bases import catalogue
from registry.formats.adapter import read_adapter
from registry.formats.errors import NotAnAdapter
from registry.formats.files import read_header
from registry.formats.header import MAX_HEADER_BYTES
from registry.formats.tensors import MAX_NAME, MAX_TENSORS
from registry.formats.training import read_training
from registry.verdicts.verdict import OnBase, Seen, verdict_of
from tests import files
from tests.hostile.judging import MOST_SECONDS, SLACK
from tests.hostile.judging import _warm as warm

# What patterns stumble over: pieces of names that nearly fit, again and again, without an end.
STUMBLES = (
    "a", "_", ".", "1", "0_", "1.", "layers.1.", "model_", "model.", "language_model_", "h.0.",
    "down_blocks_0_attentions_0_", "down_blocks.0.attentions.0.", "transformer_blocks_1_",
    "single_transformer_blocks.1.", "double_blocks_0_img_attn_qkv_", "blocks_9_self_attn_q_",
    "encoder_block_1_layer_1_", "text_encoders.t5xxl.", "base_model.model.", "lora_unet_",
    "lora_te1_", ".lora_A", ".processor.to_k_lora", ".alpha", "unet:1:", "conv_in.", "<", "/",
    "-00001-of-",
)  # fmt: skip
WORST = (
    ("lora_unet_", "down_blocks_0_attentions_0_", ".lora_up.weight"),
    ("unet.", "down_blocks.0.attentions.0.", ".lora_A.weight"),
    ("base_model.model.", "layers.1.", ".lora_B.weight"),
    ("diffusion_model.", "blocks_9_", ".lora_A.weight"),
    ("base_model.model.", "model.", ".processor.x"),
    ("", "1.", ""),
    ("", "layers.1.", ".weight"),
)


def names(prefix: str, stumble: str, tail: str, *, length: int) -> Iterator[str]:
    """Yield names as many and as long as a header may hold, no two alike."""
    room = length - len(prefix) - len(tail) - 6
    for number in range(min(MAX_TENSORS, MAX_HEADER_BYTES // (length + 64))):
        yield f"{prefix}{stumble * (room // len(stumble))}{number}{tail}"


def file_of(every: Iterator[str]) -> bytes:
    table = {
        name: {"dtype": "U8", "shape": [1, 1], "data_offsets": [place, place + 1]}
        for place, name in enumerate(every)
    }
    return files.from_header(json.dumps(table, separators=(",", ":")), bytes(len(table)))


def seconds_for(raw: bytes, *, base: str = "sdxl-1-0") -> float:
    """Return the processor time that goes into saying all that names and shapes tell."""
    warm()
    on = OnBase.of(catalogue.entry(base))
    began = time.process_time()
    header = read_header(io.BytesIO(raw), file_size=len(raw))
    with suppress(NotAnAdapter):
        verdict_of(read_adapter(header), Seen("a", len(raw)), base=on)
    return time.process_time() - began


@pytest.mark.parametrize("length", [100, MAX_NAME])
@pytest.mark.parametrize("worst", WORST, ids="".join)
def test_eight_mebibytes_of_the_worst_names_take_a_second(worst, length):
    prefix, stumble, tail = worst
    raw = file_of(names(prefix, stumble, tail, length=length))
    assert len(raw) > MAX_HEADER_BYTES // 5
    assert seconds_for(raw) < MOST_SECONDS * SLACK


def test_twenty_thousand_sound_layers_take_a_second():
    every = (f"lora_unet_mid_block_attentions_{n}_proj_in.lora_{half}.weight"
             for n in range(MAX_TENSORS // 2) for half in ("down", "up"))  # fmt: skip
    assert seconds_for(file_of(every)) < MOST_SECONDS * SLACK


def _patterns(value: object, depth: int = 0) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 5 and isinstance(value, Mapping):
        for each in (*value.keys(), *value.values()):
            yield from _patterns(each, depth + 1)
    elif depth < 5 and isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _patterns(each, depth + 1)
    elif depth < 5 and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _patterns(getattr(value, field.name), depth + 1)


def every_pattern() -> list[re.Pattern]:
    """Return each pattern that is held by a module which reads what uploaders send."""
    found: dict[tuple[str | bytes, int], re.Pattern] = {}
    for package in (registry.formats, registry.bases):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                found |= {(each.pattern, each.flags): each for each in _patterns(value)}
    return list(found.values())


class TestPatterns:
    def test_are_found(self):
        assert len(every_pattern()) > 60

    @pytest.mark.parametrize("pattern", every_pattern(), ids=lambda each: ascii(each.pattern)[:300])
    def test_stumble_over_no_name(self, pattern):
        """A name costs each of them at most 50 µs, a text four times as long not 16 times that."""
        for stumble in STUMBLES:
            for end in ("", "!"):
                once = _microseconds(pattern, stumble, end, length=MAX_NAME)
                if once > 50:
                    longer = _microseconds(pattern, stumble, end, length=4 * MAX_NAME)
                    assert longer < 8 * once, (stumble, once, longer)
                    assert once < 400, (stumble, once)


def _microseconds(pattern: re.Pattern, stumble: str, end: str, *, length: int) -> float:
    """Return what it takes to hold a text against a pattern; those that search have own tests."""
    text = stumble * (length // len(stumble)) + end
    subject = text.encode() if isinstance(pattern.pattern, bytes) else text
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        pattern.match(subject)
        pattern.fullmatch(subject)
        best = min(best, time.perf_counter() - began)
    return best * 1e6


def test_a_million_tags_take_a_second():
    warm()
    tags = json.dumps({"1_a": {f"t{n}": n for n in range(250_000)}}, separators=(",", ":"))
    began = time.process_time()
    read_training({"ss_tag_frequency": tags, "ss_datasets": "[" + "{}," * 900_000 + "{}]"})
    assert time.process_time() - began < MOST_SECONDS * SLACK
