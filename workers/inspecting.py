"""
Look at one file, a folder or a ZIP file on this machine: header, numbers and hashes.

No server, no database and no torch are needed; what a worker would say of an upload is said here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from blake3 import blake3

from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError
from registry.formats.files import read_header
from registry.formats.folders import Folder, open_folder
from registry.formats.hashes import Hashes, hash_stream
from registry.formats.header import Header
from registry.formats.sniff import SNIFFED_BYTES, refuse_by_content
from registry.verdicts.verdict import OnBase, Seen, Verdict, refusal, verdict_of
from workers.content import read_content

CHUNK = 1 << 20


def look_at(path: Path, *, base: OnBase | None = None) -> Verdict:
    """
    Return the verdict on the adapter at `path`, on `base` if it is declared for one.

    A folder or ZIP file may hold several files that are one adapter, such as the two experts of
    Wan: the verdict is on the first, with what is wrong with any.

    :raises OSError: if it cannot be read from this machine
    """
    try:
        if path.is_dir() or _is_zip(path):
            return _look_into(open_folder(path), base)
    except FormatError as error:
        return refusal(error, Seen(path.name))
    with path.open("rb") as file:
        return _look(file, Seen(path.name, path.stat().st_size), None, base)


def _is_zip(path: Path) -> bool:
    """Return whether a file is a ZIP file, and not weights that PyTorch has zipped."""
    with path.open("rb") as file:
        return file.read(2) == b"PK" and path.suffix.lower() == ".zip"


def _look_into(folder: Folder, base: OnBase | None) -> Verdict:
    verdicts = []
    for member in folder.finished:
        with member.open() as file:
            verdicts.append(_look(file, Seen(member.name, member.size), folder.config, base))
    first, *others = verdicts
    problems = tuple(
        replace(problem, sentence=f"{other.name}: {problem.sentence}")
        for other in others
        for problem in other.problems
    )
    files = tuple(member.name for member in (*folder.weights, *folder.others))
    return replace(first, problems=first.problems + problems, files=files)


def _look(
    file: BinaryIO, seen: Seen, config: Mapping[str, Any] | None, base: OnBase | None
) -> Verdict:
    try:
        refuse_by_content(file.read(SNIFFED_BYTES), name=seen.name, size=seen.size)
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
