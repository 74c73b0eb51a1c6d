"""A verdict as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import spread
from registry.verdicts.verdict import Verdict

MOST = 8


def told(verdict: Verdict) -> str:
    """Return the verdict as lines of text."""
    return "\n".join(_lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.name}: {verdict.word.value}"
    for problem in verdict.problems:
        yield f"  {problem.word.value}: {problem.sentence} [{problem.code}]"
    yield from _what(verdict)
    yield from _where(verdict)
    yield from _made(verdict)
    if verdict.hashes:
        yield _row("SHA256", verdict.hashes.sha256)
        yield _row("AutoV3", verdict.hashes.autov3)
    if verdict.tensor_digest:
        yield _row("tensor digest", verdict.tensor_digest)


def _what(verdict: Verdict) -> Iterator[str]:
    adapter, found = verdict.adapter, verdict.identification
    if adapter is None or found is None:
        return
    seen = found.detection
    yield _row("family", f"{seen.family.value} {seen.variant}".strip())
    yield _row("because", f"{seen.decided_by} {seen.reason}".strip())
    if found.undecided:
        yield _row("undecided", found.undecided)
    yield _row("dialect", adapter.dialect.value)
    named = [adapter.method, *adapter.named_algorithms[1:]] if adapter.algorithms else ["unknown"]
    yield _row("algorithm", ", ".join(named))
    if adapter.ranks:
        low, high = adapter.ranks
        used = verdict.content and spread.rank_used(adapter, verdict.content)
        ranks = str(low) if low == high else f"{low} to {high}"
        yield _row("rank", f"{ranks} ({used})" if used else ranks)
    parts = ", ".join(f"{count} in {name}" for name, count in adapter.components.items())
    yield _row("layers", f"{len(adapter.pairs)} ({parts})" if parts else "0")
    yield _row("dtype", ", ".join(adapter.dtypes))


def _where(verdict: Verdict) -> Iterator[str]:
    found, fit = verdict.identification, verdict.fit
    if found:
        for candidate in found.candidates[:MOST]:
            yield _row("base", f"{candidate.title}: {candidate.reason}")
    if fit and verdict.base:
        yield _row("fit", f"{fit.applied} of {fit.total} layers on {verdict.base.title}")


def _made(verdict: Verdict) -> Iterator[str]:
    facts = verdict.training
    if facts.trigger_candidates:
        yield _row("trigger words", ", ".join(facts.trigger_candidates))
    if facts.trainer or facts.steps:
        steps = f"{facts.steps:,} steps" if facts.steps else ""
        yield _row("trained", ", ".join(filter(None, (facts.trainer, steps))))
    if facts.weight:
        low, high = facts.weight.low, facts.weight.high
        word = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        yield _row("weight", f"{word}, says {facts.weight.source}")


def _row(name: str, value: str) -> str:
    return f"  {name + ':':<15}{value}"
