from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.errors import DuplicateUpload, Invalid, NotAllowed, NotFound, QuotaReached
from registry.models import Blob, Event, GalleryPicture, Role
from registry.queries import files
from registry.queries import gallery_pictures as gallery
from registry.services import gallery as hanging
from registry.services import pictured
from tests.factories import AdapterFactory, TeamFactory, UserFactory, VersionFactory, member
from tests.registry.services import painted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
NOW = timezone.now()


@pytest.fixture
def wash(team):
    return VersionFactory(adapter=AdapterFactory(team=team, slug="ink-wash"), published=True)


@pytest.fixture
def grain(db):
    adapter = AdapterFactory(team=TeamFactory(slug="film"), slug="grain")
    return VersionFactory(adapter=adapter, published=True)


@pytest.fixture
def maker(db):
    return UserFactory(username="mo")


def hang(version, by, text="", **told):
    return hanging.hang(version, painted.png(text), by=by, now=NOW, **told)


def uses(picture):
    return [
        (use.version and str(use.version.adapter.slug), use.weight, use.found_by)
        for use in gallery.uses_of(picture)
    ]


class TestHang:
    def test_hangs_wherever_it_was_made_with(self, wash, grain, maker):
        autov3 = wash.files.get().blob.autov3
        text = (
            "a heron <lora:anything:0.8> <lora:grain:0.4> <lora:elsewhere:1>\nSteps: 20, Seed: 5, "
            f'Lora hashes: "anything: {autov3}", Version: 1'
        )
        picture = hang(wash, maker, text)

        assert uses(picture) == [
            ("ink-wash", 0.8, "hash"),
            ("grain", 0.4, "name"),
            (None, 1.0, ""),
        ]
        assert picture.generation["seed"] == "5"
        assert picture.program == "webui"
        for adapter in (wash.adapter, grain.adapter):
            assert gallery.of_adapter(adapter, by=None).pictures == [picture]
        assert Event.objects.get(verb="picture.hung").detail == {"picture": str(picture.pk)}

    def test_a_download_of_the_hubs_is_known_by_its_name(self, wash, grain, maker):
        name = files.public_name(grain, grain.files.get()).removesuffix(".safetensors")
        picture = hang(wash, maker, f"<lora:{name}:0.4>")
        assert ("grain", 0.4, "name") in uses(picture)

    def test_its_bringers_word_is_taken_where_the_file_is_silent(self, wash, maker):
        assert uses(hang(wash, maker)) == [("ink-wash", None, "hand")]

    def test_a_name_of_several_adapters_means_the_one_at_hand(self, wash, grain, maker):
        VersionFactory(adapter=AdapterFactory(slug="grain"), published=True)
        assert ("grain", 0.4, "name") not in uses(hang(wash, maker, "<lora:grain:0.4>"))
        here = hanging.hang(grain, painted.png("<lora:grain:0.5>"), by=maker, now=NOW)
        assert [use.version for use in gallery.uses_of(here)] == [grain]

    def test_what_its_maker_may_not_see_is_only_a_name(self, wash, team, maker):
        secret = VersionFactory(adapter=AdapterFactory(team=team, slug="secret"), ready=True)
        digest = secret.files.get().blob.autov3
        text = f'<lora:secret:1>\nSteps: 1, Lora hashes: "secret: {digest}", V: 1'
        assert (None, 1.0, "") in uses(hang(wash, maker, text))
        insider = hang(wash, member(team), text + " ")
        assert ("secret", 1.0, "hash") in uses(insider)

    def test_the_same_file_is_refused_a_second_time(self, wash, maker):
        hang(wash, maker)
        with pytest.raises(DuplicateUpload, match="this very picture already"):
            hang(wash, maker)
        assert hang(wash, UserFactory())

    def test_has_its_adapters_level_unless_told(self, wash, maker):
        wash.adapter.content_level = "mature"
        assert hang(wash, maker).content_level == "mature"
        assert hang(wash, maker, "x <lora:y:1>", content_level="general").content_level == "general"
        with pytest.raises(Invalid, match="write one of general, suggestive"):
            hang(wash, maker, content_level="spicy")

    def test_a_day_has_so_many(self, settings, wash, maker):
        settings.PICTURES_PER_DAY = 1
        hang(wash, maker)
        with pytest.raises(QuotaReached, match="limited to 1 a day: hang the next one in 24 hours"):
            hang(wash, maker, "<lora:y:1>")
        later = NOW + timedelta(days=1, seconds=1)
        assert hanging.hang(wash, painted.png("<lora:y:1>"), by=maker, now=later)

    def test_its_bytes_are_kept_as_long_as_it_hangs(self, wash, maker):
        picture = hang(wash, maker)
        far = NOW + timedelta(days=400)
        assert not files.orphan_blobs(wanted_before=far).filter(pk=picture.blob_id).exists()
        hanging.take_down(picture, by=maker, now=NOW)
        assert files.orphan_blobs(wanted_before=far).filter(pk=picture.blob_id).exists()
        assert Blob.objects.filter(pk=picture.small_id).exists()


