from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import AdapterVersion, Upload, UploadDraft
from registry.services import upload_drafts
from tests import files
from tests.factories import BaseFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

LORA = files.kohya_lora("sdxl").getvalue()
EARLIER = files.kohya_lora("sdxl", values=files.Values(seed=3)).getvalue()
SAID = {"team": "ink", "title": "Ink wash", "base": "sdxl-1-0", "trigger_words": ["inkwash"]}


@pytest.fixture
def draft(signed_in):
    BaseFactory(slug="sdxl-1-0")
    answer = signed_in.post("/api/drafts", {"about": SAID})
    assert answer.status_code == 201
    return answer.json()


def sent_file(api, content, name="ink.safetensors", **more):
    """Upload a file in one part, and return what a draft says of it."""
    told = {"team": "ink", "name": name, "size": len(content)}
    told["sha256"] = hashlib.sha256(content).hexdigest()
    upload = api.post("/api/uploads", told).json()
    api.put(
        f"/api/uploads/{upload['id']}/parts/1", content, content_type="application/octet-stream"
    )
    return {"name": name, "size": len(content), "modified": 1, "upload": upload["id"]} | more


class TestKeeping:
    def test_keeps_half_a_form(self, signed_in, draft):
        answer = signed_in.patch(draft["url"], {"about": {"title": "Ink", "weight_low": None}})

        said = answer.json()["about"]
        assert {name: said[name] for name in SAID} == SAID | {"title": "Ink"}
        assert [one["id"] for one in signed_in.get("/api/drafts").json()["items"]] == [draft["id"]]
        assert draft["page_url"] == f"http://testserver/upload?draft={draft['id']}"

    @pytest.mark.parametrize("weight", ["nan", "inf", 11])
    def test_takes_numbers_for_weights(self, signed_in, weight):
        assert signed_in.post("/api/drafts", {"about": {"weight_low": weight}}).status_code == 400

    def test_is_nobody_elses(self, api, draft, team):
        api.force_authenticate(member(team))

        assert api.get(draft["url"]).status_code == 404
        assert api.get("/api/drafts").json() == {"items": []}

    def test_is_deleted_with_what_was_sent_for_it(self, signed_in, draft):
        signed_in.patch(draft["url"], {"files": [sent_file(signed_in, LORA)]})

        assert signed_in.delete(draft["url"]).status_code == 204

        assert Upload.objects.get().state == "dropped"
        assert not UploadDraft.objects.exists()

    def test_is_forgotten_when_nobody_touches_it(self, draft, settings):
        now = timezone.now()
        assert upload_drafts.forget_old(now=now + timedelta(days=settings.DRAFT_DAYS - 1)) == 0
        assert upload_drafts.forget_old(now=now + timedelta(days=settings.DRAFT_DAYS + 1)) == 1

    def test_refuses_more_drafts_than_anyone_has_in_hand(self, signed_in, draft, monkeypatch):
        monkeypatch.setattr(upload_drafts, "MOST", 1)

        assert signed_in.post("/api/drafts", {}).status_code == 400


class TestFinishing:
    def test_makes_a_version_with_its_checkpoints(self, signed_in, draft):
        run = [
            sent_file(signed_in, LORA),
            sent_file(
                signed_in,
                EARLIER,
                "ink-000100.safetensors",
                role="checkpoint",
                training_step=100,
            ),
        ]
        signed_in.patch(draft["url"], {"files": run})

        answer = signed_in.post(f"{draft['url']}/finish")

        assert answer.status_code == 202
        version = AdapterVersion.objects.get()
        assert (version.adapter.slug, version.trigger_words) == ("ink-wash", ["inkwash"])
        steps = {file.role: file.training_step for file in version.files.all()}
        assert steps == {"weights": None, "checkpoint": 100}
        assert signed_in.get("/api/drafts").json() == {"items": []}

    def test_twice_is_once(self, signed_in, draft):
        signed_in.patch(draft["url"], {"files": [sent_file(signed_in, LORA)]})

        once, again = (signed_in.post(f"{draft['url']}/finish") for _ in range(2))

        assert once.json() == again.json()
        assert AdapterVersion.objects.count() == 1
        assert signed_in.patch(draft["url"], {"about": {}}).status_code == 409

    def test_names_the_file_that_is_not_here(self, signed_in, draft):
        signed_in.patch(draft["url"], {"files": [{"name": "ink.safetensors", "size": 5}]})

        answer = signed_in.post(f"{draft['url']}/finish")

        assert answer.status_code == 409
        assert "ink.safetensors is not here" in answer.json()["detail"]

    def test_names_the_field_that_is_missing(self, signed_in, draft):
        signed_in.patch(
            draft["url"], {"about": {"base": ""}, "files": [sent_file(signed_in, LORA)]}
        )

        answer = signed_in.post(f"{draft['url']}/finish")

        assert answer.status_code == 400
        assert "base" in answer.json()["detail"]

    def test_needs_files(self, signed_in, draft):
        assert signed_in.post(f"{draft['url']}/finish").status_code == 400

    def test_takes_no_upload_of_somebody_else(self, api, signed_in, draft, team):
        file = sent_file(signed_in, LORA)
        api.force_authenticate(member(team))
        own = api.post("/api/drafts", {"about": SAID, "files": [file]}).json()

        assert api.post(f"{own['url']}/finish").status_code == 409
