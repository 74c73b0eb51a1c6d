from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from registry.models import PreviewRequest, Scope
from tests.factories import (
    BaseFactory,
    CellFactory,
    GridFactory,
    RequestFactory,
    SceneFactory,
    TeamFactory,
    UserFactory,
    VersionFactory,
    keep,
    member,
    sweep,
    token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]

WEIGHTS = {"axis": "weight", "values": [0, 0.5, 1]}


@pytest.fixture
def version(team):
    base = BaseFactory(slug="shapes", family="shapes", weights_at="demo/base")
    SceneFactory(base=base, slug="circle", width=96, height=96)
    return VersionFactory(
        base=base, adapter__team=team, adapter__slug="zebra", published=True, proof="renders"
    )


@pytest.fixture
def signed_in(api, contributor):
    api.force_authenticate(contributor)
    return api


def at(version, *more):
    adapter = version.adapter
    whole = [adapter.team.slug, adapter.slug, "versions", version.number, "requests", *more]
    return "/api/adapters/" + "/".join(map(str, whole))


def done(version, by, **told):
    """Return a request that is done, with a grid of two cells."""
    axes = {"across": {"axis": "weight", "values": [0, 1]}, "down": {"axis": "", "values": [""]}}
    kind = told.get("kind", "asked")
    grid = GridFactory(version=version, kind=kind, axes=axes, weights=[0, 1])
    for column, weight in enumerate([0, 1]):
        CellFactory(
            grid=grid, scene=None, column=column, weight=weight,
            blob=keep(f"RIFF asked {grid.pk} {column}".encode()),
            parameters={"prompt": "a cat", "scene": "own"},
        )  # fmt: skip
    ended = {"state": "done", "finished_at": timezone.now(), "grid": grid}
    return RequestFactory(version=version, by=by, **ended | told)


class TestAsk:
    def test_answers_202_with_where_to_look(self, signed_in, version):
        plan = {"across": WEIGHTS, "down": {"axis": "seed", "values": [1, 2]},
                "same": {"prompt": "a cat", "steps": 5}}  # fmt: skip
        answer = signed_in.post(at(version), plan)

        assert answer.status_code == 202
        told = answer.json()
        assert answer["Location"] == told["url"]
        assert (told["state"], told["cells"], told["place"], told["by"]) == (
            "queued", 6, 0, "contributor",
        )  # fmt: skip
        assert told["plan"]["same"] == {"prompt": "a cat", "steps": 5}
        shown = signed_in.get(told["url"])
        assert shown.json()["grid"] is None
        assert shown["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        ("body", "axis", "detail"),
        [
            ({"across": {"axis": "weight", "values": [9]}}, "weight", "9 is no number from -3"),
            ({"across": {"axis": "steps", "values": [0]}}, "steps", "0 is no whole number"),
            ({"across": WEIGHTS, "same": {"size": [999, 96]}}, "size", "from 64 to 144"),
            ({"across": {"axis": "colour", "values": [1]}}, "across", "has no axis"),
            ({"across": {"axis": ["weight"], "values": [1]}}, "across", "has no axis"),
            ({"across": WEIGHTS, "against": 7}, "version", "there is no version 7"),
            ({}, "across", "an object with an axis"),
        ],
    )
    def test_refuses_a_bad_plan_and_names_the_axis(self, signed_in, version, body, axis, detail):
        answer = signed_in.post(at(version), body)

        assert answer.status_code == 422
        told = answer.json()
        assert (told["code"], told["axis"]) == ("plan-refused", axis)
        assert detail in told["detail"]

    @pytest.mark.parametrize("body", [[], "x", {"across": WEIGHTS, "in_gallery": "yes"},
                                      {"across": WEIGHTS, "more": 1}])  # fmt: skip
    def test_refuses_what_is_no_request_at_all(self, signed_in, version, body):
        assert signed_in.post(at(version), body).status_code == 400

    def test_says_when_to_come_back(self, signed_in, version, contributor, settings):
        settings.ASK_CELLS = 4
        earlier = timezone.now() - timedelta(minutes=45)
        RequestFactory(by=contributor, cells=3, state="failed", finished_at=earlier,
                       queued_at=earlier)  # fmt: skip

        answer = signed_in.post(at(version), {"across": WEIGHTS})

        assert answer.status_code == 429
        assert answer.json()["code"] == "quota-reached"
        assert 890 < int(answer["Retry-After"]) <= 900

    def test_is_not_for_strangers_nor_people_without_a_team(self, api, version):
        assert api.post(at(version), {"across": WEIGHTS}).status_code in {401, 403}
        api.force_authenticate(UserFactory())
        refused = api.post(at(version), {"across": WEIGHTS})
        assert refused.status_code == 403
        assert "member of a team" in refused.json()["detail"]

    def test_shows_nothing_of_a_version_that_is_out_of_sight(self, api, version):
        type(version).objects.update(state="ready", published_at=None)
        api.force_authenticate(member(TeamFactory()))
        assert api.post(at(version), {"across": WEIGHTS}).status_code == 404
        assert api.get(at(version)).status_code == 404

    def test_refuses_a_version_that_was_not_rendered(self, signed_in, version):
        type(version).objects.update(proof="fits")
        refused = signed_in.post(at(version), {"across": WEIGHTS})
        assert (refused.status_code, refused.json()["code"]) == (409, "not-rendered")

    def test_needs_a_token_that_may_write(self, api, version, contributor):
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor, Scope.READ)}")
        refused = api.post(at(version), {"across": WEIGHTS})
        assert (refused.status_code, refused.json()["code"]) == (403, "outside-scope")


