"""
The verdict on a file: accepted, warned or refused, and all that led to it.

The same checks that judge an upload judge here, so what is said of a file before it is sent, on the
command line or to a script, is what will be said of it once it is in the library. Without a base
declared it is judged on the base that it is most likely for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from registry.bases import catalogue
from registry.bases.catalogue import Entry
from registry.bases.fit import Fit, fit
from registry.bases.identify import Identification, identify
from registry.bases.manifest import Manifest
from registry.checks.facts import Content, Declared
from registry.checks.outcome import Outcome, Result, judge
from registry.checks.table import FILE_CHECKS, HEADER_CHECKS
from registry.formats.adapter import AdapterFile
from registry.formats.errors import FormatError
from registry.formats.families import Family
from registry.formats.hashes import Hashes
from registry.formats.training import TrainingFacts, read_training

# So much of a file must be in a base for it to be judged on a base that nobody declared. There are
# few sizes of picture and video models, and all are known; of language models there is no end.
NEARLY_ALL = 0.9
OR_HALF = 0.5


class Word(StrEnum):
    """The verdict in one word; a script's exit status is its place in this list."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    REFUSED = "refused"

    @property
    def status(self) -> int:
        return list(Word).index(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in one sentence, with the code of the check or reader that found it."""

    code: str
    sentence: str
    word: Word  # what it makes of the file: warned or refused


@dataclass(frozen=True, slots=True)
class OnBase:
    """A base that a file is held against: of the catalogue, or a team's own."""

    slug: str
    title: str
    family: str
    manifest: Manifest | None

    @staticmethod
    def of(entry: Entry) -> OnBase:
        return OnBase(entry.slug, entry.title, entry.family, catalogue.manifest(entry.slug))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen in a file, and what the checks say of it."""

    name: str
    problems: tuple[Problem, ...]
    adapter: AdapterFile | None = None  # None: it could not be read as one
    identification: Identification | None = None
    base: OnBase | None = None  # what it was judged on, declared or most likely
    declared: bool = False
    fit: Fit | None = None
    training: TrainingFacts = field(default_factory=TrainingFacts)
    content: Content | None = None  # None: only the header was looked at
    hashes: Hashes | None = None
    tensor_digest: str = ""
    size: int = 0
    results: tuple[Result, ...] = ()
    files: tuple[str, ...] = ()  # of the folder or ZIP file that it lies in

    @property
    def word(self) -> Word:
        return max((one.word for one in self.problems), key=_severity, default=Word.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a file beside the adapter in it."""

    name: str
    size: int = 0
    content: Content | None = None
    hashes: Hashes | None = None
    tensor_digest: str = ""


def verdict_of(adapter: AdapterFile, seen: Seen, *, base: OnBase | None = None) -> Verdict:
    """Return the verdict on an adapter, on `base` if it is declared for one."""
    found = identify(adapter)
    on = base or _likeliest(adapter, found)
    facts = gather(adapter, found, base=on, content=seen.content)
    if base is None:
        facts = replace(facts, strange=found.strange)
    results = judge(facts, FILE_CHECKS if seen.content else HEADER_CHECKS)
    return Verdict(
        name=seen.name,
        problems=tuple(_problem(one) for one in results if one.problem),
        adapter=adapter,
        identification=found,
        base=on,
        declared=base is not None,
        fit=facts.fit,
        training=read_training(adapter.metadata, config=adapter.config),
        content=seen.content,
        hashes=seen.hashes,
        tensor_digest=seen.tensor_digest,
        size=seen.size,
        results=tuple(results),
    )


def refusal(error: FormatError, seen: Seen) -> Verdict:
    """Return the verdict on a file that could not even be read."""
    return Verdict(
        name=seen.name,
        problems=(Problem(error.code, sentence_of(error, seen.name), Word.REFUSED),),
        hashes=seen.hashes,
        size=seen.size,
    )


def sentence_of(error: FormatError, name: str) -> str:
    """Return what is wrong with a file, in a sentence that names the file."""
    sentence = str(error)
    return sentence if name in sentence else f"{name}: {sentence}"


def gather(
    adapter: AdapterFile,
    found: Identification,
    *,
    base: OnBase | None,
    content: Content | None = None,
    duplicates: Sequence[str] = (),
) -> Declared:
    """Return the facts that the file's checks judge. Without a base, none of them is about one."""
    roots = [entry for entry in map(catalogue.entry, (one.base for one in found.fits)) if entry]
    fitting = {entry.slug for entry in roots}
    better = tuple(entry.title for entry in roots if entry.parent not in fitting)
    return Declared(
        adapter=adapter,
        base=base.slug if base else "",
        base_title=base.title if base else "",
        base_family=base.family if base else found.detection.family.value,
        detection=found.detection,
        families=found.families,
        fit=_held_against(adapter, base, found),
        better=better,
        content=content,
        duplicates=tuple(duplicates),
    )


def _held_against(adapter: AdapterFile, base: OnBase | None, found: Identification) -> Fit | None:
    if base is None or base.manifest is None:
        return None
    known = next((one for one in found.fits if one.base == base.manifest.base), None)
    return known or fit(adapter, base.manifest)


def _likeliest(adapter: AdapterFile, found: Identification) -> OnBase | None:
    """Return the base that an adapter nobody declared a base for is judged on, None if none."""
    if found.base is None or found.detection.family is Family.UNKNOWN:
        return None
    on = OnBase.of(found.base)
    held = _held_against(adapter, on, found)
    if held is None or held.applied >= NEARLY_ALL * held.total:
        return on
    if found.base.modality in {"image", "video"}:
        # Strange names are a fault; strange shapes alone, in many layers, may be another size.
        return on if held.applied and held.unknown else None
    # A base that the file itself names is the one to judge it on, whatever its shapes.
    other_size = not (held.unknown or found.claim)
    return on if held.applied >= OR_HALF * held.total and not other_size else None


def _problem(result: Result) -> Problem:
    word = Word.REFUSED if result.outcome is Outcome.REJECTED else Word.WARNED
    return Problem(result.code, result.problem, word)


def _severity(word: Word) -> int:
    return word.status
