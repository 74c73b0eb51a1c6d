"""Several versions beside each other: which are meant, and in what they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from registry.errors import Invalid, NotFound
from registry.models import AdapterVersion, User, VersionFile
from registry.queries import comparing, files

MOST = 6  # that are held together


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of each version, in their order, and whether they differ in it."""

    name: str
    values: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        return any(value != self.values[0] for value in self.values)


def named(said: Sequence[str], *, by: User | None) -> list[AdapterVersion]:
    """
    Return the versions that `team/name@3` or `team/name` mean, each once, in the order told.

    :raises Invalid: if one is not written so, there are none, or more than six
    :raises NotFound: if one is not in sight
    """
    if not said:
        raise Invalid("Say which adapters: team/name, or team/name@1, with commas between them.")
    found = [comparing.version_named(one, of="adapters", by=by) for one in said[: MOST + 1]]
    each = list({version.pk: version for version in found}.values())
    if len(said) > MOST:
        raise Invalid(f"These are {len(said)} adapters; {MOST} are held together at most.")
    return each


def facts(versions: Sequence[AdapterVersion]) -> list[Fact]:
    """Return what is known of the versions, fact by fact; what nobody has is left out."""
    weights = [_weights(version) for version in versions]
    rows = [
        Fact(name, tuple(read(one, file) for one, file in zip(versions, weights, strict=True)))
        for name, read in _FACTS.items()
    ]
    return [row for row in rows if any(value not in (None, "", [], ()) for value in row.values)]


def _weights(version: AdapterVersion) -> VersionFile | None:
    try:
        return files.weights_of(version)
    except NotFound:
        return None


Read = Callable[[AdapterVersion, "VersionFile | None"], Any]


def _of_version(field: str) -> Read:
    return lambda version, _file: getattr(version, field)


def _of_adapter(field: str) -> Read:
    return lambda version, _file: getattr(version.adapter, field)


def _of_file(field: str) -> Read:
    return lambda _version, file: getattr(file, field, None)


def _of_training(field: str) -> Read:
    return lambda version, _file: version.training.get(field)


_FACTS: dict[str, Read] = {
    "base": lambda version, _file: version.base.title,
    "kind": _of_adapter("kind"),
    "trigger_words": _of_version("trigger_words"),
    "measured_low": _of_version("measured_low"),
    "measured_high": _of_version("measured_high"),
    "measured_best": _of_version("measured_best"),
    "weight_low": _of_version("weight_low"),
    "weight_high": _of_version("weight_high"),
    "proof": _of_version("proof"),
    "algorithm": _of_file("algorithm"),
    "rank": _of_file("rank_high"),
    "layers": _of_file("layers"),
    "dtype": _of_file("dtype"),
    "size": _of_file("size"),
    "images": _of_training("images"),
    "steps": _of_training("steps"),
    "resolution": _of_training("resolution"),
    "trainer": _of_training("trainer"),
    "licence": _of_adapter("licence"),
    "downloads": _of_version("downloads"),
}
