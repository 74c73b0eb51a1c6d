"""Judge a hostile file as a user's is judged, and say what came out and what it cost."""

from __future__ import annotations

import io
import time
import tracemalloc
from dataclasses import dataclass

from registry.bases import catalogue
from registry.formats import configs
from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError
from registry.formats.files import read_header
from registry.formats.sniff import SNIFFED_BYTES, clean_name, refuse_by_content
from registry.verdicts import shown
from registry.verdicts.verdict import OnBase, Seen, Verdict, refusal, verdict_of
from tests.hostile.case import Case
from workers.content import read_content


@dataclass(frozen=True)
class Judgement:
    """What was said of a file, and what saying it took."""

    word: str
    sentences: dict[str, str]  # by the code of who said it
    seconds: float  # of processor time
    peak: int  # bytes, the file itself not counted


def judged(case: Case) -> Judgement:
    """Return the judgement on a case. Whatever is no FormatError leaves this as what it is."""
    raw = case.made()
    _warm(case.base)
    tracemalloc.start()
    try:
        verdict = verdict_on(case, raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    began = time.process_time()  # Again, since being watched takes three times as long.
    verdict_on(case, raw)
    seconds = time.process_time() - began
    return Judgement(
        word=verdict.word.value,
        sentences={one.code: one.sentence for one in verdict.problems},
        seconds=seconds,
        peak=peak,
    )


def verdict_on(case: Case, raw: bytes) -> Verdict:
    """Return all that is said of the file, through the doors that a user's file goes through."""
    seen = Seen(name="", size=len(raw))
    try:
        name = clean_name(case.file_name)
        file = io.BytesIO(raw)
        refuse_by_content(raw[:SNIFFED_BYTES], name=name, size=len(raw))
        header = read_header(file, file_size=len(raw))
        config = None
        if case.config is not None:
            config = configs.parse(case.config, name="adapter_config.json")
        adapter = read_adapter(header, config=config)
        content = read_content(file, header, config=config)
    except FormatError as error:
        return refusal(error, seen)
    entry = catalogue.entry(case.base)
    assert entry, case.base
    on = OnBase.of(entry)
    verdict = verdict_of(adapter, Seen("", len(raw), content), base=on)
    shown.as_json(verdict)
    return verdict


def _warm(base: str) -> None:
    """Read what every process reads once, so that no single case pays for it."""
    catalogue.manifests()
    entry = catalogue.entry(base)
    assert entry, base
    for manifest in catalogue.manifests():
        assert manifest.by_flat_name is not None
