"""`Works for me at 0.7`: votes as dots beside the measured range and the claim, and the slider."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.pages import pieces
from hub.pages.scales import Scale
from registry.errors import Invalid
from registry.queries import bases, cards, versions, votes
from registry.services import voting
from registry.sweeps.votes import ENOUGH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, User, WeightVote

WIDE, EDGE = 720.0, 30.0
DOT = 6.0  # its radius
APART = 13.0  # dots nearer than this stand on each other
GROUND = 96.0  # where the lowest dots stand
HIGHEST_ROW = 6  # rows of dots that are drawn; more are one dot with a number
LOW, HIGH = 0.0, 1.2  # always on the scale


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    own: bool
    more: int = 0  # votes that this dot stands for beside its own


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    weight: float


@dataclass(frozen=True, slots=True)
class Strip:
    """Votes over a line of weights, 720 wide; ends are x and width, None where nothing is known."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    measured: tuple[float, float] | None
    claimed: tuple[float, float] | None
    community: tuple[float, float] | None
    low: float
    high: float
    ground: float = GROUND


class VoteForm(forms.Form):
    weight = forms.FloatField(min_value=voting.LOWEST, max_value=voting.HIGHEST)
    base = forms.CharField(required=False, max_length=200)
    note = forms.CharField(required=False, max_length=voting.MOST_NOTE)


def of_version(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what the page shows of a version's votes."""
    found = votes.of_version(version, by=by)
    own = next((one for one in found.own if one.base_id == version.base_id), None)
    own = own or (found.own[0] if found.own else None)
    low, high = _scale(version, found.votes)
    return {
        "votes": found,
        "strip": draw(version, found.votes, by=by),
        "own_vote": own,
        "vote_weight": own.weight if own else cards.weight(version),
        "vote_low": min(low, -1.0) if low < 0 else 0.0,
        "vote_high": max(high, 1.5),
        "vote_bases": votes.bases_of(version, by=by) if by else [],
        "votes_enough": ENOUGH,
    }


def draw(version: AdapterVersion, found: Iterable[WeightVote], *, by: User | None) -> Strip | None:
    """Return the strip; None where nobody has voted."""
    rows = list(found)
    if not rows:
        return None
    low, high = _scale(version, rows)
    across = Scale(low, high, EDGE, WIDE - EDGE)
    return Strip(
        dots=_stacked(rows, across, by),
        ticks=tuple(Tick(across(weight), weight) for weight in _round_weights(low, high)),
        measured=_ends(version.measured_low, version.measured_high, across),
        claimed=_ends(version.weight_low, version.weight_high, across),
        community=_ends(version.voted_low, version.voted_high, across),
        low=low,
        high=high,
    )


def _scale(version: AdapterVersion, rows: Iterable[WeightVote]) -> tuple[float, float]:
    known = (version.measured_low, version.measured_high, version.weight_low, version.weight_high)
    weights = [*(vote.weight for vote in rows), *(one for one in known if one is not None)]
    return min([LOW, *weights]), max([HIGH, *weights])


def _stacked(rows: list[WeightVote], across: Scale, by: User | None) -> tuple[Dot, ...]:
    """Return a dot a vote, those of about one weight above each other."""
    piles: dict[int, list[WeightVote]] = defaultdict(list)
    for vote in sorted(rows, key=lambda vote: (by is None or vote.by_id != by.pk, vote.weight)):
        piles[round(across(vote.weight) / APART)].append(vote)
    dots: list[Dot] = []
    for pile in piles.values():
        shown = pile[:HIGHEST_ROW]
        for level, vote in enumerate(shown):
            more = len(pile) - len(shown) if level == len(shown) - 1 else 0
            own = by is not None and vote.by_id == by.pk
            y = GROUND - DOT - level * (2 * DOT + 1)
            dots.append(Dot(across(vote.weight), y, own, more))
    return tuple(sorted(dots, key=lambda dot: (dot.x, -dot.y)))


def _ends(low: float | None, high: float | None, across: Scale) -> tuple[float, float] | None:
    if low is None or high is None:
        return None
    return across(low), max(round(across(high) - across(low), 1), 2.0)


def _round_weights(low: float, high: float) -> list[float]:
    """Return weights to be written under the strip: at most ten of them."""
    step = next(each for each in (0.2, 0.5, 1.0) if (high - low) / each <= 9 or each == 1.0)
    first = round(low / step)
    return [round(n * step, 2) for n in range(first, int(high / step + 1e-6) + 1)]


@require_POST
@login_required
def vote(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)

    def act() -> None:
        form = VoteForm(request.POST)
        if not form.is_valid():
            raise Invalid(" ".join(str(error[0]) for error in form.errors.values()))
        told = form.cleaned_data
        voting.vote(
            version,
            told["weight"],
            base=bases.named(told["base"], by=request.user) if told["base"] else None,
            note=told["note"],
            by=request.user,
            now=timezone.now(),
        )

    return _done(request, version, act, told=_("Your vote is kept."))


@require_POST
@login_required
def take_back(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    word = request.POST.get("base", "")

    def act() -> None:
        base = bases.named(word, by=request.user) if word else None
        voting.take_back(version, base=base, by=request.user, now=timezone.now())

    return _done(request, version, act, told=_("Your vote is taken back."))


def _done(
    request: MemberRequest, version: AdapterVersion, act: Callable[[], None], *, told: str
) -> HttpResponse:
    def shown(_refusal: str) -> dict[str, Any]:
        version.refresh_from_db(fields=["votes", "voted_low", "voted_high", "voted_best"])
        return of_version(version, request.user)

    return pieces.acted(request, version, "votes", act, shown=shown, told=told)
