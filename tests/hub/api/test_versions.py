from __future__ import annotations

import threading
import time

import pytest
from django.utils import timezone

from hub.api import versions
from hub.api.shapes.versions import VersionDetail
from registry.exports.table import RUNTIMES
from registry.models import AdapterVersion
from tests.factories import (
    EARLIER,
    AdapterFactory,
    BaseFactory,
    CurveFactory,
    GridFactory,
    ResultFactory,
    RunFactory,
    TeamFactory,
    VersionFactory,
    member,
    sweep,
)

pytestmark = pytest.mark.django_db
AT = "/api/adapters/ink/ink-wash/versions/1"


@pytest.fixture
def adapter(team):
    return AdapterFactory(slug="ink-wash", team=team)


class TestVersion:
    def test_shows_everything_that_is_known(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True)

        shown = api.get(AT).json()

        assert set(shown) == set(VersionDetail().fields)
        assert shown["state"] == "published"
        assert shown["uploaded_by"] == version.uploaded_by.username
        [file] = shown["files"]
        assert file["role"] == "weights"
        assert file["dialect"] == "kohya"
        assert file["hashes"]["autov2"] == version.sha256[:10]

    def test_says_how_runtimes_load_it(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True, measured_best=0.7)

        shown = api.get(AT).json()

        recipes, unfit = shown["recipes"], shown["unfit_runtimes"]
        stem = f"ink-wash-v1-{version.sha256[:8]}"
        assert list(recipes)[:3] == ["diffusers", "webui", "comfyui"]
        assert {*recipes, *unfit} == {runtime.slug for runtime in RUNTIMES}
        assert unfit["vllm"] == "vLLM has no bases of the family SDXL."
        assert recipes["comfyui"]["more"][1]["file_name"] == "ink-wash-v1-api.json"
        assert recipes["webui"]["download_url"] == f"http://testserver{AT}/download"
        assert recipes["webui"]["path"] == f"models/Lora/{stem}.safetensors"
        assert recipes["webui"]["usage"] == f"inkwash, <lora:{stem}:0.7>"
        assert "endpoint='http://testserver'" in recipes["diffusers"]["usage"]

    def test_is_not_there_for_strangers_before_it_is_published(self, api, adapter):
        VersionFactory(adapter=adapter, ready=True)
        answer = api.get(AT)
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is no version 1 of ink/ink-wash."

    @pytest.mark.parametrize("spelling", ["sha256", "autov2", "autov3", "crc32", "blake3"])
    def test_is_found_by_any_hash_of_its_file(self, api, adapter, spelling):
        version = VersionFactory(adapter=adapter, published=True)
        value = getattr(version.files.get().blob, spelling)
        assert api.get(f"/api/by-hash/{value.upper()}").json()["sha256"] == version.sha256

    def test_is_not_found_by_hash_by_those_who_may_not_see_it(self, api, adapter):
        version = VersionFactory(adapter=adapter, ready=True)
        assert api.get(f"/api/by-hash/{version.sha256}").status_code == 404


class TestReport:
    def test_shows_every_check_in_order(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True)
        run = RunFactory(version=version, state="passed", finished_at=timezone.now())
        ResultFactory(run=run, code="pairs.complete", position=1)
        ResultFactory(
            run=run,
            code="base.visible",
            position=0,
            outcome="warned",
            problem="No layer tells.",
            evidence={"layers": 3},
        )

        report = api.get(f"{AT}/report").json()

        assert report["state"] == "published"
        assert report["run"]["state"] == "passed"
        assert [one["code"] for one in report["results"]] == ["base.visible", "pairs.complete"]
        assert report["results"][0]["problem"] == "No layer tells."
        assert report["results"][0]["evidence"] == {"layers": 3}

    def test_tells_what_does_the_work(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True)
        assert api.get(f"{AT}/report").json()["effect"] is None
        version.effect = {
            "weight": 0.9, "whole": 0.5, "most": 0.7, "highest": 2.0, "visible": 0.02,
            "without_words": 0.1,
            "parts": [{"component": "unet", "effect": 0.4},
                      {"component": "text_encoder", "effect": 0.1}],
            "words": [{"word": "zebrastyle", "effect": 0.5, "declared": True},
                      {"word": "paper", "effect": 0.2, "declared": False}],
        }  # fmt: skip
        version.save()

        assert api.get(f"{AT}/report").json()["effect"] == version.effect

    def test_says_how_far_the_run_is(self, api, adapter):
        version = VersionFactory(adapter=adapter)
        RunFactory(version=version, stage="grid", progress={"done": 3, "of": 14, "saying": "x"})
        api.force_authenticate(member(adapter.team, "viewer"))
        report = api.get(f"{AT}/report").json()
        assert report["run"]["stage"] == "grid"
        assert report["run"]["progress"] == {"done": 3, "of": 14, "saying": "x", "left": None}

    def test_has_no_run_where_there_was_none(self, api, adapter):
        VersionFactory(adapter=adapter, published=True)
        report = api.get(f"{AT}/report").json()
        assert report["run"] is None
        assert report["results"] == []

    def test_waits_no_longer_than_it_is_told(self, api, adapter, monkeypatch):
        monkeypatch.setattr(versions, "LOOK_EVERY", 0.05)
        RunFactory(version=VersionFactory(adapter=adapter))
        api.force_authenticate(member(adapter.team, "viewer"))

        began = time.monotonic()
        answer = api.get(f"{AT}/report?wait=1")

        assert answer.status_code == 200
        assert 0.9 < time.monotonic() - began < 5

    def test_answers_at_once_when_the_run_has_ended(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True)
        RunFactory(version=version, state="passed", finished_at=timezone.now())
        began = time.monotonic()
        api.get(f"{AT}/report?wait=30")
        assert time.monotonic() - began < 5

    def test_answers_at_once_when_too_many_wait(self, api, adapter, monkeypatch):
        monkeypatch.setattr(versions, "_waiting", threading.BoundedSemaphore(1))
        RunFactory(version=VersionFactory(adapter=adapter))
        api.force_authenticate(member(adapter.team, "viewer"))
        began = time.monotonic()
        with versions._seat():
            api.get(f"{AT}/report?wait=30")
        assert time.monotonic() - began < 5

    def test_refuses_to_wait_for_a_word(self, api, adapter):
        VersionFactory(adapter=adapter, published=True)
        answer = api.get(f"{AT}/report?wait=long")
        assert answer.status_code == 400


