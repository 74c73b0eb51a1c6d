from __future__ import annotations

import pytest

from tests.factories import AdapterFactory, BaseFactory, VersionFactory

pytestmark = pytest.mark.django_db


def test_tells_the_line_and_the_likes(api, team):
    parent = BaseFactory(slug="shapes", family="shapes")
    base = BaseFactory(slug="child", family="shapes", parent=parent)
    adapter = AdapterFactory(team=team, slug="wash", tags=["ink"])
    first = VersionFactory(adapter=adapter, base=base, published=True)
    VersionFactory(adapter=adapter, base=base, published=True, parent=first)
    like = VersionFactory(adapter__tags=["ink"], base=base, published=True, trigger_words=["x"])

    told = api.get("/api/adapters/ink/wash/versions/2/related").json()

    assert told["bases"] == ["shapes", "child"]
    assert told["ancestors"] == [1]
    assert told["descendants"] == told["same_weights"] == []
    [similar] = told["similar"]
    assert similar["version"]["name"] == like.adapter.slug
    assert similar["tags"] == ["ink"]


def test_hides_what_is_not_published_from_strangers(api, team):
    VersionFactory(adapter__team=team, adapter__slug="wash", ready=True)

    assert api.get("/api/adapters/ink/wash/versions/1/related").status_code == 404
