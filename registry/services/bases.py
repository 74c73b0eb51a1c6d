"""The catalogue of base models, from its files in bases/ into rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from registry.bases import catalogue, hub_cache
from registry.errors import Unavailable
from registry.models import BaseModel, Scene
from registry.services import fetching
from registry.sweeps import media, plain_scenes

INDICES = ("model_index.json", "config.json")  # what diffusers writes, and transformers


@transaction.atomic
def load_catalogue() -> int:
    """
    Make the rows agree with bases/, and return how many bases there are.

    Where a base's weights lie is the operator's word: a row that says so keeps it. A team's own
    base keeps its name, though a newer catalogue may have one that is called the same.
    """
    own = set(BaseModel.objects.filter(team__isnull=False).values_list("slug", flat=True))
    entries = [entry for entry in catalogue.entries() if not {entry.slug, entry.parent} & own]
    for entry in entries:
        _load(entry)
    for entry in entries:
        if entry.parent:
            parent = BaseModel.objects.get(slug=entry.parent)
            BaseModel.objects.filter(slug=entry.slug).update(parent=parent)
    return len(entries)


def _load(entry: catalogue.Entry) -> None:
    fields: dict[str, object] = {
        "title": entry.title,
        "family": entry.family,
        "modality": entry.modality,
        "repo": entry.repo,
        "aliases": sorted({alias.lower() for alias in entry.aliases}),
        "licence": entry.licence,
        "licence_url": entry.licence_url,
        "pipeline": entry.pipeline,
        "verified": entry.verified,
        "defaults": dict(entry.defaults),
    }
    base, _ = BaseModel.objects.update_or_create(
        slug=entry.slug,
        defaults=fields,
        create_defaults=fields | {"slug": entry.slug, "proof_needed": entry.proof},
    )
    set_scenes(base, [dict(scene) for scene in entry.scenes])


class WeightsUnfit(Exception):
    """No weights of that base lie there."""


@transaction.atomic
def place_weights(base: BaseModel, *, weights_at: str) -> None:
    """
    Say where a base's weights lie: a folder, absolute or under BASES_AT, an s3:// prefix, or a
    repository in this machine's hub cache (hf://). Its adapters then render.

    A base that is shown on nothing yet is given plain scenes, by its own defaults. One that is not
    swept (registry/sweeps/media.py) keeps the proof that its adapters needed before.
    """
    base.weights_at = weights_at
    if is_swept(base):
        base.proof_needed = "renders"
    base.save(update_fields=["weights_at", "proof_needed"])
    if is_swept(base) and not base.scenes.exists():
        defaults = base.defaults or (base.parent.defaults if base.parent else {})
        told = {name: value for name, value in defaults.items() if name in SCENE_FIELDS}
        set_scenes(
            base, [told | dict(scene) for scene in plain_scenes.of(base.modality, base.pipeline)]
        )


def check_weights(base: BaseModel, *, weights_at: str) -> None:
    """
    Look at where weights are said to lie, from this machine, before it is written down.

    :raises WeightsUnfit: if diffusers would not load this base from there, nor transformers one of
        text or sound
    """
    told, has_weights = _looked_at(weights_at, index=_index(base))
    found = told.get("_class_name") or next(iter(told.get("architectures") or ()), None)
    if found != base.pipeline:
        raise WeightsUnfit(f"{weights_at} holds a {found}, and {base.slug} is a {base.pipeline}.")
    if not has_weights:
        raise WeightsUnfit(f"{weights_at} has no safetensors files. Other weights are not loaded.")


def _index(base: BaseModel) -> str:
    is_drawn = media.medium_of(base.modality, base.pipeline) == media.PICTURE
    return "model_index.json" if is_drawn else "config.json"


def _looked_at(weights_at: str, *, index: str) -> tuple[dict[str, Any], bool]:
    """Return what the index of a base says, and whether there are safetensors files beside it."""
    try:
        if fetching.is_fetched(weights_at):
            return fetching.look(weights_at, index=index)
        folder = folder_at(weights_at)
    except (Unavailable, ValueError) as error:
        raise WeightsUnfit(str(error)) from error
    if folder is None:
        raise WeightsUnfit(f"{weights_at} is not in {settings.HUB_CACHE}: fetch it there first.")
    try:
        told = json.loads((folder / index).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsUnfit(
            f"There is no readable {index} in {folder}. Save the base there as diffusers or "
            "transformers do, with save_pretrained."
        ) from error
    # A pipeline has a folder a part, a model its files beside its configuration.
    where = "*.safetensors" if index == "config.json" else "*/*.safetensors"
    return told if isinstance(told, dict) else {}, any(folder.glob(where))


def is_swept(base: BaseModel) -> bool:
    """Return whether adapters of the base can be rendered, if its weights are there."""
    return media.medium_of(base.modality, base.pipeline) is not None


def set_scenes(base: BaseModel, scenes: Iterable[dict[str, object]]) -> None:
    """Add or change the scenes that are named; those that a team made stay."""
    for position, scene in enumerate(scenes):
        Scene.objects.update_or_create(
            base=base,
            team=None,
            slug=scene["slug"],
            defaults={"position": position}
            | {field: value for field, value in scene.items() if field in SCENE_FIELDS},
        )


SCENE_FIELDS = (
    *("title", "prompt", "negative", "seed", "further_seeds"),
    *("steps", "guidance", "width", "height"),
    *("sampler", "sample", "passage", "most_tokens", "kinds", "counts"),
)


def weights_folder(base: BaseModel) -> Path | None:
    """
    Return the folder on this machine with the base's weights, or None where there is none.

    Those in a bucket are brought by whoever needs them (services.fetching).
    """
    if not base.weights_at or fetching.is_fetched(base.weights_at):
        return None
    try:
        folder = folder_at(base.weights_at)
    except ValueError:
        return None
    if folder is None or not any((folder / name).is_file() for name in INDICES):
        return None
    return folder


def folder_at(weights_at: str) -> Path | None:
    """
    Return the folder of this machine that weights are said to lie in, be it there or not.

    :raises ValueError: if it is an address of a kind that is not known
    """
    if weights_at.startswith(hub_cache.SCHEME):
        return hub_cache.snapshot(settings.HUB_CACHE, weights_at)
    if "://" in weights_at:
        raise ValueError(f"{weights_at} is no folder, nor {hub_cache.SCHEME} or s3:// address.")
    folder: Path = settings.BASES_AT / weights_at
    return folder


def config_folder(base: BaseModel) -> Path | None:
    """Return the folder with the base's configurations alone (no weights), or None."""
    folder = settings.BASE_DIR / "bases" / base.slug / "config"
    if base.team_id is None and any((folder / name).is_file() for name in INDICES):
        return folder
    return config_folder(base.parent) if base.parent else None