class TestPreviews:
    def test_shows_each_cell_with_all_it_takes_to_render_it_again(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True)
        sweep(version, weights=(0, 0.5, 1))

        shown = api.get(f"{AT}/previews").json()

        assert shown["grid"]["weights"] == [0, 0.5, 1]
        assert [cell["weight"] for cell in shown["grid"]["cells"]] == [0, 0.5, 1]
        cell = shown["grid"]["cells"][0]
        assert cell["parameters"]["prompt"] == "a red circle on white"
        assert cell["picture_url"] == f"http://testserver/api/previews/{cell['sha256']}.webp"
        assert shown["grid"]["curve"]["best"] == 0.8

    def test_has_no_grid_where_nothing_was_rendered(self, api, adapter):
        VersionFactory(adapter=adapter, published=True)
        assert api.get(f"{AT}/previews").json()["grid"] is None

    @pytest.mark.parametrize("cells", [1, 7])
    def test_asks_the_database_as_often_for_many_cells(
        self, api, adapter, django_assert_num_queries, cells
    ):
        sweep(VersionFactory(adapter=adapter, published=True), weights=range(cells))
        # version, files, their blobs, which grids there are, one with curve, its cells and scenes
        with django_assert_num_queries(6):
            api.get(f"{AT}/previews")


class TestCurve:
    @pytest.fixture
    def curve(self, adapter):
        """Give the adapter a version whose curve has a reason, a doubt and a sign."""
        version = VersionFactory(
            adapter=adapter, published=True, weight_low=0.8, weight_high=1.4, weight_default=1.3
        )
        curve = sweep(version).curve
        curve.first_bad, curve.certainty = 1.2, "unsure"
        curve.reasons = [
            {"about": "first_bad", "code": "leaves", "weight": 1.2, "distance": 0.55},
            {"about": "certainty", "code": "few-rows", "rows": 1, "needed": 3},
        ]
        sign = {"weight": 1.2, "code": "clipping", "value": 0.5, "at_zero": 0.1, "times": 5.0}
        curve.signs = [sign | {"share": 1.0, "breaks": False}]
        curve.save()
        return curve

    def test_says_why_it_says_what_it_says(self, api, curve):
        told = api.get(f"{AT}/curve").json()["curve"]

        assert (told["low"], told["best"], told["high"], told["first_bad"]) == (0.4, 0.8, 1.0, 1.2)
        assert told["certainty"] == "unsure"
        why, doubt = told["reasons"]
        assert why["about"] == "first_bad"
        assert why["numbers"] == {"weight": 1.2, "distance": 0.55}
        assert why["sentence"].startswith("From 1.2 on it is bad: the step there changes 0.55")
        assert doubt["sentence"] == "Only 1 of 3 scenes were looked at."
        (sign,) = told["signs"]
        assert (
            sign["sentence"] == "At 1.2 0.5 of all values are burnt out or black, 0.1 without it."
        )

    def test_says_how_far_seeds_are_apart(self, api, curve):
        assert api.get(f"{AT}/curve").json()["curve"]["over_seeds"] == []
        told = {"weight": 0.8, "scenes": 3, "seeds": 2, "spread": 0.04, "variety": 0.9}
        curve.over_seeds = [told]
        curve.save()

        assert api.get(f"{AT}/curve").json()["curve"]["over_seeds"] == [told]

    def test_stands_beside_what_its_uploader_says(self, api, curve):
        claim = api.get(f"{AT}/curve").json()["claim"]

        assert claim["claimed"] == {"low": 0.8, "high": 1.4, "best": 1.3}
        assert claim["verdict"] == "breaks"

    def test_is_none_where_nothing_was_rendered(self, api, adapter):
        VersionFactory(adapter=adapter, published=True)

        told = api.get(f"{AT}/curve").json()

        assert told["curve"] is told["rendered_at"] is None
        assert told["claim"]["verdict"] == "nothing"

    def test_is_of_the_newest_grid_of_weights(self, api, curve):
        older = GridFactory(version=curve.grid.version, rendered_at=EARLIER)
        CurveFactory(grid=older, best=0.1)
        CurveFactory(grid=GridFactory(version=curve.grid.version, kind="asked"), best=0.2)

        assert api.get(f"{AT}/curve").json()["curve"]["best"] == 0.8

    def test_asks_the_database_as_often_for_many_weights(
        self, api, adapter, django_assert_num_queries
    ):
        sweep(VersionFactory(adapter=adapter, published=True), weights=range(9))
        # version, files, their blobs, curve with its grid
        with django_assert_num_queries(4):
            api.get(f"{AT}/curve")


