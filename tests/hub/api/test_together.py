from __future__ import annotations

import pytest

from registry.models import LayerNorms, PreviewRequest
from tests.factories import AdapterFactory, BaseFactory, SceneFactory, VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

PLAN = {"across": {"axis": "weight", "values": [0, 1]}, "same": {"prompt": "a fish", "seed": 3}}


@pytest.fixture
def pair(team):
    base = BaseFactory(slug="shapes", family="shapes", weights_at="demo/base")
    SceneFactory(base=base, slug="circle", width=96, height=96)
    return [
        VersionFactory(
            base=base, adapter=AdapterFactory(team=team, slug=slug), published=True,
            proof="renders", measured_best=best,
        )
        for slug, best in (("zebra", 0.8), ("cat", 1.1))
    ]  # fmt: skip


@pytest.mark.usefixtures("pair")
class TestCompareSeveral:
    def test_has_every_fact_and_whether_they_differ(self, api):
        told = api.get("/api/compare/several", {"adapters": "ink/zebra,ink/cat@1"}).json()

        assert [one["name"] for one in told["items"]] == ["zebra", "cat"]
        facts = {row["fact"]: row for row in told["facts"]}
        assert facts["measured_best"] == {
            "fact": "measured_best", "values": [0.8, 1.1], "differs": True,
        }  # fmt: skip
        assert not facts["base"]["differs"]

    @pytest.mark.parametrize(
        ("adapters", "status"),
        [("", 400), ("zebra", 400), ("ink/none", 404), (",".join(["ink/zebra"] * 7), 400)],
        ids=["none", "no name", "not there", "seven"],
    )
    def test_refuses_what_it_cannot_show(self, api, adapters, status):
        assert api.get("/api/compare/several", {"adapters": adapters}).status_code == status


class TestAskSeveral:
    def test_asks_each_for_the_same_cells(self, signed_in, pair):
        answer = signed_in.post("/api/requests", PLAN | {"adapters": ["ink/zebra", "ink/cat"]})

        assert answer.status_code == 202
        one, other = answer.json()["items"]
        assert (one["name"], other["name"]) == ("zebra", "cat")
        assert one["plan"] == other["plan"]

    def test_asks_for_none_where_the_plan_is_refused_for_one(self, signed_in, pair):
        _one, other = pair
        other.base = BaseFactory(slug="other", family="shapes", weights_at="demo/base")
        other.save()
        SceneFactory(base=other.base, slug="square")
        plan = PLAN | {"adapters": ["ink/zebra", "ink/cat"], "same": {"scene": "circle"}}

        answer = signed_in.post("/api/requests", plan)

        assert answer.status_code == 422
        assert "ink/cat" in answer.json()["detail"]
        assert not PreviewRequest.objects.exists()

    @pytest.mark.usefixtures("pair")
    def test_counts_all_their_cells_but_one_place_in_the_queue(self, signed_in, settings):
        settings.ASK_LIVING, settings.ASK_CELLS = 1, 4
        both = PLAN | {"adapters": ["ink/zebra", "ink/cat"]}

        assert signed_in.post("/api/requests", both).status_code == 202
        again = signed_in.post("/api/requests", both)

        assert again.status_code == 429
        assert "Retry-After" in again

    @pytest.mark.usefixtures("pair")
    @pytest.mark.parametrize(
        "body", [[], {}, PLAN | {"adapters": "ink/zebra"}, PLAN | {"adapters": [1]},
                 PLAN | {"adapters": ["ink/zebra"], "against": 2}],
        ids=["a list", "nothing", "no list", "numbers", "another version"],
    )  # fmt: skip
    def test_refuses_what_is_no_request(self, signed_in, body):
        assert signed_in.post("/api/requests", body).status_code == 400

    def test_is_not_for_strangers(self, api, pair):
        assert api.post("/api/requests", PLAN).status_code == 401


def test_shows_layers_by_name(api, team):
    version = VersionFactory(adapter__team=team, adapter__slug="zebra", published=True)
    own = {"mid_block_attentions_0_proj_in": 2.0}
    LayerNorms.objects.create(blob=version.files.get().blob, parts={"unet": own})

    told = api.get("/api/compare/layers?adapters=ink/zebra").json()

    [part] = told["parts"]
    assert part["part"] == "unet"
    assert part["blocks"] == [
        {
            "name": "mid_block",
            "layers": [{"name": "mid_block.attentions.0.proj_in", "norms": [2.0]}],
        }
    ]
    assert api.get("/api/compare/layers").status_code == 400
    assert api.get("/api/compare/layers?adapters=ink/none").status_code == 404
