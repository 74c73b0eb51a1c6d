"""
What a notification says: one sentence for each act that people hear of, and where to look.

This table is the specification: an act that is not in it is told to nobody. Who hears of it is in
registry/services/notifying.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Event

SENTENCES: Mapping[str, str | Promise] = {
    "version.published": gettext_lazy("{who} published version {number} of {title}."),
    "version.withdrawn": gettext_lazy("{who} withdrew version {number} of {title}."),
    "version.deprecated": gettext_lazy("{who} says that version {number} of {title} is outdated."),
    "version.superseded": gettext_lazy("{who} says what replaces version {number} of {title}."),
    "version.ready": gettext_lazy("Version {number} of {title} has passed its validation."),
    "version.rejected": gettext_lazy("Version {number} of {title} was rejected."),
    "run.failed": gettext_lazy("Version {number} of {title} could not be validated."),
    "version.approved": gettext_lazy("{who} approved version {number} of {title}."),
    "version.sent-back": gettext_lazy("{who} sent version {number} of {title} back."),
    "version.asked-again": gettext_lazy(
        "{who} asks for another look at version {number} of {title}."
    ),
    "cells.rendered": gettext_lazy("The cells that you asked for of {title} are rendered."),
    "cells.failed": gettext_lazy("The cells that you asked for of {title} could not be rendered."),
    "comment.written": gettext_lazy("{who} commented on {title}."),
    "comment.hidden": gettext_lazy("{who} hid a comment of yours on {title}."),
    "picture.hung": gettext_lazy("{who} hung a picture made with {title}."),
    "picture.hidden": gettext_lazy("{who} hid a picture of yours, made with {title}."),
    "complaint.made": gettext_lazy("{who} reported something on {title}."),
    "team.role": gettext_lazy("{who} changed what you may do in {team}."),
    "team.secrets-known": gettext_lazy(
        "{user} is no admin of {team} any more and knows secrets of its tokens: renew or revoke "
        "them."
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification in words."""

    sentence: str
    reason: str  # that the person gave, or the hub; often empty
    path: str  # on this hub, where to look


def of_event(event: Event) -> Notice:
    """Return what an event, its relations at hand, says in the language that is on."""
    said = str(SENTENCES[event.verb]) if event.verb in SENTENCES else event.verb
    return Notice(
        sentence=said.format(
            who=event.by.username if event.by else _("The hub"),
            title=event.adapter.title if event.adapter else "",
            number=event.version.number if event.version else "",
            team=event.team.title if event.team else "",
            user=event.detail.get("user", ""),
        ),
        reason=str(event.detail.get("reason") or ""),
        path=_path(event),
    )


def _path(event: Event) -> str:
    if event.team and event.verb == "team.secrets-known":
        return f"/teams/{event.team.slug}/tokens"
    if event.adapter is None:
        return f"/teams/{event.team.slug}" if event.team else "/"
    at = f"/{event.adapter.team.slug}/{event.adapter.slug}"
    request = event.detail.get("request")
    if event.version and request and event.verb.startswith("cells."):
        return f"{at}/{event.version.number}/playground/{request}"
    if event.verb == "complaint.made":
        return "/complaints"
    return f"{at}?version={event.version.number}" if event.version else at
