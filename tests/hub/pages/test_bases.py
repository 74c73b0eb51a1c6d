"""The pages of base models, and the form for a team's own."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.bases.manifest import Layer, Manifest
from registry.models import BaseModel
from tests import blueprints
from tests.factories import (
    BaseFactory,
    TeamFactory,
    UserFactory,
    VersionFactory,
    member,
    own_base,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

TINY = Manifest("ours", {"model": {f"layers.{n}.q_proj": Layer("linear", (8, 8)) for n in (0, 1)}})
SAID = {"team": "ink", "title": "Our Small One", "slug": ""}


def config(name, fields):
    content = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    return SimpleUploadedFile(name, content, content_type="application/json")


class TestList:
    def test_finds_bases_by_any_of_their_names(self, client):
        BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", aliases=["stabilityai/xl-base"])
        BaseFactory(slug="tales", title="Tales", modality="text")

        found = client.get("/bases?text=xl-base").text
        assert "SDXL 1.0" in found
        assert "Tales" not in found
        assert "No base model is called “xyz”" in client.get("/bases?text=xyz").text

    def test_calls_families_as_people_do_and_finds_them_by_that(self, client):
        BaseFactory(slug="sd-1-5", title="SD 1.5", family="sd1")
        BaseFactory(slug="tales", title="Tales", modality="text", family="llama")

        found = client.get("/bases?text=stable+diffusion+1").text
        assert "<td>Stable Diffusion 1</td>" in found
        assert "Tales" not in found
        assert '<span class="chip">Stable Diffusion 1</span>' in client.get("/bases/sd-1-5").text

    def test_answers_htmx_with_the_piece_that_it_asks_for(self, client):
        BaseFactory(slug="tales", title="Tales", modality="text")
        asked = {"HX-Request": "true", "HX-Target": "catalogue"}

        piece = client.get("/bases?text=tales", headers=asked).text

        assert "Tales" in piece
        assert "<html" not in piece

    def test_shows_the_catalogue_to_strangers_and_no_teams_own(self, client, team):
        BaseFactory(slug="sdxl-1-0", title="SDXL 1.0")
        own_base(team, title="Ours alone")

        page = client.get("/bases").text

        assert "SDXL 1.0" in page
        assert "Ours alone" not in page

    def test_shows_a_member_their_own_and_how_it_stands(self, signed_in, team):
        own_base(team, title="Ours alone")

        page = signed_in.get("/bases").text

        assert "Ours alone" in page
        assert "Being made" in page
        assert 'hx-trigger="every 2s"' in page

    def test_asks_no_more_once_nothing_is_going_on(self, signed_in, team):
        own_base(team, manifest=TINY)
        assert (
            "every 2s"
            not in signed_in.get(
                "/bases", headers={"HX-Request": "true", "HX-Target": "own-bases"}
            ).text
        )


class TestPage:
    def test_says_whose_it_is_and_counts_its_layers(self, signed_in, team):
        own_base(team, manifest=TINY, aliases=["ink/ours"])

        page = signed_in.get("/bases/ours").text

        assert "added by team Ink" in page
        assert '<code>model</code></th><td class="number">2</td>' in page
        assert "ink/ours" in page

    def test_says_that_only_the_fit_can_be_proved_without_weights(self, signed_in, team):
        own_base(team, manifest=TINY)

        steps = signed_in.get("/bases/ours").context["steps"]

        assert [step.done for step in steps] == [True, False, False]
        assert "No weights needed" in steps[0].sentence

    def test_asks_for_itself_while_it_is_made(self, signed_in, team):
        base = own_base(team)
        page = signed_in.get("/bases/ours").text
        assert 'hx-get="/bases/ours/live"' in page

        piece = signed_in.get("/bases/ours/live", headers={"HX-Request": "true"})
        assert "Its layers are being made" in piece.text
        BaseModel.objects.filter(pk=base.pk).update(state="ready")
        done = signed_in.get("/bases/ours/live", headers={"HX-Request": "true"})
        assert done["HX-Refresh"] == "true"

    def test_shows_why_it_failed_and_lets_it_be_tried_again(self, signed_in, team):
        own_base(team, state="failed", reason="It has 60,000 layers.")

        page = signed_in.get("/bases/ours").text
        assert "It has 60,000 layers." in page
        assert "/bases/ours/again" in page
        signed_in.post("/bases/ours/again")

        assert BaseModel.objects.get().state == "making"

    def test_is_not_there_for_strangers_until_something_is_published(self, client, team):
        base = own_base(team, manifest=TINY)
        assert client.get("/bases/ours").status_code == 404

        VersionFactory(base=base, published=True)

        page = client.get("/bases/ours").text
        assert "1 adapter is published for it." in page
        assert "Remove" not in page

    def test_shows_nothing_of_other_teams_forms(self, client, team):
        base = own_base(team, state="making")
        VersionFactory(base=base, published=True)
        BaseModel.objects.update(state="failed", reason="It is too large.")
        client.force_login(member(TeamFactory(slug="other")))

        assert "/bases/ours/again" not in client.get("/bases/ours").text
        assert client.post("/bases/ours/again").status_code == 403
        assert client.post("/bases/ours/remove").status_code == 403

    def test_is_removed_by_whoever_added_it(self, signed_in, person, team):
        own_base(team, manifest=TINY, added_by=person)
        assert "/bases/ours/remove" in signed_in.get("/bases/ours").text

        answer = signed_in.post("/bases/ours/remove", follow=True)

        assert "Ours is removed." in answer.text
        assert not BaseModel.objects.exists()

    def test_stays_while_versions_need_it(self, signed_in, person, team):
        VersionFactory(base=own_base(team, manifest=TINY, added_by=person))
        answer = signed_in.post("/bases/ours/remove", follow=True)
        assert "cannot be removed" in answer.text


class TestForm:
    def test_is_for_those_who_are_signed_in(self, client):
        assert client.get("/bases/new")["Location"] == "/sign-in?next=/bases/new"

    def test_says_so_to_who_is_in_no_team(self, client):
        client.force_login(UserFactory())
        answer = client.get("/bases/new")
        assert answer.status_code == 403
        assert "no team that you may add a base for" in answer.text

    def test_adds_a_language_model_of_its_configuration(self, signed_in):
        answer = signed_in.post(
            "/bases/new", SAID | {"main": config("config.json", blueprints.LLAMA)}
        )

        assert answer["Location"] == "/bases/our-small-one"
        base = BaseModel.objects.get()
        assert (base.state, base.team.slug) == ("making", "ink")
        assert set(base.blueprint.configs) == {"config.json"}

    def test_adds_a_pipeline_of_several_files(self, signed_in):
        files = {
            "main": config("my index.json", blueprints.INDEX),
            "picture": config("config.json", blueprints.UNET),
            "text_encoder": config("config (1).json", blueprints.TEXT_ENCODER),
        }

        signed_in.post("/bases/new", SAID | files | {"slug": "pipe", "aliases": "a, b"})

        base = BaseModel.objects.get()
        assert set(base.blueprint.configs) == set(blueprints.pipeline())
        assert (base.slug, base.aliases) == ("pipe", ["a", "b"])

    def test_adds_a_child_of_a_known_base(self, signed_in):
        BaseFactory(slug="sdxl-1-0", family="sdxl")
        signed_in.post("/bases/new", SAID | {"parent": "sdxl-1-0"})
        assert BaseModel.objects.get(slug="our-small-one").parent.slug == "sdxl-1-0"

    @pytest.mark.parametrize(
        ("files", "said"),
        [
            ({}, "Choose a base with the same layers"),
            ({"main": config("config.json", b"")}, "is not JSON"),
            ({"main": config("config.json", b"\x80\x02}q\0.")}, "is not JSON"),
            ({"main": config("m.safetensors", b" " * 300_000)}, "Were the weights chosen"),
            (
                {"main": config("config.json", blueprints.LLAMA | {"auto_map": {"A": "x.Y"}})},
                "never runs code",
            ),
            (
                {"main": config("config.json", blueprints.LLAMA | {"vocab_size": 10**9})},
                "vocab_size is 1,000,000,000",
            ),
            ({"main": config("model_index.json", blueprints.INDEX)}, "give its config.json too"),
        ],
        ids=["nothing", "empty", "a pickle", "weights", "code", "bounds", "a part lacking"],
    )
    def test_keeps_what_was_typed_when_it_is_refused(self, signed_in, files, said):
        answer = signed_in.post("/bases/new", SAID | files)

        assert answer.status_code == 422
        assert said in answer.text
        assert "Our Small One" in answer.text
        assert not BaseModel.objects.exists()

    def test_offers_no_other_teams_bases_as_parents(self, signed_in, team):
        own_base(TeamFactory(slug="other"), slug="theirs", manifest=TINY)
        own_base(team, manifest=TINY)
        parents = [
            value
            for value, _ in signed_in.get("/bases/new").context["form"]["parent"].field.choices
        ]
        assert parents == ["", "ours"]

    def test_speaks_chinese(self, signed_in):
        page = signed_in.get("/bases/new", headers={"Accept-Language": "zh-CN"}).text
        assert "添加底模" in page


class TestScenes:
    LANTERN = {  # noqa: RUF012
        "title": "A lantern", "prompt": "a lantern, {trigger}", "seed": 1, "steps": 12,
        "guidance": 5, "width": 512, "height": 512, "counts": "on",
    }  # fmt: skip

    @pytest.fixture
    def base(self):
        return BaseFactory(slug="sdxl-1-0", title="SDXL 1.0")

    def test_a_reviewer_adds_one_and_switches_it_off(self, client, team, base):
        client.force_login(member(team, "reviewer"))
        assert "?team=ink" in client.get("/bases/sdxl-1-0").text
        assert client.get("/bases/sdxl-1-0/scenes/new?team=ink").status_code == 200

        answer = client.post("/bases/sdxl-1-0/scenes/new?team=ink", self.LANTERN, follow=True)

        assert "A lantern" in answer.text
        scene = base.scenes.get(team=team)
        at = f"/bases/sdxl-1-0/scenes/ink/{scene.pk}"
        page = client.post(f"{at}/switch", {"active": "0"}, follow=True).text
        assert "switched off" in page
        scene.refresh_from_db()
        assert not scene.active

    def test_a_reviewer_changes_one(self, client, team, base):
        client.force_login(member(team, "reviewer"))
        client.post("/bases/sdxl-1-0/scenes/new?team=ink", self.LANTERN)
        scene = base.scenes.get(team=team)
        at = f"/bases/sdxl-1-0/scenes/ink/{scene.pk}"
        assert "a lantern, {trigger}" in client.get(at).text

        client.post(at, self.LANTERN | {"steps": 20})

        scene.refresh_from_db()
        assert scene.steps == 20

    def test_a_reviewer_names_further_seeds(self, client, team, base):
        client.force_login(member(team, "reviewer"))

        client.post(
            "/bases/sdxl-1-0/scenes/new?team=ink", self.LANTERN | {"further_seeds": "5, 8,"}
        )

        scene = base.scenes.get(team=team)
        assert scene.further_seeds == [5, 8]
        at = f"/bases/sdxl-1-0/scenes/ink/{scene.pk}"
        assert 'value="5, 8"' in client.get(at).text
        wrong = client.post(at, self.LANTERN | {"further_seeds": "five"})
        assert wrong.status_code == 422
        assert "whole numbers with commas" in wrong.text

    def test_asks_for_what_reaches_the_base_and_for_nothing_else(self, client, team):
        BaseFactory(slug="ears", modality="audio", pipeline="WhisperForConditionalGeneration")
        client.force_login(member(team, "reviewer"))

        page = client.get("/bases/ears/scenes/new?team=ink").text

        assert 'name="sample"' in page
        assert 'name="width"' not in page
        assert 'name="further_seeds"' not in page
        said = {"title": "A voice", "sample": "four-pink-stars", "most_tokens": 20, "counts": "on"}
        client.post("/bases/ears/scenes/new?team=ink", said)
        assert BaseModel.objects.get().scenes.get().sample == "four-pink-stars"

    def test_says_what_is_too_much(self, client, team, base):
        client.force_login(member(team, "reviewer"))
        large = self.LANTERN | {"width": 2048, "height": 2048}

        answer = client.post("/bases/sdxl-1-0/scenes/new?team=ink", large)

        assert answer.status_code == 422
        assert "more than a worker renders" in answer.text

    def test_is_not_offered_to_others(self, client, team, base):
        client.force_login(member(team, "contributor"))
        assert "/scenes/new" not in client.get("/bases/sdxl-1-0").text
        assert client.get("/bases/sdxl-1-0/scenes/new").status_code == 404
