"""A tiny base on disk and in memory, once for all tests of the engine."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
torch.set_num_threads(1)

from registry.sweeps.plan import Scene  # noqa: E402
from tests.workers.engine import tiny  # noqa: E402
from workers.engine.bases import Bases, BaseSource  # noqa: E402
from workers.engine.devices import choose  # noqa: E402


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/workers/engine/" in str(item.path):
            item.add_marker(pytest.mark.torch)


@pytest.fixture(scope="session")
def base_folder(tmp_path_factory):
    return tiny.build_base(tmp_path_factory.mktemp("bases") / "tiny")


@pytest.fixture(scope="session")
def base_source(base_folder):
    return BaseSource("tiny", "StableDiffusionPipeline", base_folder, base_folder, "digest-of-tiny")


@pytest.fixture(scope="session")
def bases():
    return Bases(choose("cpu"))


@pytest.fixture
def base(bases, base_source):
    loaded = bases.load(base_source)
    loaded.memory.clear()
    loaded.most_at_once = 1_000_000
    return loaded


@pytest.fixture(scope="session")
def shapes(bases, base_source):
    """Layers of the base that adapters touch: the attention of the UNet, and of the encoder."""
    pipeline = bases.load(base_source).pipeline
    return (
        tiny.layers_of(pipeline.unet, tiny.ATTENTION),
        tiny.layers_of(pipeline.text_encoder, tiny.ENCODER),
    )


@pytest.fixture(scope="session")
def unet_pairs(shapes):
    return tiny.pairs(shapes[0])


@pytest.fixture(scope="session")
def encoder_pairs(shapes):
    return tiny.pairs(shapes[1], seed=2)


@pytest.fixture
def scene():
    return Scene(
        slug="red-circle",
        title="A red circle",
        prompt="{trigger} a red circle",
        seed=3,
        steps=3,
        guidance=4.0,
        width=16,
        height=16,
    )
