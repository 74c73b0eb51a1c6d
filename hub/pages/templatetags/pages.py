"""What every template may use without loading it."""

from __future__ import annotations

import math
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString

from hub import wordings
from hub.pages import icons, markdown
from hub.wordings import titles
from hub.wordings.scenes import title_of

register = template.Library()

_UNITS = ("kB", "MB", "GB")


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    return icons.draw(name, more)


@register.filter
def as_markdown(text: str) -> SafeString:
    return markdown.render(text)


@register.filter
def as_bytes(size: int | None) -> str:
    """Return a size as people say it, in the decimal units that file managers show."""
    if size is None:
        return ""
    amount, unit = float(size), "B"
    for larger in _UNITS:
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{number_format(amount, 0 if unit == 'B' or amount >= 100 else 1)} {unit}"


@register.filter
def as_weight(weight: float | None) -> str:
    """Return a weight as it is written in a prompt: 0.8, never 0,8 or 0.80."""
    return "" if weight is None else f"{weight:.2f}".rstrip("0").rstrip(".")


@register.filter
def as_minutes(seconds: float) -> int:
    """Return seconds as whole minutes, upwards."""
    return math.ceil(seconds / 60)


@register.filter
def in_words(sentence: Any) -> str:
    """Return a sentence of the registry in the reader's language, where it is known."""
    return wordings.in_words(str(sentence)) if sentence else ""


@register.filter
def family_title(family: str) -> str:
    return titles.family_title(family)


@register.filter
def scene_title(title: str) -> str:
    """Return the title of a scene in the reader's language, where it came with a base."""
    return title_of(title)


@register.filter
def as_count(number: int) -> str:
    """Return a number as people read it: 12,345 here, 12 345 elsewhere."""
    return number_format(number, 0, force_grouping=True)