class TestOneRequest:
    def test_shows_its_cells_with_all_they_were_rendered_from(
        self, signed_in, version, contributor
    ):
        request = done(version, contributor)
        told = signed_in.get(at(version, request.pk)).json()

        assert told["grid"]["kind"] == "asked"
        assert told["grid"]["axes"]["across"] == {"axis": "weight", "values": [0, 1]}
        assert [cell["parameters"]["prompt"] for cell in told["grid"]["cells"]] == ["a cat"] * 2
        assert told["grid"]["cells"][0]["scene"] == "own"

    def test_tells_how_long_it_will_take(self, signed_in, version, contributor):
        started = timezone.now() - timedelta(seconds=60)
        request = RequestFactory(
            version=version, by=contributor, state="running", started_at=started,
            lease_until=timezone.now() + settings.LEASE, cells=8,
            progress={"done": 2, "of": 8, "saying": "rendering", "left": 185.0},
        )  # fmt: skip
        told = signed_in.get(at(version, request.pk)).json()
        assert 175 <= told["seconds_left"] <= 190

    def test_is_its_askers_alone_until_the_gallery_shows_it(self, api, version, contributor):
        request = done(version, contributor)
        picture = f"/api/previews/{request.grid.cells.first().blob_id}.webp"
        for somebody in (None, member(version.adapter.team)):
            api.force_authenticate(somebody)
            assert api.get(at(version, request.pk)).status_code == 404
            assert api.get(picture).status_code == 404
            assert api.get(at(version)).json()["items"] == []

        api.force_authenticate(contributor)
        answer = api.patch(at(version, request.pk), {"in_gallery": True})
        assert answer.json()["in_gallery"] is True

        api.force_authenticate(None)
        assert api.get(at(version, request.pk)).status_code == 200
        assert api.get(picture).status_code == 200
        assert len(api.get(at(version)).json()["items"]) == 1

    def test_hides_a_version_that_only_the_team_may_see(self, api, version, contributor):
        draft = VersionFactory(
            adapter=version.adapter, base=version.base, ready=True, trigger_words=[]
        )
        plan = {"across": WEIGHTS, "against": draft.number}
        against = done(version, contributor, kind="versions", plan=plan, other=draft,
                       in_gallery=True)  # fmt: skip
        line = {"axis": "version", "values": [version.number, draft.number]}
        along = done(version, contributor, plan={"across": line}, in_gallery=True)
        previews = at(version).replace("requests", "previews")
        for request, kind in ((against, "versions"), (along, "asked")):
            picture = f"/api/previews/{request.grid.cells.first().blob_id}.webp"
            api.force_authenticate(None)
            assert api.get(at(version, request.pk)).status_code == 404
            assert api.get(previews, {"kind": kind}).json()["grids"] == []
            assert api.get(picture).status_code == 404
            api.force_authenticate(member(version.adapter.team, "viewer"))
            assert api.get(at(version, request.pk)).status_code == 200
            assert api.get(picture).status_code == 200

    def test_is_cancelled_once(self, signed_in, version, contributor):
        request = RequestFactory(version=version, by=contributor)
        assert signed_in.delete(at(version, request.pk)).status_code == 204
        request.refresh_from_db()
        assert request.state == "cancelled"
        assert signed_in.delete(at(version, request.pk)).status_code == 409

    def test_of_somebody_else_is_not_there_to_be_cancelled(self, signed_in, version):
        hidden = RequestFactory(version=version)
        shown = RequestFactory(version=version, in_gallery=True)
        assert signed_in.delete(at(version, hidden.pk)).status_code == 404
        assert signed_in.delete(at(version, shown.pk)).status_code == 403

    def test_of_another_version_is_not_there(self, signed_in, version, contributor):
        other = RequestFactory(by=contributor)
        assert signed_in.get(at(version, other.pk)).status_code == 404
        assert signed_in.get(at(version, uuid.uuid4())).status_code == 404


