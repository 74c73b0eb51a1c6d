from __future__ import annotations

import pytest

from tests.factories import BaseFactory, SceneFactory, VersionFactory

pytestmark = pytest.mark.django_db


def test_lists_bases_with_how_many_adapters_each_has(api):
    sdxl = BaseFactory(slug="sdxl-1-0", family="sdxl")
    BaseFactory(slug="pony-6", family="sdxl", parent=sdxl)
    VersionFactory(base=sdxl, published=True)

    rows = {row["slug"]: row for row in api.get("/api/bases").json()["items"]}

    assert rows["sdxl-1-0"]["adapters"] == 1
    assert rows["pony-6"]["adapters"] == 0
    assert rows["pony-6"]["parent"] == "sdxl-1-0"
    assert rows["sdxl-1-0"]["adapters_url"] == "http://testserver/api/adapters?base=sdxl-1-0"


@pytest.mark.parametrize("bases", [1, 9])
def test_asks_the_database_once(api, django_assert_num_queries, bases):
    for index in range(bases):
        BaseFactory(slug=f"base-{index}")
    with django_assert_num_queries(1):
        api.get("/api/bases")


def test_shows_one_with_its_scenes_by_any_of_its_names(api):
    base = BaseFactory(slug="sdxl-1-0", family="sdxl", aliases=["sdxl_base_v1-0"])
    SceneFactory(base=base, slug="later", position=2)
    SceneFactory(base=base, slug="first", position=1)
    SceneFactory(base=base, slug="gone", active=False)

    shown = api.get("/api/bases/sdxl_base_v1-0").json()

    assert shown["slug"] == "sdxl-1-0"
    assert [scene["slug"] for scene in shown["scenes"]] == ["first", "later"]


def test_says_where_to_look_when_nobody_knows_the_base(api):
    answer = api.get("/api/bases/unheard-of")
    assert answer.status_code == 404
    assert "GET /api/bases" in answer.json()["detail"]
