from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_rates():
    """Forget how often anyone has asked."""
    cache.clear()


@pytest.fixture(autouse=True)
def _own_store(blob_root):
    """Keep bytes where no other test sees them."""


@pytest.fixture
def signed_in(api, contributor):
    """Return a client that the contributor of the team `ink` is signed in to."""
    api.force_authenticate(contributor)
    return api
