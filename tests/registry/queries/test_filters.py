"""Each row of the table of filters: what it finds, what it leaves, and what it cannot read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed
from registry.models import AdapterVersion, Channel
from registry.queries import adapters
from registry.queries.filters import table
from tests.factories import AdapterFactory, BaseFactory, UserFactory, VersionFactory, member

pytestmark = pytest.mark.django_db

SOME_DAY = datetime(2026, 6, 1, tzinfo=UTC)
# name → what finds the wanted one alone, what finds nothing, what cannot be read
CASES = {
    "base": ("wanted-base", "nothing-like-it", "x" * 201),
    "family": ("FLUX1", "sd15", "x" * 121),
    "kind": ("character", "voice", "characters"),
    "tag": ("Ink", "oil", None),
    "tags": ("ink,portrait", "ink,oil", None),
    "tags_any": ("oil,portrait", "oil,chalk", None),
    "tags_not": ("photo", "photo,ink", None),
    "team": ("studio", "nobody", None),
    "creator": ("mei", "nobody", None),
    "permits": ("selling,derivatives", "no-credit", "everything"),
    "licence": ("APACHE-2.0", "mit", None),
    "algorithm": ("loha", "dora", None),
    "rank_max": ("16", "15", "many"),
    "rank_min": ("16", "17", "-1"),
    "size_max": ("500", "499", "9" * 30),
    "text_encoder": ("yes", None, "perhaps"),
    "deprecated": ("yes", None, "perhaps"),
    "dialect": ("peft", "gguf", None),
    "modality": ("text", "audio", "smell"),
    "content": ("general,suggestive", "explicit", "anything"),
    "content_max": ("general", None, "anything"),
    "proof": ("renders", None, "believed"),
    "weight": ("0.8", "1.3", "nan"),
    "created_since": ("2026-06-01", "2026-06-02", "yesterday"),
    "updated_since": ("2026-06-01T00:00:00", "2026-06-01T00:00:01Z", "0001-01-01T00:00:00+23:00"),
    "hash": ("its own", "0" * 64, None),
    "trigger_word": ("brushy", "brush", None),
    "channel": ("prod", "staging", None),
    "state": ("published", "withdrawn", "gone"),
    "q": ("brush str", "oil paint", "x" * 201),
}


@pytest.fixture
def wanted():
    """Return the one version that every filter is to find, beside one that is all else."""
    flux = BaseFactory(slug="wanted-base", family="flux1", licence="apache-2.0")
    adapter = AdapterFactory(
        slug="wanted",
        kind="character",
        tags=["ink", "portrait"],
        team__slug="studio",
        created_by=UserFactory(username="mei"),
        description="Long brush strokes.",
        licence="Apache-2.0",
        modality="text",
        created_at=SOME_DAY,
        changed_at=SOME_DAY,
    )
    version = VersionFactory(
        adapter=adapter,
        base=flux,
        state="published",
        proof="renders",
        published_at=SOME_DAY,
        trigger_words=["brushy"],
        deprecated_at=SOME_DAY,
        measured_low=0.4,
        measured_high=1.2,
        fit={"components": [{"component": "transformer"}, {"component": "text_encoder"}]},
    )
    version.files.update(
        algorithm="lora, loha", rank_low=16, rank_high=16, size=500, dialect="peft"
    )
    Channel.objects.create(adapter=adapter, name="prod", version=version, moved_at=SOME_DAY)
    return version


@pytest.fixture
def other():
    photo = AdapterFactory(tags=["photo"], content_level="mature", licence="cc-by-nc-4.0")
    version = VersionFactory(adapter=photo, published=True, measured_low=0.1, measured_high=0.5)
    version.files.update(rank_low=4, rank_high=128, size=900)
    return version


def found(query, by=None):
    asked = table.read({name: [text] for name, text in query.items()})
    return list(adapters.matching(asked, by=by))


def test_every_filter_has_a_case():
    assert set(CASES) == {one.name for one in table.FILTERS}


@pytest.mark.parametrize("name", CASES)
def test_finds_what_is_meant_and_no_other(name, wanted, other):
    text = wanted.sha256[:10] if name == "hash" else CASES[name][0]
    expected = [wanted, other] if name == "state" else [wanted]
    assert sorted(map(str, found({name: text}))) == sorted(map(str, expected))


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name][1] and name != "state"])
def test_finds_nothing_by(name, wanted):
    assert found({name: CASES[name][1]}) == []


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name][2]])
def test_refuses_what_it_cannot_read(name):
    with pytest.raises(Invalid, match=f"^{name} is '"):
        found({name: CASES[name][2]})


@pytest.mark.parametrize("one", table.FILTERS, ids=lambda one: one.name)
def test_reads_its_own_example(one):
    one.narrow(one.value_of([one.example]))


def test_names_a_parameter_that_is_not_there():
    with pytest.raises(
        Invalid, match="no parameter “bsae” here: there are base, family"
    ) as refusal:
        table.read({"bsae": ["sdxl"]})
    assert refusal.value.code == "unknown-parameter"


def test_is_given_once():
    with pytest.raises(Invalid, match="licence stands there 2 times"):
        table.read({"licence": ["mit", "cc0"]})


@pytest.mark.parametrize("name", ["base", "family", "kind", "team", "creator", "algorithm"])
def test_any_of_several_will_do(name, wanted, other):
    one, another, _ = CASES[name]
    assert found({name: f"{one},{another}"}) == [wanted]


def test_an_algorithm_is_not_part_of_another(wanted):
    wanted.files.update(algorithm="glora")
    assert found({"algorithm": "lora"}) == []


def test_takes_several_one_by_one_too(wanted):
    asked = table.read({"tags": ["ink", "portrait"]})
    assert list(adapters.matching(asked, by=None)) == [wanted]


def test_empty_values_do_not_matter(wanted):
    assert found({"kind": "", "tags": " , ", "q": " "}) == [wanted]


class TestState:
    def test_is_of_the_persons_own_teams(self):
        mine = VersionFactory(ready=True)
        VersionFactory(ready=True)
        person = member(mine.adapter.team, "viewer")
        assert found({"state": "ready"}, by=person) == [mine]

    def test_is_nothing_for_strangers(self):
        with pytest.raises(NotAllowed, match="Sign in"):
            found({"state": "waiting"})

    def test_is_found_by_words_too(self):
        mine = VersionFactory(ready=True, trigger_words=["brushy"])
        person = member(mine.adapter.team, "viewer")
        assert found({"state": "ready", "q": "brus"}, by=person) == [mine]


class TestChannel:
    def test_gives_the_version_it_points_at_though_there_is_a_newer_one(self, wanted):
        VersionFactory(adapter=wanted.adapter, published=True)
        assert found({"channel": "prod"}) == [wanted]


def test_trigger_words_that_are_not_published_find_nothing():
    VersionFactory(ready=True, trigger_words=["secretword"])
    assert found({"q": "secretword"}) == []


def test_search_has_an_index_to_use(wanted):
    asked = table.read({"q": ["brush"]})
    plan = AdapterVersion.objects.filter(asked.narrowed())
    from django.db import connection

    with connection.cursor() as cursor:  # so few rows are looked through sooner
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert "search_by_word" in plan.explain()


def test_moments_without_a_zone_are_of_utc():
    asked = table.read({"created_since": ["2026-06-01"]})
    assert asked.values["created_since"] == SOME_DAY
    assert timezone.is_aware(asked.values["created_since"])
