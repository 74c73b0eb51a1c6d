"""
Every family in every dialect with every algorithm, whole; and then with one fault at a time.

The files are headers made from the manifests: all the layers that the algorithm takes, in their
real shapes, at a small rank. No verdict may be wrong: a sound file is identified and fits to the
last layer, a faulty one is refused for its fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import pytest

from registry.bases import catalogue
from registry.bases.catalogue import Entry
from registry.checks.facts import Content
from registry.verdicts.verdict import OnBase, Seen, Verdict, Word, verdict_of
from tests.matrix.dialects import DIALECTS
from tests.reading import adapter_from

NAME = "adapter.safetensors"
Shapes = dict[str, tuple[int, ...]]

# One base of every family, the smallest: all have layers of their own.
FAMILIES: dict[str, Entry] = {}
for _entry in catalogue.entries():
    if catalogue.has_own_manifest(_entry.slug):
        FAMILIES.setdefault(_entry.family, _entry)
# What any sound adapter may be warned of: how runtimes take it.
HARMLESS = {"runtimes.diffusers", "runtimes.peft", "tensors.used", "base.visible"}


@dataclass(frozen=True)
class Case:
    family: str
    dialect: str
    algorithm: str

    def __str__(self) -> str:
        return f"{self.family}-{self.dialect}-{self.algorithm}"

    @property
    def base(self) -> Entry:
        return FAMILIES[self.family]

    def shapes(self) -> Shapes:
        return dict(_written(self))

    def verdict(self, shapes: Shapes, *, on: str = "", content: Content | None = None) -> Verdict:
        entry = catalogue.entry(on) if on else None
        return verdict_of(
            adapter_from(shapes),
            Seen(NAME, content=content),
            base=OnBase.of(entry) if entry else None,
        )


@lru_cache(maxsize=8)
def _written(case: Case) -> Shapes:
    dialect = DIALECTS[case.dialect]
    algorithm = dialect.algorithms[case.algorithm]
    return {
        f"{name}.{tail}": shape
        for name, layer in dialect.names(catalogue.manifest(case.base.slug))
        if algorithm.takes(layer)
        for tail, shape in algorithm.write(layer.shape).items()
    }


def _cases() -> list[Case]:
    found = []
    for family, entry in FAMILIES.items():
        manifest = catalogue.manifest(entry.slug)
        for name, dialect in DIALECTS.items():
            if not dialect.speaks_of(manifest):
                continue
            layers = [layer for _, layer in dialect.names(manifest)]
            found += [
                Case(family, name, called)
                for called, algorithm in dialect.algorithms.items()
                if algorithm.is_for(layers)
            ]
    return found


CASES = _cases()
FAULTY = [case for case in CASES if case.algorithm == "LoRA"]
# Without a declared base, one dialect of each family tells as much as all.
UNDECLARED = list({case.family: case for case in FAULTY}.values())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_sound_adapter_is_identified_and_fits(case):
    shapes = case.shapes()
    seen = case.verdict(shapes, on=case.base.slug)
    found = seen.identification

    assert case.base.family in {found.detection.family, *found.families}
    assert seen.fit.whole, seen.fit.unknown[:3] + seen.fit.mismatched[:3]
    assert seen.adapter.leftovers == ()
    assert DIALECTS[case.dialect].algorithms[case.algorithm].name in seen.adapter.algorithms
    assert {one.code for one in seen.problems} <= HARMLESS, seen.problems
    assert seen.word is not Word.REFUSED


# --- one fault at a time ---------------------------------------------------------------------


def first_of(shapes: Shapes, *tails: str) -> str:
    return next(name for name in shapes if name.endswith(tails))


def half(shapes: Shapes) -> Shapes:
    shapes.pop(first_of(shapes, "lora_up.weight", "lora.up.weight", "lora_B.weight"))
    return shapes


def torn(shapes: Shapes) -> Shapes:
    name = first_of(shapes, "lora_up.weight", "lora.up.weight", "lora_B.weight")
    outputs, rank, *rest = shapes[name]
    shapes[name] = (outputs, rank + 3, *rest)
    return shapes


def wider(shapes: Shapes) -> Shapes:
    name = first_of(shapes, "lora_down.weight", "lora.down.weight", "lora_A.weight")
    rank, inputs, *rest = shapes[name]
    shapes[name] = (rank, inputs + 8, *rest)
    return shapes


def renamed(shapes: Shapes) -> Shapes:
    return {f"my_{name}": shape for name, shape in shapes.items()}


def mixed(shapes: Shapes) -> Shapes:
    """Add layers of a base of quite another kind."""
    has_unet = any("down_blocks" in name or "input_blocks" in name for name in shapes)
    stranger = Case("flux1", "diffusers", "LoRA") if has_unet else Case("sdxl", "kohya", "LoRA")
    return shapes | dict(list(stranger.shapes().items())[:300])


FAULTS: dict[str, tuple[Callable[[Shapes], Shapes], set[str]]] = {
    "half a pair": (half, {"pairs.complete"}),
    "another rank in one half": (torn, {"pairs.rank"}),
    "another width in one layer": (wider, {"shapes.match", "base.matches"}),
    "another prefix": (renamed, {"file.readable", "layers.known"}),
    "layers of two bases": (mixed, {"base.matches", "layers.known", "shapes.match"}),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("case", FAULTY, ids=str)
def test_a_fault_is_refused_for_what_it_is(case, fault):
    plant, codes = FAULTS[fault]
    seen = case.verdict(plant(case.shapes()), on=case.base.slug)
    assert {one.code for one in seen.problems if one.word is Word.REFUSED} & codes, seen.problems


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("case", UNDECLARED, ids=str)
def test_a_fault_is_seen_without_a_declared_base(case, fault):
    plant, codes = FAULTS[fault]
    seen = case.verdict(plant(case.shapes()))
    refused = {one.code for one in seen.problems if one.word is Word.REFUSED}
    if fault == "another prefix":
        assert seen.word is not Word.ACCEPTED, seen.problems
    else:
        assert refused & codes, seen.problems


@pytest.mark.parametrize("case", FAULTY, ids=str)
def test_a_value_that_is_no_number_is_refused(case):
    shapes = case.shapes()
    content = Content(nan_tensors=(next(iter(shapes)),), layers=len(shapes))
    seen = case.verdict(shapes, on=case.base.slug, content=content)
    assert [one.code for one in seen.problems if one.word is Word.REFUSED] == ["values.finite"]


@pytest.mark.parametrize("case", FAULTY, ids=str)
def test_another_base_is_refused(case):
    other = "sdxl-1-0" if case.family not in {"sdxl", "kolors"} else "sd-1-5"
    seen = case.verdict(case.shapes(), on=other)
    refused = {one.code for one in seen.problems if one.word is Word.REFUSED}
    assert refused & {"base.matches", "layers.known", "shapes.match"}


def test_the_matrix_is_as_large_as_it_should_be():
    combinations = len(CASES) + len(FAULTY) * (len(FAULTS) + 2) + len(UNDECLARED) * len(FAULTS)
    assert combinations >= 1500
    assert len(FAMILIES) >= 40
