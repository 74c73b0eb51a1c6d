"""Pickles, archives, programs, pictures: none is let in, whatever its name."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import archives
from tests.hostile.judging import must_be_as_expected

CASES = archives.CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gets_the_verdict_that_it_deserves(case):
    must_be_as_expected(case)
