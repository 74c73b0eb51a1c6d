"""A verdict as JSON that a script can rely on; docs/inspect.schema.json describes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from registry.bases import catalogue
from registry.bases.fit import Fit
from registry.bases.identify import Identification
from registry.checks import spread
from registry.checks.facts import Content
from registry.checks.pairs import ranks_disagree
from registry.formats.adapter import AdapterFile
from registry.formats.families import Family
from registry.formats.hashes import Hashes
from registry.formats.training import read_network, thumbnail
from registry.formats.training.contradictions import contradictions
from registry.formats.training.privacy import private
from registry.verdicts.verdict import Verdict

VERSION = 1
TOLD = 50  # So many names are listed of each kind; the rest are counted.

Json = dict[str, Any]


def as_json(verdict: Verdict) -> Json:
    """Return everything in a verdict as JSON's own types."""
    return {
        "version": VERSION,
        "name": verdict.name,
        "size": verdict.size,
        "files": list(verdict.files[:TOLD]),
        "verdict": verdict.word.value,
        "problems": [
            {"code": one.code, "verdict": one.word.value, "sentence": one.sentence}
            for one in verdict.problems
        ],
        **_identified(verdict.identification),
        "base": verdict.base.slug if verdict.base else None,
        "declared": verdict.declared,
        **_read(verdict.adapter),
        "fit": _fit(verdict),
        "training": _training(verdict),
        "trigger_candidates": list(verdict.training.trigger_candidates),
        "content": _content(verdict.adapter, verdict.content),
        "hashes": _hashes(verdict.hashes),
        "tensor_digest": verdict.tensor_digest or None,
    }


def _identified(found: Identification | None) -> Json:
    if found is None:
        return {
            "modality": None,
            "family": Family.UNKNOWN.value,
            "variant": "",
            "decided_by": None,
            "reason": "",
            "undecided": "",
            "families": [],
            "bases": [],
        }
    seen = found.detection
    return {
        "modality": modality_of(found),
        "family": seen.family.value,
        "variant": seen.variant,
        "decided_by": seen.decided_by or None,
        "reason": seen.reason,
        "undecided": found.undecided,
        "families": [
            {"family": each.family.value, "tensor": each.tensor, "reason": each.reason}
            for each in seen.candidates
        ],
        "bases": [
            {
                "slug": each.base,
                "title": each.title,
                "reason": each.reason,
                "source": each.source,
                "whole": each.whole,
            }
            for each in found.candidates
        ],
    }


def modality_of(found: Identification) -> str | None:
    """Return what kind of model the family is of, None if no base of it is known."""
    if found.base is not None:
        return found.base.modality
    family = found.detection.family
    kinds = (each.modality for each in catalogue.entries() if each.family == family)
    return next(kinds, None)


def _read(adapter: AdapterFile | None) -> Json:
    if adapter is None:
        return {
            "dialect": None, "algorithm": None, "algorithms": [], "method": None,
            "rank": None, "ranks": None, "pairs": 0, "components": {}, "dtypes": [],
            "leftovers": [], "embeddings": [], "saved": [], "shared": [],
            "rank_stabilised": None,
        }  # fmt: skip
    ranks = Counter(pair.rank for pair in adapter.pairs if pair.rank is not None)
    return {
        "dialect": adapter.dialect.value,
        "algorithm": next(iter(adapter.named_algorithms), None),
        "algorithms": list(adapter.named_algorithms),
        "method": adapter.method or None,
        "rank": ranks.most_common(1)[0][0] if ranks else None,
        "ranks": list(adapter.ranks) if adapter.ranks else None,
        "pairs": len(adapter.pairs),
        "components": dict(adapter.components),
        "dtypes": list(adapter.dtypes),
        "leftovers": list(adapter.leftovers[:TOLD]),
        "embeddings": [asdict(each) for each in adapter.embeddings],
        "saved": list(adapter.saved[:TOLD]),
        "shared": list(adapter.shared[:TOLD]),
        "rank_stabilised": adapter.rank_stabilised,
    }


def _fit(verdict: Verdict) -> Json | None:
    fit, adapter = verdict.fit, verdict.adapter
    if fit is None or adapter is None:
        return None
    halves = [pair.layer for pair in adapter.pairs if pair.missing]
    torn = [pair.layer for pair in adapter.pairs if ranks_disagree(pair)]
    return {
        "base": fit.base,
        "applied": fit.applied,
        "total": fit.total,
        "unknown": len(fit.unknown),
        "mismatched": len(fit.mismatches),
        "halves": {"count": len(halves), "layers": halves[:TOLD]},
        "torn": {"count": len(torn), "layers": torn[:TOLD]},
        "text_encoder": any(name.startswith("text_encoder") for name in adapter.components),
        "components": _components(fit),
    }


def _components(fit: Fit) -> Json:
    return {
        each.component: {
            "applied": each.applied,
            "in_file": each.in_file,
            "in_base": each.in_base,
            "unknown": list(each.unknown[:TOLD]),
            "mismatched": [
                {
                    "layer": one.layer,
                    "in_file": list(one.in_file),
                    "in_base": list(one.in_base),
                }
                for one in each.mismatches[:TOLD]
            ],
        }
        for each in fit.components
    }


def _training(verdict: Verdict) -> Json:
    told = {name: _plain(value) for name, value in asdict(verdict.training).items()}
    if verdict.adapter is not None:
        metadata = verdict.adapter.metadata
        picture = thumbnail(metadata)
        alphas = verdict.content.alphas.values() if verdict.content else ()
        false = contradictions(read_network(metadata), verdict.adapter, alphas=alphas)
        told["contradictions"] = _plain([asdict(one) for one in false])
        told["private"] = _plain([asdict(fact) for fact in private(metadata)])
        told["thumbnail"] = picture and {
            "type": picture.type, "size": picture.size, "source": picture.source,
        }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _content(adapter: AdapterFile | None, content: Content | None) -> Json | None:
    if adapter is None or content is None:
        return None
    told: Json = _plain(asdict(content))
    return told | {
        "rank_used": spread.rank_used(adapter, content),
        "outliers": [one._asdict() for one in spread.outliers(adapter, content)],
    }


def _hashes(hashes: Hashes | None) -> Json | None:
    return {name: value or None for name, value in asdict(hashes).items()} if hashes else None
