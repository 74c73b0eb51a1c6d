from __future__ import annotations

import pytest

from registry.models import Event, Role
from tests import files
from tests.factories import BaseFactory, FileFactory, UserFactory, VersionFactory, keep, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


@pytest.fixture
def run(team, contributor):
    """Return a published version with two checkpoints before its end."""
    BaseFactory(slug="sdxl-1-0")
    version = VersionFactory(
        adapter__team=team, adapter__slug="ink", adapter__created_by=contributor, published=True,
        weight_low=0.6,
    )  # fmt: skip
    for step in (100, 200):
        content = files.kohya_lora("sdxl", values=files.Values(seed=step)).getvalue()
        FileFactory(
            version=version, role="checkpoint", name=f"ink-{step:06}.safetensors",
            training_step=step, blob=keep(content),
        )  # fmt: skip
    return version


AT = "/api/adapters/ink/ink/versions/1/checkpoints"


def votes(answer):
    return {one["training_step"]: one["votes"] for one in answer.json()["items"]}


class TestVoting:
    def test_lists_the_run_with_its_end_last(self, api, run):
        answer = api.get(AT)

        assert votes(answer) == {100: 0, 200: 0, None: 0}

    def test_is_not_for_robots(self, api, run, team):
        api.force_authenticate(member(team, Role.CONTRIBUTOR, robot_of=team))

        assert api.put(f"{AT}/vote", {"training_step": 100}).status_code == 403

    def test_a_person_has_one_vote_and_may_change_it(self, signed_in, run, team):
        signed_in.put(f"{AT}/vote", {"training_step": 100, "note": "softer  edges"})
        answer = signed_in.put(f"{AT}/vote", {"training_step": None, "note": "no, the end"})

        assert votes(answer) == {100: 0, 200: 0, None: 1}
        assert answer.json()["items"][2]["voters"][0]["note"] == "no, the end"
        assert Event.objects.filter(verb="checkpoint.voted").count() == 2

    def test_a_vote_is_taken_back(self, signed_in, run):
        signed_in.put(f"{AT}/vote", {"training_step": 200})

        assert signed_in.delete(f"{AT}/vote").status_code == 204

        assert votes(signed_in.get(AT)) == {100: 0, 200: 0, None: 0}

    def test_who_is_for_what_is_the_teams_alone(self, api, run, team):
        api.force_authenticate(member(team, Role.VIEWER))
        api.put(f"{AT}/vote", {"training_step": 200, "note": "best hands"})

        api.force_authenticate(UserFactory())
        seen = api.get(AT).json()["items"][1]

        assert (seen["votes"], seen["voters"]) == (1, [])
        assert api.put(f"{AT}/vote", {"training_step": 200}).status_code == 403

    def test_refuses_a_step_that_is_none(self, signed_in, run):
        assert signed_in.put(f"{AT}/vote", {"training_step": 7}).status_code == 404


class TestPromoting:
    def test_makes_the_next_version_of_bytes_that_are_here(self, signed_in, run, sent):
        answer = signed_in.post(f"{AT}/promote", {"training_step": 100})

        assert answer.status_code == 202
        made = run.adapter.versions.get(number=2)
        assert made.sha256 == run.files.get(training_step=100).sha256
        assert (made.parent, made.state, made.weight_low) == (run, "waiting", 0.6)
        assert made.trigger_words == run.trigger_words
        assert made.files.get().upload.known
        assert signed_in.get(AT).json()["items"][0]["became"] == [2]

    def test_promotes_a_checkpoint_once(self, signed_in, run):
        signed_in.post(f"{AT}/promote", {"training_step": 100})

        answer = signed_in.post(f"{AT}/promote", {"training_step": 100})

        assert answer.status_code == 409
        assert "is version 2 already" in answer.json()["detail"]

    def test_keeps_the_line_of_versions_and_what_it_comes_from(self, signed_in, run):
        VersionFactory(adapter=run.adapter, published=True)

        signed_in.post(f"{AT}/promote", {"training_step": 200})

        assert run.adapter.versions.get(number=3).parent == run

    def test_is_for_contributors(self, api, run, team):
        api.force_authenticate(member(team, Role.VIEWER))

        assert api.post(f"{AT}/promote", {"training_step": 100}).status_code == 403

    def test_says_when_the_bytes_are_not_kept(self, signed_in, run):
        run.files.filter(training_step=100).update(blob=None)

        answer = signed_in.post(f"{AT}/promote", {"training_step": 100})

        assert answer.status_code == 409
        assert "ink-000100.safetensors are not kept" in answer.json()["detail"]
