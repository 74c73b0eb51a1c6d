from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.factories import AdapterFactory, BaseFactory, VersionFactory, sweep


@pytest.fixture(autouse=True)
def _fresh_rates():
    """Forget how often anyone has asked."""
    cache.clear()


@pytest.fixture(autouse=True)
def _own_store(blob_root):
    """Keep bytes where no other test sees them."""


@pytest.fixture
def ink_wash(db):
    """Return a published version of `ink/ink-wash` that was swept, on SDXL."""
    version = VersionFactory(
        adapter=AdapterFactory(
            slug="ink-wash",
            team__slug="ink",
            description="A *wash* of ink.",
            tags=["ink", "style"],
            licence="Apache-2.0",
        ),
        base=BaseFactory(slug="sdxl-1-0", family="sdxl"),
        label="first light",
        published=True,
        weight_low=0.5,
        weight_high=1.1,
        measured_low=0.4,
        measured_high=1.0,
        measured_best=0.6,
        downloads=7,
    )
    sweep(version)
    return version
