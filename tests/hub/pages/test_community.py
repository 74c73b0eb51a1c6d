"""Comments and votes below an adapter, without a browser."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Comment, Role, WeightVote
from registry.services import commenting, voting
from registry.services.commenting import Said
from tests.factories import BaseFactory, UserFactory, member

pytestmark = pytest.mark.django_db
AT = "/ink/zebra/1/community"
WRITE = "/ink/zebra/1/comments/write"
VOTE = "/ink/zebra/1/vote"
HTMX = {"HTTP_HX_REQUEST": "true"}
NOW = timezone.now()


@pytest.fixture
def comment(zebra):
    wren = UserFactory(username="wren")
    said = Said("*Softer* <script>alert(1)</script>", weight=0.7)
    return commenting.write(zebra.adapter, said, by=wren, now=NOW)


def test_the_page_of_an_adapter_fetches_it_when_it_is_scrolled_to(client, zebra):
    page = client.get("/ink/zebra").text
    assert f'hx-get="{AT}" hx-trigger="revealed"' in page


def test_it_is_a_page_where_there_is_no_javascript(client, comment):
    page = client.get(AT).text
    assert "<title>What members say of Zebra" in page
    assert "<em>Softer</em>" in page
    assert "<script>alert" not in page
    assert "weight 0.7" in page


def test_strangers_are_offered_to_sign_in(client, comment):
    part = client.get(AT, **HTMX).text
    assert "<textarea" not in part
    assert "/sign-in?next=/ink/zebra%3Fversion%3D1" in part


def test_a_member_comments_and_sees_it_at_once(signed_in, zebra):
    part = signed_in.post(WRITE, {"text": "Good.", "version": "1", "weight": "0.8"}, **HTMX).text

    assert part.strip().startswith('<section class="sheet" id="comments" tabindex="-1"')
    assert "Your comment stands here now." in part
    assert "<p>Good.</p>" in part
    comment = Comment.objects.get()
    assert (comment.by.username, comment.weight) == ("mika", 0.8)


def test_without_javascript_the_way_leads_back(signed_in, zebra):
    answer = signed_in.post(WRITE, {"text": "Good."})
    assert (answer.status_code, answer["Location"]) == (302, f"{AT}#comments")


def test_what_is_refused_stays_in_the_form(settings, signed_in, zebra):
    settings.COMMENTS_PER_MINUTE = 1
    signed_in.post(WRITE, {"text": "A short one."})
    part = signed_in.post(WRITE, {"text": "A long one."}, **HTMX).text
    assert "Comments are limited to 1 a minute" in part
    assert "A long one.</textarea>" in part


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"text": ""}, "The comment is empty"),
        ({"text": "x", "weight": "9"}, "less than or equal to 4"),
        ({"text": "x", "parent": "z"}, "not one that can be answered"),
    ],
    ids=["empty", "heavy", "no parent"],
)
def test_nonsense_is_refused_in_a_sentence(signed_in, zebra, told, said):
    assert said in signed_in.post(WRITE, told, **HTMX).text
    assert not Comment.objects.exists()


def test_writers_and_reviewers_have_their_acts_and_others_none(client, team, comment):
    def seen_by(person):
        client.force_login(person)
        return client.get(AT, **HTMX).text

    at = f"/ink/zebra/1/comments/{comment.pk}"
    assert f"{at}/edit" in seen_by(comment.by)
    assert f"{at}/hide" not in seen_by(comment.by)
    assert f"{at}/hide" in seen_by(member(team, Role.REVIEWER))
    assert at not in seen_by(UserFactory())


def test_a_comment_is_edited_hidden_shown_and_deleted(client, team, comment):
    at = f"/ink/zebra/1/comments/{comment.pk}"
    client.force_login(comment.by)
    assert "Harder." in client.post(f"{at}/edit", {"text": "Harder."}, **HTMX).text
    client.force_login(member(team, Role.REVIEWER))
    hidden = client.post(f"{at}/hide", {"reason": "Off topic."}, **HTMX).text
    assert "A reviewer hid this comment: Off topic." in hidden
    client.logout()
    assert "Harder." not in client.get(AT, **HTMX).text
    client.force_login(member(team, Role.REVIEWER))
    client.post(f"{at}/show", **HTMX)
    client.force_login(comment.by)
    assert "Nobody has said anything yet." in client.post(f"{at}/delete", **HTMX).text


def test_what_was_taken_back_meanwhile_is_said_to_be_gone(client, comment):
    client.force_login(comment.by)
    at = f"/ink/zebra/1/comments/{comment.pk}"
    client.post(f"{at}/delete", **HTMX)
    part = client.post(f"{at}/edit", {"text": "Too late."}, **HTMX).text
    assert f"There is no comment {comment.pk}" in part


def test_the_range_of_members_stands_beside_the_measured_one(client, zebra):
    for weight in (0.6, 0.7, 0.9):
        voting.vote(zebra, weight, by=UserFactory(), now=NOW)
    page = " ".join(client.get("/ink/zebra").text.split())
    assert '<a href="#community">3 members</a> use 0.65 – 0.8.' in page


def test_others_are_refused(client, signed_in, comment):
    at = f"/ink/zebra/1/comments/{comment.pk}"
    assert signed_in.post(f"{at}/edit", {"text": "Ha."}).status_code == 403
    assert signed_in.post(f"{at}/hide", {"reason": "Ha."}).status_code == 403
    client.logout()
    assert client.post(WRITE, {"text": "Spam."}).status_code == 401


def test_further_comments_come_page_by_page(client, zebra):
    for turn in range(21):
        said = Said(f"Number {turn}.")
        commenting.write(zebra.adapter, said, by=UserFactory(), now=timezone.now())
    part = client.get(AT, **HTMX).text
    more = part.split('class="more" hx-get="')[1].split('"')[0]
    assert "Number 0." in client.get(more, **HTMX).text
    assert "<title>Comments on Zebra" in client.get(more).text


def test_a_vote_is_a_dot_beside_what_was_measured(signed_in, zebra):
    part = signed_in.post(VOTE, {"weight": "0.7", "note": "On hair."}, **HTMX).text

    assert part.count('class="vote own"') == 1
    assert '<rect class="measured" x="250.0" y="8" width="330.0"' in part  # 0.4 to 1 of 0 to 1.2
    assert "You said 0.7, on Shapes." in part
    assert "<td>On hair.</td>" in part
    assert "1 vote so far." in part


def test_three_votes_are_put_into_words(signed_in, zebra):
    for weight in (0.6, 0.7):
        voting.vote(zebra, weight, by=UserFactory(), now=NOW)
    part = signed_in.post(VOTE, {"weight": "0.9"}, **HTMX).text
    assert "3 members have voted: half of them use 0.65 – 0.8" in " ".join(part.split())


def test_a_vote_is_taken_back(signed_in, person, zebra):
    voting.vote(zebra, 0.6, by=person, now=NOW)
    part = signed_in.post(f"{VOTE}/take-back", {"base": "shapes"}, **HTMX).text
    assert "Nobody has said yet." in part
    assert not WeightVote.objects.exists()


def test_a_child_of_the_base_is_offered(signed_in, zebra):
    BaseFactory(slug="shapes-soft", title="Soft shapes", parent=zebra.base)
    assert '<option value="shapes-soft"' in signed_in.get(AT, **HTMX).text
    part = signed_in.post(VOTE, {"weight": "0.6", "base": "shapes-soft"}, **HTMX).text
    assert "You said 0.6, on Soft shapes." in part


@pytest.mark.parametrize("weight", ["", "much", "7"])
def test_a_vote_without_a_weight_is_refused(signed_in, zebra, weight):
    assert 'role="alert"' in signed_in.post(VOTE, {"weight": weight}, **HTMX).text
    assert not WeightVote.objects.exists()


def test_many_votes_on_one_weight_are_one_pile_with_a_number(client, zebra):
    for _ in range(9):
        voting.vote(zebra, 0.7, by=UserFactory(), now=NOW)
    part = client.get(AT, **HTMX).text
    assert part.count("<circle") == 6
    assert ">+3</text>" in part
