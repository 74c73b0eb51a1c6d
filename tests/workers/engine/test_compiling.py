from __future__ import annotations

import logging
import weakref
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch._dynamo.testing import CompileCounterWithBackend

from tests.workers.engine import tiny
from workers.engine import attaching
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import attached
from workers.engine.bases import Bases
from workers.engine.columns import Column
from workers.engine.compiling import Blocks, blocks_of
from workers.engine.devices import choose
from workers.engine.families.protocol import NotByRow
from workers.engine.families.table import family_of
from workers.engine.rendering import Sample, render
from workers.engine.widths import even_out

FIVE, OTHER_FIVE = (0.0, 0.25, 0.5, 0.75, 1.0), (-0.5, 0.1, 0.6, 1.2, 1.5)


def quiet(done, of):
    """Nobody listens."""


@pytest.fixture(autouse=True)
def _no_diary(monkeypatch):
    # torch writes a diary of what it compiles, which pytest would keep: seconds for each form.
    monkeypatch.setattr(logging.getLogger("torch.__trace"), "propagate", False)


def counting():
    """Return a compiler that runs what it is given as it is, and counts it."""
    return CompileCounterWithBackend("eager")


@pytest.fixture(scope="module")
def counted():
    """One for all tests of this file, since tracing is what takes time."""
    torch._dynamo.reset()
    yield counting()
    torch._dynamo.reset()


@pytest.fixture(scope="module")
def loaded(base_source, counted):
    return Bases(choose("cpu"), backend=counted).load(base_source)


@pytest.fixture
def compiled(loaded):
    loaded.most_at_once = 1_000_000
    assert loaded.blocks.is_used
    return loaded


@pytest.fixture
def adapter(tmp_path, shapes):
    """Return a function that writes an adapter of a rank, for all attention or for some."""

    def write(rank, *, every=1, alpha=4.0):
        some = dict(list(shapes[0].items())[::every])
        pairs = tiny.pairs(some, rank=rank, seed=rank + every, size=0.1)
        return tiny.write(tmp_path / f"{rank}-{every}", tiny.kohya(pairs, alpha=alpha))

    return write


def drawn(base, scene, path, weights):
    samples = [Sample("a red circle", weight) for weight in weights]
    if path is None:
        found = render(base, scene, samples, attachment=None, on_step=quiet)
    else:
        with attached(base, AdapterSource(path)) as attachment:
            found = render(base, scene, samples, attachment=attachment, on_step=quiet)
    return np.stack([shot.latent for shot in found.shots])


def looped(base, scene, path, weights):
    return np.concatenate([drawn(base, scene, path, (weight,)) for weight in weights])


