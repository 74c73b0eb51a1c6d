from __future__ import annotations

import pytest

from hub.pages.advice import ADVICE
from registry.checks.table import EFFECT_CHECKS, FILE_CHECKS, TRIAL_CHECKS

CODES = [check.code for check in (*FILE_CHECKS, *TRIAL_CHECKS, *EFFECT_CHECKS)]


@pytest.mark.parametrize("code", CODES)
def test_every_check_says_what_to_do(code):
    assert ADVICE[code].means
    assert ADVICE[code].do