class TestList:
    def test_goes_on_from_page_to_page(self, signed_in, version, contributor, monkeypatch):
        RequestFactory.create_batch(53, version=version, by=contributor)
        first = signed_in.get(at(version)).json()
        second = signed_in.get(first["next"]).json()

        ids = [one["id"] for one in first["items"] + second["items"]]
        assert (len(first["items"]), len(set(ids)), second["next"]) == (50, 53, None)

    def test_asks_the_database_as_often_for_many_as_for_few(
        self, signed_in, version, contributor, django_assert_max_num_queries
    ):
        ended = {"state": "failed", "finished_at": timezone.now()}
        RequestFactory.create_batch(20, version=version, by=contributor, **ended)
        with django_assert_max_num_queries(6):
            signed_in.get(at(version))


class TestPreviews:
    def test_shows_grids_of_other_kinds(self, signed_in, version, contributor):
        sweep(version)
        request = done(version, contributor)
        steps = done(version, None, kind="steps", in_gallery=True)
        address = at(version).replace("requests", "previews")

        told = signed_in.get(address).json()
        assert (told["grid"]["kind"], len(told["grids"])) == ("sweep", 1)
        told = signed_in.get(address, {"kind": "asked"}).json()
        assert told["grid"]["id"] == str(request.grid_id)
        assert len(told["grid"]["cells"]) == 2
        told = signed_in.get(address, {"kind": "steps", "grid": str(steps.grid_id)}).json()
        assert told["grid"]["id"] == str(steps.grid_id)
        assert signed_in.get(told["grids"][0]["url"]).json() == told

    def test_shows_strangers_the_gallery_alone(self, api, version, contributor):
        request = done(version, contributor)
        address = at(version).replace("requests", "previews")
        told = api.get(address, {"kind": "asked"}).json()
        assert (told["grid"], told["grids"]) == (None, [])
        named = {"kind": "asked", "grid": str(request.grid_id)}
        assert api.get(address, named).status_code == 404

    @pytest.mark.parametrize("query", [{"kind": "moon"}, {"grid": "moon"}])
    def test_refuses_other_words(self, api, version, query):
        address = at(version).replace("requests", "previews")
        assert api.get(address, query).status_code == 400

    def test_gives_a_sheet_to_whoever_sees_the_grid(self, api, version, contributor):
        request = done(version, contributor)
        request.grid.sheet = keep(b"RIFF a sheet")
        request.grid.save()
        address = at(version).replace("requests", "previews/sheet")
        named = {"grid": str(request.grid_id)}
        assert api.get(address, named).status_code == 404

        api.force_authenticate(contributor)
        sheet = api.get(address, named)
        assert sheet.status_code == 200
        assert "private" in sheet["Cache-Control"]
        assert api.get(address).status_code == 404  # there is no sweep


def test_what_the_hub_asks_itself_has_nobody(api, version):
    request = done(version, None, kind="steps", in_gallery=True)
    assert api.get(at(version, request.pk)).json()["by"] is None
    assert PreviewRequest.objects.count() == 1