class TestDrawnCompiled:
    def test_is_what_the_loop_gives_whatever_came_before(self, base, compiled, scene, adapter):
        # A hook that set the weights went on setting those of a batch before, in this very order.
        first, second, third = adapter(8), adapter(16), adapter(4)
        calls = [
            (first, FIVE),
            (second, OTHER_FIVE),
            (first, (0.7,)),
            (first, (0.3,)),
            (second, (0.0,)),
            (None, (0.0,)),
            (third, OTHER_FIVE),
        ]

        found = [drawn(compiled, scene, *call) for call in calls]

        for call, latents in zip(calls, found, strict=True):
            assert np.abs(latents - looped(base, scene, *call)).max() < 1e-3
        assert compiled.blocks.is_used
        # … and it is no proof if nothing moves.
        for latents in (found[0], found[1], found[-1]):
            assert all(np.abs(one - other).max() > 1e-3 for one, other in pairwise(latents))

    def test_compiles_once_for_all_ranks_and_numbers_of_weights(
        self, compiled, counted, scene, adapter
    ):
        for path, weights in ((adapter(4), FIVE), (adapter(8), (1.0,)), (None, (0.0,))):
            drawn(compiled, scene, path, weights)
        warm = counted.frame_count

        for rank in (1, 3, 5, 16, 20, 32):
            path = adapter(rank)
            for weights in ((0.5,), (0.0, 1.0), OTHER_FIVE, (*FIVE, 1.1, 1.2, 1.3)):
                drawn(compiled, scene, path, weights)
        drawn(compiled, scene, None, (0.0, 0.0))

        assert warm >= 3
        assert counted.frame_count == warm
        assert compiled.blocks.is_used

    def test_compiles_once_more_for_other_layers_and_for_wide_ranks(
        self, compiled, counted, scene, adapter
    ):
        usual, some, wide = adapter(4), adapter(4, every=2), adapter(33)
        forms = []
        for path in (usual, some, wide, usual, some, wide):
            drawn(compiled, scene, path, FIVE)
            forms.append(counted.frame_count)

        assert forms[0] < forms[1] < forms[2]
        assert forms[2:] == [forms[2]] * 4

    def test_leaves_layers_of_other_kinds_to_what_is_not_compiled(
        self, base, compiled, counted, scene, tmp_path, unet_pairs
    ):
        tensors = tiny.diffusers_new(unet_pairs)
        for name in unet_pairs:
            weight = base.pipeline.unet.get_submodule(name).weight
            tensors[f"unet.{name}.lora_magnitude_vector"] = weight.norm(dim=1).detach() * 1.1
        dora = tiny.write(tmp_path / "dora", tensors)

        before = counted.frame_count

        found = drawn(compiled, scene, dora, (0.0, 1.0))

        assert np.abs(found - looped(base, scene, dora, (0.0, 1.0))).max() < 1e-4
        assert counted.frame_count == before
        assert compiled.blocks.is_used

    def test_says_nothing_of_room_that_the_compiler_took(
        self, base_source, scene, adapter, monkeypatch
    ):
        fresh, noted = Bases(choose("cpu"), backend=counting()).load(base_source), []
        monkeypatch.setattr(
            type(fresh.room), "note", lambda room, pixels, samples, taken: noted.append(samples)
        )

        drawn(fresh, scene, adapter(4), FIVE)
        drawn(fresh, scene, adapter(8), FIVE)

        assert noted == [5]

    def test_holds_no_base_in_memory_and_outlasts_it(self, base_source, scene):
        compiler = counting()
        bases = Bases(choose("cpu"), backend=compiler)
        drawn(bases.load(base_source), scene, None, (0.0,))
        denoiser = weakref.ref(bases.load(base_source).pipeline.unet)
        warm = compiler.frame_count

        bases.forget()
        assert denoiser() is None
        drawn(bases.load(base_source), scene, None, (0.0,))

        assert warm > 0
        assert compiler.frame_count == warm


