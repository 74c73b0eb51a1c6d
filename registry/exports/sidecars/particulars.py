"""What sidecar files tell of a version and of the file that they lie beside."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime

from registry.exports.card import Card


@dataclass(frozen=True, slots=True)
class Particulars:
    """A version, its adapter, and one file of it: `card.file_name`, whose digest is the card's."""

    card: Card
    size: int
    autov1: str
    autov3: str
    crc32: str
    blake3: str
    dtype: str  # of its tensors, as headers say it: F16
    algorithms: str  # lora, locon
    label: str  # the version's
    description: str  # Markdown
    changes: str  # Markdown
    tags: tuple[str, ...]
    licence: str
    content_level: str  # general, suggestive, mature, explicit
    optional_words: tuple[str, ...]
    negative_words: tuple[str, ...]
    base_label: str  # as Civitai calls the base
    at: datetime  # of its publication, else of its upload
    page_url: str
    picture_url: str = ""
    picture_width: int = 0
    picture_height: int = 0
    made_from: tuple[str, ...] = ()  # a sentence each

    @property
    def version_name(self) -> str:
        return self.label or f"v{self.card.version}"

    @property
    def autov2(self) -> str:
        return self.card.sha256[:10]

    @property
    def hashes(self) -> dict[str, str]:
        """Every hash that is known, in capitals, by the names that Civitai gave them."""
        found = {
            "AutoV1": self.autov1,
            "AutoV2": self.autov2,
            "AutoV3": self.autov3,
            "SHA256": self.card.sha256,
            "CRC32": self.crc32,
            "BLAKE3": self.blake3,
        }
        return {name: value.upper() for name, value in found.items() if value}


def as_html(text: str) -> str:
    """Return Markdown as plain paragraphs: programs show these fields as HTML, whatever is in."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    return "".join(f"<p>{html.escape(part)}</p>" for part in paragraphs if part)
