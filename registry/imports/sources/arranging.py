"""
Files that lie in folders, arranged into versions: whether the folders are on a disk or in a
repository.

A file of weights is a version, with the sidecars that are called like it. Beside PEFT's
configuration, and among what a trainer saved on its way, several files are one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from registry.errors import SourceRefused
from registry.formats.members import Kind, epoch_of, kind_of, step_of
from registry.formats.quoting import shown
from registry.formats.sniff import PICKLED_NAMES
from registry.imports import saying
from registry.imports.offers import CHECKPOINT, CONFIG, WEIGHTS, Offer, OfferedFile, OfferedPicture
from registry.imports.saying import Statement
from registry.imports.sidecars.table import PREVIEWS, SIDECARS, TEXTS

_OF_A_RUN = re.compile(r"[-_.](?:(?:step|epoch)[-_]?\d+|\d{6}|\d{9})$", re.IGNORECASE)
_STEP = re.compile(r"checkpoint-\d+")
_NAMED_BY_FOLDER = ("adapter_model.", "pytorch_lora_weights.")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder below the source, and the sizes of its files by name."""

    path: PurePosixPath
    sizes: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> str:
        return str(self.path / name)

    def of_kind(self, kind: Kind) -> list[str]:
        return [name for name in self.sizes if kind_of(name) is kind]


@dataclass(frozen=True, slots=True)
class Looking:
    """How small files are read, and what the outermost folder is called."""

    start: Callable[[str, int], bytes]  # of a file: its first bytes
    name: str


def offers(folders: Iterable[Folder], looking: Looking) -> Iterator[Offer]:
    """Yield what lies there, by folder; what a trainer saved on the way goes with its end."""
    there = {folder.path: folder for folder in folders}
    saved: dict[PurePosixPath, list[Folder]] = {}
    for path, folder in there.items():
        parent = there.get(path.parent) if path.parts else None
        if parent and _STEP.fullmatch(path.name) and parent.of_kind(Kind.WEIGHTS):
            saved.setdefault(path.parent, []).append(folder)
    on_the_way = {folder.path for each in saved.values() for folder in each}
    for path, folder in there.items():
        if path not in on_the_way:
            yield from _offers_of(folder, saved.get(path, ()), looking)


def _offers_of(folder: Folder, below: Sequence[Folder], looking: Looking) -> Iterator[Offer]:
    configs = folder.of_kind(Kind.CONFIG)
    for finished, checkpoints in _runs(folder):
        files = [_file(folder, finished, WEIGHTS)]
        files += [_file(folder, name, CONFIG) for name in configs]
        files += [_file(folder, name, CHECKPOINT) for name in checkpoints]
        files += [one for each in below for one in _saved_in(each, finished)]
        yield _offer(folder, files, looking)
    for name in folder.of_kind(Kind.PICKLE):
        yield Offer(
            folder.place(name),
            (_file(folder, name, WEIGHTS),),
            refusal=f"{shown(name)} holds pickled weights ({', '.join(PICKLED_NAMES)}), which can "
            "run code when they are opened: save it as safetensors.",
        )


def _runs(folder: Folder) -> Iterator[tuple[str, list[str]]]:
    """Yield each file of weights with the training checkpoints that lead to it."""
    runs: dict[str, list[str]] = {}
    for name in folder.of_kind(Kind.WEIGHTS):
        runs.setdefault(_run_of(name), []).append(name)
    for names in runs.values():
        finished = next((name for name in names if not _is_saved(name)), names[-1])
        yield finished, [name for name in names if name != finished]


def _is_saved(name: str) -> bool:
    """Say whether a file was saved on the way, as its name tells."""
    return step_of(name) is not None or epoch_of(name) is not None


def _run_of(name: str) -> str:
    path = PurePosixPath(name)
    stem = _OF_A_RUN.sub("", path.stem) if _is_saved(name) else path.stem
    return f"{stem}{path.suffix}"


def _saved_in(folder: Folder, finished: str) -> Iterator[OfferedFile]:
    """Yield what a trainer saved under the same name in a folder of a step of its own."""
    if finished in folder.sizes:
        place = folder.place(finished)
        yield OfferedFile(
            f"{folder.path.name}-{finished}",
            place,
            CHECKPOINT,
            folder.sizes[finished],
            training_step=step_of(place),
        )


def _file(folder: Folder, name: str, role: str) -> OfferedFile:
    step = step_of(name) if role == CHECKPOINT else None
    return OfferedFile(name, folder.place(name), role, folder.sizes[name], training_step=step)


def _offer(folder: Folder, files: list[OfferedFile], looking: Looking) -> Offer:
    weights = files[0].name
    statements, notes = _statements(folder, weights, looking)
    stem = PurePosixPath(weights).stem
    pictures = [f"{stem}{each}" for each in PREVIEWS if f"{stem}{each}" in folder.sizes]
    of_its_folder = weights.startswith(_NAMED_BY_FOLDER)
    called = (folder.path.name or looking.name) if of_its_folder else stem
    named = Statement(saying.BY_FILE_NAME, saying.said(title=_title(called)))
    return Offer(
        key=folder.place(weights),
        files=tuple(files),
        statements=(*statements, named),
        pictures=tuple(OfferedPicture(folder.place(name)) for name in pictures[:1]),
        group=_group(statements) or folder.place(weights),
        notes=tuple(notes),
    )


def _statements(
    folder: Folder, weights: str, looking: Looking
) -> tuple[list[Statement], list[str]]:
    statements: list[Statement] = []
    notes: list[str] = []
    for sidecar in SIDECARS:
        name = sidecar.name(weights)
        if name not in folder.sizes:
            continue
        try:
            content = looking.start(folder.place(name), saying.MOST_BYTES + 1)
            statements.append(sidecar.statement(content, name=name))
        except SourceRefused as refusal:
            notes.append(str(refusal))
    stem = PurePosixPath(weights).stem
    text = next((f"{stem}{end}" for end in TEXTS if f"{stem}{end}" in folder.sizes), "")
    if text:
        content = looking.start(folder.place(text), 4 * saying.LONGEST_TEXT)
        told = saying.text(content.decode("utf-8", "replace"))
        statements.append(Statement(text, saying.said(description=told)))
    return statements, notes


def _group(statements: Sequence[Statement]) -> str:
    """Return the model of Civitai's that sidecars name: its versions are of one adapter."""
    for each in statements:
        told = each.record.get("civitai", each.record)
        model = told.get("modelId", told.get("ModelId")) if isinstance(told, dict) else None
        if type(model) is int and model > 0:
            return f"civitai:{model}"
    return ""


def _title(name: str) -> str:
    return saying.line(re.sub(r"[_\s]+", " ", name), most=120)
