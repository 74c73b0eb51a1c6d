"""How long something takes, as people say it."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = 60.0
HOUR = 60 * MINUTE


def in_words(seconds: float) -> str:
    """Return a length of time, rounded up to what matters: nobody counts the seconds of an hour."""
    if seconds < MINUTE:
        return _("less than a minute")
    if seconds < HOUR:
        count = math.ceil(seconds / MINUTE)
        return ngettext("{count} minute", "{count} minutes", count).format(count=count)
    count = round(seconds / HOUR)
    return ngettext("{count} hour", "{count} hours", count).format(count=count)
