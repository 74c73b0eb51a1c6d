"""
The configuration files that a team gives for its own base, none of them trusted.

A worker builds a model of them, without weights. So before one travels there, it is plain JSON of a
bounded size, its numbers are such as real models have, the class it names stands in our table
(registry/bases/classes.py), and nothing in it asks for code. Each refusal names the file and field.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from registry.bases.classes import (
    DIFFUSERS,
    PARTS,
    PICTURE_PARTS,
    TEXT_PARTS,
    TRANSFORMERS,
    WHOLE,
)
from registry.errors import UploadRefused

CONFIG = "config.json"
INDEX = "model_index.json"
NAMES = (CONFIG, INDEX, *(f"{part}/{CONFIG}" for part in PARTS))

MOST_BYTES = 256 * 1024  # of one file
MOST_DEPTH = 16
MOST_VALUES = 50_000  # labels of a classifier are the longest thing that a real one holds
MOST_ITEMS = 2_000  # of one list
MOST_TEXT = 10_000
MOST_NUMBER = 1e15  # whatever the field is called
MOST_LAYERS = 50_000

# What a number may be at most goes by its field's name: the first pattern that is found in it.
BOUNDS: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern), most)
    for pattern, most in (
        (r"vocab|_token_id$", 2_000_000),
        (r"expert", 1_024),
        (r"heads", 1_024),
        (r"position|length|_seq|n_ctx|window|frames|theta|base_freq", 100_000_000),
        (r"layers?($|_per)|^n_layer|depth|blocks|repeat", 1_000),
        (r"size|dim|width|channels|embd|inner|d_model|d_ff|d_kv|rank|kernel", 200_000),
        (r"^num_|^n_", 1_000_000),
    )
)

CODE = ("auto_map", "trust_remote_code", "custom_pipelines", "code_revision")  # would run code
ELSEWHERE = ("backbone", "use_timm_backbone", "use_pretrained_backbone")  # would load more models
FROM_HUB = ("attn_implementation", "_attn_implementation", "experts_implementation")


class Field(NamedTuple):
    """One value of a file: where it stands (`unet/config.json: down.0`), its field, its value."""

    at: str
    name: str
    value: Any
    depth: int


@dataclass(frozen=True, slots=True)
class Given:
    """Files that may be built, and what they build."""

    files: Mapping[str, Mapping[str, Any]]  # as they lie in a folder: unet/config.json
    parts: Mapping[str, tuple[str, str]]  # component → library, class
    pipeline: str
    modality: str


def parse(name: str, content: bytes) -> dict[str, Any]:
    """
    Return the fields of one file's bytes.

    :raises UploadRefused: if they are no JSON object that we would take
    """
    if len(content) > MOST_BYTES:
        raise _refused("size", f"{name} is too large for a configuration: 256 KiB at most.")
    try:
        fields = json.loads(content, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refused("json", f"{name} is not JSON: {_short(error)}.") from error
    if not isinstance(fields, dict):
        raise _refused("json", f"{name} is not a JSON object, as a configuration is.")
    return fields


def check(files: Mapping[str, Any]) -> Given:
    """
    Return what the files build, in the order and under the names that a worker lays them out.

    :raises UploadRefused: if they are not all there, or one of them is not to be built
    """
    for name, fields in files.items():
        _check_name(name)
        _check_fields(name, fields)
    if INDEX in files:
        return _pipeline(files)
    if CONFIG not in files:
        raise _refused("missing", f"Give a {CONFIG} (transformers) or a {INDEX} (diffusers).")
    config = files[CONFIG]
    if "_class_name" in config:
        return _one_part(config)
    name = _architecture(config)
    extra = next((each for each in files if each != CONFIG), "")
    if extra:
        raise _refused("extra", f"{extra} has no use beside a {CONFIG} of transformers: leave it.")
    return Given({CONFIG: config}, {WHOLE: ("transformers", name)}, name, TRANSFORMERS[name])


def _pipeline(files: Mapping[str, Mapping[str, Any]]) -> Given:
    index = files[INDEX]
    parts = {part: _part_in(index, part) for part in PARTS if index.get(part) not in NOTHING}
    if not any(part in parts for part in PICTURE_PARTS):
        names = ", ".join(PICTURE_PARTS)
        raise _refused("class", f"{INDEX} names none of {names}: adapters change one of these.")
    kept: dict[str, Mapping[str, Any]] = {INDEX: index}
    for part, (_, class_name) in parts.items():
        name = f"{part}/{CONFIG}"
        if name not in files:
            raise _refused("missing", f"{INDEX} names {part}: give its {CONFIG} too.")
        _check_same_class(name, files[name], class_name)
        kept[name] = files[name]
    extra = next((name for name in files if name not in kept), "")
    if extra:
        raise _refused("extra", f"{INDEX} does not name what {extra} is for: leave it out.")
    return Given(kept, parts, str(index.get("_class_name") or "")[:80], "image")


NOTHING: tuple[Any, ...] = (None, [None, None])


def _part_in(index: Mapping[str, Any], part: str) -> tuple[str, str]:
    match index[part]:
        case [str(library), str(class_name)]:
            table = TRANSFORMERS if part in TEXT_PARTS else DIFFUSERS
            wanted = "transformers" if part in TEXT_PARTS else "diffusers"
            if library == wanted and class_name in table:
                return library, class_name
            raise _unknown_class(f"{INDEX}: {part}", f"{library}.{class_name}")
    raise _refused("class", f"{INDEX}: {part} is not a library and a class, as in a pipeline.")


def _one_part(config: Mapping[str, Any]) -> Given:
    """Return the pipeline of a single part, of which only its own config.json was given."""
    class_name = config["_class_name"]
    if not isinstance(class_name, str) or class_name not in DIFFUSERS:
        raise _unknown_class(f"{CONFIG}: _class_name", class_name)
    part = DIFFUSERS[class_name]
    index = {part: ["diffusers", class_name]}
    files = {INDEX: index, f"{part}/{CONFIG}": config}
    return Given(files, {part: ("diffusers", class_name)}, "", "image")


def _architecture(config: Mapping[str, Any]) -> str:
    match config.get("architectures"):
        case [str(name), *_] if name in TRANSFORMERS:
            return name
        case [name, *_]:
            raise _unknown_class(f"{CONFIG}: architectures", name)
    raise _refused(
        "class",
        f"{CONFIG} has no architectures: add the class that loads the base, such as "
        '["LlamaForCausalLM"].',
    )


def _check_same_class(name: str, config: Mapping[str, Any], class_name: str) -> None:
    said = config.get("_class_name") or next(iter(config.get("architectures") or ()), class_name)
    if said != class_name and name.split("/", maxsplit=1)[0] in PICTURE_PARTS:
        raise _refused(
            "class", f"{name} is of a {str(said)[:80]}, but {INDEX} names {class_name} there."
        )


# --- one file ----------------------------------------------------------------------------------


def _check_name(name: str) -> None:
    if name not in NAMES:
        raise _refused(
            "extra",
            f"{str(name)[:80]!r} is no file that a base is made of: give {CONFIG}, or {INDEX} and "
            f"the {CONFIG} of each part, such as unet/{CONFIG}.",
        )


def _check_fields(name: str, fields: Any) -> None:
    if not isinstance(fields, Mapping) or not fields:
        raise _refused("json", f"{name} is not a JSON object, or an empty one.")
    for count, field in enumerate(_walk(name, fields), start=1):
        if field.depth > MOST_DEPTH:
            raise _limit(field, f"is nested deeper than {MOST_DEPTH} levels")
        if count > MOST_VALUES:
            raise _limit(field, f"is more than the {MOST_VALUES:,} values that a file may have")
        _check_value(field)
    if len(json.dumps(fields)) > MOST_BYTES * 4:  # as it was given; escapes make it longer
        raise _refused("size", f"{name} is too large for a configuration: 256 KiB at most.")


def _walk(name: str, fields: Mapping[str, Any]) -> Iterator[Field]:
    """Yield every value, without a recursion that a hostile file could break."""
    waiting = [Field(name, "", fields, 0)]
    while waiting:
        field = waiting.pop()
        yield field
        if field.depth > MOST_DEPTH:
            continue
        between = ": " if field.depth == 0 else "."
        children: Iterable[tuple[str, str, Any]] = ()
        if isinstance(field.value, Mapping):
            children = ((str(key), str(key), inner) for key, inner in field.value.items())
        elif isinstance(field.value, list):
            children = ((str(at), field.name, inner) for at, inner in enumerate(field.value))
        waiting += (
            Field(f"{field.at}{between}{at}"[:200], own, inner, field.depth + 1)
            for at, own, inner in children
        )


def _check_value(field: Field) -> None:
    _check_for_code(field)
    match field.value:
        case bool() | None:
            return
        case int() | float():
            _check_number(field)
        case str() if len(field.value) > MOST_TEXT:
            raise _limit(field, f"is longer than {MOST_TEXT:,} letters")
        case list() if len(field.value) > MOST_ITEMS:
            raise _limit(field, f"has more than {MOST_ITEMS:,} items")
        case str() | list() | Mapping():
            return
        case _:
            raise _limit(field, "is nothing that JSON has")


def _check_for_code(field: Field) -> None:
    if field.name in CODE and field.value not in (None, False):
        raise _refused(
            "code",
            f"{field.at} asks for code of its own, which this hub never runs: remove the field, "
            "if the class of the library fits the base too.",
        )
    if field.name in ELSEWHERE and field.value not in (None, False):
        raise _refused("code", f"{field.at} has another model loaded from elsewhere: remove it.")
    if field.name in FROM_HUB and isinstance(field.value, str) and "/" in field.value:
        raise _refused("code", f"{field.at} names code to be fetched from a hub: remove it.")


def _check_number(field: Field) -> None:
    if not math.isfinite(field.value):
        raise _limit(field, "is not a finite number")
    most: float = next((most for name, most in BOUNDS if name.search(field.name)), MOST_NUMBER)
    if abs(field.value) > most:
        raise _limit(field, f"is {_number(field.value)}: no base has more than {most:,.0f} there")


def _number(value: float) -> str:
    return f"{value:,}" if abs(value) < 1e18 else f"{value:.3g}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"the field {twice[:80]!r} stands there twice")
    return fields


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _short(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]


def _unknown_class(at: str, name: Any) -> UploadRefused:
    return _refused(
        "class",
        f"{at} names {str(name)[:80]!r}, which is no class of diffusers or transformers that this "
        "hub builds bases of.",
    )


def _limit(field: Field, problem: str) -> UploadRefused:
    return _refused("limit", f"{field.at} {problem}.")


def _refused(kind: str, sentence: str) -> UploadRefused:
    return UploadRefused(sentence, code=f"base.{kind}")
