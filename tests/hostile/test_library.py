"""What the safetensors library takes and we do not, and why: nothing is refused for no cause."""

from __future__ import annotations

import pytest
import safetensors

from tests.hostile.corpus import header_table, header_text
from tests.hostile.judging import judged

# Why we are stricter, and the words by which a refusal for that reason is known.
STRICTER = {
    "a name twice (the library keeps the last)": "twice",
    "names that no screen shows, or that are longer than any layer's": "control characters",
    "more tensors, keys or dimensions than any adapter has": "tensors; |keys, more|dimensions",
    "shapes whose product is past counting": "beyond belief",
    "fields and forms that no writer makes": "malformed",
    "metadata that is null": "not a table of texts",
    "blanks before the JSON": "brace",
}
MOST = 2_000_000  # Bytes that the library is asked about.
CASES = [case for case in (*header_text.CASES, *header_table.CASES) if case.code == "file.header"]


def _is_taken(raw: bytes) -> bool:
    try:
        safetensors.deserialize(raw)
    except Exception:  # noqa: BLE001 - whatever it raises is a refusal
        return False
    return True


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_it_takes_is_refused_for_a_reason_that_is_written_down(case):
    raw = case.made()
    if len(raw) <= MOST and _is_taken(raw):
        words = "|".join(STRICTER.values()).split("|")
        sentence = judged(case).sentences["file.header"]
        assert any(word in sentence for word in words)
