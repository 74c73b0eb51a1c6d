from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.factories import member
from tests.hub.pages import rows


@pytest.fixture(autouse=True)
def _fresh_rates():
    """Forget how often anyone has tried to sign in."""
    cache.clear()


@pytest.fixture(autouse=True)
def _own_store(blob_root):
    """Keep bytes where no other test sees them."""


@pytest.fixture
def person(team):
    """Return a contributor of the team `ink`."""
    return member(team, username="mika")


@pytest.fixture
def signed_in(client, person):
    """Return a browser that the contributor is signed in with."""
    client.force_login(person)
    return client


@pytest.fixture
def zebra(team, person):
    """Return a published version with a sweep and a report, all as workers leave it."""
    return rows.shown(team, "zebra", by=person)
