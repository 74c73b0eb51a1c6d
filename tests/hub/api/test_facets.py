from __future__ import annotations

import pytest

from tests.factories import AdapterFactory, BaseFactory, VersionFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ink():
    adapter = AdapterFactory(team__slug="ink", tags=["ink"], kind="style")
    return VersionFactory(adapter=adapter, base=BaseFactory(title="SDXL 1.0"), published=True)


class TestFacets:
    def test_counts_each_choice(self, api, ink):
        VersionFactory(published=True, adapter__kind="voice")

        answer = api.get("/api/facets?kind=style").json()

        assert answer["total"] == 1
        assert [(one["value"], one["count"]) for one in answer["facets"]["kind"]] == [
            ("style", 1),
            ("voice", 1),
        ]
        assert [(one["value"], one["under"], one["title"]) for one in answer["facets"]["base"]] == [
            ("sdxl", "", "SDXL"),
            ("sdxl-1-0", "sdxl", "SDXL 1.0"),
        ]

    def test_takes_the_filters_of_the_list_and_no_other(self, api, ink):
        assert api.get("/api/facets?q=nothing").json()["total"] == 0
        refused = api.get("/api/facets?sort=name")
        assert refused.status_code == 400
        assert "no parameter “sort”" in refused.json()["detail"]

    def test_counts_states_for_members_alone(self, api, ink):
        VersionFactory(ready=True, adapter=ink.adapter)
        assert "state" not in api.get("/api/facets").json()["facets"]

        api.force_authenticate(member(ink.adapter.team, "viewer"))
        assert api.get("/api/facets").json()["facets"]["state"][0]["value"] == "ready"
