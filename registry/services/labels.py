"""Labels of versions: a name of one's own for a version, `1.0` say, that programs can ask for."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from registry.errors import Invalid, NameTaken, NotFound, WrongState
from registry.models import Adapter, AdapterVersion, Channel, Role, User
from registry.queries import people
from registry.services import events, searching

# Words that name a version by themselves, to us or to clients that speak of git.
MEANS_A_VERSION = re.compile(r"main|master|head|latest|all|[0-9a-f]{7,40}", re.IGNORECASE)


@transaction.atomic
def put(version: AdapterVersion, label: str, *, by: User, now: datetime) -> None:
    """
    Label a version, for good: a label that programs ask for does not wander to another version.

    :raises NotAllowed: if `by` may not upload for the team
    :raises Invalid: if that cannot be a label
    :raises NameTaken: if a version, this one or another, is known under that name already
    :raises WrongState: if the version has another label
    """
    adapter = _locked(version.adapter)
    people.require(by, Role.CONTRIBUTOR, adapter.team, to="label its versions")
    _refuse_nonsense(label)
    _refuse_number(adapter, label)
    _refuse_taken(adapter, label)
    version = AdapterVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if version.label:
        raise WrongState(
            f"Version {version.number} is labelled {version.label!r} already, and a version has "
            "one label: remove that first, or use a channel."
        )
    _write(version, label)
    events.record("version.labelled", by=by, on=version, now=now, label=label)


@transaction.atomic
def take(adapter: Adapter, label: str, *, by: User, now: datetime) -> None:
    """
    Remove a label from the version that has it.

    :raises NotAllowed: if `by` may not upload for the team
    :raises NotFound: if no version of the adapter has it
    """
    adapter = _locked(adapter)
    people.require(by, Role.CONTRIBUTOR, adapter.team, to="label its versions")
    version = adapter.versions.filter(label=label).order_by("-number").first() if label else None
    if version is None:
        raise NotFound(
            f"No version of {adapter.team.slug}/{adapter.slug} is labelled {label[:60]!r}."
        )
    _write(version, "")
    events.record("version.labelled", by=by, on=version, now=now, label="", was=label)


def _write(version: AdapterVersion, label: str) -> None:
    version.label = label
    version.save(update_fields=["label"])
    searching.refresh(AdapterVersion.objects.filter(pk=version.pk))


def _locked(adapter: Adapter) -> Adapter:
    return Adapter.objects.select_for_update(of=("self",)).select_related("team").get(pk=adapter.pk)


def _refuse_nonsense(label: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", label):
        raise Invalid(
            f"{label[:60]!r} cannot be a version's label: use up to 60 Latin letters, digits, dots "
            "and hyphens."
        )
    if MEANS_A_VERSION.fullmatch(label):
        raise Invalid(f"{label} means a revision by itself: choose another label.")


def _refuse_number(adapter: Adapter, label: str) -> None:
    """`v3` is version 3, whoever says so."""
    found = re.fullmatch(r"v?(\d{1,9})", label)
    if not found:
        return
    number = int(found[1])
    if adapter.versions.filter(number=number).exists():
        raise NameTaken(f"{label} is version {number} of {adapter.team.slug}/{adapter.slug}.")
    raise Invalid(f"{label} will be version {number}, once there is one: choose another label.")


def _refuse_taken(adapter: Adapter, label: str) -> None:
    twin = adapter.versions.filter(label=label).order_by("-number").first()
    if twin:
        raise NameTaken(f"{label} is the label of version {twin.number} already.")
    if Channel.objects.filter(adapter=adapter, name=label).exists():
        raise NameTaken(f"{label} is a channel of {adapter.team.slug}/{adapter.slug} already.")
