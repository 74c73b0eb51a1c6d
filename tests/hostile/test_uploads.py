"""ZIP files of an adapter's folder."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import uploads
from tests.hostile.judging import must_be_as_expected

CASES = uploads.CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gets_the_verdict_that_it_deserves(case):
    must_be_as_expected(case)
