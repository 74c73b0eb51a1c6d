"""adapter_config.json beside sound weights."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import configurations
from tests.hostile.judging import must_be_as_expected

CASES = configurations.CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gets_the_verdict_that_it_deserves(case):
    must_be_as_expected(case)
