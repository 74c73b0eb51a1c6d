"""Which files are tried on which base, and what came of each: tried once, asked for often."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import diffusers
import transformers

from registry.bases import catalogue
from tests.workers.engine.agreement.comparing import Compared, compare
from tests.workers.engine.agreement.small import Small, bases, shrink
from tests.workers.engine.agreement.writing import DIALECTS, FAULTS, SCOPES, shapes_of

BASES = bases()
# Their convolutions are grouped or turned round, and PEFT neither trains nor loads a pair there.
NO_LOCON = {"musicgen", "vits", "wav2vec2"}
HOLDS_FAULTS = ("kohya", "diffusers", "PEFT")


@dataclass(frozen=True)
class Case:
    """One file: for which base, in which naming, of which algorithm, how much, what is wrong."""

    base: str
    dialect: str
    algorithm: str = "LoRA"
    scope: str = "blocks"
    fault: str = ""

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.dialect, self.algorithm, self.scope, self.fault)))


@cache
def small(slug: str) -> Small:
    folder = Path(tempfile.mkdtemp(prefix="agreement-"))
    return Small(BASES[slug], shrink(catalogue.FOLDER / slug / "config", folder))


@cache
def cases_of(slug: str) -> tuple[Case, ...]:
    return tuple(_cases(slug))


def _cases(slug: str) -> Iterator[Case]:
    manifest = small(slug).manifest
    scopes = ("all",) if "model" in manifest.components else SCOPES
    for dialect, row in DIALECTS.items():
        if not row.speaks_of(manifest):
            continue
        told: list[set[str]] = []
        for algorithm in row.algorithms:
            if algorithm == "LoCon" and BASES[slug].family in NO_LOCON:
                continue
            for scope in scopes if algorithm == "LoRA" else scopes[:1]:
                names = set(shapes_of(manifest, dialect, algorithm, scope))
                if names and names not in told:  # Nothing more in it than before.
                    told.append(names)
                    yield Case(slug, dialect, algorithm, scope)
        if dialect in HOLDS_FAULTS:
            yield from (Case(slug, dialect, "LoRA", scopes[0], fault) for fault in FAULTS)


@cache
def seen(case: Case) -> Compared:
    one = small(case.base)
    shapes = shapes_of(one.manifest, case.dialect, case.algorithm, case.scope)
    if case.fault:
        shapes = FAULTS[case.fault](shapes)
    with _in_silence(), tempfile.TemporaryDirectory() as folder:
        return compare(one, shapes, Path(folder))


@contextmanager
def _in_silence() -> Iterator[None]:
    """Let loaders say nothing: what they leave out is seen, and what they say is not the point."""
    diffusers.utils.logging.set_verbosity(logging.CRITICAL)
    transformers.utils.logging.set_verbosity(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
