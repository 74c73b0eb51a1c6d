"""The fuzzer's targets work, hold on all their seeds, and find what is planted."""

from __future__ import annotations

import importlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import header, running
from tests.fuzz.__main__ import TARGETS


@pytest.fixture(params=TARGETS)
def target(request):
    return importlib.import_module(f"tests.fuzz.{request.param}")


def test_hold_on_their_seeds_and_on_a_few_hundred_mutations(target):
    draw = random.Random(1)
    pool = list(target.seeds())
    for raw in pool:
        target.try_one(raw)
    for _ in range(200):
        target.try_one(running.mutated(draw.choice(pool), draw, pool=pool, words=target.DICTIONARY))


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=600), st.sampled_from([b"\0", b"\1{", b"\2"]))
def test_what_we_accept_the_library_reads_alike(data, how):
    """Names, number types, shapes and bytes: `must_agree` compares them all."""
    header.try_one(how + data)


def test_a_find_is_kept_once_with_what_was_said_of_it(tmp_path):
    def breaks(data: bytes) -> None:
        if data.startswith(b"x"):
            raise KeyError(data)

    watch = running.Watch(breaks, tmp_path)
    for data in (b"a", b"x1", b"x2"):
        watch(data)

    [digest] = watch.seen
    assert (tmp_path / digest).read_bytes() == b"x1"
    assert "KeyError" in (tmp_path / f"{digest}.txt").read_text()
    assert watch.runs == 3


def test_an_input_that_takes_too_long_is_a_find(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "SLOW", -1.0)
    watch = running.Watch(lambda data: None, tmp_path)
    watch(b"")
    assert len(watch.seen) == 1
