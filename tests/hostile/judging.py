"""
Judge a hostile file as a user's is judged, in the room and the time that it is given.

What is said is what `registry.verdicts` says: the readers, then every check of names, shapes and
numbers, against the base that the file is declared for.
"""

from __future__ import annotations

import io
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from registry.bases import catalogue
from registry.formats import configs
from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError
from registry.formats.files import read_header
from registry.formats.folders import open_folder
from registry.formats.sniff import SNIFFED_BYTES, clean_name, refuse_by_content
from registry.verdicts import shown
from registry.verdicts.verdict import OnBase, Seen, Verdict, refusal, verdict_of
from tests.hostile.case import REFUSED, Case
from tests.hostile.sentences import LONGEST, faults_of
from workers.content import read_content

MOST_SECONDS = 1.0  # of processor time: for all that names and shapes tell, and for the numbers
MOST_MEMORY = 256 << 20
SLACK = 2.0  # Other tests run beside this one, on the same cores.


@dataclass(frozen=True)
class Judgement:
    """What was said of a file, and what saying it took."""

    word: str
    sentences: dict[str, str]  # by the code of who said it
    seconds: float
    numbers_seconds: float  # … of which went into looking at the numbers


def must_be_as_expected(case: Case) -> None:
    """Fail unless the case gets its verdict, in a sentence that names what is wrong, and soon."""
    judgement = judged(case)
    said = judgement.sentences
    assert judgement.word == case.word, said
    if case.code:
        assert case.code in said, said
        assert re.search(case.told, said[case.code]), said
    else:
        assert not said
    for sentence in said.values():
        faults = faults_of(sentence, longest=LONGEST if case.word == REFUSED else 2 * LONGEST)
        assert not faults, sentence
    assert judgement.seconds - judgement.numbers_seconds < MOST_SECONDS * SLACK
    assert judgement.numbers_seconds < MOST_SECONDS * SLACK


def judged(case: Case) -> Judgement:
    """Return the judgement on a case. Whatever is no FormatError leaves this as what it is."""
    raw = case.made()
    _warm()
    clock = Clock()
    with at_most(MOST_MEMORY):
        began = time.process_time()
        verdict = verdict_on(case, raw, clock)
        seconds = time.process_time() - began
    return Judgement(
        word=verdict.word.value,
        sentences={one.code: one.sentence for one in verdict.problems},
        seconds=seconds,
        numbers_seconds=clock.seconds,
    )


class Clock:
    """Adds up the processor time of what runs inside of it."""

    seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        began = time.process_time()
        yield
        self.seconds += time.process_time() - began


@contextmanager
def at_most(room: int) -> Iterator[None]:
    """Let this process take only so many bytes more than it has; then comes a MemoryError."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(pages.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def verdict_on(case: Case, raw: bytes, clock: Clock) -> Verdict:
    """Return all that is said of the file, through the doors that a user's file goes through."""
    seen = Seen(name="", size=len(raw))
    try:
        with _opened(case, raw) as (file, size, config):
            header = read_header(file, file_size=size)
            adapter = read_adapter(header, config=config)
            with clock.running():
                content = read_content(file, header, config=config)
    except FormatError as error:
        return refusal(error, seen)
    entry = catalogue.entry(case.base)
    assert entry, case.base
    verdict = verdict_of(adapter, Seen("", len(raw), content), base=OnBase.of(entry))
    shown.as_json(verdict)
    return verdict


@contextmanager
def _opened(case: Case, raw: bytes) -> Iterator[tuple[BinaryIO, int, Mapping[str, Any] | None]]:
    """Give the weights, how large they are, and the configuration beside them."""
    name = clean_name(case.file_name)
    if case.folder:
        with tempfile.TemporaryDirectory() as at:
            path = Path(at) / name
            path.write_bytes(raw)
            folder = open_folder(path)
            with folder.weights[0].open() as file:
                yield file, folder.weights[0].size, folder.config
        return
    refuse_by_content(raw[:SNIFFED_BYTES], name=name, size=len(raw))
    config = None
    if case.config is not None:
        config = configs.parse(case.config, name="adapter_config.json")
    yield io.BytesIO(raw), len(raw), config


def _warm() -> None:
    """Read what every process reads once, so that no single case pays for it."""
    for manifest in catalogue.manifests():
        assert manifest.by_flat_name is not None
