"""Every answer against the schemas of schemas.py."""

from __future__ import annotations

import pytest

from registry.formats.hashes import Hashes
from tests.factories import FileFactory, VersionFactory, keep, member, sweep, token
from tests.hub.civitai import schemas

pytestmark = pytest.mark.django_db


def get(api, path, schema, **query):
    answer = api.get(f"/api/v1{path}", query)
    assert answer.status_code == 200, answer.json()
    assert schemas.conforms(answer.json(), schema) == ""
    return answer.json()


@pytest.fixture
def with_more_files(ink_wash):
    """Give the version a configuration and a training checkpoint beside its weights."""
    config = keep(b'{"r": 4}')
    FileFactory(version=ink_wash, role="config", name="adapter_config.json", blob=config)
    FileFactory(
        version=ink_wash,
        role="checkpoint",
        training_step=100,
        name="step100.safetensors",
        blob=keep(b"\x08\0\0\0\0\0\0\0{}      "),
    )
    return ink_wash


class TestModels:
    def test_lists_models(self, api, with_more_files):
        [item] = get(api, "/models", schemas.MODELS)["items"]
        assert item["name"] == "Ink Wash"
        assert item["description"] == "<p>A <em>wash</em> of ink.</p>"
        assert (item["type"], item["baseModels"]) == ("LORA", ["SDXL 1.0"])
        assert item["creator"] == {"username": "ink", "image": None}
        assert item["allowCommercialUse"] == ["Image", "RentCivit", "Rent", "Sell"]
        assert item["allowNoCredit"] is False
        assert item["stats"]["downloadCount"] == 7
        [version] = item["modelVersions"]
        assert version["name"] == "first light"
        assert len(version["files"]) == 3

    def test_shows_one_model(self, api, with_more_files):
        listed = get(api, "/models", schemas.MODELS)["items"][0]
        shown = get(api, f"/models/{listed['id']}", schemas.MODEL)
        assert shown["name"] == listed["name"]
        assert "description" not in shown["modelVersions"][0]  # what is empty is left out

    def test_numbers_versions_newest_first(self, api, ink_wash):
        VersionFactory(adapter=ink_wash.adapter, base=ink_wash.base, published=True)
        VersionFactory(adapter=ink_wash.adapter, base=ink_wash.base, ready=True)
        [item] = get(api, "/models", schemas.MODELS)["items"]
        said = [(one["index"], one["name"]) for one in item["modelVersions"]]
        assert said == [(0, "v2"), (1, "first light")]

    def test_leaves_out_all_but_the_primary_file_if_asked(self, api, with_more_files):
        [item] = get(api, "/models", schemas.MODELS, primaryFileOnly="true")["items"]
        [file] = item["modelVersions"][0]["files"]
        assert file["primary"] is True


