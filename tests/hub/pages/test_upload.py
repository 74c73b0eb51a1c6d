from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from registry.models import AdapterVersion, ReviewPolicy, Upload
from registry.services import upload_drafts, workers
from tests import files
from tests.factories import BaseFactory, UserFactory, member
from tests.hostile.corpus import uploads as zips
from tests.hub.pages import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def said():
    BaseFactory(slug="sdxl", title="SDXL 1.0")
    return {
        "team": "ink",
        "title": "Ink wash",
        "base": "sdxl",
        "kind": "style",
        "tags": "ink, wash",
    }


def lora(name="ink.safetensors"):
    return SimpleUploadedFile(name, files.kohya_lora("sdxl").getvalue())


class TestForm:
    def test_is_for_those_who_are_signed_in(self, client):
        assert client.get("/upload")["Location"] == "/sign-in?next=/upload"

    def test_says_so_to_who_is_in_no_team(self, client):
        client.force_login(UserFactory())

        page = client.get("/upload").text
        assert "You are in no team that you may upload for" in page
        assert '<a role="button" href="/teams">' in page  # where one is made, or said how to get in

    def test_is_not_for_viewers(self, client, team):
        client.force_login(member(team, role="viewer"))

        assert "You are in no team that you may upload for" in client.get("/upload").text

    def test_fills_in_what_is_known_of_the_adapter(self, signed_in, zebra):
        page = signed_in.get("/upload?adapter=ink/zebra").text

        assert 'value="Zebra"' in page
        assert 'value="zebrastyle"' in page
        assert '<option value="shapes" selected>' in page

    def test_says_of_what_it_is_the_next_version(self, signed_in, zebra):
        page = signed_in.get("/upload?adapter=ink/zebra").text

        assert "<h1>Upload the next version</h1>" in page
        assert '<a href="/ink/zebra">' in page

    def test_says_what_each_team_asks_before_it_publishes(self, signed_in, team):
        ReviewPolicy.objects.create(team=team, licence=True, approvals=2, changed_at=timezone.now())

        page = signed_in.get("/upload").text

        said = f"Before {team.title} publishes it, it needs: a licence · 2 approvals by others"
        assert said in " ".join(page.split())

    def test_says_nothing_of_a_team_that_asks_nothing(self, signed_in, team):
        ReviewPolicy.objects.create(team=team, changed_at=timezone.now())

        assert "data-asks" not in signed_in.get("/upload").text

    def test_fills_in_no_more_sample_prompts_than_it_takes(self, signed_in, zebra):
        zebra.sample_prompts = ["a horse", "a cat", "a street"]
        zebra.save()

        page = signed_in.get("/upload?adapter=ink/zebra").text

        assert "a horse\na cat<" in page


class TestWithoutJavaScript:
    def test_takes_a_whole_file(self, signed_in, said, sent):
        answer = signed_in.post(
            "/upload", said | {"file": lora(), "trigger_words": "inkwash， sumi"}
        )

        version = AdapterVersion.objects.get()
        assert answer["Location"] == "/ink/ink-wash?version=1"
        assert version.trigger_words == ["inkwash", "sumi"]
        assert version.adapter.tags == ["ink", "wash"]
        assert Upload.objects.get().state == "complete"

    def test_refuses_in_the_hubs_own_words(self, signed_in, said):
        answer = signed_in.post(
            "/upload",
            said
            | {"file": SimpleUploadedFile("ink.safetensors", files.pickle_stream().getvalue())},
        )

        assert answer.status_code == 422
        assert "pickle" in answer.text
        assert not AdapterVersion.objects.exists()

    def test_takes_a_zip_file_of_a_folder(self, signed_in, said, sent):
        BaseFactory(slug="llama-3-1-8b", title="Llama 3.1 8B", family="llama")
        packed = SimpleUploadedFile("polite.zip", zips.packed(zips.SOUND))

        signed_in.post("/upload", said | {"base": "llama-3-1-8b", "file": packed})

        roles = AdapterVersion.objects.get().files.values_list("role", flat=True)
        assert sorted(roles) == ["config", "weights"]

    def test_says_why_a_zip_file_is_refused(self, signed_in, said):
        packed = SimpleUploadedFile("polite.zip", zips.packed({"README.md": b"# Polite"}))

        answer = signed_in.post("/upload", said | {"file": packed})

        assert answer.status_code == 422
        assert "“polite.zip” holds no weights" in answer.text

    def test_takes_two_sample_prompts_and_no_more(self, signed_in, said, sent):
        prompts = "a cat, asleep\n\n  a dog  on a hill\n"
        signed_in.post("/upload", said | {"file": lora(), "sample_prompts": prompts})
        assert AdapterVersion.objects.get().sample_prompts == ["a cat, asleep", "a dog on a hill"]

        answer = signed_in.post(
            "/upload", said | {"file": lora(), "sample_prompts": f"{prompts}a bird"}
        )
        assert answer.status_code == 422
        assert "no more than 2 prompts" in answer.text

    @pytest.mark.parametrize("missing", ["title", "base", "file"])
    def test_wants_what_is_needed(self, signed_in, said, missing):
        given = said | {"file": lora()}
        del given[missing]

        answer = signed_in.post("/upload", given)

        assert answer.status_code == 422
        assert "errorlist" in answer.text

    def test_takes_no_team_but_ones_own(self, signed_in, said):
        assert (
            signed_in.post("/upload", said | {"file": lora(), "team": "other"}).status_code == 422
        )


