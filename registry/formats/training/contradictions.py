"""
Numbers in the metadata that the tensors contradict.

A header can be copied from another file, or left standing when a tool changed the rank. Only what
cannot both be true is told: trainers split and join matrices, give convolutions a rank of their
own, and let each block have another one, and none of that is a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.formats.adapter import AdapterFile
from registry.formats.algorithms import Algorithm
from registry.formats.training.facts import TrainingFacts

_PLAIN = {Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA}
# Where joined matrices (queries, keys, values, and what is fed forward) count their ranks together.
_MOST_JOINED = 4
_OWN_RANKS = ("dims", "block", "dylora", "rank_pattern", "split", "dynamic", "preset", "factor")
_OWN_ALPHAS = ("alphas", "block", "rs_lora", "rslora", "rescale")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A fact of the metadata, and what the tensors say in its place."""

    field: str  # rank, alpha
    claimed: float
    found: tuple[float, ...]
    source: str


def contradictions(
    facts: TrainingFacts, adapter: AdapterFile, *, alphas: Iterable[float] = ()
) -> tuple[Contradiction, ...]:
    """Return what of the metadata cannot be; `alphas` are those in the tensors, where known."""
    found = (_rank(facts, adapter), _alpha(facts, adapter, set(alphas)))
    return tuple(one for one in found if one is not None)


def _rank(facts: TrainingFacts, adapter: AdapterFile) -> Contradiction | None:
    source = facts.sources.get("rank", "")
    ranks = {pair.rank for pair in adapter.pairs if pair.rank is not None}
    if facts.rank is None or not ranks or not _judges(adapter, source, _OWN_RANKS):
        return None
    claimed = {facts.rank, facts.conv_rank or facts.rank}
    joined = range(1, 1 + (1 if _is_early(facts) else _MOST_JOINED))
    if any(rank == one * times for rank in ranks for one in claimed for times in joined):
        return None
    return Contradiction("rank", facts.rank, tuple(sorted(ranks)), source)


def _alpha(facts: TrainingFacts, adapter: AdapterFile, alphas: set[float]) -> Contradiction | None:
    source = facts.sources.get("alpha", "")
    if not facts.alpha or not alphas or not _judges(adapter, source, _OWN_RANKS + _OWN_ALPHAS):
        return None
    claimed = [facts.alpha, facts.conv_alpha or facts.alpha]
    if any(abs(one - alpha) <= 0.01 * abs(one) for one in claimed for alpha in alphas):
        return None
    return Contradiction("alpha", facts.alpha, tuple(sorted(alphas)), source)


def _judges(adapter: AdapterFile, source: str, exempt: tuple[str, ...]) -> bool:
    """Return whether the claim is of the very matrices in the file."""
    if not source.startswith("ss_") or not set(adapter.algorithms) <= _PLAIN:
        return False  # A configuration is held against the tensors by checks of its own.
    metadata = adapter.metadata
    options = metadata.get("ss_network_args", "") + metadata.get("ss_network_module", "")
    return not any(word in options.lower() for word in exempt)


def _is_early(facts: TrainingFacts) -> bool:
    """Return whether the base has no joined matrices: U-Nets with CLIP."""
    return facts.base_version.lower().startswith(("sd_", "sdxl"))
