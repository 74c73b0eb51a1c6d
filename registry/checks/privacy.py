"""Does the metadata show what its uploader would rather keep?"""

from __future__ import annotations

from collections.abc import Iterable

from registry.checks.facts import Declared
from registry.checks.outcome import Finding
from registry.formats.quoting import told
from registry.formats.training.privacy import PrivateFact, private

TOLD = 20


def private_metadata(declared: Declared) -> str | Finding | None:
    found = private(declared.adapter.metadata)
    if not found:
        return None
    evidence = {
        "found": [f"{told(fact.key)}: {fact.kind.value} {fact.excerpt}" for fact in found[:TOLD]],
    }
    grave = [fact for fact in found if fact.kind.is_private]
    if not grave:
        return Finding("", evidence)
    first = grave[0]
    return Finding(
        f"The file's metadata shows {_kinds(grave)}: {first.excerpt} in {told(first.key)}. "
        "Everybody who downloads the file can read it.",
        evidence,
    )


def _kinds(found: Iterable[PrivateFact]) -> str:
    kinds = list(dict.fromkeys(fact.kind.value for fact in found))
    named = [f"{'an' if kind[0] in 'aeio' else 'a'} {kind}" for kind in kinds]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
