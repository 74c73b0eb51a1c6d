"""The corpus is as large as it is said to be, and no case is in it twice."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.hostile import (
    test_archives,
    test_configurations,
    test_file_names,
    test_gguf,
    test_uploads,
)
from tests.hostile import test_safetensors as safetensors
from tests.hostile.case import REFUSED

LEAST = {
    safetensors: 120,
    test_archives: 60,
    test_gguf: 60,
    test_file_names: 60,
    test_configurations: 60,
    test_uploads: 20,
}
CASES = [case for module in LEAST for case in module.CASES]


@pytest.mark.parametrize(("module", "least"), LEAST.items(), ids=lambda each: str(each)[-30:])
def test_every_kind_is_large_enough(module, least):
    assert len(module.CASES) >= least


def test_there_are_enough_in_all():
    assert len(CASES) >= 380


def test_no_case_has_another_s_name():
    assert not [name for name, times in Counter(map(str, CASES)).items() if times > 1]


def test_every_refusal_says_what_must_be_named():
    assert not [str(case) for case in CASES if case.word == REFUSED and not case.code]


def test_whatever_holds_pickles_is_refused():
    assert {case.word for case in test_archives.CASES} == {REFUSED}
