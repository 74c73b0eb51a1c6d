from __future__ import annotations

import json

import pytest

from tests.factories import VersionFactory

pytestmark = pytest.mark.django_db
AT = "/api/adapters/ink/wash/versions/1/lineage"


@pytest.fixture
def wash(team):
    return VersionFactory(
        adapter__team=team, adapter__slug="wash", adapter__licence="mit", published=True
    )


@pytest.fixture
def sea():
    return VersionFactory(
        adapter__team__slug="blue", adapter__slug="sea", published=True, adapter__licence="cc-by-nc"
    )


def put(client, *said):
    return client.put(AT, {"ancestors": list(said)}, format="json")


def test_tells_what_was_said_on_both_ends(signed_in, wash, sea):
    told = put(signed_in, {"kind": "merged", "of": "blue/sea@1", "weight": 0.4}).json()

    [one] = told["ancestors"]
    assert (one["kind"], one["name"], one["depth"], one["weight"]) == (
        *("merged", "blue/sea@1", 1, 0.4),
    )
    assert one["url"].endswith("/api/adapters/blue/sea/versions/1")
    assert [each["permits"] for each in told["breaches"]] == ["commercial", "different_licence"]
    below = signed_in.get("/api/adapters/blue/sea/versions/1/lineage").json()
    assert [each["name"] for each in below["descendants"]] == ["ink/wash@1"]


def test_shows_strangers_no_more_than_they_may_see(api, signed_in, wash, sea):
    put(signed_in, {"kind": "merged", "of": "blue/sea@1"})
    sea.state = "ready"
    sea.save()
    api.force_authenticate(None)

    assert api.get(AT).json() == {
        "ancestors": [],
        "descendants": [],
        "is_cut": False,
        "breaches": [],
        "found": [],
    }


def test_what_the_hub_found_is_for_the_team(api, signed_in, wash):
    wash.files.update(metadata={"modelspec.merged_from": "some-lora"})

    [found] = signed_in.get(AT).json()["found"]
    assert (found["kind"], found["name"], found["is_here"]) == ("merged", "some-lora", False)
    api.force_authenticate(None)
    assert api.get(AT).json()["found"] == []


def test_is_taken_back(signed_in, wash, sea):
    put(signed_in, {"kind": "merged", "of": "blue/sea@1"})
    assert signed_in.delete(AT).status_code == 204
    assert signed_in.get(AT).json()["ancestors"] == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"kind": "stolen", "of": "blue/sea@1"}, 400),
        ({"kind": "merged", "of": "blue/sea@7"}, 404),
        ({"kind": "merged", "of": "blue/sea"}, 400),
        ({"kind": "merged", "of": "1"}, 400),
    ],
)
def test_refuses(signed_in, wash, sea, said, status):
    assert put(signed_in, said).status_code == status


def test_is_said_by_the_team_alone(api, wash, sea):
    api.force_authenticate(sea.uploaded_by)
    assert put(api, {"kind": "merged", "of": "blue/sea@1"}).status_code == 403


def test_stands_in_the_readme_as_far_as_everybody_may_know(signed_in, wash, sea):
    hidden = VersionFactory(adapter__team=wash.adapter.team, adapter__slug="dye", ready=True)
    put(
        signed_in,
        {"kind": "merged", "of": "blue/sea@1", "weight": 0.4},
        {"kind": "resized", "of": "https://example.com/<x>", "title": "A [link](x)"},
        {"kind": "continued", "of": f"ink/{hidden.adapter.slug}@1"},
    )

    readme = signed_in.get("/ink/wash/resolve/main/README.md")
    text = b"".join(readme.streaming_content if readme.streaming else [readme.content]).decode()

    assert "Merged from `blue/sea@1` at 0.4." in text
    assert "Made smaller from A \\[link\\](x) (<https://example.com/%3Cx%3E>)." in text
    assert "dye" not in text


def test_stands_in_the_notes_of_sidecar_files(signed_in, wash, sea):
    hidden = VersionFactory(adapter__team=wash.adapter.team, adapter__slug="dye", ready=True)
    put(
        signed_in,
        {"kind": "merged", "of": "blue/sea@1", "weight": 0.4},
        {"kind": "continued", "of": f"ink/{hidden.adapter.slug}@1"},
    )

    for program in ("webui", "lora-manager"):
        answer = signed_in.get(f"/api/adapters/ink/wash/versions/1/sidecars/{program}")
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        notes = json.loads(text)["notes"]
        assert "Merged from blue/sea@1 at 0.4." in notes
        assert "dye" not in notes
