"""
The demo: a team, a person, the bases that this repository ships, and adapters that are sound, odd
or broken. They come in by the same services as anyone's.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from registry.errors import DuplicateUpload, UploadRefused
from registry.models import AdapterVersion, BaseModel, Team, Upload, User, ValidationRun
from registry.services import accounts, bases, publishing, unpacking, uploads, versions

HOME = settings.BASE_DIR / "demo"
NAME = "demo"
BASES = {
    "shapes": "demo/base",
    "tales": "demo/bases/tales",
    "spoken": "demo/bases/spoken",
    "captions": "demo/bases/captions",
}
State = AdapterVersion.State


def found(*, now: datetime) -> tuple[Team, User, str]:
    """Return the demo's team, its person and their password, made at the first time."""
    person, new = User.objects.get_or_create(
        username=NAME, defaults={"is_staff": True, "is_superuser": True}
    )
    password = _password()
    if new or not person.check_password(password):
        person.set_password(password)
        person.save()
    team = Team.objects.filter(slug=NAME).first()
    if team is None:
        team = accounts.found_team(slug=NAME, title="Demo team", by=person, now=now)
    return team, person, password


def place_bases() -> None:
    """Say where the weights of the bases that this repository ships lie."""
    for slug, folder in BASES.items():
        bases.place_weights(BaseModel.objects.get(slug=slug), weights_at=folder)


def cards() -> list[dict[str, Any]]:
    """Return the cards of all demo adapters, each with its `folder`."""
    return [
        json.loads(path.read_text(encoding="utf-8")) | {"folder": str(path.parent)}
        for path in sorted((HOME / "adapters").glob("*/card.json"))
    ]


def upload(card: Mapping[str, Any], *, team: Team, by: User, now: datetime) -> str | None:
    """
    Upload one demo adapter; return the hub's sentence if it is refused at the door.

    One that is in the library already is left as it is.
    """
    if AdapterVersion.objects.filter(adapter__team=team, adapter__slug=card["slug"]).exists():
        return None
    try:
        files = [
            unpacking.Incoming(
                upload=_send(Path(card["folder"]) / one["path"], team=team, by=by, now=now),
                role=one["role"],
                training_step=one["step"],
            )
            for one in with_weights(card["files"])
        ]
        versions.receive(declaration(card), files, team=team, by=by, now=now)
    except DuplicateUpload:
        return None
    except UploadRefused as refusal:
        return str(refusal)
    return None


def declaration(card: Mapping[str, Any]) -> versions.Declaration:
    """Return what a card declares, as the upload form would."""
    names = versions.Declaration.__dataclass_fields__
    fields = {name: card[name] for name in names if name in card}
    return versions.Declaration(**fields | {"adapter": card["slug"]})


def with_weights(files: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of a run that was kept at several training steps, let the last be the version's weights."""
    if any(one["role"] == "weights" for one in files):
        return list(files)
    last = max(files, key=lambda one: one["step"] or 0)
    return [one | {"role": "weights"} if one is last else one for one in files]


def publish_ready(*, team: Team, by: User, now: datetime) -> list[str]:
    """Publish those of the cards that have passed, as a person would; return their names."""
    ready = _own(team).filter(state=State.READY)
    return [
        publishing.publish(version, by=by, now=now).adapter.slug
        for version in ready.select_related("adapter")
    ]


def standing(team: Team) -> dict[str, Any]:
    """Return how many of the cards' versions are settled, and what workers are at right now."""
    every = _own(team)
    living = ValidationRun.objects.living().filter(version__in=every)
    at_work = living.filter(state=ValidationRun.State.RUNNING).select_related("version__adapter")
    return {
        "all": every.count(),
        "waiting": living.count() + every.filter(state=State.READY).count(),
        "published": every.filter(state=State.PUBLISHED).count(),
        "rejected": every.filter(state=State.REJECTED).count(),
        "at_work": [
            f"{run.version.adapter.slug} ({ValidationRun.Stage(run.stage).label.lower()})"
            for run in at_work
        ],
    }


def _own(team: Team) -> QuerySet[AdapterVersion]:
    """Return the versions made from cards, and none that somebody uploaded since."""
    slugs = [card["slug"] for card in cards()]
    return AdapterVersion.objects.filter(adapter__team=team, adapter__slug__in=slugs, number=1)


def _send(path: Path, *, team: Team, by: User, now: datetime) -> Upload:
    with path.open("rb") as file:
        return uploads.receive_whole(file, name=path.name, team=team, by=by, now=now)


def _password() -> str:
    kept = settings.DATA / "demo-password"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(4), encoding="utf-8")
    return kept.read_text(encoding="utf-8").strip()
