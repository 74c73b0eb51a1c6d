"""
What families and dialects are called, in the reader's language.

Most are names and stay as they are; those that are told in words stand here.
"""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from registry.bases import family_titles
from registry.formats import dialect_titles

SENTENCES = (
    _("old diffusers (.lora.down)"),
    _("old diffusers (.processor)"),
    _("old diffusers (.processor), without “unet.” in front"),
    _("diffusers, with PEFT's “base_model.model.” inside"),
    _("layers by number, as in 2022"),
    _("kohya's endings on dotted names"),
    _("unknown"),
)


def family_title(family: str) -> str:
    return _said(family_titles.title_of(family))


def dialect_title(dialect: str) -> str:
    return _said(dialect_titles.title_of(dialect))


def _said(title: str) -> str:
    return gettext(title) if title in SENTENCES else title
