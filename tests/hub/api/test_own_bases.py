"""Bases of a team's own, through the API."""

from __future__ import annotations

import base64

import pytest

from registry.bases.manifest import Layer, Manifest
from registry.models import BaseModel, Role, Scope
from tests import blueprints, files
from tests.factories import (
    BaseFactory,
    TeamFactory,
    VersionFactory,
    member,
    own_base,
    token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

TINY = Manifest("ours", {"model": {"layers.0.q_proj": Layer("linear", (8, 8))}})
NEW = {"team": "ink", "title": "Our small one", "slug": "our-small-one"}


def new(**fields):
    return NEW | {"configs": blueprints.language_model()} | fields


class TestPost:
    def test_accepts_a_configuration_whose_layers_a_worker_makes(self, signed_in):
        answer = signed_in.post("/api/bases", new(aliases=["Ink/Small"], licence="MIT"))

        assert answer.status_code == 202
        assert answer["Location"] == "http://testserver/api/bases/our-small-one"
        told = answer.json()
        assert (told["state"], told["team"], told["modality"]) == ("making", "ink", "text")
        assert told["layers"] == {}

    def test_makes_a_child_of_a_base_at_once(self, signed_in):
        BaseFactory(slug="sdxl-1-0", family="sdxl", pipeline="StableDiffusionXLPipeline")

        answer = signed_in.post("/api/bases", NEW | {"parent": "sdxl-1-0"})

        assert answer.status_code == 201
        told = answer.json()
        assert (told["state"], told["parent"], told["family"]) == ("ready", "sdxl-1-0", "sdxl")
        assert told["layers"]["unet"] > 700

    def test_keeps_how_its_repository_is_spelled(self, signed_in):
        BaseFactory(slug="sdxl-1-0")
        told = NEW | {"parent": "sdxl-1-0", "repo": "Ink/Small-1B"}

        assert signed_in.post("/api/bases", told).json()["repo"] == "Ink/Small-1B"

        found = signed_in.get("/api/bases/ink%2Fsmall-1b").json()
        assert found["aliases"] == ["ink/small-1b"]

    @pytest.mark.parametrize(
        ("fields", "status", "code", "said"),
        [
            ({"configs": None}, 400, "base.layers", "either the parent"),
            ({"configs": {}}, 400, "base.layers", "either the parent"),
            ({"configs": {"config.json": 1}}, 400, "invalid", "configs"),
            (
                {"configs": blueprints.language_model(auto_map={"AutoModel": "x.Y"})},
                422,
                "base.code",
                "auto_map",
            ),
            (
                {"configs": blueprints.language_model(num_hidden_layers=10**6)},
                422,
                "base.limit",
                "num_hidden_layers",
            ),
            ({"repo": "small"}, 400, "base.repo", "owner and its name"),
            ({"repo": "../etc"}, 400, "base.repo", "owner and its name"),
            ({"repo": "Stabilityai/SDXL-Turbo"}, 409, "base.name-taken", "sdxl-turbo"),
            ({"slug": "Not a slug"}, 400, "base.slug", "small Latin letters"),
            ({"defaults": {"steps": 10**6}}, 400, "base.defaults", "steps"),
            ({"defaults": {"steps": "many"}}, 400, "invalid", "defaults.steps"),
            ({"configs": None, "parent": "unheard-of"}, 404, "not-found", "unheard-of"),
            ({"team": "nobody"}, 404, "not-found", "nobody"),
        ],
    )
    def test_refuses_by_a_code_and_a_sentence(self, signed_in, fields, status, code, said):
        answer = signed_in.post("/api/bases", new(**fields))

        assert answer.status_code == status
        assert answer["Content-Type"].startswith("application/problem+json")
        assert answer.json()["code"] == code
        assert said in answer.json()["detail"]
        assert not BaseModel.objects.exists()

    def test_refuses_a_name_that_is_taken(self, signed_in):
        BaseFactory(slug="our-small-one")
        answer = signed_in.post("/api/bases", new())
        assert (answer.status_code, answer.json()["code"]) == (409, "base.name-taken")

    def test_refuses_json_without_ground(self, signed_in):
        deep = '{"a":' * 100_000 + "1" + "}" * 100_000
        answer = signed_in.generic(
            "POST", "/api/bases", f'{{"configs": {deep}}}', content_type="application/json"
        )
        assert answer.status_code == 400

    def test_is_not_for_strangers_viewers_or_other_teams(self, api, team):
        assert api.post("/api/bases", new()).status_code == 401
        for person in (member(team, Role.VIEWER), member(TeamFactory(slug="other"))):
            api.force_authenticate(person)
            assert api.post("/api/bases", new()).status_code == 403

    def test_needs_a_token_that_may_upload(self, api, contributor):
        for scope, status in ((Scope.READ, 403), (Scope.UPLOAD, 202)):
            api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor, scope)}")
            assert api.post("/api/bases", new()).status_code == status


