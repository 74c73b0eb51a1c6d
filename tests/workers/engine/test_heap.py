from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from workers.engine import devices, heap, verbs

# A process of its own: what its libc is told is for its whole life.
ROUNDS = """
import resource
from workers.engine import heap

def pages():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

def fill():
    return [bytearray(b"x") * 2**20 for _ in range(64)]

keeps = {keep} and heap.keep()
fill()
before = pages()
for _ in range(10):
    fill()
asked, full = pages() - before, held()
heap.give_back()
print(int(keeps), asked, full - held())
"""
MEBI = 2**20
ROOT = Path(__file__).resolve().parents[3]


def rounds(*, keep):
    """Return whether it keeps, the pages asked for in rounds of 64 MiB, and bytes given back."""
    done = subprocess.run(
        [sys.executable, "-c", ROUNDS.format(keep=keep)],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    return map(int, done.stdout.split())


def test_what_is_let_go_of_is_taken_again_and_given_back_when_told():
    _, asked_before, _ = rounds(keep=False)
    keeps, asked, given_back = rounds(keep=True)
    if not keeps:
        pytest.skip("The C library of this system is not glibc.")

    assert asked < asked_before / 10
    assert given_back > 48 * MEBI


def test_libraries_that_know_nothing_of_it_are_let_be(monkeypatch):
    monkeypatch.setattr(heap, "_libc", object())

    assert not heap.keep()
    heap.give_back()


def test_an_engine_keeps_its_memory_from_when_it_is_opened(monkeypatch):
    kept = []
    monkeypatch.setattr(heap, "keep", lambda: kept.append(1))

    verbs.open_engine("cpu", network_off=False)

    assert kept == [1]


def test_making_room_gives_back(monkeypatch):
    given_back = []
    monkeypatch.setattr(heap, "give_back", lambda: given_back.append(1))

    devices.make_room(torch.device("cpu"))

    assert given_back == [1]
