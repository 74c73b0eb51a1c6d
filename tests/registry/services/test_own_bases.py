from __future__ import annotations

import pytest
from django.utils import timezone

from registry.bases.manifest import Layer, Manifest
from registry.errors import Invalid, NotAllowed, NotFound, UploadRefused, WrongState
from registry.models import BaseModel, Blueprint, Event, Role
from registry.queries import bases
from registry.services import bases as catalogue_of_bases
from registry.services import own_bases
from registry.services.own_bases import Description
from tests import blueprints
from tests.factories import BaseFactory, TeamFactory, VersionFactory, member, own_base

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]

OURS = Description(title="Our small one", slug="our-small-one", aliases=["Ink/Our-Small-One"])
TINY = Manifest("ours", {"model": {"layers.0.q_proj": Layer("linear", (8, 8))}})


def add(team, by, description=OURS, **made_of):
    made_of = made_of or {"configs": blueprints.language_model()}
    return own_bases.add(description, team=team, by=by, now=timezone.now(), **made_of)


class TestAdd:
    def test_waits_for_a_worker_to_make_its_layers(
        self, team, contributor, sent, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            base = add(team, contributor)

        assert (base.state, base.team, base.modality) == ("making", team, "text")
        assert base.aliases == ["ink/our-small-one"]
        assert sent == [("workers.gpu.make_manifest", base.blueprint.pk)]
        assert Event.objects.get().verb == "base.added"

    def test_with_a_parent_is_ready_at_once_and_has_its_layers(self, team, contributor):
        BaseFactory(slug="sdxl-1-0", family="sdxl", aliases=["sdxl"])

        base = add(team, contributor, parent="SDXL")

        assert (base.state, base.family) == ("ready", "sdxl")
        assert bases.manifest_of(base).base == "sdxl-1-0"
        assert not Blueprint.objects.exists()

    def test_keeps_workers_free_for_others(self, team, contributor):
        for index in range(own_bases.MOST_MAKING):
            own_base(team, slug=f"ours-{index}")
        with pytest.raises(WrongState) as refusal:
            add(team, contributor)
        assert refusal.value.code == "base.too-many"

    def test_refuses_a_viewer(self, team):
        with pytest.raises(NotAllowed):
            add(team, member(team, Role.VIEWER))

    def test_refuses_a_hostile_configuration(self, team, contributor):
        with pytest.raises(UploadRefused, match="auto_map"):
            add(team, contributor, configs=blueprints.language_model(auto_map={"a": "b"}))
        assert not BaseModel.objects.exists()

    @pytest.mark.parametrize(
        "made_of",
        [{"parent": "", "configs": None}, {"parent": "x", "configs": blueprints.language_model()}],
        ids=["neither", "both"],
    )
    def test_wants_a_parent_or_a_configuration(self, team, contributor, made_of):
        with pytest.raises(Invalid) as refusal:
            add(team, contributor, **made_of)
        assert refusal.value.code == "base.layers"

    @pytest.mark.parametrize(
        "fields",
        [
            {"slug": "sdxl-1-0"},
            {"slug": "sdxl-base"},
            {"slug": "sdxl"},
            {"slug": "wan"},
            {"slug": "new"},
            {"aliases": ["SDXL-1-0"]},
            {"aliases": ["theirs"]},
        ],
        ids=[
            "a slug",
            "an alias",
            "a family",
            "a family to come",
            "a page",
            "as an alias",
            "a team's",
        ],
    )
    def test_takes_no_name_of_another_base(self, team, contributor, fields):
        BaseFactory(slug="sdxl-1-0", family="sdxl", aliases=["sdxl-base"])
        own_base(TeamFactory(slug="other"), slug="theirs", manifest=TINY)
        said = {"title": "Ours", "slug": "free"} | fields

        with pytest.raises(Invalid) as refusal:
            add(team, contributor, Description(**said))

        assert refusal.value.code == "base.name-taken"

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"slug": "Not A Slug"}, "base.slug"),
            ({"slug": "x" * 61}, "base.slug"),
            ({"title": "  "}, "base.title"),
            ({"aliases": ["a" * 201]}, "base.aliases"),
            ({"aliases": ["with\0zero"]}, "base.aliases"),
            ({"aliases": [f"name {n}" for n in range(21)]}, "base.aliases"),
            ({"defaults": {"steps": 10**9}}, "base.defaults"),
            ({"defaults": {"steps": True}}, "base.defaults"),
            ({"defaults": {"sampler": "euler"}}, "base.defaults"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, team, contributor, fields, code):
        said = {"title": "Ours", "slug": "ours"} | fields
        with pytest.raises(Invalid) as refusal:
            add(team, contributor, Description(**said))
        assert refusal.value.code == code

    def test_refuses_another_teams_base_as_parent(self, team, contributor):
        own_base(TeamFactory(slug="other"), slug="theirs", manifest=TINY)
        with pytest.raises(NotFound):
            add(team, contributor, parent="theirs")

    def test_refuses_a_fourth_generation(self, team, contributor):
        eldest = BaseFactory(slug="eldest")
        child = BaseFactory(slug="child", parent=eldest)
        BaseFactory(slug="grandchild", parent=child)
        with pytest.raises(Invalid) as refusal:
            add(team, contributor, parent="grandchild")
        assert refusal.value.code == "base.parent"


