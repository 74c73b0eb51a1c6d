"""The scenes that a team adds to a base."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound, WrongState
from registry.models import Event
from registry.services import previews, scenes
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    SceneFactory,
    TeamFactory,
    VersionFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    base = BaseFactory(defaults={"steps": 28, "guidance": 6.0, "width": 1024, "height": 768})
    SceneFactory(base=base, slug="circle")
    return base


@pytest.fixture
def team():
    return TeamFactory(slug="ink")


@pytest.fixture
def reviewer(team):
    return member(team, "reviewer")


def add(base, team, by, **said):
    told = {"title": "A lantern", "prompt": "a lantern, {trigger}"} | said
    return scenes.add(base, team=team, by=by, now=timezone.now(), **told)


def shown(team, base, **about):
    version = VersionFactory(adapter=AdapterFactory(team=team, **about), base=base)
    return [scene.slug for scene in previews.scenes_of(version)]


class TestAdd:
    def test_takes_what_is_not_said_from_the_base(self, base, team, reviewer):
        scene = add(base, team, reviewer, steps=12)

        assert (scene.steps, scene.guidance, scene.width, scene.height) == (12, 6.0, 1024, 768)
        assert scene.slug == "a-lantern"
        assert Event.objects.filter(verb="scene.added", team=team).exists()

    def test_names_further_seeds_each_once_and_not_its_own(self, base, team, reviewer):
        scene = add(base, team, reviewer, seed=3, further_seeds=[5, 3, 8, 5])

        assert scene.further_seeds == [5, 8]
        assert add(base, team, reviewer).further_seeds == []

    @pytest.mark.parametrize(
        ("seeds", "code"), [([1, 2, 3, 4, 5], "scene.seeds"), ([-1], "scene.seed")]
    )
    def test_refuses_seeds_that_nobody_draws(self, base, team, reviewer, seeds, code):
        with pytest.raises(Invalid) as refusal:
            add(base, team, reviewer, further_seeds=seeds)

        assert refusal.value.code == code

    def test_refuses_seeds_of_what_draws_nothing_by_chance(self, team, reviewer):
        base = BaseFactory(modality="text", pipeline="LlamaForCausalLM")

        with pytest.raises(Invalid) as refusal:
            add(base, team, reviewer, further_seeds=[5])

        assert refusal.value.code == "scene.unasked"

    def test_shows_the_team_s_adapters_on_it_and_no_others(self, base, team, reviewer):
        add(base, team, reviewer)

        assert shown(team, base) == ["circle", "a-lantern"]
        assert shown(TeamFactory(), base) == ["circle"]

    def test_shows_it_beside_the_parent_s_scenes(self, base, team, reviewer):
        child = BaseFactory(slug="child", parent=base)
        add(child, team, reviewer)

        assert shown(team, child) == ["circle", "a-lantern"]

    def test_keeps_to_the_kinds_that_it_is_for(self, base, team, reviewer):
        add(base, team, reviewer, kinds=["character"])

        assert shown(team, base, kind="style") == ["circle"]
        assert shown(team, base, kind="character") == ["circle", "a-lantern"]

    def test_gives_two_of_one_title_names_of_their_own(self, base, team, reviewer):
        slugs = [add(base, team, reviewer, title=title).slug for title in ("Circle", "圆", "圆")]
        assert slugs == ["circle-2", "scene", "scene-2"]

    def test_asks_a_base_that_writes_by_what_it_reads(self, team, reviewer):
        tales = BaseFactory(slug="tales", modality="text", pipeline="LlamaForCausalLM")

        scene = add(tales, team, reviewer, passage="The ferry was late.", most_tokens=40)

        assert (scene.passage, scene.most_tokens) == ("The ferry was late.", 40)
        with pytest.raises(Invalid, match=r"width: .* is asked by prompt, passage, most_tokens"):
            add(tales, team, reviewer, width=512)

    @pytest.mark.parametrize(
        ("modality", "pipeline", "given"),
        [
            ("audio", "WhisperForConditionalGeneration", "four-pink-stars"),
            ("multimodal", "BlipForConditionalGeneration", "moon"),
        ],
    )
    def test_gives_a_base_something_to_hear_or_see(self, team, reviewer, modality, pipeline, given):
        base = BaseFactory(slug="senses", modality=modality, pipeline=pipeline)

        assert add(base, team, reviewer, prompt="", title="By itself").sample
        assert add(base, team, reviewer, prompt="", sample=given).sample == given
        with pytest.raises(Invalid, match="sample: 'thunder' is none of .*" + given):
            add(base, team, reviewer, prompt="", sample="thunder")

    def test_is_for_reviewers(self, base, team):
        with pytest.raises(NotAllowed, match="Reviewer"):
            add(base, team, member(team, "contributor"))

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"width": 4096, "height": 4096}, "width: a whole number from 64 to 2048"),
            ({"width": 2048, "height": 2048}, "more than a worker renders"),
            ({"width": 1001}, "multiples of 8"),
            ({"steps": 200}, "steps: a whole number from 1 to 60"),
            ({"steps": True}, "steps: a whole number"),
            ({"guidance": float("nan")}, "guidance: a number from 0 to 30"),
            ({"seed": 2**32}, "seed: a whole number from 0 to 4294967295"),
            ({"prompt": "  "}, "Give the scene a prompt"),
            ({"prompt": "x" * 1001}, "prompt: write 1000 letters at most"),
            ({"sampler": "magic"}, "'magic' is none of euler"),
            ({"kinds": ["dragon"]}, "'dragon' is none of character"),
        ],
        ids=lambda one: str(one)[:40] if isinstance(one, str) else None,
    )
    def test_says_what_is_too_much(self, base, team, reviewer, said, reason):
        with pytest.raises(Invalid, match=reason):
            add(base, team, reviewer, **said)

    def test_stops_at_as_many_as_a_sweep_can_bear(self, base, team, reviewer):
        for number in range(scenes.MOST_ACTIVE):
            add(base, team, reviewer, title=f"Number {number}")

        with pytest.raises(WrongState, match="switch another one off"):
            add(base, team, reviewer)


class TestChange:
    def test_switches_a_scene_off_and_on(self, base, team, reviewer):
        scene = add(base, team, reviewer)

        scenes.change(scene, by=reviewer, now=timezone.now(), active=False)
        assert shown(team, base) == ["circle"]
        scenes.change(scene, by=reviewer, now=timezone.now(), active=True)
        assert shown(team, base) == ["circle", "a-lantern"]

    def test_leaves_what_is_not_said(self, base, team, reviewer):
        scene = add(base, team, reviewer, steps=12)

        changed = scenes.change(scene, by=reviewer, now=timezone.now(), title="Another")

        assert (changed.title, changed.steps, changed.slug) == ("Another", 12, "a-lantern")

    def test_says_what_is_too_much(self, base, team, reviewer):
        scene = add(base, team, reviewer)
        with pytest.raises(Invalid, match="steps"):
            scenes.change(scene, by=reviewer, now=timezone.now(), steps=61)

    def test_leaves_the_catalogue_s_alone(self, base, reviewer):
        with pytest.raises(NotFound, match="catalogue"):
            scenes.change(base.scenes.get(), by=reviewer, now=timezone.now(), active=False)

    def test_finds_no_scene_for_a_stranger_to_the_team(self, base, team, reviewer):
        scene = add(base, team, reviewer)
        with pytest.raises(NotFound):
            scenes.of_team_by_id(team, scene.pk, by=member(TeamFactory(), "admin"))
