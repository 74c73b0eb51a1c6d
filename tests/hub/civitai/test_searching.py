"""What parameters of /models and /images find, and how one goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.bases import labels
from registry.models import AdapterVersion
from registry.services import bases
from tests.factories import AdapterFactory, BaseFactory, VersionFactory, member, sweep, token

pytestmark = pytest.mark.django_db
AT = "/api/v1/models"


def names(api, **query):
    answer = api.get(AT, query)
    assert answer.status_code == 200, answer.json()
    return [item["name"] for item in answer.json()["items"]]


def published(slug, *, base="sdxl-1-0", parent=None, algorithm="lora", **fields):
    adapter = {name[9:]: fields.pop(name) for name in list(fields) if name.startswith("adapter__")}
    version = VersionFactory(
        adapter=AdapterFactory(slug=slug, title=slug, **adapter),
        base=BaseFactory(slug=base, parent=parent),
        published=True,
        **{"trigger_words": []} | fields,
    )
    version.files.update(algorithm=algorithm)
    return version


@pytest.fixture
def library(db):
    """Return four published versions and one that is not."""
    sdxl = BaseFactory(slug="sdxl-1-0", aliases=["sdxl 1.0"])
    return {
        "plain": published("plain", adapter__tags=["ink"], trigger_words=["inkwash"], downloads=3),
        "pony": published(
            "pony", base="pony-v6", parent=sdxl, algorithm="lora, locon", downloads=9
        ),
        "dora": published(
            "dora", algorithm="dora, lora", adapter__content_level="explicit", downloads=1
        ),
        "text": published("text", base="llama-3-8b", adapter__licence="CC BY-NC 4.0"),
        "waiting": VersionFactory(adapter__title="waiting", ready=True),
    }


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, ["text", "dora", "pony", "plain"]),
            ({"sort": "Newest"}, ["text", "dora", "pony", "plain"]),
            ({"sort": "Highest Rated"}, ["text", "dora", "pony", "plain"]),
            ({"sort": "Oldest"}, ["plain", "pony", "dora", "text"]),
            ({"sort": "Most Downloaded"}, ["pony", "plain", "dora", "text"]),
            ({"query": "inkwash"}, ["plain"]),
            ({"query": "PONY"}, ["pony"]),
            ({"query": "pony plain"}, []),
            ({"tag": "INK"}, ["plain"]),
            ({"types": "LORA"}, ["text", "plain"]),
            ({"types": ["LoCon", "DoRA"]}, ["dora", "pony"]),
            ({"types": "LoCon,DoRA"}, ["dora", "pony"]),
            ({"types": "Checkpoint"}, []),
            ({"baseModels": "SDXL 1.0"}, ["dora", "plain"]),
            ({"baseModels": "SDXL 0.9"}, ["dora", "plain"]),  # the same base here
            ({"baseModels": ["Pony", "Other"]}, ["text", "pony"]),
            ({"nsfw": "false"}, ["text", "pony", "plain"]),
            ({"nsfw": "true"}, ["text", "dora", "pony", "plain"]),
            ({"fileFormats": "GGUF"}, []),
            ({"fileFormats": "SafeTensor"}, ["text", "dora", "pony", "plain"]),
            ({"allowCommercialUse": "Sell"}, []),
            ({"allowDerivatives": "true"}, ["text"]),
            ({"allowDerivatives": "false", "query": "plain"}, ["plain"]),
            ({"period": "Day"}, []),
            ({"period": "AllTime"}, ["text", "dora", "pony", "plain"]),
            ({"supportsGeneration": "true"}, []),
            ({"earlyAccess": "false", "archived": "x"}, ["text", "dora", "pony", "plain"]),
            ({"availability": "Private"}, []),
            ({"checkpointType": "Merge"}, []),
            ({"whatever": "1", "rating": "5"}, ["text", "dora", "pony", "plain"]),
            ({"limit": "0"}, []),
        ],
        ids=lambda value: str(value)[:60] if isinstance(value, dict) else "",
    )
    def test_narrow(self, api, library, query, found):
        assert names(api, **query) == found

    def test_find_what_is_named_by_number(self, api, library):
        plain, pony = library["plain"], library["pony"]
        both = f"{plain.adapter.serial},{pony.adapter.serial},999999"
        assert names(api, ids=both) == ["pony", "plain"]
        assert names(api, ids=[plain.adapter.serial, pony.adapter.serial]) == ["pony", "plain"]
        assert names(api, modelVersionIds=pony.serial) == ["pony"]

    def test_find_a_team(self, api, library):
        team = library["dora"].adapter.team
        assert names(api, username=team.slug.upper()) == ["dora"]
        assert names(api, username="nobody") == []

    def test_find_what_is_new(self, api, library):
        new = library["dora"]
        AdapterVersion.objects.filter(pk=new.pk).update(
            published_at=timezone.now() - timedelta(days=3)
        )
        assert names(api, period="Week") == ["dora"]

    def test_find_nothing_in_lists_of_one_s_own(self, api, library):
        assert api.get(AT, {"favorites": "true"}).status_code == 401
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(member(library['dora'].adapter.team))}")
        assert names(api, favorites="true") == []
        assert len(names(api, favorites="false")) == 4

    def test_find_by_every_label_that_the_catalogue_knows(self, api):
        bases.load_catalogue()
        for label in labels.known():
            assert names(api, baseModels=label) == []
        published("krea", base="krea-2")
        assert names(api, baseModels="Krea 2") == ["krea"]


class TestPaging:
    def test_follows_the_cursor_to_the_end(self, api, library):
        seen, address = [], f"{AT}?limit=3&sort=Most Downloaded&token="
        while address:
            body = api.get(address).json()
            seen += [item["name"] for item in body["items"]]
            address = body["metadata"].get("nextPage")
            assert not address or "token=" not in address
        assert seen == ["pony", "plain", "dora", "text"]

    @pytest.mark.parametrize("sort", ["Newest", "Oldest", "Most Downloaded"])
    def test_shows_each_once_by_any_order(self, api, sort):
        for number in range(5):
            published(f"one{number}", downloads=2)
        seen, cursor = [], ""
        for _ in range(5):
            body = api.get(AT, {"limit": 1, "sort": sort, "cursor": cursor}).json()
            seen += [item["name"] for item in body["items"]]
            cursor = body["metadata"].get("nextCursor", "")
        assert sorted(seen) == [f"one{number}" for number in range(5)]
        assert cursor == ""

    def test_goes_by_number_too(self, api, library):
        first = api.get(AT, {"limit": 3, "page": 1}).json()
        second = api.get(first["metadata"]["nextPage"]).json()
        assert (first["metadata"]["currentPage"], first["metadata"]["pageSize"]) == (1, 3)
        assert [item["name"] for item in second["items"]] == ["plain"]
        assert "nextPage" not in second["metadata"]

    def test_asks_the_database_as_often_for_many_as_for_few(self, api, django_assert_num_queries):
        def listed(count):
            for _ in range(count):
                version = VersionFactory(published=True)
                sweep(version)

        listed(2)
        with django_assert_num_queries(6):
            assert len(names(api)) == 2
        listed(6)
        with django_assert_num_queries(6):
            assert len(names(api)) == 8

    def test_goes_through_images(self, api, ink_wash):
        at = "/api/v1/images"
        first = api.get(at, {"limit": 1, "modelId": ink_wash.adapter.serial}).json()
        second = api.get(first["metadata"]["nextPage"]).json()
        seen = [item["id"] for page in (first, second) for item in page["items"]]
        assert len(set(seen)) == 2
        assert "nextCursor" not in second["metadata"]
        oldest = api.get(at, {"sort": "Oldest"}).json()["items"]
        assert [item["id"] for item in oldest] == seen[::-1]


class TestImages:
    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"nsfw": "None"}, 0),
            ({"nsfw": "Soft"}, 0),
            ({"nsfw": "Mature"}, 2),
            ({"nsfw": "X"}, 2),
            ({"nsfw": "false"}, 0),
            ({"browsingLevel": "4"}, 2),
            ({"browsingLevel": "3"}, 0),
            ({"username": "ink"}, 2),
            ({"username": "others"}, 0),
            ({"baseModels": "SDXL 1.0"}, 2),
            ({"baseModels": "Pony"}, 0),
            ({"type": "video"}, 0),
            ({"tags": "5"}, 0),
            ({"period": "Day"}, 0),
        ],
        ids=str,
    )
    def test_are_narrowed(self, api, ink_wash, query, count):
        ink_wash.adapter.content_level = "mature"
        ink_wash.adapter.save()
        assert len(api.get("/api/v1/images", query).json()["items"]) == count

    def test_belong_to_their_version(self, api, ink_wash):
        def count(**query):
            return len(api.get("/api/v1/images", query).json()["items"])

        assert count(modelVersionId=ink_wash.serial) == count(postId=ink_wash.serial) == 2
        assert count(modelVersionId=ink_wash.serial, postId=ink_wash.serial + 1) == 0
        assert count(modelVersionId=ink_wash.serial + 1) == 0
