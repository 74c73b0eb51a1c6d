"""The door for huggingface_hub: each test has its own store, and nobody has asked before."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_rates():
    """Forget how often anyone has asked."""
    cache.clear()
