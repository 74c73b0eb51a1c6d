"""What a refusal must be: one sentence that a person can read and no page can be hurt by."""

from __future__ import annotations

import re

LONGEST = 300
_OF_A_CRASH = re.compile(
    r"Traceback|line \d+ column|object at 0x[0-9a-f]+|[a-z]Error\b|<class |NoneType|codec can't"
)


def faults_of(sentence: str, *, longest: int = LONGEST) -> list[str]:
    """Return what keeps a text from being such a sentence."""
    faults = []
    if not sentence.endswith((".", "…")):
        faults.append("it does not end")
    if len(sentence) > longest:
        faults.append(f"it has {len(sentence)} characters")
    if not sentence.isprintable():
        faults.append("it holds characters that are not printed")
    if found := _OF_A_CRASH.search(sentence):
        faults.append(f"it speaks of a crash: {found[0]}")
    return faults


def must_be_a_sentence(sentence: str, *, longest: int = LONGEST) -> None:
    faults = faults_of(sentence, longest=longest)
    assert not faults, f"{faults}: {sentence[:1000]!r}"
