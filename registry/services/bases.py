"""The catalogue of base models, from its files in bases/ into rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from registry.bases import catalogue
from registry.models import BaseModel, Scene
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
    Say where a base's weights lie, absolute or under BASES_AT: its adapters then render.

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
    Look at a folder on this machine before weights are said to lie there.

    :raises WeightsUnfit: if it is no folder that diffusers would load this base from, or
        transformers one of text or sound
    """
    folder = settings.BASES_AT / weights_at
    if media.medium_of(base.modality, base.pipeline) != media.PICTURE:
        _check_model(base, folder)
        return
    try:
        index = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsUnfit(
            f"There is no readable model_index.json in {folder}. Save the base there as diffusers "
            "does, with save_pretrained."
        ) from error
    found = index.get("_class_name") if isinstance(index, dict) else None
    if found != base.pipeline:
        raise WeightsUnfit(f"{folder} holds a {found}, and {base.slug} is a {base.pipeline}.")
    if not any(folder.glob("*/*.safetensors")):
        raise WeightsUnfit(f"{folder} has no safetensors files. Other weights are not loaded.")


def is_swept(base: BaseModel) -> bool:
    """Return whether adapters of the base can be rendered, if its weights are there."""
    return media.medium_of(base.modality, base.pipeline) is not None


def _check_model(base: BaseModel, folder: Path) -> None:
    try:
        told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsUnfit(
            f"There is no readable config.json in {folder}. Save the base there as transformers "
            "does, with save_pretrained."
        ) from error
    found = told.get("architectures") if isinstance(told, dict) else None
    if found != [base.pipeline]:
        raise WeightsUnfit(f"{folder} holds {found}, and {base.slug} is a {base.pipeline}.")
    if not any(folder.glob("*.safetensors")):
        raise WeightsUnfit(f"{folder} has no safetensors files. Other weights are not loaded.")


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
    *("title", "prompt", "negative", "seed", "steps", "guidance", "width", "height"),
    *("sampler", "sample", "passage", "most_tokens", "kinds", "counts"),
)


def weights_folder(base: BaseModel) -> Path | None:
    """Return the folder on this machine with the base's weights, or None where there is none."""
    if not base.weights_at or "://" in base.weights_at:
        return None
    folder = settings.BASES_AT / base.weights_at
    return folder if any((folder / name).is_file() for name in INDICES) else None


def config_folder(base: BaseModel) -> Path | None:
    """Return the folder with the base's configurations alone (no weights), or None."""
    folder = settings.BASE_DIR / "bases" / base.slug / "config"
    if base.team_id is None and any((folder / name).is_file() for name in INDICES):
        return folder
    return config_folder(base.parent) if base.parent else None