class TestFailing:
    def test_compiler_fails_no_picture_and_is_asked_no_more(
        self, base, base_source, scene, adapter, caplog
    ):
        asked = []

        def broken(graph, inputs):
            asked.append(graph)
            raise RuntimeError("there is no C++ compiler here")

        failing = Bases(choose("cpu"), backend=broken).load(base_source)
        with caplog.at_level(logging.WARNING, "workers.engine"):
            found = [drawn(failing, scene, adapter(4), FIVE) for _ in range(2)]

        for latents in found:
            assert np.abs(latents - looped(base, scene, adapter(4), FIVE)).max() < 1e-3
        assert len(asked) == 1
        (said,) = (one.getMessage() for one in caplog.records if one.name == "workers.engine")
        assert said.startswith("tiny is drawn without torch.compile from now on: ")
        assert "no C++ compiler" in said

    def test_pipeline_is_told_of_and_is_no_reason_to_compile_no_more(
        self, compiled, scene, monkeypatch
    ):
        def denoise(*_):
            raise ValueError("nothing to do with compilers")

        monkeypatch.setattr(type(compiled.family), "denoise", denoise)
        with pytest.raises(ValueError, match="nothing to do with compilers"):
            drawn(compiled, scene, None, (0.0,))

        assert compiled.blocks.is_used

    def test_room_is_made_as_ever(self, compiled, scene, adapter, monkeypatch):
        roomy, sizes = type(compiled.family).denoise, []

        def cramped(family, pipeline, conditioning, *rest):
            sizes.append(len(conditioning))
            if len(conditioning) > 2:
                raise torch.OutOfMemoryError("Tried to allocate a little too much")
            return roomy(family, pipeline, conditioning, *rest)

        monkeypatch.setattr(type(compiled.family), "denoise", cramped)
        drawn(compiled, scene, adapter(4), FIVE)

        assert sizes == [5, 2, 2, 1]
        assert compiled.blocks.is_used

    def test_rows_that_are_not_the_samples_are_told_of(self, counted):
        class Scaled(torch.nn.Module):
            def forward(self, rows):
                return rows * self.column

        block = Scaled()
        block.column = Column(torch.tensor([0.5, 1.0]))
        blocks = Blocks("tiny", {"unet": (block,)}, counted)

        assert blocks.draw(lambda: block(torch.ones(4, 3)))[:, 0].tolist() == [0.5, 1.0, 0.5, 1.0]
        with pytest.raises(NotByRow, match="3 rows cannot carry 2 weights"):
            blocks.draw(lambda: block(torch.ones(3, 3)))
        with pytest.raises(NotByRow, match="8 rows cannot carry 2 weights"):
            blocks.draw(lambda: block(torch.ones(8, 3)))

        assert blocks.is_used


class TestBlocks:
    def test_are_as_they_were_once_it_is_drawn(self, compiled, scene):
        blocks = [block for found in compiled.blocks.components.values() for block in found]
        assert len(blocks) > 1

        drawn(compiled, scene, None, (0.0,))

        assert all(block._compiled_call_impl is None for block in blocks)

    def test_of_a_base_that_writes_there_are_none(self):
        assert blocks_of("tales", family_of("LlamaForCausalLM"), object(), "eager") is None

    def test_are_looked_for_only_where_an_operator_wants_it(self, base):
        assert base.blocks is None


class TestEvenOut:
    def test_gives_all_layers_one_rank_and_changes_nothing(self, compiled, adapter):
        with attached(compiled, AdapterSource(adapter(4, alpha=2.0))) as attachment:
            layer = next(iter(attachment.layers["unet"].values()))
            rows = torch.randn(2, 3, layer.in_features)
            before = layer(rows)

            assert even_out(attachment, compiled.blocks)

            assert layer.lora_A[attaching.NAME].weight.shape[0] == 32
            assert layer.lora_B[attaching.NAME].weight.shape[1] == 32
            assert (layer.r[attaching.NAME], layer.scaling[attaching.NAME]) == (4, 0.5)
            assert torch.allclose(layer(rows), before, atol=1e-6)

    def test_goes_by_the_largest_rank_of_an_adapter(self, compiled, tmp_path, shapes):
        wide, narrow = list(shapes[0].items())[:2]
        pairs = tiny.pairs(dict([wide]), rank=40) | tiny.pairs(dict([narrow]), rank=2)
        path = tiny.write(tmp_path / "mixed", tiny.kohya(pairs, alpha=None))
        with attached(compiled, AdapterSource(path)) as attachment:
            assert even_out(attachment, compiled.blocks)

            layers = attachment.layers["unet"].values()
            assert {layer.lora_A[attaching.NAME].weight.shape[0] for layer in layers} == {128}

    def test_leaves_layers_outside_of_the_blocks_alone(self, compiled, tmp_path):
        pairs = tiny.pairs(tiny.layers_of(compiled.pipeline.unet, ("conv1",)), size=0.1)
        path = tiny.write(tmp_path / "locon", tiny.diffusers_new(pairs))
        with attached(compiled, AdapterSource(path)) as attachment:
            assert even_out(attachment, compiled.blocks)

            layer = attachment.layers["unet"]["down_blocks.0.resnets.0.conv1"]
            assert layer.lora_A[attaching.NAME].weight.shape[0] == 4
