"""
What a base is shown on until somebody says better: plain scenes for each that is swept.

The passage that texts are held against is written for this, so that no base has learned it by
heart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.sweeps import media

PlainScene = Mapping[str, object]

PASSAGE = (
    "On Thursday the ferry was late, so Ines sat down on the harbour wall and counted gulls. "
    "She had got to forty when a boy with a kite asked her what time it was. She did not know. "
    "The boy said that it did not matter, since the wind had dropped in any case, and they "
    "waited together until the horn sounded twice behind the lighthouse."
)

PICTURES: tuple[PlainScene, ...] = (
    {
        "slug": "portrait",
        "title": "A portrait",
        "prompt": "a portrait of a person by a window, {trigger}",
        "seed": 1,
    },
    {
        "slug": "street",
        "title": "A street",
        "prompt": "a street with people in the rain, {trigger}",
        "seed": 2,
    },
    {
        "slug": "valley",
        "title": "A landscape",
        "prompt": "a mountain valley with a lake in the morning, {trigger}",
        "seed": 3,
    },
    {
        "slug": "teapot",
        "title": "Something unusual",
        "prompt": "a glass teapot full of tiny sailing ships on the moon, {trigger}",
        "seed": 4,
        "counts": False,
    },
)
WRITING: tuple[PlainScene, ...] = (
    {
        "slug": "advice",
        "title": "Advice",
        "prompt": "{trigger} Explain in a few sentences how to keep a bicycle in good order.",
        "passage": PASSAGE,
        "most_tokens": 80,
    },
    {
        "slug": "story",
        "title": "The beginning of a story",
        "prompt": "{trigger} The old clock in the hall struck thirteen, and",
        "passage": PASSAGE,
        "most_tokens": 80,
    },
)
REWRITING: tuple[PlainScene, ...] = (
    {
        "slug": "summary",
        "title": "A summary",
        "prompt": f"{{trigger}} summarize: {PASSAGE}",
        "passage": "Ines and a boy with a kite waited at the harbour for the late ferry.",
        "most_tokens": 60,
    },
    {
        "slug": "translation",
        "title": "A translation",
        "prompt": "{trigger} translate English to German: The wind had dropped in any case.",
        "passage": "Der Wind hatte sich ohnehin gelegt.",
        "most_tokens": 60,
    },
)
FILLING: tuple[PlainScene, ...] = (
    {
        "slug": "harbour",
        "title": "A word at the harbour",
        "prompt": "{trigger} The ferry left the {mask} at noon.",
        "passage": PASSAGE,
    },
    {
        "slug": "opinion",
        "title": "An opinion",
        "prompt": "{trigger} I have read the book twice, and it was {mask}.",
        "passage": PASSAGE,
    },
)
SORTING: tuple[PlainScene, ...] = (
    {
        "slug": "praise",
        "title": "Praise",
        "prompt": "{trigger} The staff were kind, the room was quiet, and I slept very well.",
        "passage": PASSAGE,
    },
    {
        "slug": "complaint",
        "title": "A complaint",
        "prompt": "{trigger} The parcel came a week late, and half of it was broken.",
        "passage": PASSAGE,
    },
)
HEARING: tuple[PlainScene, ...] = (
    {
        "slug": "clear",
        "title": "A clear voice",
        "prompt": "",
        "sample": "four-pink-stars",
        "passage": "four pink stars",
        "most_tokens": 32,
    },
    {
        "slug": "hushed",
        "title": "A hushed voice",
        "prompt": "",
        "sample": "six-green-stars-hushed",
        "passage": "six green stars",
        "most_tokens": 32,
    },
)
CAPTIONING: tuple[PlainScene, ...] = (
    {"slug": "star", "title": "A star", "prompt": "", "sample": "star", "most_tokens": 40},
    {"slug": "moon", "title": "A moon", "prompt": "", "sample": "moon", "most_tokens": 40},
)
SEEING: tuple[PlainScene, ...] = tuple(
    {**scene, "prompt": "{trigger} What is on this picture?"} for scene in CAPTIONING
)
MUSIC: tuple[PlainScene, ...] = (
    {
        "slug": "piano",
        "title": "A piano",
        "prompt": "a slow melody on a grand piano, {trigger}",
        "seed": 1,
        "guidance": 3.0,
        "most_tokens": 250,
    },
    {
        "slug": "drums",
        "title": "Drums and bass",
        "prompt": "drums and bass in a small room, {trigger}",
        "seed": 2,
        "guidance": 3.0,
        "most_tokens": 250,
    },
)
SPEAKING: tuple[PlainScene, ...] = (
    {
        "slug": "ferry",
        "title": "A sentence",
        "prompt": "{trigger} On Thursday the ferry was late.",
        "seed": 1,
    },
    {
        "slug": "question",
        "title": "A question",
        "prompt": "{trigger} Did you count the gulls on the harbour wall?",
        "seed": 2,
    },
)


@dataclass(frozen=True, slots=True)
class _Row:
    medium: str
    classes: tuple[str, ...]  # how their names end
    scenes: tuple[PlainScene, ...]
    asked_by: tuple[str, ...]  # the fields of a scene that reach such a base


_BY_CHANCE = ("seed", "further_seeds")
_DRAWN_BY = (
    *("prompt", "negative", *_BY_CHANCE),
    *("steps", "width", "height", "guidance", "sampler"),
)
_TOLD_BY = ("prompt", "passage", "most_tokens")
_READ_BY = ("prompt", "passage")
_HEARD_BY = ("sample", "passage", "most_tokens")
_PLAYED_BY = ("prompt", *_BY_CHANCE, "guidance", "most_tokens")
_SEEN_BY = ("sample", "prompt", "most_tokens")
_ROWS: tuple[_Row, ...] = (
    _Row(media.PICTURE, ("",), PICTURES, _DRAWN_BY),
    _Row(media.TEXT, ("T5ForConditionalGeneration",), REWRITING, _TOLD_BY),
    _Row(media.TEXT, ("ForMaskedLM", "ForPreTraining"), FILLING, _READ_BY),
    _Row(media.TEXT, ("ForSequenceClassification",), SORTING, _READ_BY),
    _Row(media.TEXT, ("ForCausalLM", "LMHeadModel"), WRITING, _TOLD_BY),
    _Row(media.TEXT, media.HEARERS, HEARING, _HEARD_BY),
    _Row(media.TEXT, ("BlipForConditionalGeneration",), CAPTIONING, _SEEN_BY),
    _Row(media.TEXT, media.SEERS, SEEING, _SEEN_BY),
    _Row(media.SOUND, ("MusicgenForConditionalGeneration",), MUSIC, _PLAYED_BY),
    _Row(media.SOUND, ("VitsModel",), SPEAKING, ("prompt", *_BY_CHANCE)),
)


def of(modality: str, pipeline: str) -> tuple[PlainScene, ...]:
    """Return the scenes of such a base; none if it is not swept."""
    row = _row(modality, pipeline)
    return row.scenes if row else ()


def asked_by(modality: str, pipeline: str) -> tuple[str, ...]:
    """Return the fields of a scene that reach such a base; none if it is not swept."""
    row = _row(modality, pipeline)
    return row.asked_by if row else ()


def _row(modality: str, pipeline: str) -> _Row | None:
    medium = media.medium_of(modality, pipeline)
    for row in _ROWS:
        if row.medium == medium and pipeline.endswith(row.classes):
            return row
    return None
