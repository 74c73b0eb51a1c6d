from __future__ import annotations

import pytest

from registry.services import searches
from tests.factories import BaseFactory, UserFactory, VersionFactory

pytestmark = pytest.mark.django_db
INK = {"title": "Ink", "query": "?tags=ink&kind=style&kind=voice&q=&sort=title"}


@pytest.fixture
def person(api):
    person = UserFactory()
    api.force_authenticate(person)
    return person


class TestSearches:
    def test_are_saved_tidied_listed_renamed_and_removed(self, api, person):
        saved = api.post("/api/searches", INK).json()
        assert saved["query"] == "tags=ink&kind=style,voice&sort=title"
        assert saved["page_url"].endswith("/?tags=ink&kind=style,voice&sort=title")
        assert api.get(saved["url"]).status_code == 200

        api.patch(f"/api/searches/{saved['id']}", {"title": "Ink and voices"})
        assert [one["title"] for one in api.get("/api/searches").json()["items"]] == [
            "Ink and voices"
        ]

        assert api.delete(f"/api/searches/{saved['id']}").status_code == 204
        assert api.get("/api/searches").json()["items"] == []

    @pytest.mark.parametrize(
        ("told", "said"),
        [
            ({"query": "kind=styles"}, "kind is 'styles'"),
            ({"query": "sort=best"}, "sort is 'best'"),
            ({"query": "colour=red"}, "no parameter “colour”"),
            ({"title": "  "}, "blank"),
        ],
        ids=["a value", "an order", "a filter", "no name"],
    )
    def test_refuses_what_makes_no_sense(self, api, person, told, said):
        answer = api.post("/api/searches", INK | told)
        assert answer.status_code == 400
        assert said in answer.text

    def test_have_names_of_their_own(self, api, person):
        api.post("/api/searches", INK)
        assert api.post("/api/searches", INK).status_code == 409

    def test_are_nobody_elses(self, api, person):
        saved = api.post("/api/searches", INK).json()
        api.force_authenticate(UserFactory())
        assert api.delete(f"/api/searches/{saved['id']}").status_code == 404
        assert api.get("/api/searches").json()["items"] == []

    def test_are_as_many_as_one_may(self, api, person, monkeypatch):
        monkeypatch.setattr(searches, "MOST", 1)
        api.post("/api/searches", INK)
        assert api.post("/api/searches", INK | {"title": "Another"}).status_code == 429

    def test_are_for_people_who_signed_in(self, api):
        assert api.get("/api/searches").status_code == 401


class TestUsedBases:
    def test_are_remembered_and_forgotten(self, api, person):
        BaseFactory(slug="sdxl-1-0", family="sdxl")

        told = api.put("/api/account/bases", {"bases": ["SDXL", "sdxl-1-0", "sdxl"]})
        assert told.json() == {"bases": ["sdxl", "sdxl-1-0"]}
        assert api.get("/api/account/bases").json() == told.json()

        api.put("/api/account/bases", {"bases": []})
        person.refresh_from_db()
        assert person.fits == []

    def test_refuses_a_base_that_nobody_knows(self, api, person):
        answer = api.put("/api/account/bases", {"bases": ["sdxxl"]})
        assert answer.status_code == 400
        assert "no base model called 'sdxxl'" in answer.json()["detail"]


def test_a_hash_in_any_spelling_is_found_by_typing_it(api):
    version = VersionFactory(published=True)
    VersionFactory(published=True)
    blob = version.files.get().blob
    for hash_ in (blob.sha256, blob.sha256[:10].upper(), blob.autov3[:12], blob.crc32):
        items = api.get("/api/adapters", {"q": hash_}).json()["items"]
        assert [one["sha256"] for one in items] == [version.sha256], hash_
