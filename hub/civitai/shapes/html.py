"""Markdown as the HTML that Civitai's clients show."""

from __future__ import annotations

from hub.pages import markdown


def write(text: str) -> str:
    """Return what people wrote as HTML that can do no harm, "" for nothing."""
    return str(markdown.render(text)).strip() if text else ""
