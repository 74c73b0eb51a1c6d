"""
What events say, in words, by their verbs. One saying a verb; what has none is told by its verb.

Holes: {by} who did it, {title} of the adapter, {number} of the version, and what the event holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.queries.words import Role, Standing

if TYPE_CHECKING:
    from registry.models import Event

SAYINGS = {
    "version.received": gettext_lazy("{by} uploaded version {number} of {title}."),
    "version.ready": gettext_lazy("Version {number} of {title} passed its validation."),
    "version.rejected": gettext_lazy("Version {number} of {title} was rejected ({check})."),
    "version.published": gettext_lazy("{by} published version {number} of {title}."),
    "version.withdrawn": gettext_lazy("{by} withdrew version {number} of {title}: {reason}"),
    "version.deprecated": gettext_lazy("{by} deprecated version {number} of {title}: {reason}"),
    "version.reinstated": gettext_lazy("{by} reinstated version {number} of {title}."),
    "version.labelled": gettext_lazy("{by} labelled version {number} of {title} “{label}”."),
    "version.changed": gettext_lazy("{by} changed what is said of {title} {number}: {fields}."),
    "version.ancestors": gettext_lazy("{by} said what {title} {number} was made from."),
    "version.redeclared": gettext_lazy("{by} declared {title} {number} for {base}."),
    "version.mend-asked": gettext_lazy("{by} had a copy of {title} {number} mended."),
    "version.mended": gettext_lazy("Version {number} of {title} is a mended copy of version {of}."),
    "version.not-mended": gettext_lazy("{title} {number} could not be mended: {reason}"),
    "checkpoint.voted": gettext_lazy("{by} voted for a checkpoint of {title} {number}."),
    "checkpoint.vote_taken_back": gettext_lazy("{by} took back a vote on {title} {number}."),
    "checkpoint.promoted": gettext_lazy("{by} made step {step} of {title} version {became}."),
    "version.approved": gettext_lazy("{by} approved version {number} of {title}."),
    "version.sent-back": gettext_lazy("{by} sent version {number} of {title} back: {reason}"),
    "version.asked-again": gettext_lazy("{by} asked again for review of {title} {number}."),
    "version.needs-no-words": gettext_lazy("{by} said that {title} {number} needs no words."),
    "run.started": gettext_lazy("{by} had version {number} of {title} validated again."),
    "run.failed": gettext_lazy("The validation of {title} {number} could not be finished."),
    "adapter.created": gettext_lazy("{by} made the adapter {title}."),
    "adapter.described": gettext_lazy("{by} changed what is said of {title}: {fields}."),
    "adapter.changed": gettext_lazy("{by} changed what is said of {title}: {fields}."),
    "adapter.deleted": gettext_lazy("{by} deleted the adapter {adapter}."),
    "adapter.renamed": gettext_lazy("{by} renamed {was} to {title}."),
    "channel.moved": gettext_lazy("{by} pointed {channel} of {title} at version {to}. {reason}"),
    "channel.removed": gettext_lazy("{by} removed the channel {channel} of {title}."),
    "comment.written": gettext_lazy("{by} commented on {title}."),
    "comment.edited": gettext_lazy("{by} edited a comment on {title}."),
    "comment.deleted": gettext_lazy("{by} took a comment on {title} back."),
    "comment.hidden": gettext_lazy("{by} hid a comment on {title}: {reason}"),
    "comment.shown": gettext_lazy("{by} showed a comment on {title} again."),
    "picture.hung": gettext_lazy("{by} hung a picture made with {title}."),
    "picture.corrected": gettext_lazy("{by} corrected a picture made with {title}."),
    "picture.taken-down": gettext_lazy("{by} took a picture made with {title} down."),
    "picture.hidden": gettext_lazy("{by} hid a picture made with {title}: {reason}"),
    "picture.shown": gettext_lazy("{by} showed a picture made with {title} again."),
    "complaint.made": gettext_lazy("{by} reported something on {title}."),
    "complaint.settled": gettext_lazy("{by} settled a report on {title}."),
    "team.founded": gettext_lazy("{by} made the team."),
    "team.changed": gettext_lazy("{by} changed the team's {fields}."),
    "team.policy": gettext_lazy("{by} set what the team asks for before it publishes."),
    "team.role": gettext_lazy("{by} made {user} {role}."),
    "team.removed": gettext_lazy("{by} took {user} out of the team."),
    "team.left": gettext_lazy("{by} left the team."),
    "team.account-closed": gettext_lazy(
        "{user} left the team, as {role}: {by} closed the account."
    ),
    "team.account-reopened": gettext_lazy(
        "{user} is in the team again, as {role}: {by} opened the account again."
    ),
    "team.invited": gettext_lazy("{by} invited somebody as {role}. {address}"),
    "team.uninvited": gettext_lazy("{by} took an invitation back."),
    "team.joined": gettext_lazy("{by} joined the team as {role}."),
    "team.robot-made": gettext_lazy("{by} made the token {robot}, as {role}."),
    "team.robot-renewed": gettext_lazy("{by} gave the token {robot} a new secret."),
    "team.robot-revoked": gettext_lazy("{by} revoked the token {robot}."),
    "team.secrets-known": gettext_lazy(
        "{user} is no admin any more and knows secrets of the team's tokens: {tokens}."
    ),
    "team.import-token-kept": gettext_lazy("{by} kept a token for imports from {host}."),
    "team.import-token-dropped": gettext_lazy("{by} forgot the token for imports from {host}."),
    "base.added": gettext_lazy("{by} added the base {base}."),
    "base.changed": gettext_lazy("{by} changed the base {base}."),
    "base.ready": gettext_lazy("The layers of the base {base} are there."),
    "base.failed": gettext_lazy("The layers of the base {base} could not be made."),
    "base.removed": gettext_lazy("{by} removed the base {base}."),
    "base.tried-again": gettext_lazy("{by} had the base {base} made again."),
    "scene.added": gettext_lazy("{by} added the scene {scene} for {base}."),
    "scene.changed": gettext_lazy("{by} changed the scene {scene} of {base}."),
    "import.planned": gettext_lazy("{by} had a plan made of what {source} offers."),
    "import.looked": gettext_lazy("The plan of {source} is there; versions in it: {items}."),
    "import.started": gettext_lazy("{by} began to import from {source}; versions: {items}."),
    "import.done": gettext_lazy("{source} was imported; came in: {made}, failed: {failed}."),
    "import.failed": gettext_lazy("The import from {source} failed: {reason}"),
    "import.cancelled": gettext_lazy("{by} stopped the import from {source}, or dropped its plan."),
    "source.changed": gettext_lazy(
        "{by} looked where {title} {number} came from. How it stands there: {standing}."
    ),
    "cells.cancelled": gettext_lazy("{by} cancelled cells asked for of {title} {number}."),
    "cells.failed": gettext_lazy("Cells asked for of {title} {number} failed: {reason}"),
    "cells.shown": gettext_lazy("{by} showed cells of {title} {number} to all."),
    "cells.hidden": gettext_lazy("{by} hid cells of {title} {number}."),
}
FIELDS = {
    "title": gettext_lazy("title"),
    "description": gettext_lazy("description"),
    "kind": gettext_lazy("kind"),
    "tags": gettext_lazy("tags"),
    "licence": gettext_lazy("licence"),
    "content_level": gettext_lazy("content level"),
    "base": gettext_lazy("base"),
    "trigger_words": gettext_lazy("trigger words"),
    "optional_words": gettext_lazy("optional words"),
    "negative_words": gettext_lazy("words to avoid"),
    "weight_low": gettext_lazy("weight from"),
    "weight_high": gettext_lazy("weight to"),
    "weight_default": gettext_lazy("usual weight"),
    "changes": gettext_lazy("what is new"),
    "made_from": gettext_lazy("made from"),
}


class _Holes(dict[str, Any]):
    """What fills a saying; of events from before something was written down, a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def tell(event: Event) -> str:
    """Return the event in one sentence."""
    saying = SAYINGS.get(event.verb)
    if saying is None:
        return _("{by}: {verb}").format(by=_by(event), verb=event.verb)
    return str(saying).format_map(_Holes(_told(event))).strip()


def _told(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {name: _short(name, one) for name, one in event.detail.items()}
    if event.adapter:
        told["title"] = event.adapter.title
    if event.version:
        told["number"] = event.version.number
    return told | {"by": _by(event)}


def _by(event: Event) -> str:
    if event.by is None:
        return _("The hub")
    return event.by.get_full_name() or event.by.username


def _short(name: str, value: Any) -> str:
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    if name == "standing" and value in Standing.values:
        return str(Standing(value).label)
    if name == "tokens":
        return ", ".join(value)
    if name == "fields":
        return ", ".join(str(FIELDS.get(one, one)) for one in value)
    return "" if value is None else str(value).strip()
