"""
The gallery: pictures hung by members, corrected and taken down again; hidden by reviewers.

A picture hangs in the gallery of every adapter of the hub that it was made with, as its file says;
where the file does not name the adapter on whose page it was brought, its bringer's word is taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from registry.content_levels import LEVELS
from registry.errors import DuplicateUpload, Invalid, NotAllowed
from registry.formats import plain
from registry.formats.generation import read
from registry.formats.generation.facts import Generation
from registry.models import Adapter, AdapterVersion, GalleryPicture, PictureUse, Role, User
from registry.queries import gallery_pictures as gallery
from registry.queries import naming, people
from registry.services import events, keeping, pictured
from registry.services.opening_pictures import opened
from registry.services.pictured import MadeWith
from registry.services.quotas import Quota, stay_within

MOST_REASON = 500


def hang(
    version: AdapterVersion,
    content: bytes,
    *,
    name: str = "The picture",
    content_level: str = "",
    by: User,
    now: datetime,
) -> GalleryPicture:
    """
    Hang a picture in the galleries of the adapters that it was made with, `version` among them.

    Its content level is the adapter's own, where none is given.

    :raises UploadRefused: if it is none of PNG, JPEG and WebP, is too large, or is damaged
    :raises DuplicateUpload: if the person has hung this very file before
    :raises Invalid: if there is no such content level
    :raises QuotaReached: if the person has hung as many today as anyone may
    """
    level = content_level or version.adapter.content_level
    _refuse_level(level)
    original = hashlib.sha256(content).hexdigest()
    _refuse_again(original, by)
    with transaction.atomic():
        stay_within(_quota(), by=by, now=now)
    picture = opened(content, name=name)
    generation = read(picture.texts) or Generation(program="")
    meant = pictured.with_its_own(
        version, naming.meant(generation.adapters, by=by, near=version.adapter)
    )
    try:
        with transaction.atomic():
            stay_within(_quota(), by=by, now=now)
            row = GalleryPicture.objects.create(
                by=by,
                blob=keeping.keep_made(picture.data, now=now),
                small=keeping.keep_made(picture.small, now=now),
                width=picture.width,
                height=picture.height,
                original=original,
                content_level=level,
                program=generation.program,
                generation=pictured.as_kept(generation),
                added_at=now,
            )
            PictureUse.objects.bulk_create(
                pictured.row_of(row, at, one) for at, one in enumerate(meant)
            )
            events.record("picture.hung", by=by, on=version, now=now, picture=str(row.pk))
    except IntegrityError as error:
        if "gallery_picture_once" in str(error):
            raise _again() from error
        raise
    return gallery.in_sight(row.pk, by=by)


@transaction.atomic
def correct(
    picture: GalleryPicture,
    *,
    content_level: str | None = None,
    made_with: Sequence[MadeWith] | None = None,
    by: User,
    now: datetime,
) -> GalleryPicture:
    """
    Say otherwise what a picture shows, or with which versions of the hub it was made.

    What its file names and the hub does not know stays as it is, and what a reviewer has hidden.

    :raises NotAllowed: if somebody else hung it
    :raises Invalid: if that makes no sense, or no version would be left
    """
    picture = _locked(picture)
    _require_maker(picture, by, to="correct")
    said: dict[str, Any] = {}
    if content_level is not None and content_level != picture.content_level:
        _refuse_level(content_level)
        picture.content_level = content_level
        picture.save(update_fields=["content_level"])
        said["content_level"] = content_level
    if made_with is not None and pictured.write_anew(picture, made_with):
        said["made_with"] = [str(one.version.pk) for one in made_with]
    if said:
        at = gallery.uses_of(picture)
        adapter = next((use.version.adapter for use in at if use.version), None)
        events.record(
            "picture.corrected", by=by, on=adapter, now=now, picture=str(picture.pk), **said
        )
    return gallery.in_sight(picture.pk, by=by)


@transaction.atomic
def take_down(picture: GalleryPicture, *, by: User, now: datetime) -> None:
    """
    Take a picture out of every gallery, for ever.

    :raises NotAllowed: if somebody else hung it
    """
    picture = _locked(picture)
    _require_maker(picture, by, to="take it down")
    hung = [use.version.adapter for use in gallery.uses_of(picture) if use.version]
    pk = str(picture.pk)
    picture.delete()
    for adapter in {one.pk: one for one in hung}.values():
        events.record("picture.taken-down", by=by, on=adapter, now=now, picture=pk)


@transaction.atomic
def hide(
    picture: GalleryPicture, adapter: Adapter, *, reason: str, by: User, now: datetime
) -> GalleryPicture:
    """
    Hide a picture in the gallery of an adapter. Hiding it twice is hiding it once.

    :raises NotAllowed: if `by` does not review for the adapter's team
    :raises Invalid: if no reason is given, or it does not hang there
    """
    uses = _hanging(picture, adapter, by)
    reason = plain.line(reason)
    if not reason or len(reason) > MOST_REASON:
        raise Invalid(f"Say why, in up to {MOST_REASON} letters: whoever hung it will see it.")
    open_ones = [use.pk for use in uses if use.hidden_at is None]
    if open_ones:
        PictureUse.objects.filter(pk__in=open_ones).update(
            hidden_at=now, hidden_by=by, hidden_reason=reason
        )
        told = {"picture": str(picture.pk), "reason": reason}
        events.record("picture.hidden", by=by, on=adapter, now=now, **told)
    return gallery.in_sight(picture.pk, by=by)


@transaction.atomic
def show(picture: GalleryPicture, adapter: Adapter, *, by: User, now: datetime) -> GalleryPicture:
    """
    Show a picture again that was hidden in the gallery of an adapter.

    :raises NotAllowed: if `by` does not review for the adapter's team
    :raises Invalid: if it does not hang there
    """
    hidden = [use.pk for use in _hanging(picture, adapter, by) if use.hidden_at is not None]
    if hidden:
        PictureUse.objects.filter(pk__in=hidden).update(
            hidden_at=None, hidden_by=None, hidden_reason=""
        )
        events.record("picture.shown", by=by, on=adapter, now=now, picture=str(picture.pk))
    return gallery.in_sight(picture.pk, by=by)


# --- Who may, and what is refused ----------------------------------------------------------------


def _locked(picture: GalleryPicture) -> GalleryPicture:
    return GalleryPicture.objects.select_for_update().get(pk=picture.pk)


def _require_maker(picture: GalleryPicture, by: User, *, to: str) -> None:
    if picture.by_id != by.pk:
        raise NotAllowed(f"Somebody else hung this picture: only they can {to}.")


def _hanging(picture: GalleryPicture, adapter: Adapter, by: User) -> list[PictureUse]:
    people.require(by, Role.REVIEWER, adapter.team, to="hide or show pictures in its galleries")
    locked = PictureUse.objects.select_for_update().filter(
        picture=picture, version__adapter=adapter
    )
    uses = list(locked)
    if not uses:
        raise Invalid(f"This picture does not hang in the gallery of {adapter.slug}.")
    return uses


def _refuse_level(level: str) -> None:
    if level not in LEVELS:
        raise Invalid(f"content_level is {level[:40]!r}: write one of {', '.join(LEVELS)}.")


def _refuse_again(original: str, by: User) -> None:
    if GalleryPicture.objects.filter(by=by, original=original).exists():
        raise _again()


def _again() -> DuplicateUpload:
    return DuplicateUpload("You have hung this very picture already.", code="picture.duplicate")


def _quota() -> Quota:
    return Quota(
        verbs=("picture.hung",),
        most=settings.PICTURES_PER_DAY,
        window=timedelta(days=1),
        says="Pictures are limited to {most} a day: hang the next one in {wait}.",
    )
