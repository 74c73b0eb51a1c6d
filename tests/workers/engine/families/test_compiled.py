"""Every family of pictures has blocks that can be compiled, and draws with them what it did."""

from __future__ import annotations

import logging

import numpy as np
import pytest
import torch

from tests.workers.engine import tiny
from tests.workers.engine.families.small import BASES
from tests.workers.engine.families.test_families import adapter, at_weights
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import Bases
from workers.engine.compiling import blocks_of, compilations
from workers.engine.devices import choose


def test_knows_the_blocks_that_are_repeated(base, small):
    blocks = blocks_of(small.pipeline, base.family, base.pipeline, "eager").components

    assert len(blocks[small.denoiser]) > 1
    assert all(layer in _within(blocks[small.denoiser]) for layer in _attention(base, small))


def _within(blocks):
    return {layer for block in blocks for layer in block.modules()}


def _attention(base, small):
    """Return the layers that take nearly all of the time."""
    denoiser = getattr(base.pipeline, small.denoiser)
    return [layer for name, layer in denoiser.named_modules() if name.endswith(tiny.ATTENTION)]


# Each of another make: two streams of words and picture, one after two, convolutions in between.
@pytest.mark.parametrize("slug", ["sd3", "flux", "sana"])
def test_draws_compiled_what_it_draws_anyway(loaded, slug, scene, tmp_path, monkeypatch):
    monkeypatch.setattr(logging.getLogger("torch.__trace"), "propagate", False)
    base, small = loaded(slug), BASES[slug]
    compiled = Bases(choose("cpu"), backend="eager").load(base.source)
    endings = tiny.ATTENTION + ((small.convolution,) if small.convolution else ())
    path = tiny.write(tmp_path / "adapter", adapter(base, small, endings=endings))
    before = compilations()

    found = at_weights(compiled, scene, AdapterSource(path))
    expected = at_weights(base, scene, AdapterSource(path))

    assert compiled.blocks.is_used
    assert compilations() > before
    assert found.method == expected.method == "batch"
    for one, other in zip(found.shots, expected.shots, strict=True):
        assert np.abs(one.latent - other.latent).max() < 1e-3
    torch._dynamo.reset()
