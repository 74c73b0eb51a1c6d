"""
Descriptions in HTML, as Civitai and others keep them, turned into the Markdown that we keep.

Strangers write them. The standard library's parser takes time by the square over `<a ` that never
close, and stumbles over `<![`: so a parser made for browsers' input reads them first, and only what
that one wrote is walked.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

LONGEST = 60_000  # characters of HTML that are read: lists within lists cost their square
_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "pre", "table", "tr", "section", "article"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_SILENT = {"script", "style", "iframe", "object", "template", "head", "title", "noscript"}
_KNOWN = _BLOCKS | _HEADINGS | {*_MARKS, "a", "br", "li"}


def as_markdown(html: str) -> str:
    """Return HTML as Markdown; what has no place there is left out, its text is kept."""
    if "<" not in html and "&" not in html:
        return html.strip()
    sound = nh3.clean(
        html[:LONGEST],
        tags=_KNOWN,
        attributes={"a": {"href"}},
        clean_content_tags=_SILENT,
        link_rel=None,
    )
    writer = _Writer()
    writer.feed(sound)
    writer.close()
    return writer.text()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._links: list[str] = []

    def text(self) -> str:
        lines = [line.strip() for line in "".join(self._pieces).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._pieces.append("\n\n")
        elif tag in _HEADINGS:
            self._pieces.append(f"\n\n{'#' * max(int(tag[1]), 2)} ")
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "li":
            self._pieces.append("\n- ")
        elif tag == "a":
            self._open_link(dict(attrs).get("href") or "")
        else:
            self._pieces.append(_MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _HEADINGS:
            self._pieces.append("\n\n")
        elif tag == "a" and self._links:
            target = self._links.pop()
            self._pieces.append(f"]({target})" if target else "")
        else:
            self._pieces.append(_MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        self._pieces.append(re.sub(r"\s+", " ", data))

    def _open_link(self, target: str) -> None:
        is_one = re.fullmatch(r"https?://[^\s()<>\"]{1,500}", target) is not None
        self._links.append(target if is_one else "")
        self._pieces.append("[" if is_one else "")
