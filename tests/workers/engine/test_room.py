from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.workers.engine import tiny
from workers.engine import bases as bases_module
from workers.engine import devices, heap, rendering, room
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import attached
from workers.engine.bases import Bases
from workers.engine.devices import choose
from workers.engine.rendering import Sample, render
from workers.engine.room import GUESS, UNBOUNDED, Room, measured
from workers.engine.sweeping import Row, sweep

CPU = torch.device("cpu")
MEBI = 1024 * 1024


def quiet(done, of):
    """Nobody listens."""


class TestRoom:
    def test_guesses_by_the_size_of_the_picture(self, monkeypatch):
        monkeypatch.setattr(room, "free_memory", lambda place: 10 * 512 * 512 * GUESS)

        assert Room().most(512 * 512, CPU) == 8
        assert Room().most(64 * 64, CPU) > 100

    def test_goes_by_what_a_batch_took(self, monkeypatch):
        monkeypatch.setattr(room, "free_memory", lambda place: 1000 * MEBI)
        known = Room()

        known.note(512 * 512, 4, 400 * MEBI)

        assert known.most(512 * 512, CPU) == 8

    def test_takes_the_worst_of_what_was_measured(self, monkeypatch):
        monkeypatch.setattr(room, "free_memory", lambda place: 1000 * MEBI)
        known = Room()
        for taken in (200, 400, 100):
            known.note(64, 1, taken * MEBI)

        assert known.most(64, CPU) == 2

    def test_always_tries_one(self, monkeypatch):
        monkeypatch.setattr(room, "free_memory", lambda place: 0)

        assert Room().most(1024 * 1024, CPU) == 1

    def test_measures_what_a_block_takes_at_its_worst(self):
        with measured(CPU) as taken:
            held = torch.ones(64, MEBI // 4)
            del held

        assert taken.most == 0 or 40 * MEBI < taken.most < 200 * MEBI

    def test_measures_no_less_the_second_time(self):
        heap.keep()  # as the engine does
        most = []
        for _ in range(2):
            with measured(CPU) as taken:
                held = [torch.ones(4, MEBI // 4) for _ in range(32)]
                del held
            most.append(taken.most)

        assert most == [0, 0] or all(100 * MEBI < each < 200 * MEBI for each in most)


class TestFreeMemory:
    def test_is_what_the_machine_has_left(self):
        assert 0 < devices.free_memory(CPU) < devices.UNKNOWN

    def test_counts_what_torch_holds_for_nothing_on_a_gpu(self, monkeypatch):
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda place: (100, 1000))
        monkeypatch.setattr(torch.cuda, "memory_reserved", lambda place: 70)
        monkeypatch.setattr(torch.cuda, "memory_allocated", lambda place: 30)

        assert devices.free_memory(torch.device("cuda")) == 140


@pytest.fixture
def adapter(tmp_path, unet_pairs):
    return AdapterSource(tiny.write(tmp_path / "adapter", tiny.kohya(unet_pairs)))


@pytest.fixture
def batches(monkeypatch):
    """Return the sizes of the batches that are rendered."""
    sizes, plain = [], rendering._Run.plain

    def noting(run, samples):
        sizes.append(len(samples))
        return plain(run, samples)

    monkeypatch.setattr(rendering._Run, "plain", noting)
    return sizes


class TestBatches:
    def shots(self, base, scene, adapter, weights):
        samples = [Sample("a red circle", weight) for weight in weights]
        with attached(base, adapter) as attachment:
            return render(base, scene, samples, attachment=attachment, on_step=quiet).shots

    def test_are_as_large_as_what_is_free(self, base, scene, adapter, batches, monkeypatch):
        weights = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
        expected = self.shots(base, scene, adapter, weights)
        batches.clear()
        monkeypatch.setattr(Room, "most", lambda *_: 3)

        found = self.shots(base, scene, adapter, weights)

        assert batches == [3, 3, 1]
        for one, other in zip(found, expected, strict=True):
            assert np.abs(one.latent - other.latent).max() < 1e-4

    def test_grow_again_after_another_was_hungry(self, base, scene, adapter, batches):
        base.most_at_once = 1

        for _ in range(3):
            self.shots(base, scene, adapter, (0.0, 0.5, 1.0, 1.5))

        assert batches == [2, 2, 4, 4]
        assert base.most_at_once <= UNBOUNDED

    def test_are_decoded_one_by_one_where_room_is_short(self, base, scene, adapter, monkeypatch):
        weights = (0.0, 1.0)
        expected = self.shots(base, scene, adapter, weights)
        family, decode = type(base.family), type(base.family).decode

        def cramped(self, pipeline, latents):
            if len(latents) > 1:
                raise torch.OutOfMemoryError("Tried to allocate a little too much")
            return decode(self, pipeline, latents)

        monkeypatch.setattr(family, "decode", cramped)
        found = self.shots(base, scene, adapter, weights)

        for one, other in zip(found, expected, strict=True):
            assert np.abs(one.picture.astype(int) - other.picture).max() <= 1


class TestPrompts:
    def test_are_read_once_for_all_rows_and_adapters(self, base, scene, adapter, monkeypatch):
        base.encoded.clear()
        read, encode = [], type(base.family).encode

        def noting(self, pipeline, prompts, **other):
            read.append(tuple(prompts))
            return encode(self, pipeline, prompts, **other)

        monkeypatch.setattr(type(base.family), "encode", noting)
        other = replace(adapter, tensor_digest="other")
        for source in (adapter, other):
            for seed in (1, 2):
                row = Row(replace(scene, seed=seed), "a star", (0.0, 1.0), frozenset())
                sweep(base, source, row, on_step=quiet)

        assert read == [("a star",)]

    def test_are_read_anew_where_the_adapter_changes_who_reads(
        self, base, scene, tmp_path, unet_pairs, encoder_pairs
    ):
        path = tiny.write(tmp_path / "both", tiny.kohya(unet_pairs, encoder_pairs))
        base.encoded.clear()
        row = Row(scene, "a star", (0.5, 1.0), frozenset())

        sweep(base, AdapterSource(path), row, on_step=quiet)

        assert not base.encoded


class TestBases:
    @pytest.fixture
    def three(self, base_source, tmp_path):
        """Return three sources of the same small base."""
        return [replace(base_source, slug=f"base-{number}") for number in range(3)]

    def test_stay_while_there_is_room(self, three):
        bases = Bases(choose("cpu"))
        first = bases.load(three[0])
        bases.load(three[1])

        assert bases.load(three[0]) is first

    def test_go_when_there_is_none_the_longest_unasked_first(self, three, monkeypatch):
        bases = Bases(choose("cpu"))
        kept = [bases.load(source) for source in three[:2]]
        assert bases.load(three[0]) is kept[0]
        frees = iter([0, 1 << 40])  # room for one less than there are
        monkeypatch.setattr(bases_module, "free_memory", lambda place: next(frees, 1 << 40))

        bases.load(three[2])

        assert bases.load(three[0]) is kept[0]
        assert bases.load(three[1]) is not kept[1]

    def test_are_all_dropped_when_told_to(self, three):
        bases = Bases(choose("cpu"))
        first = bases.load(three[0])

        bases.forget()

        assert bases.load(three[0]) is not first


def test_twenty_adapters_leave_nothing_behind(base, scene, tmp_path, shapes):
    row = Row(replace(scene, steps=1), "a star", (0.0, 1.0), frozenset())
    counts = {}
    for number in range(20):
        pairs = tiny.pairs(shapes[0], seed=number)
        if number % 2:
            tensors = {
                f"lora_unet_{name.replace('.', '_')}.diff": up @ down
                for name, (down, up) in pairs.items()
            }
        else:
            tensors = tiny.kohya(pairs, tiny.pairs(shapes[1], seed=number))
        path = tiny.write(tmp_path / f"adapter-{number}", tensors)
        sweep(base, AdapterSource(path), row, on_step=quiet)
        if number in {4, 5, 18, 19}:
            counts[number] = tensors_alive()

    # Two kinds take turns, and the last of each leaves what an early one left.
    assert counts[18] <= counts[4] + 4
    assert counts[19] <= counts[5] + 4
    assert base.is_sound


def tensors_alive() -> int:
    gc.collect()
    return sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())