class TestCorrect:
    def test_says_otherwise_and_keeps_what_the_hub_does_not_know(self, wash, grain, maker):
        picture = hang(wash, maker, "<lora:ink-wash:0.8> <lora:elsewhere:1>")
        corrected = hanging.correct(
            picture,
            content_level="suggestive",
            made_with=[pictured.MadeWith(wash, 0.7), pictured.MadeWith(grain, None)],
            by=maker,
            now=NOW,
        )

        assert corrected.content_level == "suggestive"
        assert uses(corrected) == [
            ("ink-wash", 0.7, "name"),
            ("grain", None, "hand"),
            (None, 1.0, ""),
        ]
        assert Event.objects.filter(verb="picture.corrected").count() == 1

    def test_the_same_again_leaves_no_event(self, wash, maker):
        picture = hang(wash, maker)
        same = [pictured.MadeWith(wash, None)]
        hanging.correct(picture, content_level="general", made_with=same, by=maker, now=NOW)
        assert not Event.objects.filter(verb="picture.corrected").exists()

    def test_is_refused_where_it_makes_no_sense(self, wash, maker):
        picture = hang(wash, maker)
        for made_with, sentence in (
            ([], "take it down instead"),
            ([pictured.MadeWith(wash, 1)] * 2, "named twice"),
            ([pictured.MadeWith(wash, float("nan"))], "a number from"),
        ):
            with pytest.raises(Invalid, match=sentence):
                hanging.correct(picture, made_with=made_with, by=maker, now=NOW)

    def test_a_hidden_one_stays_hidden(self, wash, grain, team, maker):
        picture = hang(wash, maker)
        reviewer = member(team, Role.REVIEWER)
        hanging.hide(picture, wash.adapter, reason="Off topic.", by=reviewer, now=NOW)
        for version in (wash, grain, wash):
            made_with = [pictured.MadeWith(version, 0.5)]
            hanging.correct(picture, made_with=made_with, by=maker, now=NOW)
            assert gallery.of_adapter(wash.adapter, by=None).pictures == []

    def test_is_for_its_maker_alone(self, wash, team, maker):
        picture = hang(wash, maker)
        admin = member(team, Role.ADMIN)
        with pytest.raises(NotAllowed, match="only they can correct"):
            hanging.correct(picture, content_level="explicit", by=admin, now=NOW)
        with pytest.raises(NotAllowed, match="only they can take it down"):
            hanging.take_down(picture, by=admin, now=NOW)


class TestHide:
    def test_hides_it_in_ones_own_gallery_alone(self, wash, grain, team, maker):
        picture = hang(wash, maker, "<lora:grain:0.4>")
        reviewer = member(team, Role.REVIEWER)
        hanging.hide(picture, wash.adapter, reason="Off topic.", by=reviewer, now=NOW)

        assert gallery.of_adapter(wash.adapter, by=None).pictures == []
        assert gallery.of_adapter(grain.adapter, by=None).pictures == [picture]
        assert gallery.of_adapter(wash.adapter, by=maker).pictures == [picture]
        assert gallery.of_adapter(wash.adapter, by=reviewer).pictures == [picture]
        with pytest.raises(NotAllowed):
            hanging.hide(picture, grain.adapter, reason="Mine.", by=reviewer, now=NOW)

        hanging.show(picture, wash.adapter, by=reviewer, now=NOW)
        assert gallery.of_adapter(wash.adapter, by=None).pictures == [picture]

    def test_needs_a_reason(self, wash, team, maker):
        picture = hang(wash, maker)
        with pytest.raises(Invalid, match="Say why"):
            hanging.hide(picture, wash.adapter, reason=" ", by=member(team, Role.REVIEWER), now=NOW)


class TestSight:
    def test_who_sees_no_adapter_of_it_sees_it_not(self, team, maker):
        hidden = VersionFactory(adapter=AdapterFactory(team=team, slug="new"), ready=True)
        insider = member(team)
        picture = hang(hidden, insider)

        assert gallery.in_sight(picture.pk, by=insider)
        for stranger in (None, maker):
            with pytest.raises(NotFound):
                gallery.in_sight(picture.pk, by=stranger)

    def test_a_version_in_hiding_does_not_hang_in_public(self, wash, team):
        hidden = VersionFactory(adapter=wash.adapter, ready=True)
        insider = member(team)
        picture = hang(hidden, insider)
        assert gallery.of_adapter(wash.adapter, by=None).pictures == []
        assert gallery.of_adapter(wash.adapter, by=insider).pictures == [picture]

    def test_one_that_was_taken_down_is_gone(self, wash, maker):
        picture = hang(wash, maker)
        hanging.take_down(picture, by=maker, now=NOW)
        assert not GalleryPicture.objects.exists()
        assert Event.objects.get(verb="picture.taken-down").adapter == wash.adapter
