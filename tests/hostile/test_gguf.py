"""GGUF files."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import gguf
from tests.hostile.judging import must_be_as_expected

CASES = gguf.CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gets_the_verdict_that_it_deserves(case):
    must_be_as_expected(case)
