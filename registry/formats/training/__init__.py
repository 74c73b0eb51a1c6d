"""
What a file tells of its own making: base, steps, captions, and which words may trigger it.

Trainers write this into the header's metadata, each in its own keys (places.py has them all), as
text, and now and then as nonsense. A fact that cannot be read is left out: metadata is a claim of
the uploader's tools, not a reason to refuse. Each fact says where it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.formats.training.captions import read_candidates, read_datasets, read_tags
from registry.formats.training.facts import RecommendedWeight, TrainingFacts, TriggerCandidate
from registry.formats.training.places import NOISE, PLACES, SPEC, Place
from registry.formats.training.reading import Found, Reading, long
from registry.formats.training.thumbnails import Thumbnail, thumbnail
from registry.formats.training.trainers import read_trainer
from registry.formats.training.weights import read_weight

__all__ = [
    "RecommendedWeight",
    "Thumbnail",
    "TrainingFacts",
    "TriggerCandidate",
    "read_network",
    "read_training",
    "thumbnail",
]

_OF_NETWORK = {"rank", "alpha", "conv_rank", "conv_alpha", "network", "base_version"}


def read_training(
    metadata: Mapping[str, str], *, config: Mapping[str, Any] | None = None
) -> TrainingFacts:
    """Return what the metadata and PEFT's configuration tell, leaving out the unreadable."""
    reading = Reading(metadata, config or {})
    found = _found(reading, PLACES) | _others(reading)
    noise = _found(reading, NOISE)
    facts = {name: fact.value for name, fact in found.items()}
    if noise:
        facts["noise"] = {name: fact.value for name, fact in noise.items()}
    if "candidates" in facts:
        facts["trigger_candidates"] = tuple(each.text for each in facts["candidates"])
    sources = {name: fact.place for name, fact in [*found.items(), *noise.items()]}
    return TrainingFacts(**facts, sources=sources)


def read_network(metadata: Mapping[str, str]) -> TrainingFacts:
    """Return only what the network was set to: no captions are gone through for that."""
    reading = Reading(metadata, {})
    found = _found(reading, tuple(place for place in PLACES if place.field in _OF_NETWORK))
    facts = {name: fact.value for name, fact in found.items()}
    return TrainingFacts(**facts, sources={name: fact.place for name, fact in found.items()})


def _found(reading: Reading, places: tuple[Place, ...]) -> dict[str, Found]:
    every = ((place.field, reading.first(place.keys, place.read)) for place in places)
    return {name: found for name, found in every if found is not None}


def _others(reading: Reading) -> dict[str, Found]:
    """Return the facts that are made of more than one value."""
    trainer = read_trainer(reading)
    tags = read_tags(reading)
    candidates = read_candidates(reading, tags)
    datasets = read_datasets(reading)
    weight = read_weight(reading)
    spec = {key: text for key in SPEC if (text := long(reading.at(f"modelspec.{key}")))}
    found = {
        "trainer": Found(trainer.name, trainer.source),
        "trainer_version": Found(trainer.version, trainer.source),
        "tags": Found(tags, _counted(reading, "ss_tag_frequency")),
        "datasets": Found(datasets, _counted(reading, "ss_dataset_dirs")),
        "candidates": Found(candidates, candidates[0].source if candidates else ""),
        "weight": Found(weight, weight.source if weight else ""),
        "spec": Found(spec, "modelspec.*"),
    }
    return {name: fact for name, fact in found.items() if fact.value}


def _counted(reading: Reading, key: str) -> str:
    return key if reading.table(key) else "ss_datasets"