class TestSight:
    def test_is_its_members_until_something_is_published_for_it(self, team, contributor):
        base = own_base(team, manifest=TINY)

        with pytest.raises(NotFound):
            bases.named("ours")
        assert bases.named("ours", by=contributor) == base
        VersionFactory(base=base, published=True)
        assert bases.named("ours") == base
        assert base in bases.listed()

    def test_a_stranger_does_not_upload_for_it_though_it_is_in_sight(self, team, contributor):
        base = own_base(team, manifest=TINY)
        VersionFactory(base=base, published=True)
        stranger = member(TeamFactory(slug="other"))

        assert base in bases.usable(contributor)
        assert base not in bases.usable(stranger)
        with pytest.raises(NotAllowed, match="only its members"):
            bases.for_upload("ours", by=stranger)

    @pytest.mark.parametrize("state", ["making", "failed"])
    def test_nobody_uploads_for_it_before_it_is_ready(self, team, contributor, state):
        own_base(team, state=state, reason="It is too large.")
        with pytest.raises(WrongState) as refusal:
            bases.for_upload("ours", by=contributor)
        assert refusal.value.code == "base.not-ready"

    def test_its_layers_are_searched_beside_the_catalogues_by_its_members(self, team, contributor):
        base = own_base(team, manifest=TINY, aliases=["ink/ours"])

        assert bases.own_manifests(contributor) == (TINY,)
        assert bases.own_manifests(None) == ()
        assert bases.own_called(["unheard of", "Ink/Ours"], by=contributor) == base
        assert bases.own_called(["Ink/Ours"], by=None) is None


class TestManifestOf:
    def test_is_unpacked_once(self, team, django_assert_num_queries):
        base = own_base(team, manifest=TINY)
        bases._unpacked.cache_clear()

        with django_assert_num_queries(2):
            assert bases.manifest_of(base) == TINY
        with django_assert_num_queries(1):
            assert bases.manifest_of(base) == TINY

    def test_of_a_child_is_its_parents(self, team):
        base = own_base(team, manifest=TINY)
        child = own_base(team, slug="child", parent=base)
        assert bases.manifest_of(child) == TINY

    def test_is_none_while_it_is_made(self, team):
        assert bases.manifest_of(own_base(team)) is None


class TestChange:
    def test_says_something_else(self, team, contributor):
        base = own_base(team, manifest=TINY, added_by=contributor)

        own_bases.change(
            base, by=contributor, now=timezone.now(), title="New", aliases=["B", "a"], licence="MIT"
        )

        base.refresh_from_db()
        assert (base.title, base.aliases, base.licence) == ("New", ["a", "b"], "MIT")
        assert Event.objects.get().detail["fields"] == ["aliases", "licence", "title"]

    def test_is_for_whoever_added_it_and_for_reviewers(self, team, contributor):
        base = own_base(team, manifest=TINY)
        now = timezone.now()
        with pytest.raises(NotAllowed):
            own_bases.change(base, by=contributor, now=now, title="New")
        own_bases.change(base, by=member(team, Role.REVIEWER), now=now, title="New")

    def test_is_not_for_the_catalogues(self, contributor):
        with pytest.raises(NotAllowed, match="catalogue"):
            own_bases.change(BaseFactory(), by=contributor, now=timezone.now(), title="New")


class TestRemove:
    def test_leaves_nothing_of_it_but_the_log(self, team, contributor):
        own_bases.remove(own_base(team, added_by=contributor), by=contributor, now=timezone.now())
        assert not BaseModel.objects.exists()
        assert not Blueprint.objects.exists()
        assert Event.objects.get().detail["base"] == "ours"

    def test_refuses_while_versions_or_children_need_it(self, team, contributor):
        used = own_base(team, slug="used", manifest=TINY, added_by=contributor)
        VersionFactory(base=used)
        parent = own_base(team, slug="parent", manifest=TINY, added_by=contributor)
        own_base(team, slug="child", parent=parent)
        for base in (used, parent):
            with pytest.raises(WrongState) as refusal:
                own_bases.remove(base, by=contributor, now=timezone.now())
            assert refusal.value.code == "base.in-use"


class TestMakeAgain:
    def test_starts_from_the_first_attempt(self, team, contributor):
        base = own_base(team, state="failed", reason="It is too large.")
        Blueprint.objects.update(attempt=3)

        own_bases.make_again(base, by=contributor, now=timezone.now())

        base.refresh_from_db()
        assert (base.state, base.reason, base.blueprint.attempt) == ("making", "", 0)

    def test_refuses_what_has_not_failed(self, team, contributor):
        with pytest.raises(WrongState):
            own_bases.make_again(own_base(team), by=contributor, now=timezone.now())


def test_a_newer_catalogue_takes_no_name_from_a_team(team):
    base = own_base(team, slug="gpt-2", manifest=TINY)

    catalogue_of_bases.load_catalogue()

    base.refresh_from_db()
    assert (base.team, base.title) == (team, "Ours")
