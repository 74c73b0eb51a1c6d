"""A small base of every family, built and loaded when a test first asks for it."""

from __future__ import annotations

import pytest

from registry.sweeps.plan import Scene
from tests.workers.engine.families.small import BASES
from workers.engine.bases import Bases, BaseSource
from workers.engine.devices import choose


@pytest.fixture(scope="session")
def loaded(tmp_path_factory):
    """Return a function that gives the loaded base of a family."""
    kept = {}

    def load(slug):
        if slug not in kept:
            small = BASES[slug]
            folder = small.build(tmp_path_factory.mktemp("families") / slug)
            bases = Bases(choose("cpu"))
            kept[slug] = bases, bases.load(BaseSource(slug, small.pipeline, folder, folder, slug))
        return kept[slug][1]

    return load


@pytest.fixture(params=BASES)
def slug(request):
    return request.param


@pytest.fixture
def small(slug):
    return BASES[slug]


@pytest.fixture
def base(loaded, slug):
    base = loaded(slug)
    base.memory.clear()
    return base


@pytest.fixture
def scene():
    return Scene(
        slug="red-circle",
        title="A red circle",
        prompt="{trigger} a red circle",
        seed=3,
        steps=2,
        guidance=4.0,
        width=32,
        height=32,
    )
