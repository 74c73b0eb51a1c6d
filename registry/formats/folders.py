"""
Find the adapter among several files: a folder of PEFT's, a ZIP file, or files given by name.

What belongs to an adapter is weights (one file, or Wan's two experts, or the checkpoints of one
training run), adapter_config.json, a README. All else that lies about, tokenizers and the states of
optimizers, is listed and never opened. Pickled weights refuse the folder, as they refuse a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from registry.formats import configs
from registry.formats.archives import MAX_DEPTH, MAX_ENTRIES, list_zip
from registry.formats.errors import BadArchive, NotAnAdapter, OtherContent, Pickle
from registry.formats.members import Kind, Member
from registry.formats.quoting import shown
from registry.formats.sniff import SAY_SAFETENSORS, SNIFFED_BYTES, clean_name, refuse_by_content

_ZIP = b"PK"
_SHARD = re.compile(r"-\d{5}-of-\d{5}\.")
_INDEX = (".safetensors.index.json", ".bin.index.json")


@dataclass(frozen=True, slots=True)
class Folder:
    """An adapter's files; the first of the weights are the last that were saved."""

    weights: tuple[Member, ...]
    config: Mapping[str, Any] | None  # adapter_config.json, of the first weights
    others: tuple[Member, ...]  # READMEs, embeddings, and what is ignored: see their `kind`
    config_file: Member | None = None  # whence `config` is

    @property
    def finished(self) -> tuple[Member, ...]:
        """The weights that are no training checkpoints: one file, or one for each expert."""
        final = tuple(each for each in self.weights if each.step is None and each.epoch is None)
        return final or self.weights[:1]


def open_folder(path: Path) -> Folder:
    """
    Return the adapter in the folder, the ZIP file or the single file of weights at `path`.

    :raises FormatError: in one sentence, if there is none, or anything there could do harm
    """
    if path.is_dir():
        return of_members(_listed(path), name=shown(path.name))
    with path.open("rb") as file:
        start = file.read(SNIFFED_BYTES)
    name = shown(path.name)
    if start.startswith(_ZIP):
        return of_members(list_zip(path, name=name), name=name)
    return of_members([_file(path, path.name)], name=name)


def open_files(files: Mapping[str, Path]) -> Folder:
    """
    Return the adapter in several files of one upload, by the names that they were given.

    :raises FormatError: as `open_folder` does
    """
    for name in files:
        clean_name(name)
    return of_members([_file(path, name) for name, path in files.items()], name="The upload")


def of_members(members: Iterable[Member], *, name: str) -> Folder:
    """Return the adapter among these files; messages call what they are in `name`."""
    members = sorted(members, key=lambda each: each.name)
    _refuse_models(members, name=name)
    weights = [each for each in members if each.kind is Kind.WEIGHTS]
    for each in [each for each in members if each.kind is Kind.PICKLE]:
        raise Pickle(
            f"{name} holds {shown(each.name)}, and files of that name hold pickled weights, which "
            f"can run code when they are opened. {SAY_SAFETENSORS}"
        )
    if not weights:
        raise NotAnAdapter(f"{name} holds no weights: no file in it ends in .safetensors or .gguf.")
    for each in weights:
        refuse_by_content(each.start(SNIFFED_BYTES), name=shown(each.name), size=each.size)
    weights.sort(key=_last_first)
    others = [each for each in members if each.kind not in {Kind.WEIGHTS, Kind.CONFIG}]
    beside = _config_of(members, weights[0])
    config = _parsed(beside) if beside else None
    return Folder(tuple(weights), config, tuple(others), beside)


def _last_first(member: Member) -> tuple[bool, int, int, str]:
    at = member.step if member.step is not None else member.epoch
    return (at is not None, -(at or 0), member.name.count("/"), member.name)


def _config_of(members: Iterable[Member], weights: Member) -> Member | None:
    """Return the configuration that lies beside the weights, or next above them."""
    found = {PurePosixPath(each.name).parent: each for each in members if each.kind is Kind.CONFIG}
    places = [each for each in PurePosixPath(weights.name).parents if each in found]
    return found[places[0]] if places else None


def _parsed(config: Member) -> Mapping[str, Any]:
    name = shown(config.name)
    configs.refuse_size(config.size, name=name)
    with config.open() as file:
        return configs.parse(file.read(configs.MAX_CONFIG_BYTES + 1), name=name)


def _refuse_models(members: Iterable[Member], *, name: str) -> None:
    for member in members:
        last = PurePosixPath(member.name).name
        is_adapters = last.startswith("adapter_model")
        if last == "model_index.json" or (last.endswith(_INDEX) and not is_adapters):
            raise NotAnAdapter(f"{name} is a whole model, not an adapter: it holds {shown(last)}.")
        if last.endswith(_INDEX) or _SHARD.search(last):
            what = "an adapter" if is_adapters else "weights"
            raise OtherContent(
                f"{name} holds {what} in several parts ({shown(last)}), which is not taken. "
                "Save it as one file (max_shard_size) and upload that."
            )


# --- folders on disk -------------------------------------------------------------------------


def _listed(folder: Path) -> list[Member]:
    """Return the files under a folder; links are not followed, nor are hidden files seen."""
    members: list[Member] = []
    for at, folders, names in os.walk(folder):
        inside = Path(at).relative_to(folder)
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and len(inside.parts) < MAX_DEPTH
        )
        for each in names:
            path = Path(at) / each
            if each.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            members.append(_file(path, (inside / each).as_posix()))
            if len(members) > MAX_ENTRIES:
                raise BadArchive(
                    f"{shown(folder.name)} holds more than {MAX_ENTRIES:,} files, the most taken."
                )
    return members


def _file(path: Path, name: str) -> Member:
    return Member(name, path.stat().st_size, partial(_open, path), partial(_start, path))


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _start(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)
