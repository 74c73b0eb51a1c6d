"""Imports as a worker carries them on, in this process."""

from __future__ import annotations

from django.utils import timezone

from registry.models import Import
from registry.services.imports import asking, deciding, held
from workers import importing


def planned(source, team, by, **wanted):
    wanted = asking.Wanted(str(source), **wanted)
    return worked(asking.begin(wanted, team=team, by=by, now=timezone.now()))


def worked(row, *, most=None):
    importing.work(held.claim(row.pk, owner="a test", now=timezone.now()), most=most)
    return Import.objects.get(pk=row.pk)


def brought(row):
    return worked(deciding.start(row, by=row.by, now=timezone.now()))