class TestVersions:
    def test_shows_one_version(self, api, with_more_files):
        shown = get(api, f"/model-versions/{with_more_files.serial}", schemas.VERSION)
        assert [file["primary"] for file in shown["files"]] == [True, False, False]
        assert shown["modelId"] == with_more_files.adapter.serial
        assert shown["trainedWords"] == ["inkwash"]
        [image] = shown["images"]
        assert image["meta"]["resources"][0]["weight"] == 0.6  # the nearest to the weight to use

    def test_says_what_civitai_cannot(self, api, ink_wash):
        shown = get(api, f"/model-versions/{ink_wash.serial}", schemas.VERSION)
        assert shown["settings"] == {"strength": 0.6, "minStrength": 0.4, "maxStrength": 1.0}
        assert shown["recommended"]["claimed"] == {"low": 0.5, "high": 1.1, "best": None}
        assert shown["validation"]["level"] == "fits"
        assert shown["validation"]["state"] == "published"
        assert shown["validation"]["firstBad"] is None

    def test_is_found_by_each_of_its_hashes(self, api, ink_wash):
        blob = ink_wash.files.get().blob
        assert set(Hashes.__dataclass_fields__) >= {"autov1", "autov3", "crc32", "blake3"}
        spellings = [blob.sha256, blob.autov2, blob.autov3, blob.crc32, blob.blake3]
        for value in [*spellings, *(each.upper() for each in spellings)]:
            shown = get(api, f"/model-versions/by-hash/{value}", schemas.VERSION)
            assert shown["id"] == ink_wash.serial

    def test_is_found_among_many_hashes(self, api, ink_wash):
        body = [ink_wash.sha256.upper(), "0" * 64]
        answer = api.post("/api/v1/model-versions/by-hash", body)
        assert schemas.conforms(answer.json(), schemas.VERSIONS) == ""
        assert [one["id"] for one in answer.json()] == [ink_wash.serial]

    def test_is_found_by_ids_alone(self, api, ink_wash):
        body = [ink_wash.sha256, *(f"{n:064x}" for n in range(9_999))]
        answer = api.post("/api/v1/model-versions/by-hash/ids", body)
        assert schemas.conforms(answer.json(), schemas.IDS) == ""
        assert answer.json() == [
            {
                "modelVersionId": ink_wash.serial,
                "modelId": ink_wash.adapter.serial,
                "hash": ink_wash.sha256.upper(),
            }
        ]

    def test_is_said_in_short(self, api, ink_wash):
        shown = get(api, f"/model-versions/mini/{ink_wash.serial}", schemas.MINI)
        assert shown["fileName"].endswith(".safetensors")


class TestTheRest:
    def test_lists_images(self, api, ink_wash):
        items = get(api, "/images", schemas.IMAGES)["items"]
        weights = [item["meta"]["resources"][0]["weight"] for item in items]
        assert weights == [1.2, 0.6]  # newest first, and none without the adapter
        [one] = get(api, "/images", schemas.IMAGES, imageId=items[0]["id"], nsfw="X")["items"]
        assert one["meta"]["id"] == one["id"]  # nested where one is looked up …
        [flat] = get(
            api, "/images", schemas.IMAGES, imageId=items[0]["id"], flatMeta="true", withTags="true"
        )["items"]
        assert flat["meta"] == one["meta"]["meta"]
        assert [tag["name"] for tag in flat["tags"]] == ["ink", "style"]

    def test_lists_tags(self, api, ink_wash):
        VersionFactory(adapter__tags=["style"], published=True)
        VersionFactory(adapter__tags=["hidden"], ready=True)
        listed = get(api, "/tags", schemas.TAGS)
        assert [(row["name"], row["modelCount"]) for row in listed["items"]] == [
            ("style", 2),
            ("ink", 1),
        ]
        assert listed["metadata"]["totalItems"] == 2
        [found] = get(api, "/tags", schemas.TAGS, query="IN")["items"]
        assert api.get(found["link"]).json()["items"][0]["name"] == "Ink Wash"

    def test_lists_creators(self, api, ink_wash):
        VersionFactory(adapter__team__slug="empty", ready=True)
        listed = get(api, "/creators", schemas.CREATORS)
        [row] = listed["items"]
        assert (row["username"], row["modelCount"]) == ("ink", 1)
        assert api.get(row["link"]).json()["items"][0]["name"] == "Ink Wash"

    def test_lists_words(self, api):
        said = get(api, "/enums", schemas.ENUMS)
        assert "SDXL 1.0" in said["ActiveBaseModel"]
        assert set(said["ActiveBaseModel"]) <= set(said["BaseModel"])

    def test_says_who_asks(self, api, ink_wash):
        person = member(ink_wash.adapter.team)
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(person)}")
        assert get(api, "/me", schemas.ME)["username"] == person.username

    def test_says_what_there_is(self, api, ink_wash):
        there = ink_wash.adapter.serial
        answer = api.get("/api/v1/permissions/check", {"entityIds": f"{there},999999"})
        assert answer.json() == {str(there): True, "999999": False}

    def test_of_many_it_shows_ten_pictures(self, api, ink_wash):
        for _ in range(2):
            sweep(ink_wash)  # a newer one takes its place
        shown = get(api, f"/model-versions/{ink_wash.serial}", schemas.VERSION)
        assert len(shown["images"]) == 1
