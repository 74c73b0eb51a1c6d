"""What a runtime is told of a version: its card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from registry.exports.card import Card
from registry.models import AdapterVersion, BaseModel, Scene, VersionFile
from registry.queries import files

DEFAULT_WEIGHT = 1.0


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
        title=version.adapter.title,
        version=version.number,
        stem=name.rpartition(".")[0],
        sha256=file.sha256,
        base=version.base.slug,
        family=version.base.family,
        trigger_words=tuple(version.trigger_words),
        weight=usual,
        weight_low=_first(version.measured_low, version.weight_low, usual),
        weight_high=_first(version.measured_high, version.weight_high, usual),
        download_url=download_url,
        file_name=name,
        dialect=file.dialect,
        base_at=_repo_of(version.base),
        config_url=f"{download_url}?file={config.name}" if config else "",
        scene=_scene_of(version.base),
        base_title=version.base.title,
        base_repo=_shipped(version.base) or _named_in(settings) or _alias_of(version.base),
        pipeline=version.base.pipeline,
        rank=file.rank_high,
        algorithms=tuple(file.algorithm.split(", ")) if file.algorithm else ("lora",),
        config=settings,
    )


def _first(*numbers: float | None) -> float:
    return next(number for number in numbers if number is not None)


def _repo_of(base: BaseModel) -> str:
    """Return where a child of a well-known base is to be had; of others the runtime knows."""
    return _alias_of(base) if base.parent_id else ""


def _alias_of(base: BaseModel) -> str:
    return next((alias for alias in base.aliases if alias.count("/") == 1 and " " not in alias), "")


def _shipped(base: BaseModel) -> str:
    """Return the folder of a base that comes with the hub, as seen from its checkout."""
    return base.weights_at if base.weights_at.startswith("demo/") else ""


def _named_in(config: Mapping[str, Any]) -> str:
    """Return the repository that adapter_config.json says the base is from, "" if it says none."""
    said = config.get("base_model_name_or_path")
    is_repo = isinstance(said, str) and re.fullmatch(r"[\w][\w.-]*/[\w][\w.-]*", said)
    return str(said) if is_repo else ""


def _scene_of(base: BaseModel) -> str:
    """Return the prompt that adapters of a base are first shown on."""
    scenes = Scene.objects.filter(active=True, team=None).order_by("position", "pk")
    for each in (base.pk, base.parent_id):
        prompt = scenes.filter(base=each).values_list("prompt", flat=True).first()
        if prompt:
            return prompt
    return ""
