"""LoRAX's way to a version, as its server goes it: one question here, then the object store."""

from __future__ import annotations

from typing import ClassVar

import boto3
import pytest
from django.core.cache import cache

from registry import blobs
from tests import files
from tests.factories import AdapterFactory, FileFactory, VersionFactory, keep, member, token

pytestmark = pytest.mark.django_db
AT = "/v2/repos/ink--ink-wash/version/1"
CONFIG = b'{"peft_type": "LORA", "r": 4}'


@pytest.fixture(autouse=True)
def _fresh_rates():
    cache.clear()


def peft_version(**state):
    version = VersionFactory(
        adapter=AdapterFactory(slug="ink-wash", team__slug="ink"), **state or {"published": True}
    )
    version.files.update(dialect="peft")
    FileFactory(version=version, role="config", name="adapter_config.json", blob=keep(CONFIG))
    return version


class TestWithAnObjectStore:
    pytestmark: ClassVar = [pytest.mark.s3, pytest.mark.xdist_group("s3")]

    @pytest.fixture(autouse=True)
    def _in_a_bucket(self, settings, s3_server):
        given = s3_server.settings
        settings.STORE = "s3"
        settings.S3 = given
        blobs.default().prepare(origins=[], stale_days=3)
        self.client = boto3.client(
            "s3",
            endpoint_url=given["endpoint"],
            aws_access_key_id=given["access_key"],
            aws_secret_access_key=given["secret_key"],
            region_name=given.get("region", "us-east-1"),
        )

    def fetched(self, path):
        """Return what is in the folder by its names, found as LoRAX finds it."""
        bucket, _, prefix = path.removeprefix("s3://").partition("/")
        listed = self.client.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
        return {
            row["Key"].removeprefix(prefix).lstrip("/"): self.client.get_object(
                Bucket=bucket, Key=row["Key"]
            )["Body"].read()
            for row in listed
        }

    def test_the_version_is_there_as_a_folder_that_peft_reads(self, api):
        content = files.kohya_lora("sdxl").getvalue()
        version = VersionFactory(
            adapter=AdapterFactory(slug="ink-wash", team__slug="ink"),
            published=True,
            content=content,
        )
        version.files.update(dialect="peft")
        FileFactory(version=version, role="config", name="adapter_config.json", blob=keep(CONFIG))
        for _ in range(2):
            answer = api.get(AT)
            assert answer.status_code == 200
            assert answer.json()["status"] == "completed"
        assert self.fetched(answer.json()["adapterPath"]) == {
            "adapter_model.safetensors": content,
            "adapter_config.json": CONFIG,
        }

    def test_who_may_not_see_it_finds_nothing(self, api):
        version = peft_version(ready=True)
        secret = token(member(version.adapter.team))
        assert api.get(AT).status_code == 404
        assert api.get(AT, HTTP_AUTHORIZATION="Bearer ldx_wrong").status_code == 401
        assert api.get(AT, HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 200


class TestOnADisk:
    @pytest.fixture(autouse=True)
    def _own_store(self, blob_root):
        pass

    def test_it_is_said_what_to_do_instead(self, api):
        peft_version()
        answer = api.get(AT)
        assert answer.status_code == 409
        assert answer.json()["code"] == "not-in-an-object-store"
        assert "adapter_source=hub" in answer.json()["detail"]

    def test_another_layout_is_said(self, api):
        VersionFactory(adapter=AdapterFactory(slug="ink-wash", team__slug="ink"), published=True)
        answer = api.get(AT)
        assert answer.status_code == 409
        assert "?layout=peft" in answer.json()["detail"]

    def test_what_is_still_checked_has_to_wait(self, api):
        version = peft_version()
        version.files.filter(role="config").update(blob=None)
        assert api.get(AT).json()["code"] == "not-checked-yet"

    @pytest.mark.parametrize(
        "path",
        [
            "ink--ink-wash/version/2",
            "ink--ink-wash/version/x",
            "ink--ink-wash/version/99999999999",
            "ink-wash/version/1",
            "ink/other/version/1",
            "--/version/1",
        ],
    )
    def test_what_is_not_there_is_missing(self, api, path):
        peft_version()
        answer = api.get(f"/v2/repos/{path}")
        assert answer.status_code == 404
        assert "team--name" in answer.json()["detail"]

    @pytest.mark.parametrize("name", ["ink/ink-wash", "ink%2Fink-wash", "ink--ink-wash"])
    def test_a_name_is_written_in_more_ways(self, api, name):
        peft_version()
        assert api.get(f"/v2/repos/{name}/version/v1").status_code == 409  # found, but on a disk

    def test_dashes_in_names_are_no_trouble(self, api):
        version = VersionFactory(
            adapter=AdapterFactory(slug="b--c", team__slug="a--a"), published=True
        )
        assert version.number == 1
        assert api.get("/v2/repos/a--a--b--c/version/1").status_code == 409

    def test_many_dashes_are_not_many_questions(self, api, django_assert_max_num_queries):
        for name in ("a--" * 46 + "b", "-" * 142, "a--" * 1300, "x" * 5000):
            with django_assert_max_num_queries(25):
                assert api.get(f"/v2/repos/{name}/version/1").status_code == 404
