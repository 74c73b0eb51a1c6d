"""What a runtime is told of a version: its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from registry.bases import repo_ids
from registry.exports.card import Card
from registry.formats import plain
from registry.models import AdapterVersion, BaseModel, Scene, VersionFile
from registry.queries import files

DEFAULT_WEIGHT = 1.0
SHIPPED = "demo/"


def weight(version: AdapterVersion) -> float:
    """Return the weight to apply a version at: as its uploader says, else the best measured."""
    for number in (version.weight_default, version.measured_best):
        if number is not None:
            return number
    return DEFAULT_WEIGHT


def card(version: AdapterVersion, file: VersionFile, download_url: str) -> Card:
    """Return the card of a version whose weights are `file`."""
    name = files.public_name(version, file)
    config = files.config_of(version)
    usual = weight(version)
    settings = config.metadata if config else {}
    return Card(
        team=version.adapter.team.slug,
        slug=version.adapter.slug,
        title=plain.line(version.adapter.title),
        version=version.number,
        stem=name.rpartition(".")[0],
        sha256=file.sha256,
        base=version.base.slug,
        family=version.base.family,
        trigger_words=tuple(plain.words(version.trigger_words)),
        weight=usual,
        weight_low=_first(version.measured_low, version.weight_low, usual),
        weight_high=_first(version.measured_high, version.weight_high, usual),
        download_url=download_url,
        file_name=name,
        dialect=file.dialect,
        base_at=_loaded_from(version.base),
        config_url=f"{download_url}?{urlencode({'file': config.name})}" if config else "",
        scene=_scene_of(version.base),
        base_title=plain.line(version.base.title),
        base_repo=repo_of(version.base, settings),
        base_here=_shipped(version.base),
        pipeline=version.base.pipeline,
        rank=file.rank_high,
        rank_low=file.rank_low,
        has_text_encoder=_has_text_encoder(version),
        algorithms=tuple(file.algorithm.split(", ")) if file.algorithm else ("lora",),
        config=settings,
    )


def _has_text_encoder(version: AdapterVersion) -> bool:
    """Say whether it was seen to change a text encoder, too."""
    counted = version.fit.get("components", [])
    return any(each["component"].startswith("text_encoder") and each["in_file"] for each in counted)


def _first(*numbers: float | None) -> float:
    return next(number for number in numbers if number is not None)


def base_repo(version: AdapterVersion) -> str:
    """Return what servers call the base that a version was made for, "" where nobody knows."""
    config = files.config_of(version)
    return repo_of(version.base, config.metadata if config else {})


def repo_of(base: BaseModel, config: Mapping[str, Any]) -> str:
    """
    Return the repository of a base, as servers call it; "" where none is known.

    Where a base lies in several, it is the one that adapter_config.json names. What that names and
    is no name of the base may as well be a folder of its trainer's.
    """
    named = config.get("base_model_name_or_path")
    if not isinstance(named, str) or not repo_ids.is_id(named):
        named = ""
    if named and named.lower() == base.repo.lower():
        return base.repo
    if named.lower() in base.aliases:
        return repo_ids.spelled(named)
    return repo_ids.of(base.repo, base.aliases) or named


def _loaded_from(base: BaseModel) -> str:
    """Return what a pipeline loads a base from: its repository, or that of whom it descends."""
    if base.weights_at.startswith(SHIPPED):
        return base.weights_at
    own = base.repo if base.team is None else repo_ids.of(base.repo, base.aliases)
    return own or (_loaded_from(base.parent) if base.parent else "")


def _shipped(base: BaseModel) -> str:
    """Return the folder of a base that comes with the hub, as seen from its checkout."""
    return base.weights_at if base.weights_at.startswith(SHIPPED) else ""


def _scene_of(base: BaseModel) -> str:
    """Return the prompt that adapters of a base are first shown on."""
    those = Q(base=base.pk) | Q(base=base.parent_id)
    scenes = Scene.objects.filter(those, active=True, team=None).order_by("position", "pk")
    first: dict[int | None, str] = {}
    for of, prompt in scenes.values_list("base", "prompt"):
        first.setdefault(of, prompt)
    return first.get(base.pk) or first.get(base.parent_id) or ""
