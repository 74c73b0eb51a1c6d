"""
The page of docs/ that holds our counts against the loaders'.

`python -m tests.workers.engine.agreement.page` writes it anew, and a test holds it against the
comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from registry.checks.runtimes import TRAPS
from tests.workers.engine.agreement.cases import BASES, Case, cases_of, seen
from tests.workers.engine.agreement.comparing import Compared

PAGE = Path(__file__).resolve().parents[4] / "docs" / "agreement.md"

OPENING = """# Our count and the real loaders'

Made by `python -m tests.workers.engine.agreement.page` with diffusers {diffusers}, PEFT {peft} and
transformers {transformers}; do not edit.

For each family a model of the real class was built from a published configuration, with two of its
many blocks and no weights. Adapters were written for it in each naming that trainers use, held
against its manifest as every upload is (*we count*), and put on it by the real loader:
`load_lora_weights` of the pipeline where it has that, `load_lora_adapter` of the model where it has
only that, `PeftModel.from_pretrained` for PEFT's folders, and PEFT's injection for PEFT's names
without their prefix. A layer is *filled* if both matrices in the model came from the file; one that
the loader starts with random numbers is none. The verdict compares layer by layer, not numbers of
them. A joined matrix is one layer in the file and several *of the base*.

*equal*: the loader fills exactly the layers that we count. Else a version's page says what the
sentence under that name says ([below](#what-we-say-where-they-differ)). *refuses*: the loader stops
with an error. Rows are LoRA in the blocks' attention and feed-forward layers, in all layers but the
text encoders', and with those. Files with PEFT's names are for language, sound and picture models
of transformers.

| base | naming | layers trained | in the file | we count | of the base | filled | verdict |
|---|---|---|---|---|---|---|---|
"""
OTHERS = """
## Other algorithms

DoRA, and LoCon where blocks have convolutions. Namings that differ from the loader's count with
LoRA, and do so with these in the same way, are left out.

| base | naming | algorithm | in the file | we count | of the base | filled | verdict |
|---|---|---|---|---|---|---|---|
"""
FAULTS = """
## Files with one fault

In kohya's, diffusers' and PEFT's names, LoRA. We refuse each of them: we are stricter than
the loader wherever it does not stop.

| fault | files | we refuse | the loader refuses | it drops the layer | it fills a layer more |
|---|---|---|---|---|---|
"""
SENTENCES = """
## What we say where they differ

| name | sentence |
|---|---|
"""


def verdict(found: Compared) -> str:
    if found.agree:
        return "equal" if not found.traps else f"equal; we say `{'`, `'.join(found.traps)}`"
    how = "refuses" if found.loaded.refusal else "nothing" if not found.loaded.layers else "part"
    return f"{how}; we say `{'`, `'.join(found.traps)}`"


def _row(case: Case, what: str) -> str:
    found = seen(case)
    filled = "–" if found.loaded.refusal else len(found.loaded.layers)
    return (
        f"| {case.base} | {case.dialect} | {what} | {len(found.adapter.pairs)} | "
        f"{found.fit.applied} | {len(found.covered)} | {filled} | {verdict(found)} |\n"
    )


def _cases() -> Iterator[Case]:
    for base in sorted(BASES, key=lambda slug: (BASES[slug].modality, BASES[slug].family, slug)):
        yield from cases_of(base)


def _others(case: Case) -> bool:
    if case.fault or case.algorithm == "LoRA":
        return False
    plain = next(each for each in cases_of(case.base) if each.dialect == case.dialect)
    return seen(plain).agree or set(seen(case).traps) != set(seen(plain).traps)


def _fault_row(fault: str) -> str:
    found = [seen(case) for case in _cases() if case.fault == fault]
    stopped = [each for each in found if each.loaded.refusal]
    ran = [each for each in found if not each.loaded.refusal]
    more = sum(bool(each.loaded.layers - each.covered) for each in ran)
    return (
        f"| {fault} | {len(found)} | {sum(bool(each.refused) for each in found)} | {len(stopped)} "
        f"| {len(ran) - more} | {more} |\n"
    )


def write_page() -> str:
    """Return the page as Markdown."""
    versions = {name: version(name) for name in ("diffusers", "peft", "transformers")}
    cases = list(_cases())
    told = {slug for case in cases for slug in seen(case).traps}
    return "".join(
        [
            OPENING.format(**versions),
            *(
                _row(case, case.scope)
                for case in cases
                if case.algorithm == "LoRA" and not case.fault
            ),
            OTHERS,
            *(_row(case, case.algorithm) for case in cases if _others(case)),
            FAULTS,
            *map(_fault_row, dict.fromkeys(case.fault for case in cases if case.fault)),
            SENTENCES,
            *(f"| `{trap.slug}` | {trap.sentence} |\n" for trap in TRAPS if trap.slug in told),
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
