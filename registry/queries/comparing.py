"""Two versions beside each other: what they share, and in what they differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from registry.errors import Invalid, NotFound
from registry.formats import likeness
from registry.models import AdapterVersion, User, VersionFile
from registry.queries import files, versions

FACTS = ("dialect", "algorithm", "dtype", "rank_low", "rank_high", "layers", "size")


def version_named(said: str, *, of: str, by: User | None) -> AdapterVersion:
    """
    Return the version that `team/name@3` means; without a number, the newest published one.

    :raises Invalid: if it is not written so; `of` is the parameter that it stands in
    :raises NotFound: if there is none in sight
    """
    form = re.fullmatch(r"([-\w]{1,60})/([-.\w]{1,80})(?:@([0-9]{1,9}))?", said, flags=re.ASCII)
    if form is None:
        raise Invalid(f"{of} is {said[:60]!r}: write team/name@1, with the number of a version.")
    team, name, number = form.groups()
    if number is None:
        return versions.latest(team, name)
    return versions.in_sight(team, name, int(number), by=by)


def compare(one: AdapterVersion, other: AdapterVersion) -> dict[str, Any]:
    """Return what both have, what only one has, and how near their weights are."""
    weights = [_weights(each) for each in (one, other)]
    return {
        "trigger_words": _apart(one.trigger_words, other.trigger_words),
        "tags": _apart(one.adapter.tags, other.adapter.tags),
        "file": _facts(*[{name: getattr(each, name, None) for name in FACTS} for each in weights]),
        "training": _facts(_flat(one.training), _flat(other.training)),
        "likeness": _likeness(*weights),
    }


def _weights(version: AdapterVersion) -> VersionFile | None:
    try:
        return files.weights_of(version)
    except NotFound:
        return None


def _apart(one: Sequence[str], other: Sequence[str]) -> dict[str, list[str]]:
    return {
        "both": [word for word in one if word in other],
        "only_a": [word for word in one if word not in other],
        "only_b": [word for word in other if word not in one],
    }


def _facts(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the facts that differ."""
    names = list(dict.fromkeys([*one, *other]))
    return [
        {"fact": name, "a": one.get(name), "b": other.get(name)}
        for name in names
        if one.get(name) != other.get(name)
    ]


def _flat(training: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in training.items() if value not in (None, "", [], {})}


def _likeness(one: VersionFile | None, other: VersionFile | None) -> dict[str, Any]:
    """Return how near the weights are; None where workers have not measured both."""
    if one is None or other is None or one.blob is None or other.blob is None:
        return {"same_bytes": None, "same_tensors": None, "same_change": None, "parts": []}
    a, b = one.blob.change_signature, other.blob.change_signature
    known = bool(one.blob.tensor_digest and other.blob.tensor_digest)
    return {
        "same_bytes": one.blob_id == other.blob_id,
        "same_tensors": one.blob.tensor_digest == other.blob.tensor_digest if known else None,
        "same_change": likeness.alike(a, b) if a and b else None,
        "parts": [
            {
                "part": part,
                "norm_a": a.get(part, {}).get("norm"),
                "norm_b": b.get(part, {}).get("norm"),
                "layer_norms_a": a.get(part, {}).get("layers", []),
                "layer_norms_b": b.get(part, {}).get("layers", []),
            }
            for part in sorted({*a, *b})
        ],
    }
