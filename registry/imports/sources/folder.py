"""
A folder on the server, as a person's WebUI or ComfyUI has it: weights, and sidecars beside them.

The operator says which folders may be read. Nothing is followed out of them: each folder on the way
to a file is opened by itself, and a link, wherever it points, is no file.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from registry.errors import SourceRefused
from registry.formats.members import Kind, epoch_of, kind_of, step_of
from registry.formats.quoting import shown
from registry.formats.sniff import PICKLED_NAMES
from registry.imports import saying
from registry.imports.offers import CHECKPOINT, CONFIG, WEIGHTS, Offer, OfferedFile, OfferedPicture
from registry.imports.saying import Statement
from registry.imports.sidecars.table import PREVIEWS, SIDECARS, TEXTS

MOST_FILES = 50_000
MAX_DEPTH = 8
_OF_A_RUN = re.compile(r"[-_.](?:(?:step|epoch)[-_]?\d+|\d{6}|\d{9})$", re.IGNORECASE)
_STEP = re.compile(r"checkpoint-\d+")
_NO_FOLLOWING = os.O_NOFOLLOW | os.O_CLOEXEC


def allowed(text: str, roots: Sequence[Path]) -> FolderSource:
    """
    Return the folder that `text` names, if it is one that may be imported from.

    :raises SourceRefused: if it is not, or there is none
    """
    path = Path(os.path.normpath(text))
    for root in roots:
        inside = path.relative_to(root) if path.is_relative_to(root) else None
        if inside is not None:
            return FolderSource(root, PurePosixPath(inside))
    may = ", ".join(map(str, roots)) or "none"
    raise SourceRefused(
        f"{shown(text)} is in no folder that this hub may import from ({may}): its operator names "
        "such folders in IMPORT_FOLDERS."
    )


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder `inside` one that the operator allows."""

    root: Path
    inside: PurePosixPath
    is_near: bool = True

    @property
    def name(self) -> str:
        return (self.root / self.inside).name or "/"

    def offers(self) -> Iterator[Offer]:
        """Yield what lies there, by folder; what a trainer saved on the way goes with its end."""
        there = {folder.path: folder for folder in self._folders()}
        saved: dict[PurePosixPath, list[_Folder]] = {}
        for path, folder in there.items():
            parent = there.get(path.parent) if path.parts else None
            if parent and _STEP.fullmatch(path.name) and parent.of_kind(Kind.WEIGHTS):
                saved.setdefault(path.parent, []).append(folder)
        on_the_way = {folder.path for each in saved.values() for folder in each}
        for path, folder in there.items():
            if path not in on_the_way:
                yield from _offers_of(folder, saved.get(path, ()), self)

    def start(self, place: str, count: int) -> bytes:
        with self.open(place) as file:
            return file.read(count)

    @contextmanager
    def open(self, place: str, *, at: int = 0) -> Iterator[BinaryIO]:
        with os.fdopen(self._opened(PurePosixPath(place)), "rb") as file:
            file.seek(at)
            yield file

    def _opened(self, place: PurePosixPath) -> int:
        """Return a descriptor of a plain file, having followed no link on the way to it."""
        *folders, last = (self.inside / place).parts
        if ".." in folders or last == "..":
            raise SourceRefused(f"{shown(str(place))} leads out of the folder.")
        at = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in folders:
                below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NO_FOLLOWING, dir_fd=at)
                os.close(at)
                at = below
            # A pipe would keep its reader waiting, so nothing here waits.
            found = os.open(last, os.O_RDONLY | os.O_NONBLOCK | _NO_FOLLOWING, dir_fd=at)
        except OSError as error:
            raise SourceRefused(
                f"{shown(str(place))} cannot be read: {error.strerror}. Links are not followed."
            ) from error
        finally:
            os.close(at)
        if not stat.S_ISREG(os.fstat(found).st_mode):
            os.close(found)
            raise SourceRefused(f"{shown(str(place))} is no plain file.")
        return found

    def _folders(self) -> Iterator[_Folder]:
        """Yield every folder with what is in it, the nearest first; links and hidden ones not."""
        top = self.root / self.inside
        if top.is_symlink() or not top.is_dir():
            raise SourceRefused(f"{shown(str(top))} is no folder on this server.")
        seen = 0
        for at, folders, names in os.walk(top):
            below = PurePosixPath(Path(at).relative_to(top))
            deep = len(below.parts) >= MAX_DEPTH
            folders[:] = [] if deep else sorted(one for one in folders if not one.startswith("."))
            sizes = _sizes(Path(at), names)
            seen += len(sizes)
            if seen > MOST_FILES:
                raise SourceRefused(
                    f"{shown(str(top))} holds more than {MOST_FILES:,} files: import its folders "
                    "one by one."
                )
            yield _Folder(below, sizes)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder below the source, and the sizes of its plain files by name."""

    path: PurePosixPath
    sizes: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> str:
        return str(self.path / name)

    def of_kind(self, kind: Kind) -> list[str]:
        return [name for name in self.sizes if kind_of(name) is kind]


def _sizes(folder: Path, names: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in sorted(names):
        try:
            known = (folder / name).lstat()
        except OSError:
            continue  # it has gone since
        # A name that is no text could not be shown, nor kept.
        if stat.S_ISREG(known.st_mode) and not name.startswith(".") and name.isprintable():
            found[name] = known.st_size
    return found


def _offers_of(folder: _Folder, below: Sequence[_Folder], source: FolderSource) -> Iterator[Offer]:
    configs = folder.of_kind(Kind.CONFIG)
    for finished, checkpoints in _runs(folder):
        files = [_file(folder, finished, WEIGHTS)]
        files += [_file(folder, name, CONFIG) for name in configs]
        files += [_file(folder, name, CHECKPOINT) for name in checkpoints]
        files += [one for each in below for one in _saved_in(each, finished)]
        yield _offer(folder, files, source)
    for name in folder.of_kind(Kind.PICKLE):
        yield Offer(
            folder.place(name),
            (_file(folder, name, WEIGHTS),),
            refusal=f"{shown(name)} holds pickled weights ({', '.join(PICKLED_NAMES)}), which can "
            "run code when they are opened: save it as safetensors.",
        )


def _runs(folder: _Folder) -> Iterator[tuple[str, list[str]]]:
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


def _saved_in(folder: _Folder, finished: str) -> Iterator[OfferedFile]:
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


def _file(folder: _Folder, name: str, role: str) -> OfferedFile:
    step = step_of(name) if role == CHECKPOINT else None
    return OfferedFile(name, folder.place(name), role, folder.sizes[name], training_step=step)


def _offer(folder: _Folder, files: list[OfferedFile], source: FolderSource) -> Offer:
    weights = files[0].name
    statements, notes = _statements(folder, weights, source)
    stem = PurePosixPath(weights).stem
    pictures = [f"{stem}{each}" for each in PREVIEWS if f"{stem}{each}" in folder.sizes]
    is_named_by_folder = weights.startswith(("adapter_model.", "pytorch_lora_weights."))
    called = (folder.path.name or source.name) if is_named_by_folder else stem
    named = Statement("the file's name", saying.said(title=_title(called)))
    return Offer(
        key=folder.place(weights),
        files=tuple(files),
        statements=(*statements, named),
        pictures=tuple(OfferedPicture(folder.place(name)) for name in pictures[:1]),
        group=_group(statements) or folder.place(weights),
        notes=tuple(notes),
    )


def _statements(
    folder: _Folder, weights: str, source: FolderSource
) -> tuple[list[Statement], list[str]]:
    statements: list[Statement] = []
    notes: list[str] = []
    for sidecar in SIDECARS:
        name = sidecar.name(weights)
        if name not in folder.sizes:
            continue
        try:
            content = source.start(folder.place(name), saying.MOST_BYTES + 1)
            statements.append(sidecar.statement(content, name=name))
        except SourceRefused as refusal:
            notes.append(str(refusal))
    stem = PurePosixPath(weights).stem
    text = next((f"{stem}{end}" for end in TEXTS if f"{stem}{end}" in folder.sizes), "")
    if text:
        content = source.start(folder.place(text), 4 * saying.LONGEST_TEXT)
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
