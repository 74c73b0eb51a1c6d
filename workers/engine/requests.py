"""What comes over the pipe, read into the engine's own words, or refused."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from registry.sweeps.plan import Scene
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import BaseSource
from workers.engine.converting.contract import Conversion
from workers.engine.last_loaded import ModelSource
from workers.engine.sweeping import Row

Fields = Mapping[str, Any]
Thing = TypeVar("Thing")


class BadFields(Exception):
    """A request lacks something, or has it in the wrong form."""


def base(fields: Fields) -> BaseSource:
    def build(given: Fields) -> BaseSource:
        slug = str(given["slug"])
        return BaseSource(
            slug=slug,
            pipeline=str(given["pipeline"]),
            folder=_path(given.get("folder")),
            config_folder=Path(given.get("config_folder") or given["folder"]),
            digest=str(given.get("digest") or slug),
        )

    return _read(fields, "base", build)


def clip(fields: Fields) -> ModelSource | None:
    """Return what pictures are held against their prompts by, None where nothing is."""

    def build(given: Fields) -> ModelSource:
        return ModelSource(Path(given["folder"]), str(given["digest"]))

    return _read(fields, "clip", build) if fields.get("clip") else None


def vgg(fields: Fields) -> ModelSource | None:
    """Return what pictures are compared by beside the engine's own measures, None for nothing."""

    def build(given: Fields) -> ModelSource:
        return ModelSource(Path(given["file"]), str(given["digest"]))

    return _read(fields, "vgg", build) if fields.get("vgg") else None


def adapter(fields: Fields) -> AdapterSource:
    def build(given: Fields) -> AdapterSource:
        return AdapterSource(
            path=Path(given["path"]),
            config_path=_path(given.get("config_path")),
            dialect=str(given.get("dialect", "")),
            expected={str(name): int(count) for name, count in given.get("expected", {}).items()},
            tensor_digest=str(given.get("tensor_digest") or given["path"]),
        )

    return _read(fields, "adapter", build)


def conversion(fields: Fields) -> Conversion:
    def build(given: Fields) -> Conversion:
        return Conversion(
            layout=str(given["layout"]),
            dtype=str(given["dtype"]) if given.get("dtype") else None,
            rank=int(given["rank"]) if given.get("rank") is not None else None,
            energy=float(given["energy"]) if given.get("energy") is not None else None,
            strip=tuple(str(key) for key in given.get("strip") or ()),
            bare=bool(given.get("bare")),
            bake={str(key): str(value) for key, value in (given.get("bake") or {}).items()},
            without=tuple(str(name) for name in given.get("without") or ()),
        )

    return _read(fields, "conversion", build)


def slug(fields: Fields) -> str:
    """Return the slug of the base alone, for what needs neither weights nor configs."""
    return _read(fields, "base", lambda given: str(given["slug"]))


def scene(fields: Fields) -> Scene:
    def build(given: Fields) -> Scene:
        return Scene(
            slug=str(given["slug"]),
            title=str(given.get("title", given["slug"])),
            prompt=str(given["prompt"]),
            negative=str(given.get("negative", "")),
            seed=int(given["seed"]),
            steps=int(given["steps"]),
            guidance=float(given["guidance"]),
            width=int(given["width"]),
            height=int(given["height"]),
            sampler=str(given.get("sampler", "")),
            sample=str(given.get("sample", "")),
            passage=str(given.get("passage", "")),
            most_tokens=int(given.get("most_tokens", 0)),
        )

    return _read(fields, "scene", build)


def configs(fields: Fields) -> tuple[str, Mapping[str, Any]]:
    """Return a base's slug, and the files that a team gave of it."""
    slug, files = fields.get("slug"), fields.get("configs")
    if not isinstance(slug, str) or not isinstance(files, Mapping):
        raise BadFields("The request lacks slug or configs.")
    return slug, files


def trigger_words(fields: Fields) -> tuple[str, ...]:
    return tuple(str(word) for word in fields.get("trigger_words") or ())


def row(fields: Fields) -> Row:
    weights = _numbers(fields, "weights")
    if not weights or list(weights) != sorted(set(weights)):
        raise BadFields("The weights of a sweep must be given, ascending, each once.")
    of = scene(fields)
    return Row(
        scene=of,
        prompt=str(fields.get("prompt", of.prompt)),
        weights=weights,
        skip=frozenset(_numbers(fields, "skip")),
        parts=_parts(fields),
        at_hand=frozenset(_numbers(fields, "at_hand")),
        given=_given(fields),
    )


def rows(fields: Fields) -> list[Row]:
    """Return several rows; each is called by its number in what comes with the request."""
    told = fields.get("rows")
    if not isinstance(told, Sequence) or not told:
        raise BadFields("The request lacks rows.")
    if not all(isinstance(one, Mapping) for one in told):
        raise BadFields("rows must be requests for a row each.")
    blobs = fields.get("blobs") or {}
    return [row({**one, "blobs": _of_row(blobs, number)}) for number, one in enumerate(told)]


def _of_row(blobs: Mapping[str, bytes], number: int) -> dict[str, bytes]:
    before = f"{number}/"
    return {name[len(before) :]: data for name, data in blobs.items() if name.startswith(before)}


def _given(fields: Fields) -> dict[float, bytes]:
    """Return the pictures that came with the request, by weight: their blobs are called by it."""
    blobs = fields.get("blobs") or {}
    weights = _numbers(fields, "given")
    try:
        return {weight: blobs[f"given-{number}"] for number, weight in enumerate(weights)}
    except KeyError as error:
        raise BadFields(f"The request lacks the blob {error}.") from error


def _parts(fields: Fields) -> dict[str, float]:
    given = fields.get("parts") or {}
    if not isinstance(given, Mapping):
        raise BadFields("parts must give each part's factor by its name.")
    return dict(zip(map(str, given), _numbers({"parts": given.values()}, "parts"), strict=True))


def _numbers(fields: Fields, name: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(number) for number in fields.get(name) or ())
    except (TypeError, ValueError) as error:
        raise BadFields(f"{name} must be numbers: {error}.") from error
    if not all(map(math.isfinite, numbers)):
        raise BadFields(f"{name} must be finite numbers.")
    return numbers


def _path(given: Any) -> Path | None:
    return Path(given) if given else None


def _read(fields: Fields, name: str, build: Callable[[Fields], Thing]) -> Thing:
    given = fields.get(name)
    if not isinstance(given, Mapping):
        raise BadFields(f"The request lacks {name}.")
    try:
        return build(given)
    except KeyError as error:
        raise BadFields(f"{name} lacks {error}.") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BadFields(f"{name} cannot be read: {error}.") from error
