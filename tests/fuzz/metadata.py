"""Sound headers with anything in them: names, shapes, metadata and configurations, all judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from registry.bases import catalogue
from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError
from registry.formats.header import Container, Header, Tensor
from registry.formats.training import read_training
from registry.verdicts import shown
from registry.verdicts.verdict import OnBase, Seen, verdict_of
from tests.fuzz.drawing import CONFIGURED, TOLD, Draw
from tests.hostile.sentences import must_be_a_sentence

DICTIONARY = (b'"tag_frequency"', b'"img_count"', b'"subsets"', b'"class_tokens"', b"^", b"(a+)+$")
BASES = ("sdxl-1-0", "llama-3-1-8b", "shapes", "of nobody")


def seeds() -> Iterator[bytes]:
    yield bytes(40)
    yield bytes(range(256))
    yield bytes(range(255, 0, -3)) * 2


def try_one(data: bytes) -> None:
    """Judge one header that was made of the bytes."""
    draw = Draw(data)
    header = _header(draw)
    config = _config(draw)
    facts = read_training(header.metadata, config=config)
    json.dumps(asdict(facts), default=str, allow_nan=False)
    try:
        adapter = read_adapter(header, config=config)
    except FormatError as error:
        must_be_a_sentence(str(error))
        return
    entry = catalogue.entry(draw.one_of(BASES))
    verdict = verdict_of(adapter, Seen("a"), base=OnBase.of(entry) if entry else None)
    for problem in verdict.problems:
        must_be_a_sentence(problem.sentence, longest=1000)
    json.dumps(shown.as_json(verdict), allow_nan=False).encode("ascii")
    for result in verdict.results:
        _must_be_kept(dict(result.evidence))


def _must_be_kept(value: object) -> None:
    """Fail unless PostgreSQL takes this as JSON: finite, no NUL, no half surrogates."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    assert "\\u0000" not in text.replace("\\\\", "")
    text.encode()


def _header(draw: Draw) -> Header:
    tensors: dict[str, Tensor] = {}
    for _ in range(1 + draw.number(12)):
        name = draw.name()
        if 0 < len(name) <= 512 and name.isprintable():  # As the reader of headers lets pass.
            tensors[name] = Tensor(name, draw.one_of(("F16", "F32", "U8")), draw.shape(), 0, 0)
    metadata = {draw.one_of(TOLD): draw.text() for _ in range(draw.number(6))}
    for key in [key for key in metadata if draw.number(4) == 0]:
        metadata[key] = json.dumps(draw.value())
    container = draw.one_of((Container.SAFETENSORS, Container.SAFETENSORS, Container.GGUF))
    return Header(tensors, metadata, 1, container)


def _config(draw: Draw) -> dict[str, object] | None:
    if draw.number(2) == 0:
        return None
    return {draw.one_of(CONFIGURED): draw.value() for _ in range(draw.number(6))}
