"""
The README.md of an adapter's repository, in the form that model hubs read.

Its front matter tells programs what the adapter is; what follows tells people how to use it. All of
it is generated: the same card gives the same text, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry.exports import hub_words

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")  # to YAML, in quotes


@dataclass(frozen=True, slots=True)
class Sample:
    """What came of one prompt: a picture in the repository, or a text."""

    prompt: str
    weight: float
    path: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RepoCard:
    """All that is said of a version in its repository."""

    team: str
    slug: str
    title: str
    description: str  # Markdown
    kind: str
    tags: tuple[str, ...]
    licence: str
    content_level: str
    number: int
    label: str
    changes: str
    base: str  # a repo id where one is known, else the base's name here
    base_title: str
    family: str
    modality: str
    pipeline: str  # the class in diffusers or transformers
    dialect: str
    algorithm: str
    rank: str
    dtype: str
    trigger_words: tuple[str, ...]
    optional_words: tuple[str, ...]
    negative_words: tuple[str, ...]
    weight: float
    weight_low: float
    weight_high: float
    main_file: str  # the path of what a runtime loads
    samples: tuple[Sample, ...] = ()
    deprecated: str = ""  # why, in a sentence, and what to use instead
    remarks: tuple[str, ...] = ()  # what somebody who loads it should know, a sentence each

    @property
    def name(self) -> str:
        return f"{self.team}/{self.slug}"


def write_readme(card: RepoCard) -> str:
    return "\n".join(["---", *_front_matter(card), "---", "", *_body(card)]).rstrip() + "\n"


def _front_matter(card: RepoCard) -> Iterator[str]:
    yield f"base_model: {quoted(card.base)}"
    yield "base_model_relation: adapter"
    if library := hub_words.library_of(card.modality, card.dialect):
        yield f"library_name: {library}"
    if task := hub_words.task_of(card.modality, card.pipeline):
        yield f"pipeline_tag: {task}"
    yield from _licence(card.licence)
    yield "tags:"
    for tag in tags_of(card):
        yield f"- {quoted(tag)}"
    if card.trigger_words:
        yield f"instance_prompt: {quoted(', '.join(card.trigger_words))}"
    yield from _widget(card.samples)


def tags_of(card: RepoCard) -> Sequence[str]:
    """Return the tags of the repository, each once, the hub's own first."""
    words = hub_words.tags_of(card.modality, card.family, card.dialect)
    own = ["deprecated"] if card.deprecated else []
    return list(dict.fromkeys([*words, card.family, card.kind, *card.tags, *own]))


def _licence(licence: str) -> Iterator[str]:
    known = hub_words.licence_of(licence)
    if known:
        yield f"license: {known}"
    elif licence:
        yield "license: other"
        yield f"license_name: {quoted(licence)}"


def _widget(samples: Sequence[Sample]) -> Iterator[str]:
    if samples:
        yield "widget:"
    for sample in samples:
        yield f"- text: {quoted(sample.prompt)}"
        yield "  output:"
        yield (
            f"    url: {quoted(sample.path)}" if sample.path else f"    text: {quoted(sample.text)}"
        )


def quoted(text: str) -> str:
    """Return a text as a double-quoted scalar of YAML, whatever is in it."""
    return _UNSAFE.sub(
        lambda found: f"\\u{ord(found[0]):04x}" if not _is_half(found[0]) else "?",
        json.dumps(text, ensure_ascii=False),
    )


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


def _body(card: RepoCard) -> Iterator[str]:
    yield f"# {_line(card.title)}"
    yield ""
    label = f" ({_line(card.label)})" if card.label else ""
    yield f"Version {card.number}{label} of `{card.name}`, an adapter for {_line(card.base_title)}."
    yield ""
    yield from _first(card)
    if card.description:
        yield card.description
        yield ""
    yield from _words(card)
    yield "## Weight"
    yield ""
    yield (
        f"Use it at {card.weight:g}; between {card.weight_low:g} and {card.weight_high:g} it is "
        "known to work."
        if card.weight_low < card.weight_high
        else f"Use it at {card.weight:g}."
    )
    yield ""
    yield from _use(card)
    for remark in card.remarks:
        yield remark
        yield ""
    yield from _file(card)
    if card.changes:
        yield f"## What is new in version {card.number}"
        yield ""
        yield card.changes


def _first(card: RepoCard) -> Iterator[str]:
    """Yield what comes before all that is said of the adapter."""
    if card.deprecated:
        yield f"> **Deprecated.** {_line(card.deprecated)}"
        yield ""
    if any(sample.path for sample in card.samples):
        yield "<Gallery />"
        yield ""


def _line(text: str) -> str:
    """Return a text that a person typed as one line that is no Markdown by chance."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))


def made_from(how: str, name: str, *, url: str = "", weight: float | None = None) -> str:
    """Return the sentence of one thing that a version was made from: here, or at an address."""
    address = url.replace("<", "%3C").replace(">", "%3E")
    there = f"{_line(name)} (<{address}>)" if url else _code(name)
    return f"{how} {there} at {weight:g}." if weight is not None else f"{how} {there}."


def _words(card: RepoCard) -> Iterator[str]:
    rows = (
        ("Trigger words", card.trigger_words),
        ("Also known", card.optional_words),
        ("In the negative prompt", card.negative_words),
    )
    if not any(words for _, words in rows):
        return
    yield "## Words"
    yield ""
    for name, words in rows:
        if words:
            yield f"- {name}: " + ", ".join(_code(word) for word in words)
    yield ""


def _code(text: str) -> str:
    """Return a text as code of Markdown, with more backticks round it than it has in a row."""
    text = " ".join(text.split())
    most = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (most + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _use(card: RepoCard) -> Iterator[str]:
    program = hub_words.program_for(
        card.modality, card.dialect, card.pipeline, base=card.base, name=card.name,
        weight=card.weight, prompt=_prompt(card),
    )  # fmt: skip
    if not program:
        return
    yield "## Use"
    yield ""
    yield "```python"
    yield program
    yield "```"
    yield ""


def _prompt(card: RepoCard) -> str:
    shown = next((sample.prompt for sample in card.samples), "")
    return shown or ", ".join(card.trigger_words) or "a prompt"


def _file(card: RepoCard) -> Iterator[str]:
    yield "## File"
    yield ""
    facts = (
        ("loads", card.main_file),
        ("algorithm", card.algorithm),
        ("rank", card.rank),
        ("numbers", card.dtype),
        ("names of", card.dialect),
    )
    for name, value in facts:
        if value:
            yield f"- {name}: `{value}`"
    yield ""
