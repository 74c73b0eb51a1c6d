"""The review queue: what waits for a decision, worked with the mouse or with one key a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import addresses, cards, curves, missing, stories
from registry.errors import Invalid, NotAllowed, PolicyUnmet, WrongState
from registry.queries import people, reviews, versions
from registry.queries.words import State
from registry.services import publishing
from registry.services import reviews as deciding

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, Curve, PreviewGrid, User

SAID_OF_THE_ADAPTER = {"description", "licence"}  # what a team may miss, and its edit page takes
KEYS = (  # as js/review.js has them
    ("j", gettext_lazy("next")),
    ("k", gettext_lazy("previous")),
    ("a", gettext_lazy("approve")),
    ("r", gettext_lazy("send back")),
    ("p", gettext_lazy("publish")),
    ("o", gettext_lazy("open its page")),
    ("?", gettext_lazy("these keys")),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One version that waits, with all that a decision needs."""

    version: AdapterVersion
    card: cards.Card
    address: str
    sheet: str
    drawing: curves.Drawing | None
    curve: Curve | None
    story: stories.Story | None
    missing: list[str]
    standing: reviews.Standing
    own: bool
    approved: bool  # by the person who looks


@require_safe
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    waiting = reviews.queue(request.user)
    drawn = cards.of_versions([version.pk for version in waiting])
    items = [_item(*one, by=request.user) for one in zip(waiting, drawn, strict=True)]
    shown = {"items": items, "keys": KEYS, "reviews": reviews.reviews_anywhere(request.user)}
    return render(request, "pages/review/review.html", shown)


@require_POST
@login_required
def decide(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Do what the button says, then go on to the version after it."""
    version = versions.in_sight(team, name, number, by=request.user)
    following = _after(version, request)
    try:
        said = _decide(request, version)
    except PolicyUnmet:
        standing = reviews.standing(version)
        messages.error(request, missing.refusal(version.number, standing.missing))
        following = version
    except (Invalid, NotAllowed, WrongState) as refusal:
        messages.error(request, str(refusal))
        following = version
    else:
        messages.success(request, said)
    if request.POST.get("from") == "page":
        return redirect(addresses.page(version))
    at = f"#v{following.serial}" if following else ""
    return redirect(f"{reverse('review')}{at}")


def of_version(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what the page of an adapter shows of the review, to its team."""
    if by is None or people.role_in(by, version.adapter.team) is None:
        return {}
    standing = reviews.standing(version)
    to_decide_on = version.state in {State.READY, State.WITHDRAWN}
    own = version.uploaded_by_id == by.pk
    return {
        "review": standing,
        "missing": missing.in_words(standing.missing),
        "may_review": to_decide_on and reviews.may_review(by, version),
        "may_approve": not own and by.username not in standing.approved_by,
        "to_say": any(one.code in SAID_OF_THE_ADAPTER for one in standing.missing),
        "lacks_words": any(one.code == "trigger-words" for one in standing.missing),
    }


def _decide(request: MemberRequest, version: AdapterVersion) -> str:
    by, now = request.user, timezone.now()
    reason = request.POST.get("reason", "")
    told = {"title": version.adapter.title, "number": version.number}
    match request.POST.get("decision"):
        case "approve":
            done = deciding.approve(version, by=by, now=now)
            if done.state == State.PUBLISHED:
                return _("{title}, version {number}: approved and published.").format(**told)
            return _("{title}, version {number}: approved.").format(**told)
        case "send-back":
            deciding.send_back(version, reason=reason, by=by, now=now)
            return _("{title}, version {number}: sent back.").format(**told)
        case "publish":
            publishing.publish(version, by=by, now=now)
            return _("{title}, version {number}: published.").format(**told)
        case "ask-again":
            deciding.ask_again(version, note=reason, by=by, now=now)
            return _("{title}, version {number}: before its reviewers again.").format(**told)
        case "no-words":
            deciding.say_it_needs_no_words(version, by=by, now=now)
            return _("{title}, version {number}: needs no trigger words.").format(**told)
    raise Invalid(_("Choose what to decide."))


def _after(version: AdapterVersion, request: MemberRequest) -> AdapterVersion | None:
    """Return the version that stands after this one in the queue, else the one before it."""
    waiting = reviews.queue(request.user)
    place = next((at for at, one in enumerate(waiting) if one.pk == version.pk), None)
    if place is None:
        return None
    others = [*waiting[place + 1 :], *reversed(waiting[:place])]
    return others[0] if others else version


def _item(version: AdapterVersion, card: cards.Card, *, by: User) -> Item:
    standing = reviews.standing(version)
    grid = _grid(version)
    curve = getattr(grid, "curve", None) if grid else None
    return Item(
        version=version,
        card=card,
        address=addresses.page(version),
        sheet=addresses.sheet(grid) if grid and grid.sheet_id else "",
        drawing=curves.draw(curve, version),
        curve=curve,
        story=stories.tell(reviews.report(version)),
        missing=missing.in_words(standing.missing),
        standing=standing,
        own=version.uploaded_by_id == by.pk,
        approved=by.username in standing.approved_by,
    )


def _grid(version: AdapterVersion) -> PreviewGrid | None:
    return next((grid for grid in version.grids.all() if grid.rendered_at), None)