class TestMine:
    def test_lists_what_i_sent_and_how_it_stands(self, signed_in, zebra, team, person):
        rows.rejected(team, "cat", by=person)
        rows.going_on(team, "new", by=person)

        page = signed_in.get("/uploads").text

        assert "ink/zebra" in page
        assert "The file is for SD 1.5" in page
        assert "3 / 14" in page
        assert 'hx-trigger="every 2s"' in page

    def test_says_of_what_waits_only_that_and_what_goes_before(self, signed_in, team, person):
        rows.going_on(team, "first", by=person)
        workers.seen(name="ada:1", device="cpu", device_name="CPU", now=timezone.now())
        waits = {"state": "queued", "stage": "trial", "attempt": 0, "progress": {}}
        waits |= {"lease_until": None}
        rows.going_on(team, "second", by=person, **waits)
        rows.going_on(team, "third", by=person, **waits)

        page = signed_in.get("/uploads").text

        assert "Waiting for a worker to take it. 1 before it." in page
        assert "Waiting for a worker to take it. 2 before it." in page
        assert "Loading it on its base" not in page
        assert page.count("<progress") == 1

    def test_stops_asking_when_nothing_goes_on(self, signed_in, zebra):
        assert "every 2s" not in signed_in.get("/uploads").text

    def test_leaves_out_what_others_sent(self, client, team, zebra):
        client.force_login(member(team))

        assert "You have not uploaded anything yet" in client.get("/uploads").text

    def test_costs_the_same_for_many(self, signed_in, team, person, django_assert_max_num_queries):
        for number in range(6):
            rows.going_on(team, f"new-{number}", by=person)

        with django_assert_max_num_queries(12):
            signed_in.get("/uploads")


class TestDrafts:
    def test_are_listed_to_be_gone_on_with(self, signed_in, person):
        files_of = [{"name": "run/ink.safetensors", "size": 1, "role": "weights"}]
        draft = upload_drafts.begin({"title": "Ink"}, files_of, by=person, now=timezone.now())

        page = signed_in.get("/uploads").text

        assert "ink.safetensors" in page
        assert f"/upload?draft={draft.pk}" in page
        assert "You have not uploaded anything yet" not in page

    def test_are_deleted_by_a_button(self, signed_in, person):
        draft = upload_drafts.begin({}, [], by=person, now=timezone.now())

        signed_in.post(f"/uploads/drafts/{draft.pk}/delete")

        assert "Begun and not finished" not in signed_in.get("/uploads").text

    def test_are_nobody_elses(self, client, team, person):
        draft = upload_drafts.begin({}, [], by=person, now=timezone.now())
        client.force_login(member(team))

        assert client.post(f"/uploads/drafts/{draft.pk}/delete").status_code == 404
