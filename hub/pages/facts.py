"""What is known of a version's file and of its training, as labelled lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.pages.templatetags.pages import as_bytes
from hub.wordings.titles import dialect_title
from registry.queries import together
from registry.queries.words import Kind, Proof

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
        (_("Naming"), dialect_title(file.dialect)),
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


_WORDS: dict[str, type[Kind] | type[Proof]] = {"kind": Kind, "proof": Proof}
LABELS = {
    "base": gettext_lazy("Base model"),
    "kind": gettext_lazy("Kind"),
    "trigger_words": gettext_lazy("Trigger words"),
    "measured_best": gettext_lazy("Best weight, as measured"),
    "proof": gettext_lazy("Load proof"),
    "algorithm": gettext_lazy("Algorithm"),
    "rank": gettext_lazy("Rank"),
    "layers": gettext_lazy("Layers"),
    "dtype": gettext_lazy("Numbers"),
    "size": gettext_lazy("Size"),
    "images": gettext_lazy("Pictures"),
    "steps": gettext_lazy("Steps"),
    "resolution": gettext_lazy("Resolution"),
    "trainer": gettext_lazy("Trained with"),
    "licence": gettext_lazy("Licence"),
    "downloads": gettext_lazy("Downloads"),
}
RANGES = {  # two facts that are told as one
    "measured_low": ("measured_high", gettext_lazy("Suggested weight, as measured")),
    "weight_low": ("weight_high", gettext_lazy("Weight, as its uploader says")),
}


# What is told of a version beside the one before it: what its maker changed, and what came of it.
CHANGES = frozenset(
    {"base", "trigger_words", "measured_low", "measured_best", "weight_low", "algorithm", "rank"}
    | {"layers", "dtype", "size", "images", "steps", "resolution"}
)


# … and of these only where both were measured: a sweep that is yet to come has changed nothing.
MEASURED = frozenset({"measured_low", "measured_best"})


class Row(NamedTuple):
    """A fact of several versions, in their order."""

    name: str
    label: str
    values: tuple[str, ...]
    differs: bool

    @property
    def is_change(self) -> bool:
        """Whether it is told of a version beside the one before it."""
        known = self.name not in MEASURED or all(self.values)
        return self.differs and self.name in CHANGES and known


def of_several(versions: Sequence[AdapterVersion]) -> list[Row]:
    """Return what is known of several versions, side by side, in people's words."""
    found = {fact.name: fact for fact in together.facts(versions)}
    rows = []
    for name, fact in found.items():
        if name in RANGES:
            other, label = RANGES[name]
            high = found[other].values if other in found else fact.values
            pairs = zip(fact.values, high, strict=True)
            told = tuple("" if a is None else f"{a:g} – {b:g}" for a, b in pairs)
        elif name in LABELS:
            label, told = LABELS[name], tuple(_told(name, value) for value in fact.values)
        else:
            continue
        rows.append(Row(name, str(label), told, len(set(told)) > 1))
    return rows


def _told(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in _WORDS:
        return str(_WORDS[name](value).label)
    if name == "size":
        return as_bytes(value)
    if isinstance(value, list | tuple):
        return (" × " if name == "resolution" else ", ").join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
