"""What the hub writes to people. That a mail server is away undoes nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from registry.queries.words import Role

if TYPE_CHECKING:
    from registry.models import Invitation

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, link: str) -> bool:
    """Send the link to whom the invitation is meant for, and return whether that went well."""
    team, role = invitation.team.title, Role(invitation.role).label
    name = invitation.by.get_full_name() or invitation.by.username
    subject = _("{name} invites you into {team}").format(name=name, team=team)
    text = _(
        "{name} invites you into the team {team}, as {role}.\n\n"
        "Follow this link to join; it is good once, until {day}:\n{link}\n"
    ).format(name=name, team=team, role=role, link=link, day=f"{invitation.expires_at:%Y-%m-%d}")
    try:
        send_mail(" ".join(subject.split()), text, None, [invitation.address])
    except OSError:  # smtplib's errors are such, too
        logger.exception("An invitation could not be sent.")
        return False
    return True