class TestGet:
    def test_tells_how_it_stands(self, signed_in, team):
        own_base(team, state="failed", reason="It is too large.")
        told = signed_in.get("/api/bases/ours").json()
        assert (told["state"], told["reason"]) == ("failed", "It is too large.")

    def test_counts_its_layers(self, signed_in, team):
        own_base(team, manifest=TINY)
        assert signed_in.get("/api/bases/ours").json()["layers"] == {"model": 1}

    def test_is_not_there_for_a_stranger_until_something_is_published(self, api, team):
        base = own_base(team, manifest=TINY)
        assert api.get("/api/bases/ours").status_code == 404
        assert api.get("/api/bases").json()["items"] == []

        VersionFactory(base=base, published=True)

        assert api.get("/api/bases/ours").json()["team"] == "ink"
        assert [row["slug"] for row in api.get("/api/bases").json()["items"]] == ["ours"]

    def test_its_adapters_are_found_under_it_and_under_its_parent(self, api, team):
        parent = BaseFactory(slug="sdxl-1-0", family="sdxl")
        child = own_base(team, parent=parent, family="sdxl", aliases=["ink/ours"])
        VersionFactory(base=child, published=True)
        for name in ("ours", "ink/ours", "sdxl-1-0", "sdxl"):
            assert len(api.get(f"/api/adapters?base={name}").json()["items"]) == 1, name

    def test_lists_in_one_query_for_members_too(self, signed_in, team, django_assert_num_queries):
        for index in range(5):
            own_base(team, slug=f"ours-{index}", manifest=TINY)
        with django_assert_num_queries(1):
            signed_in.get("/api/bases")


class TestPatch:
    def test_changes_what_is_said_of_it(self, signed_in, contributor, team):
        own_base(team, manifest=TINY, added_by=contributor, licence="MIT")

        told = signed_in.patch("/api/bases/ours", {"title": "New", "aliases": ["One"]}).json()

        assert (told["title"], told["aliases"], told["licence"]) == ("New", ["one"], "MIT")

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"aliases": ["taken"]}, "base.name-taken"),
            ({"repo": "meta-llama/llama-3.1-8B"}, "base.name-taken"),
            ({"title": ""}, "invalid"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, signed_in, contributor, team, fields, code):
        BaseFactory(slug="taken")
        own_base(team, manifest=TINY, added_by=contributor)
        assert signed_in.patch("/api/bases/ours", fields).json()["code"] == code

    def test_is_not_for_the_catalogues(self, signed_in):
        BaseFactory(slug="sdxl-1-0")
        assert signed_in.patch("/api/bases/sdxl-1-0", {"title": "Mine"}).status_code == 403

    def test_its_repository_is_one_of_its_names(self, signed_in, contributor, team):
        own_base(team, manifest=TINY, added_by=contributor, aliases=["ink/ours"])
        told = signed_in.patch("/api/bases/ours", {"repo": "Ink/Ours-2"}).json()
        assert (told["repo"], told["aliases"]) == ("Ink/Ours-2", ["ink/ours", "ink/ours-2"])