class TestPublish:
    def test_lets_everyone_find_a_version(self, api, adapter):
        VersionFactory(adapter=adapter, ready=True)
        api.force_authenticate(member(adapter.team, "reviewer"))

        answer = api.post(f"{AT}/publish")

        assert answer.status_code == 200
        assert answer.json()["state"] == "published"
        api.force_authenticate(None)
        assert len(api.get("/api/adapters?base=sdxl").json()["items"]) == 1

    def test_refuses_what_has_not_passed(self, api, adapter):
        VersionFactory(adapter=adapter)
        api.force_authenticate(member(adapter.team, "reviewer"))
        answer = api.post(f"{AT}/publish")
        assert answer.status_code == 409
        assert answer.json()["code"] == "wrong-state"
        assert "still being validated" in answer.json()["detail"]


class TestWithdraw:
    def test_takes_a_version_out_of_sight_and_says_why(self, api, adapter):
        VersionFactory(adapter=adapter, published=True)
        api.force_authenticate(member(adapter.team, "reviewer"))

        answer = api.post(f"{AT}/withdraw", {"reason": "Trained on the wrong set."})

        assert answer.json()["state"] == "withdrawn"
        assert answer.json()["reason"] == "Trained on the wrong set."
        assert api.get("/api/adapters").json()["items"] == []

    def test_wants_a_reason(self, api, adapter):
        VersionFactory(adapter=adapter, published=True)
        api.force_authenticate(member(adapter.team, "reviewer"))
        answer = api.post(f"{AT}/withdraw", {})
        assert answer.status_code == 400
        assert answer.json()["errors"] == {"reason": ["This field is required."]}


class TestValidate:
    def test_runs_the_checks_again_after_a_failed_run(self, api, adapter):
        version = VersionFactory(adapter=adapter)
        RunFactory(version=version, state="failed", finished_at=timezone.now())
        api.force_authenticate(member(adapter.team))

        answer = api.post(f"{AT}/validate")

        assert answer.status_code == 202
        assert answer["Location"].endswith(f"{AT}/report")
        assert version.runs.living().count() == 1

    @pytest.mark.parametrize("state", ["ready", "published", "rejected"])
    def test_refuses_what_is_settled(self, api, adapter, state):
        VersionFactory(adapter=adapter, **{state: True})
        api.force_authenticate(member(adapter.team))
        assert api.post(f"{AT}/validate").status_code == 409
        assert AdapterVersion.objects.get().runs.count() == 0


def test_a_stranger_learns_nothing_from_names(api, team):
    """An adapter that is not in sight answers as one that does not exist."""
    VersionFactory(adapter__slug="secret", adapter__team=TeamFactory(slug="ink"), ready=True)
    hidden = api.get("/api/adapters/ink/secret/versions/1").json()
    nothing = api.get("/api/adapters/ink/nothing/versions/1").json()
    assert hidden["detail"].replace("secret", "nothing") == nothing["detail"]


class TestChange:
    def test_says_something_else_of_a_version(self, signed_in, team):
        version = VersionFactory(adapter__team=team, adapter__slug="ink", published=True)

        answer = signed_in.patch(
            "/api/adapters/ink/ink/versions/1", {"trigger_words": ["sumi"], "weight_low": 0.5}
        )

        assert answer.status_code == 200
        assert answer.json()["trigger_words"] == ["sumi"]
        version.refresh_from_db()
        assert (version.weight_low, version.negative_words) == (0.5, [])

    def test_leaves_a_rejected_version_as_it_is(self, signed_in, team):
        VersionFactory(adapter__team=team, adapter__slug="ink", rejected=True)

        answer = signed_in.patch("/api/adapters/ink/ink/versions/1", {"changes": "x"})

        assert answer.status_code == 409

    def test_declares_a_rejected_one_for_another_base(self, signed_in, team, contributor, sent):
        BaseFactory(slug="sdxl-1-0")
        wrong = BaseFactory(slug="sd-1-5", family="sd1")
        VersionFactory(
            adapter__team=team, adapter__slug="ink", adapter__created_by=contributor,
            base=wrong, rejected=True,
        )  # fmt: skip

        answer = signed_in.post("/api/adapters/ink/ink/versions/1/declare", {"base": "sdxl-1-0"})

        assert answer.status_code == 202
        assert answer.json()["version"] == 2
