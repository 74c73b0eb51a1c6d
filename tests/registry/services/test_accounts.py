from __future__ import annotations

import pytest
from django.urls import get_resolver
from django.utils import timezone

from registry.errors import Invalid
from registry.services import accounts
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_team_cannot_take_an_address_of_the_hubs_own():
    with pytest.raises(Invalid, match="account is an address"):
        accounts.found_team(slug="account", title="A", by=UserFactory(), now=timezone.now())


def test_every_address_of_the_hubs_own_is_kept_from_teams():
    first = {str(one.pattern).split("/")[0] for one in get_resolver().url_patterns}
    first |= {
        str(page.pattern).split("/")[0]
        for one in get_resolver().url_patterns
        if not str(one.pattern)
        for page in one.url_patterns
    }

    assert {word for word in first if word and "<" not in word} <= accounts.RESERVED
