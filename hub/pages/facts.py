"""What is known of a version's file and of its training, as labelled lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from registry.models import AdapterVersion, VersionFile


class Fact(NamedTuple):
    label: str
    value: Any


def of_file(file: VersionFile) -> list[Fact]:
    rank = ""
    if file.rank_low is not None:
        same = file.rank_low == file.rank_high
        rank = str(file.rank_low) if same else f"{file.rank_low} – {file.rank_high}"
    return _said(
        (_("Naming"), file.dialect),
        (_("Algorithm"), file.algorithm),
        (_("Rank"), rank),
        (_("Layers"), file.layers),
        (_("Numbers"), file.dtype),
    )


def of_training(version: AdapterVersion) -> list[Fact]:
    facts = version.training
    return _said(
        (_("Name while training"), facts.get("name")),
        (_("Trained with"), _trainer(facts)),
        (_("Base it names"), facts.get("base_version")),
        (_("Steps"), facts.get("steps")),
        (_("Epochs"), facts.get("epochs")),
        (_("Pictures"), facts.get("images")),
        (_("Resolution"), facts.get("resolution")),
        (_("Learning rate"), facts.get("learning_rate")),
        (_("Optimizer"), facts.get("optimizer")),
        (_("Learning rate schedule"), facts.get("scheduler")),
        (_("Batch size"), facts.get("batch_size")),
        (_("Rank"), facts.get("rank")),
        (_("Alpha"), facts.get("alpha")),
        (_("Seed"), facts.get("seed")),
        (_("Clip skip"), facts.get("clip_skip")),
        (_("Weight its maker recommends"), _weight(facts.get("weight"))),
    )


def _trainer(facts: dict[str, Any]) -> str:
    # A version may be a commit, of which nobody reads more than the beginning.
    return f"{facts.get('trainer') or ''} {str(facts.get('trainer_version') or '')[:12]}".strip()


def _weight(told: dict[str, Any] | None) -> str:
    if not told:
        return ""
    low, high = told["low"], told["high"]
    return f"{low:g}" if low == high else f"{low:g} – {high:g}"


def _said(*facts: tuple[str, Any]) -> list[Fact]:
    return list(_present(facts))


def _present(facts: tuple[tuple[str, Any], ...]) -> Iterator[Fact]:
    for label, value in facts:
        if value not in (None, "", [], {}):
            shown = " × ".join(map(str, value)) if isinstance(value, list | tuple) else value
            yield Fact(label, f"{shown:g}" if isinstance(shown, float) else shown)
