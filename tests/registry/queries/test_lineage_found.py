from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import Mending
from registry.queries import lineage_found
from registry.services import lineage
from tests.factories import EARLIER, VersionFactory, member

pytestmark = pytest.mark.django_db
LATER = EARLIER + timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_store(blob_root):
    """Keep bytes where no other test sees them."""


@pytest.fixture
def person(team):
    return member(team)


@pytest.fixture
def ink():
    """Return a published version of another team."""
    return shaped(VersionFactory(adapter__team__slug="sumi", adapter__slug="ink", published=True))


@pytest.fixture
def wash(team):
    return VersionFactory(adapter__team=team, adapter__slug="wash", ready=True, uploaded_at=LATER)


def shaped(version, *norms, rank=16, **metadata):
    """Have the version's file look so."""
    file = version.files.get()
    file.rank_low = file.rank_high = rank
    file.metadata = {key.replace("__", "."): text for key, text in metadata.items()}
    file.save()
    norms = sorted(norms or (1.0, 0.8, 0.6, 0.5), reverse=True)
    file.blob.change_signature = {"main": {"norm": 1.0, "layers": norms}}
    file.blob.change_norm = sum(norm**2 for norm in norms) ** 0.5
    file.blob.save()
    return version


def found(version, by):
    return [(one.kind, one.evidence, one.name) for one in lineage_found.of_version(version, by=by)]


def test_what_it_is_a_mended_copy_of(team, wash, person):
    broken = VersionFactory(adapter=wash.adapter, rejected=True)
    Mending.objects.create(
        version=broken,
        made=wash,
        steps=["clean"],
        state="done",
        by=person,
        asked_at=EARLIER,
        ended_at=EARLIER,
    )
    assert found(wash, person) == [("converted", "mended", f"ink/wash@{broken.number}")]


def test_the_same_weights_in_another_file(ink, wash, person):
    digest = ink.files.get().blob.tensor_digest
    blob = wash.files.get().blob
    blob.tensor_digest = digest
    blob.save()

    assert found(wash, person) == [("converted", "weights", "sumi/ink@1")]
    assert found(ink, ink.uploaded_by) == []  # the older one is what the other came from


def test_the_same_layers_at_a_higher_rank(ink, wash, person):
    shaped(wash, 0.99, 0.79, 0.58, 0.49, rank=4)
    assert found(wash, person) == [("resized", "rank", "sumi/ink@1")]


def test_the_nearest_are_looked_at_first(ink, wash, person, monkeypatch):
    monkeypatch.setattr(lineage_found, "LOOKED_AT", 1)
    shaped(wash, 0.99, 0.79, 0.58, 0.49, rank=4)
    for _ in range(2):  # published later, and larger by chance
        shaped(
            VersionFactory(published=True, uploaded_at=EARLIER + timedelta(hours=1)),
            1.5,
            0.8,
            0.2,
            0.1,
        )

    assert found(wash, person) == [("resized", "rank", "sumi/ink@1")]


def test_those_are_read_one_after_the_other_until_as_many_are_found(ink, wash, person, monkeypatch):
    monkeypatch.setattr(lineage_found, "MOST", 1)
    layers = [2.0 - n / 40 for n in range(40)]
    shaped(wash, *(0.99 * norm for norm in layers), rank=4)
    shaped(ink, *layers)
    at = layers.index(1.525)  # where the database does not look
    others = [
        shaped(VersionFactory(published=True), *layers[:at], 1.5, *layers[at + 1 :])
        for _ in range(3)
    ]

    assert others[0].files.get().blob.change_norm < ink.files.get().blob.change_norm
    assert found(wash, person) == [("resized", "rank", "sumi/ink@1")]


def test_of_the_same_training(ink, wash, person):
    shaped(ink, ss_session_id="42")
    shaped(wash, 0.99, 0.79, 0.58, 0.49, rank=4, ss_session_id="42")
    assert found(wash, person) == [("resized", "training", "sumi/ink@1")]


@pytest.mark.parametrize(("before", "is_it"), [(16, True), (32, False)])
def test_the_rank_that_it_says_it_was_cut_from(ink, wash, person, before, is_it):
    comment = f"dimension is resized from {before} to 4; "
    shaped(wash, 0.99, 0.79, 0.58, 0.49, rank=4, ss_training_comment=comment)
    assert bool(found(wash, person)) is is_it


@pytest.mark.parametrize(
    ("norms", "rank"), [((0.99, 0.79, 0.58, 0.49), 16), ((0.5, 0.4, 0.3, 0.2), 4)]
)
def test_nothing_where_the_rank_is_as_high_or_the_change_another(ink, wash, person, norms, rank):
    shaped(wash, *norms, rank=rank)
    assert found(wash, person) == []


def test_what_its_metadata_name_by_hash(ink, wash, person):
    shaped(wash, 9, 9, 9, 9, loradex__source_sha256=ink.sha256, loradex__name="sumi/ink")
    assert found(wash, person) == [("converted", "metadata", "sumi/ink@1")]


def test_what_its_metadata_name_by_the_name_of_a_file(ink, wash, person):
    ink.files.update(name="sumi-ink-000010.safetensors")
    shaped(wash, 9, 9, 9, 9, ss_network_weights="/home/me/sumi-ink-000010.safetensors")
    assert found(wash, person) == [("continued", "metadata", "sumi/ink@1")]


def test_a_name_that_nobody_has_is_told_too(wash, person):
    shaped(wash, 9, 9, 9, 9, modelspec__merged_from="some-lora", ss_sd_model_hash="12345678")

    [one] = lineage_found.of_version(wash, by=person)
    assert (one.name, one.version, one.place) == ("some-lora", None, "modelspec.merged_from")


def test_nothing_that_the_person_may_not_see(ink, wash, person):
    ink.state = "ready"
    ink.save()
    shaped(wash, 0.99, 0.79, 0.58, 0.49, rank=4, loradex__source_sha256=ink.sha256)
    assert found(wash, person) == []


def test_nothing_that_was_said_already(ink, wash, person):
    shaped(wash, 0.99, 0.79, 0.58, 0.49, rank=4)
    said = lineage.Said("resized", "sumi/ink@1")
    lineage.add(wash, said, by=person, now=timezone.now())
    assert found(wash, person) == []
