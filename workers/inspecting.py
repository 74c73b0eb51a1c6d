"""
Look at one file, or a folder of PEFT's, on this machine: header, numbers and hashes.

No server, no database and no torch are needed; what a worker would say of an upload is said here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from blake3 import blake3

from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError, NotAnAdapter
from registry.formats.files import read_header
from registry.formats.hashes import Hashes, hash_stream
from registry.formats.header import Header
from registry.formats.sniff import refuse_by_content
from registry.verdicts.verdict import OnBase, Seen, Verdict, refusal, verdict_of
from workers.content import read_content

CHUNK = 1 << 20
SNIFFED = 4096
LARGEST_CONFIG = 1 << 20


def look_at(path: Path, *, base: OnBase | None = None) -> Verdict:
    """
    Return the verdict on the adapter at `path`, on `base` if it is declared for one.

    :raises OSError: if it cannot be read from this machine
    """
    weights, config = path, None
    seen = Seen(path.name)
    try:
        if path.is_dir():
            weights, config = _in_folder(path)
        with weights.open("rb") as file:
            return _look(file, Seen(weights.name, weights.stat().st_size), config, base)
    except FormatError as error:
        return refusal(error, seen)


def _look(
    file: BinaryIO, seen: Seen, config: Mapping[str, Any] | None, base: OnBase | None
) -> Verdict:
    try:
        refuse_by_content(file.read(SNIFFED), name=seen.name, size=seen.size)
        file.seek(0)
        header = read_header(file, file_size=seen.size)
    except FormatError as error:
        return refusal(error, Seen(seen.name, seen.size, hashes=_hash(file, None)[0]))
    hashes, digest = _hash(file, header)
    try:
        adapter = read_adapter(header, config=config)
    except FormatError as error:
        return refusal(error, Seen(seen.name, seen.size, hashes=hashes))
    content = read_content(file, header, config=config)
    return verdict_of(adapter, Seen(seen.name, seen.size, content, hashes, digest), base=base)


def _hash(file: BinaryIO, header: Header | None) -> tuple[Hashes, str]:
    file.seek(0)
    return hash_stream(_chunks(file), header=header, blake3=blake3())


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _in_folder(folder: Path) -> tuple[Path, Mapping[str, Any] | None]:
    """Return the weights in a folder, and its adapter_config.json."""
    weights = sorted(
        each
        for each in folder.iterdir()
        if each.suffix in {".safetensors", ".gguf", ".bin", ".pt", ".ckpt"} and each.is_file()
    )
    if not weights:
        raise NotAnAdapter(f"The folder {folder.name} holds no weights: no .safetensors or .gguf.")
    config = folder / "adapter_config.json"
    return weights[0], _config(config) if config.is_file() else None


def _config(path: Path) -> Mapping[str, Any]:
    with path.open("rb") as file:
        text = file.read(LARGEST_CONFIG + 1)
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        config = None
    if len(text) > LARGEST_CONFIG or not isinstance(config, dict):
        raise NotAnAdapter(f"{path.name} is no JSON object of at most {LARGEST_CONFIG:,} bytes.")
    return config
