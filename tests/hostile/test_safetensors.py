"""Safetensors files, from the first eight bytes to the last number."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import content, header_table, header_text, metadata
from tests.hostile.judging import must_be_as_expected

CASES = (*header_text.CASES, *header_table.CASES, *content.CASES, *metadata.CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gets_the_verdict_that_it_deserves(case):
    must_be_as_expected(case)
