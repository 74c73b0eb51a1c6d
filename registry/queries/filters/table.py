"""
Every filter there is, in the order that the documentation shows them.

This table is the specification: the API's description, docs/api.md and the tests are made of it. To
add a filter, give it a row: its name, how it is read, and what then has to hold of a version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from registry.content_levels import LEVELS
from registry.errors import Invalid
from registry.models import AdapterVersion, Kind, Proof
from registry.queries.filters import narrowing, reading
from registry.queries.filters.filter import Filter

MODALITIES = ("image", "video", "text", "audio", "multimodal")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: values by the names of filters."""

    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.values.get("q", ""))

    @property
    def state(self) -> str:
        return str(self.values.get("state", AdapterVersion.State.PUBLISHED))

    def said(self) -> list[Any]:
        """Return the same for the same question, to hold cursors against."""
        return sorted([name, repr(value)] for name, value in self.values.items())

    def narrowed(self) -> Q:
        """Return what has to hold of a version."""
        held = Q()
        for name, value in self.values.items():
            held &= BY_NAME[name].narrow(value)
        return held


FILTERS = (
    Filter(
        "base",
        "A base by its slug, family, alias or repo id; bases derived from it are included.",
        "sdxl",
        reading.text(),
        narrowing.of_bases,
        several=True,
    ),
    Filter("family", "A family of bases.", "sdxl", reading.word, narrowing.of_family, several=True),
    Filter(
        "kind",
        "What the adapter is of.",
        "style",
        narrow=lambda v: Q(adapter__kind__in=v),
        several=True,
        **reading.choice(Kind.values),
    ),
    Filter(
        "tag",
        "One tag that it has.",
        "ink",
        reading.word,
        lambda v: Q(adapter__tags__contains=[v]),
    ),
    Filter(
        "tags",
        "Tags that it has, all of them.",
        "ink,portrait",
        reading.word,
        lambda v: Q(adapter__tags__contains=v),
        several=True,
    ),
    Filter(
        "tags_any",
        "Tags of which it has at least one.",
        "ink,watercolour",
        reading.word,
        lambda v: Q(adapter__tags__overlap=v),
        several=True,
    ),
    Filter(
        "tags_not",
        "Tags of which it has none.",
        "photo",
        reading.word,
        lambda v: ~Q(adapter__tags__overlap=v),
        several=True,
    ),
    Filter(
        "team",
        "The team it belongs to.",
        "demo",
        reading.word,
        lambda v: Q(adapter__team__slug__in=v),
        several=True,
    ),
    Filter(
        "creator",
        "Who made the adapter, by the name they sign in with.",
        "admin",
        reading.text(150),
        lambda v: Q(adapter__created_by__username__in=v),
        several=True,
    ),
    Filter(
        "permits",
        "What its licence, together with its base's, is known to allow.",
        "selling,derivatives",
        narrow=narrowing.allowing,
        several=True,
        **reading.choice(narrowing.PERMITS),
    ),
    Filter(
        "licence",
        "Its licence, as it was written; case does not matter.",
        "apache-2.0",
        reading.text(120),
        lambda v: Q(adapter__licence__iexact=v),
    ),
    Filter(
        "algorithm",
        "The algorithm of its weights.",
        "lora",
        reading.word,
        narrowing.of_algorithms,
        several=True,
    ),
    Filter(
        "rank_max",
        "The highest rank of its layers is at most this.",
        "64",
        reading.whole,
        lambda v: narrowing.weights_file(rank_high__lte=v),
        kind=int,
    ),
    Filter(
        "rank_min",
        "The lowest rank of its layers is at least this.",
        "8",
        reading.whole,
        lambda v: narrowing.weights_file(rank_low__gte=v),
        kind=int,
    ),
    Filter(
        "size_max",
        "Its weights file has at most so many bytes.",
        "200000000",
        reading.whole,
        lambda v: narrowing.weights_file(size__lte=v),
        kind=int,
    ),
    Filter(
        "text_encoder",
        "Whether it changes a text encoder, too.",
        "false",
        reading.flag,
        narrowing.with_text_encoder,
        kind=bool,
    ),
    Filter(
        "deprecated",
        "Whether it is deprecated: still there, and not to be used any more.",
        "false",
        reading.flag,
        lambda v: Q(deprecated_at__isnull=not v),
        kind=bool,
    ),
    Filter(
        "dialect",
        "How its file names tensors.",
        "kohya",
        reading.word,
        lambda v: narrowing.weights_file(dialect=v),
    ),
    Filter(
        "modality",
        "What its base makes or reads.",
        "image",
        narrow=lambda v: Q(adapter__modality=v),
        **reading.choice(MODALITIES),
    ),
    Filter(
        "content",
        "Its content level.",
        "general",
        narrow=lambda v: Q(adapter__content_level__in=v),
        several=True,
        **reading.choice(LEVELS),
    ),
    Filter(
        "content_max",
        "Nothing beyond this content level.",
        "general",
        narrow=narrowing.at_most,
        **reading.choice(LEVELS),
    ),
    Filter(
        "proof",
        "It is proved at least so far.",
        "renders",
        narrow=narrowing.proved,
        **reading.choice(Proof.values),
    ),
    Filter(
        "weight",
        "A weight inside the range that was measured.",
        "0.8",
        reading.number,
        narrowing.good_at,
        kind=float,
    ),
    Filter(
        "created_since",
        "The adapter is there since then.",
        "2026-11-01",
        reading.moment,
        lambda v: Q(adapter__created_at__gte=v),
        kind=datetime,
    ),
    Filter(
        "updated_since",
        "Published since then, or changed.",
        "2026-11-01T00:00:00Z",
        reading.moment,
        narrowing.changed_since,
        kind=datetime,
    ),
    Filter(
        "hash",
        "One of its files has this sha256, AutoV1, AutoV2, AutoV3, CRC32 or BLAKE3.",
        "1a2b3c4d5e",
        reading.text(80),
        narrowing.with_hash,
    ),
    Filter(
        "trigger_word",
        "One of its trigger words, as it is written.",
        "inkwash",
        reading.text(120),
        lambda v: Q(trigger_words__contains=[v]),
    ),
    Filter(
        "channel",
        "The version that this channel of each adapter points at.",
        "prod",
        reading.word,
        lambda v: Q(channels__name=v),
    ),
    Filter(
        "state",
        "Of your own teams: versions in another state than published.",
        "ready",
        narrow=lambda v: Q(state=v),
        **reading.choice(AdapterVersion.State.values),
    ),
    Filter(
        "q",
        "Words of any script in the title, names, trigger words, tags or description, or a hash "
        "of a file in any spelling. The last letters of a word may be missing.",
        "ink wash",
        reading.text(),
        narrowing.with_words,
    ),
)
BY_NAME = {one.name: one for one in FILTERS}


def read(given: Mapping[str, Sequence[str]], *, besides: Iterable[str] = ()) -> Asked:
    """
    Return what an address asks for. Empty values do not matter.

    :raises Invalid: if a name is none of the filters' (nor of `besides`), or a value makes no sense
    """
    values: dict[str, Any] = {}
    others = set(besides)
    for name, texts in given.items():
        if name in others:
            continue
        if name not in BY_NAME:
            raise Invalid(
                f"There is no parameter “{name[:60]}” here: there are "
                f"{', '.join([*BY_NAME, *sorted(others)])}.",
                code="unknown-parameter",
            )
        said = [text for text in texts if text.strip()]
        if said:
            values[name] = BY_NAME[name].value_of(said)
    return Asked({name: value for name, value in values.items() if value != []})
