"""Whence a version was imported, on its adapter's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.pages import addresses
from hub.pages.import_plan import LABELS
from registry.errors import RegistryError
from registry.queries import imports, people, versions
from registry.queries.words import Role, Standing
from registry.services.imports import looking_again

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, User


def of_version(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what is shown of a version's source; nothing where it was uploaded here."""
    source = imports.source_of(version)
    if source is None:
        return {}
    pictures = [
        (addresses.source_picture(version, one.position), one) for one in source.pictures.all()
    ]
    return {
        "source": source,
        "said_by": [
            (LABELS[name], record) for name, record in source.fields.items() if name in LABELS
        ],
        "source_pictures": pictures,
        "source_address": addresses.source(version),
        "may_look": by is not None and people.may(by, Role.CONTRIBUTOR, version.adapter.team),
    }


@require_POST
@login_required
def look_again(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    try:
        source = looking_again.look(version, by=request.user, now=timezone.now())
    except RegistryError as refusal:
        messages.error(request, str(refusal))
    else:
        said = {
            Standing.THERE: _("It is there unchanged."),
            Standing.CHANGED: _("It is there, and is another file now."),
            Standing.GONE: _("It is gone there. What was imported stays."),
        }
        messages.success(request, said[Standing(source.standing)])
    return redirect(addresses.page(version))
