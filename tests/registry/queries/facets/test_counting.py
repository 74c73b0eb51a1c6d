"""What facets count is what lists find, choice by choice."""

from __future__ import annotations

import random

import pytest

from registry.errors import NotAllowed
from registry.models import AdapterVersion, BaseModel, Channel
from registry.queries import adapters
from registry.queries.facets import bases, counting, shelf
from registry.queries.filters import table
from tests.factories import (
    EARLIER,
    AdapterFactory,
    BaseFactory,
    EventFactory,
    TeamFactory,
    UserFactory,
    VersionFactory,
    member,
)

pytestmark = pytest.mark.django_db

NARROWING = ("tags", "permits")  # facets of which each choice more leaves less
QUESTIONS = [
    "",
    "kind=style",
    "kind=style,character",
    "tags=ink",
    "tags=ink,moon",
    "tags_any=ink,oil&tags_not=moon",
    "tag=ink",
    "team=red&creator=ann,ben",
    "base=sdxl",
    "base=sdxl-1-0",
    "base=pony,flux1",
    "base=stability/sdxl&kind=voice",
    "family=sdxl",
    "permits=selling",
    "licence=MIT",
    "algorithm=lora",
    "algorithm=loha,lora&content=mature",
    "content_max=suggestive",
    "modality=text",
    "proof=loads",
    "q=neon",
    "q=neon&base=sdxl&kind=style",
    "rank_max=4&tags=ink",
    "weight=0.8&kind=style",
    "channel=prod",
    "channel=prod&base=sdxl&kind=style",
]


@pytest.fixture
def library():
    """Make sixty versions of three dozen adapters, drawn by chance but always the same ones."""
    drawn = random.Random(6)
    sdxl = BaseFactory(slug="sdxl-1-0", family="sdxl", aliases=["stability/sdxl"])
    pony = BaseFactory(slug="pony", family="sdxl", parent=sdxl, licence="cc-by-nc-4.0")
    deep = BaseFactory(slug="pony-deep", family="sdxl", parent=pony)
    flux = BaseFactory(slug="flux-dev", family="flux1")
    teams = [TeamFactory(slug=slug) for slug in ("red", "blue")]
    people = [UserFactory(username=name) for name in ("ann", "ben", "cem")]
    for n in range(36):
        adapter = AdapterFactory(
            team=drawn.choice(teams),
            created_by=drawn.choice(people),
            kind=drawn.choice(["style", "character", "voice"]),
            tags=sorted(drawn.sample(["ink", "moon", "oil", "neon"], drawn.randint(0, 3))),
            licence=drawn.choice(["", "mit", "cc0", "who knows"]),
            content_level=drawn.choice(["general", "suggestive", "mature"]),
            modality=drawn.choice(["image", "text"]),
        )
        for turn in range(drawn.choice([1, 1, 2, 3])):
            version = VersionFactory(
                adapter=adapter,
                base=drawn.choice([sdxl, pony, deep, flux]),
                published=n % 7 > 0,
                ready=n % 7 == 0,
                content=bytes([n, turn, *range(8)]),
            )
            version.proof = drawn.choice(["fits", "loads", "renders"])
            version.measured_low = drawn.choice([None, 0.2, 0.6])
            version.measured_high = drawn.choice([None, 0.7, 1.2])
            version.save()
            version.files.update(
                algorithm=drawn.choice(["lora", "lora, loha", "glora"]),
                rank_high=drawn.choice([4, 8]),
            )
        if n % 7 == 1:
            first = adapter.versions.order_by("number").first()
            Channel.objects.create(adapter=adapter, name="prod", version=first, moved_at=EARLIER)


def read(query):
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    return {name: [text] for name, text in pairs}


def listed(given, by=None):
    return adapters.matching(table.read(given), by=by).count()


@pytest.mark.usefixtures("library")
class TestCount:
    def test_is_what_the_list_finds_with_one_choice_more(self):
        for query in QUESTIONS:
            given = read(query)
            counted = counting.count(table.read(given), by=None)

            assert counted.total == listed(given), query
            for name, choices in counted.facets.items():
                beside = given.get(name, []) if name in NARROWING else []
                field = "tags_any" if name == "tags" and "tags_any" in given else name
                for choice in choices:
                    narrowed = given | {field: [*beside, choice.value]}
                    assert choice.count == listed(narrowed), (query, choice)

    def test_offers_every_choice_that_leaves_any(self):
        choices = counting.count(table.read({}), by=None).facets

        offered = {name: {choice.value for choice in some} for name, some in choices.items()}
        assert offered["base"] == {"sdxl", "sdxl-1-0", "pony", "pony-deep", "flux1", "flux-dev"}
        assert offered["kind"] == {"style", "character", "voice"}
        assert offered["tags"] == {"ink", "moon", "oil", "neon"}
        assert offered["algorithm"] == {"lora", "loha", "glora"}
        assert offered["content"] == {"general", "suggestive", "mature"}
        assert "state" not in offered

    def test_is_the_same_where_rows_are_counted_by_their_bits(self, monkeypatch):
        by_rows = counting.count(table.read({"kind": ["style"]}), by=None)
        monkeypatch.setattr(shelf, "FEW", 0)

        assert counting.count(table.read({"kind": ["style"]}), by=None) == by_rows

    def test_keeps_what_is_chosen_though_nothing_has_it(self):
        choices = counting.count(table.read({"tags": ["nothing"]}), by=None).facets["tags"]
        assert choices == [counting.Choice("nothing", 0)]

    def test_counts_the_states_of_the_persons_own_teams(self):
        person = member(TeamFactory(slug="red"), "viewer")

        counted = counting.count(table.read({"state": ["ready"]}), by=person)

        ready = AdapterVersion.objects.filter(state="ready", adapter__team__slug="red")
        assert counted.facets["state"] == [counting.Choice("ready", ready.count())]
        assert counted.total == listed({"state": ["ready"]}, by=person) > 0

    def test_costs_few_queries(self, django_assert_num_queries):
        counting.count(table.read({}), by=None)

        with django_assert_num_queries(1):  # whether anything has changed
            counting.count(table.read(read("kind=style&base=sdxl&permits=selling")), by=None)

    def test_refuses_strangers_what_only_teams_see(self):
        with pytest.raises(NotAllowed, match="Sign in"):
            counting.count(table.read({"state": ["ready"]}), by=None)


def test_what_was_published_since_is_counted_too():
    VersionFactory(published=True)
    assert counting.total(table.read({}), by=None) == 1

    VersionFactory(published=True)
    EventFactory()
    assert counting.total(table.read({}), by=None) == 2


def test_a_family_is_asked_for_by_its_word_and_called_as_people_do():
    base = BaseFactory(slug="sd-1-5", title="SD 1.5", family="sd1")
    family, below = bases.tree().nodes([base.pk])
    assert (family.value, family.title) == ("sd1", "Stable Diffusion 1")
    assert (below.value, below.title, below.under) == ("sd-1-5", "SD 1.5", "sd1")


def test_a_tree_reads_names_of_bases_as_the_database_does(library):
    BaseFactory(slug="flux-child", family="other", parent=BaseModel.objects.get(slug="flux-dev"))
    tree = bases.tree()
    for name in ("sdxl", " SDXL-1-0", "pony", "stability/sdxl", "flux-dev", "other", "none"):
        called = BaseModel.objects.called(name).values_list("pk", flat=True)
        assert tree.called([name]) == set(called), name
