from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, QuotaReached, WrongState
from registry.models import Comment, Event, Role
from registry.services import commenting
from registry.services.commenting import Said
from tests.factories import AdapterFactory, UserFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
NOW = timezone.now()


@pytest.fixture
def adapter(team):
    return AdapterFactory(team=team, slug="wash")


@pytest.fixture
def writer(db):
    return UserFactory(username="wren")


@pytest.fixture
def comment(adapter, writer):
    return write(adapter, writer)


def write(adapter, by, text="Softer than version 1.", *, now=NOW, parent=None, **about):
    return commenting.write(adapter, Said(text, **about), parent=parent, by=by, now=now)


class TestWrite:
    def test_keeps_what_it_is_about(self, adapter, writer):
        version = VersionFactory(adapter=adapter, published=True)
        comment = write(adapter, writer, "  Good.\r\n", version=version, weight=0.725)

        assert (comment.text, comment.version, comment.weight) == ("Good.", version, 0.72)
        assert Event.objects.get(verb="comment.written").detail == {"comment": str(comment.pk)}

    @pytest.mark.parametrize("text", ["", "  \n ", "\0"])
    def test_nothing_is_refused(self, adapter, writer, text):
        with pytest.raises(Invalid, match="empty"):
            write(adapter, writer, text)

    def test_too_much_is_refused(self, adapter, writer):
        with pytest.raises(Invalid, match="4001 letters; 4000 are enough"):
            write(adapter, writer, "x" * 4001)

    def test_another_adapters_version_is_refused(self, adapter, writer):
        with pytest.raises(Invalid, match="a version of the adapter that it is on"):
            write(adapter, writer, version=VersionFactory(published=True))

    def test_threads_are_one_level_deep(self, adapter, writer, comment):
        answer = write(adapter, writer, "Yes.", parent=comment)
        assert answer.parent == comment
        with pytest.raises(WrongState, match="an answer already"):
            write(adapter, writer, "No.", parent=answer)

    def test_what_is_on_another_adapter_is_not_answered_here(self, writer, comment):
        with pytest.raises(Invalid, match="about the same adapter"):
            write(AdapterFactory(), writer, parent=comment)

    def test_who_floods_has_to_wait_and_deleting_helps_nothing(self, settings, adapter, writer):
        settings.COMMENTS_PER_MINUTE = 2
        commenting.take_back(write(adapter, writer), by=writer, now=NOW)
        write(adapter, writer)
        with pytest.raises(QuotaReached, match="limited to 2 a minute") as refused:
            write(adapter, writer, now=NOW + timedelta(seconds=20))

        assert refused.value.retry_after == 40
        assert write(adapter, writer, now=NOW + timedelta(seconds=61))

    def test_none_at_all_may_be_allowed(self, settings, adapter, writer):
        settings.COMMENTS_PER_MINUTE = 0
        with pytest.raises(QuotaReached, match="limited to 0 a minute"):
            write(adapter, writer)


class TestEdit:
    def test_says_it_otherwise(self, comment, writer):
        commenting.edit(comment, Said("Harder."), by=writer, now=NOW)

        comment.refresh_from_db()
        assert (comment.text, comment.edited_at) == ("Harder.", NOW)

    def test_the_same_again_is_no_edit(self, comment, writer):
        commenting.edit(comment, Said(comment.text), by=writer, now=NOW)

        comment.refresh_from_db()
        assert comment.edited_at is None
        assert not Event.objects.filter(verb="comment.edited").exists()

    def test_is_for_its_writer_alone(self, comment, team):
        with pytest.raises(NotAllowed, match="only they can edit it"):
            commenting.edit(comment, Said("Ha."), by=member(team, Role.ADMIN), now=NOW)


class TestTakeBack:
    def test_leaves_answers_and_no_text(self, adapter, comment, writer):
        answer = write(adapter, UserFactory(), "Yes.", parent=comment)
        commenting.take_back(comment, by=writer, now=NOW)

        comment.refresh_from_db()
        assert (comment.text, comment.deleted_at) == ("", NOW)
        assert Comment.objects.filter(pk=answer.pk, text="Yes.").exists()

    def test_nothing_is_done_to_it_after(self, adapter, comment, writer):
        commenting.take_back(comment, by=writer, now=NOW)
        for act in (
            lambda: commenting.take_back(comment, by=writer, now=NOW),
            lambda: commenting.edit(comment, Said("Again."), by=writer, now=NOW),
            lambda: write(adapter, writer, parent=comment),
        ):
            with pytest.raises(WrongState, match="took this comment back"):
                act()


class TestHide:
    @pytest.fixture
    def reviewer(self, team):
        return member(team, Role.REVIEWER)

    def test_needs_a_reviewer_and_a_reason(self, comment, team, reviewer):
        with pytest.raises(NotAllowed, match="to be Reviewer"):
            commenting.hide(comment, reason="Rude.", by=member(team), now=NOW)
        with pytest.raises(Invalid, match="Say why"):
            commenting.hide(comment, reason=" ", by=reviewer, now=NOW)

    def test_keeps_the_text_and_freezes_it(self, adapter, comment, writer, reviewer):
        commenting.hide(comment, reason="Rude.", by=reviewer, now=NOW)
        commenting.hide(comment, reason="Twice.", by=reviewer, now=NOW)

        comment.refresh_from_db()
        assert (comment.hidden_reason, comment.hidden_by) == ("Rude.", reviewer)
        assert comment.text
        with pytest.raises(WrongState, match="stays as it is"):
            commenting.edit(comment, Said("Nice."), by=writer, now=NOW)
        with pytest.raises(WrongState, match="cannot be answered"):
            write(adapter, writer, parent=comment)

    def test_is_undone(self, comment, reviewer):
        commenting.hide(comment, reason="Rude.", by=reviewer, now=NOW)
        commenting.show(comment, by=reviewer, now=NOW)

        comment.refresh_from_db()
        assert (comment.hidden_at, comment.hidden_reason) == (None, "")
        verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
        assert verbs == ["comment.written", "comment.hidden", "comment.shown"]