class TestDelete:
    def test_removes_one_that_nothing_was_uploaded_for(self, signed_in, contributor, team):
        own_base(team, manifest=TINY, added_by=contributor)
        assert signed_in.delete("/api/bases/ours").status_code == 204
        assert signed_in.get("/api/bases/ours").status_code == 404

    def test_refuses_one_in_use(self, signed_in, contributor, team):
        VersionFactory(base=own_base(team, manifest=TINY, added_by=contributor))
        answer = signed_in.delete("/api/bases/ours")
        assert (answer.status_code, answer.json()["code"]) == (409, "base.in-use")


class TestMake:
    def test_tries_again_what_failed(self, signed_in, team):
        own_base(team, state="failed", reason="The engine was killed.")
        answer = signed_in.post("/api/bases/ours/make")
        assert (answer.status_code, answer.json()["state"]) == (202, "making")

    def test_refuses_what_is_ready(self, signed_in, team):
        own_base(team, manifest=TINY)
        assert signed_in.post("/api/bases/ours/make").status_code == 409


def test_an_upload_waits_until_the_base_is_ready(signed_in, team):
    own_base(team)
    file = files.peft_lora()

    answer = signed_in.post(
        "/api/adapters/ink/x/versions", {"file": file, "base": "ours"}, format="multipart"
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "base.not-ready")


class TestInspect:
    """What the hub says of a file before it travels, where a team's own base is the likely one."""

    def inspect(self, api, *, width=24, named="", base=""):
        name = "base_model.model.tower.0.mixer.in_proj"
        tensors = {
            f"{name}.lora_A.weight": files.tensor((4, width)),
            f"{name}.lora_B.weight": files.tensor((48, 4)),
        }
        content = files.safetensors(tensors)
        told = {
            "name": "adapter_model.safetensors",
            "size": len(content),
            "header": base64.b64encode(content).decode(),
            "config": {"peft_type": "LORA", "r": 4, "base_model_name_or_path": named},
        }
        return api.post("/api/inspect", told | ({"base": base} if base else {})).json()

    @pytest.fixture
    def ours(self, team):
        layers = {"tower.0.mixer.in_proj": Layer("linear", (48, 24))}
        return own_base(team, manifest=Manifest("ours", {"model": layers}), aliases=["ink/tower"])

    def test_suggests_the_base_that_the_file_names(self, signed_in, ours, team):
        layers = {"tower.0.mixer.in_proj": Layer("linear", (48, 24))}
        own_base(team, slug="twin", manifest=Manifest("twin", {"model": layers}))
        assert self.inspect(signed_in, named="/models/ink/tower/")["suggested_base"] == ""
        assert self.inspect(signed_in, named="Ink/Tower")["suggested_base"] == "ours"

    def test_suggests_the_only_base_that_it_fits(self, signed_in, ours):
        assert self.inspect(signed_in)["suggested_base"] == "ours"

    def test_suggests_none_that_shapes_refute(self, signed_in, ours):
        assert self.inspect(signed_in, width=25, named="ink/tower")["suggested_base"] == ""

    def test_suggests_nothing_of_another_teams(self, api, ours):
        api.force_authenticate(member(TeamFactory(slug="other")))
        assert self.inspect(api, named="ink/tower")["suggested_base"] == ""
        assert "ours" in self.inspect(api, base="ours")["detail"]

    def test_holds_the_file_against_it(self, signed_in, ours):
        told = self.inspect(signed_in, base="ours")
        assert [one for one in told["results"] if one["outcome"] == "rejected"] == []
        told = self.inspect(signed_in, base="ours", width=25)
        assert "shapes.match" in [
            one["code"] for one in told["results"] if one["outcome"] == "rejected"
        ]
