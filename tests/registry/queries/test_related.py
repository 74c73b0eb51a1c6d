from __future__ import annotations

import pytest

from registry.queries import related
from tests.factories import AdapterFactory, BaseFactory, VersionFactory, keep, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]

CHANGE = {"main": {"norm": 10.0, "layers": [5.0, 5.0, 5.0, 5.0]}}


@pytest.fixture
def base():
    return BaseFactory(slug="shapes", family="shapes")


@pytest.fixture
def version(team, base):
    adapter = AdapterFactory(team=team, slug="wash", tags=["ink"], kind="style")
    return VersionFactory(adapter=adapter, base=base, published=True, trigger_words=["inkwash"])


def held(version, content, **blob):
    row = keep(content)
    for name, value in blob.items():
        setattr(row, name, value)
    row.save()
    version.files.update(blob=row)
    return version


class TestSameWeights:
    def test_finds_them_under_another_header_and_in_another_form(self, version, base):
        held(version, b"one", tensor_digest="d" * 64, change_norm=10.0, change_signature=CHANGE)
        header = held(VersionFactory(base=base, published=True), b"2", tensor_digest="d" * 64)
        form = held(
            VersionFactory(base=base, published=True),
            b"3", tensor_digest="e" * 64, change_norm=10.001, change_signature=CHANGE,
        )  # fmt: skip
        held(
            VersionFactory(base=base, published=True),
            b"4", change_norm=10.0,
            change_signature={"main": {"norm": 10.0, "layers": [9.0, 3.0, 2.0, 1.0]}},
        )  # fmt: skip

        found = related.same_weights(version, by=None)

        assert {one.pk for one in found} == {header.pk, form.pk}

    def test_looks_first_where_the_change_is_as_large(self, version, base, monkeypatch):
        monkeypatch.setattr(related, "MOST_NEAR", 2)
        held(version, b"one", tensor_digest="d" * 64, change_norm=10.0, change_signature=CHANGE)
        form = held(
            VersionFactory(base=base, published=True),
            b"2", change_norm=10.001, change_signature=CHANGE,
        )  # fmt: skip
        header = held(VersionFactory(base=base, published=True), b"3", tensor_digest="d" * 64)
        for n in range(3):  # later ones, that come near by chance
            held(
                VersionFactory(base=base, published=True), b"other %d" % n, change_norm=10.05,
                change_signature={"main": {"norm": 10.05, "layers": [9.0, 3.0, 2.0, 1.0]}},
            )  # fmt: skip

        assert set(related.same_weights(version, by=None)) == {form, header}

    @pytest.mark.parametrize("apart", [-0.001, 0.001], ids=["a little smaller", "a little larger"])
    def test_looks_on_both_sides_for_the_nearest(self, version, base, monkeypatch, apart):
        monkeypatch.setattr(related, "MOST_NEAR", 1)
        held(version, b"one", tensor_digest="d" * 64, change_norm=10.0, change_signature=CHANGE)
        form = held(
            VersionFactory(base=base, published=True),
            b"2", change_norm=10.0 + apart, change_signature=CHANGE,
        )  # fmt: skip
        for n, farther in enumerate((-0.002, 0.002)):
            held(
                VersionFactory(base=base, published=True), b"other %d" % n,
                change_norm=10.0 + farther, change_signature=CHANGE,
            )  # fmt: skip

        assert related.same_weights(version, by=None) == [form]

    def test_shows_unpublished_ones_to_their_team_alone(self, version, base):
        held(version, b"one", tensor_digest="d" * 64)
        other = held(VersionFactory(base=base, ready=True), b"2", tensor_digest="d" * 64)

        assert related.same_weights(version, by=None) == []
        assert related.same_weights(version, by=member(other.adapter.team)) == [other]

    def test_has_none_of_a_version_that_is_not_here_yet(self, version):
        assert related.same_weights(version, by=None) == []


class TestSimilar:
    def test_ranks_shared_words_over_tags_over_kind(self, version, base):
        kind = VersionFactory(adapter__kind="style", base=base, published=True)
        tag = VersionFactory(adapter__tags=["ink"], base=base, published=True)
        word = VersionFactory(base=base, published=True, trigger_words=["inkwash", "wet"])
        for other in (kind, tag):
            other.trigger_words = ["other"]
            other.save()
        VersionFactory(base=BaseFactory(slug="far", family="far"), published=True)

        found = related.similar(version)

        assert [one.version.pk for one in found] == [word.pk, tag.pk, kind.pk]
        assert found[0].words == ("inkwash",)
        assert found[1].tags == ("ink",)

    def test_shows_an_adapter_once_by_its_newest_version(self, version, base):
        adapter = AdapterFactory(tags=["ink"])
        VersionFactory(adapter=adapter, base=base, published=True)
        newest = VersionFactory(adapter=adapter, base=base, published=True)

        assert [one.version.pk for one in related.similar(version)] == [newest.pk]

    def test_leaves_out_the_adapter_itself_and_what_is_not_published(self, version, base):
        VersionFactory(adapter=version.adapter, base=base, published=True)
        VersionFactory(adapter__tags=["ink"], base=base, ready=True)

        assert related.similar(version) == []


def test_a_line_of_versions_is_followed_both_ways(version, base):
    middle = VersionFactory(adapter=version.adapter, base=base, published=True, parent=version)
    last = VersionFactory(adapter=version.adapter, base=base, published=True, parent=middle)
    seen = [last, middle, version]

    assert related.ancestors(last, seen) == [version, middle]
    assert related.descendants(version, seen) == [middle, last]


def test_bases_go_back_to_the_first(base):
    middle = BaseFactory(slug="child", family="shapes", parent=base)
    last = BaseFactory(slug="grandchild", family="shapes", parent=middle)

    assert [one.slug for one in related.bases(last)] == ["shapes", "child", "grandchild"]
