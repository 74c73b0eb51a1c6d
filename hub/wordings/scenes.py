"""
The titles of the scenes that come with bases. A team's own are its own words, and stay as they are.

What is stored keeps its English title; pages show the reader's where there is one.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SIZE = re.compile(r"\d+ × \d+")
TITLES = frozenset(
    {
        _("A portrait"),
        _("A street"),
        _("A landscape"),
        _("Something unusual"),
        _("Advice"),
        _("The beginning of a story"),
        _("A summary"),
        _("A translation"),
        _("A word at the harbour"),
        _("An opinion"),
        _("Praise"),
        _("A complaint"),
        _("A clear voice"),
        _("A hushed voice"),
        _("A star"),
        _("A moon"),
        _("A piano"),
        _("Drums and bass"),
        _("A sentence"),
        _("A question"),
        _("A red circle"),
        _("A big blue star"),
        _("A heart and a cross"),
        _("A circle meets a star"),
        _("A heart meets a cross"),
    }
)


def title_of(title: str) -> str:
    """Return the title of a scene in the language that is on, where it came with a base."""
    plain, comma, size = title.rpartition(", ")
    if SIZE.fullmatch(size) and plain in TITLES:  # the same scene in another aspect ratio
        return f"{gettext(plain)}{comma}{size}"
    return gettext(title) if title in TITLES else title
