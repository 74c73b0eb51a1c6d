"""The page of an adapter: one version of it, what it does, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.pages import (
    addresses,
    cards,
    channels,
    chosen,
    curve_words,
    curves,
    deprecating,
    effects,
    facts,
    fetched,
    further,
    keeping,
    layouts,
    line,
    lineage,
    live,
    mending,
    missing,
    proofs,
    recipes,
    review,
    sources,
    stories,
    sweeps,
)
from registry.errors import NotFound, PolicyUnmet, WrongState
from registry.queries import adapters, drafts, files, people, related, reviews, versions
from registry.queries.words import Role, RunState, State
from registry.services import publishing, runs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Adapter, AdapterVersion, User


@require_safe
def show(request: HttpRequest, team: str, name: str) -> HttpResponse:
    by = people.person(request.user)
    adapter = adapters.named(team, name, by=by)
    seen = versions.of_adapter(adapter, by=by)
    if not seen and by and not request.GET.get("version"):
        return render(request, "pages/adapter/empty.html", _empty(adapter, by))
    version = _asked_for(seen, request.GET.get("version", ""))
    whole = request.build_absolute_uri
    shown = _about(version, whole) | _allowed(version, by) | {"versions": seen}
    shown |= further.of_version(version, seen, by) | channels.of_adapter(adapter)
    shown |= keeping.of_adapter(adapter, by)
    shown |= _beside(version, seen, by)
    shown |= review.of_version(version, by) | deprecating.of_version(version, by)
    shown |= sources.of_version(version, by) | mending.of_version(version, by)
    shown |= layouts.of_version(version, by) | {"page_address": addresses.page(version)}
    return render(request, "pages/adapter/adapter.html", shown)


@require_POST
@login_required
def publish(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    try:
        publishing.publish(version, by=request.user, now=timezone.now())
    except PolicyUnmet:
        standing = reviews.standing(version)
        messages.error(request, missing.refusal(version.number, standing.missing))
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Version {number} is published.").format(number=number))
    return redirect(addresses.page(version))


@require_POST
@login_required
def withdraw(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    reason = request.POST.get("reason", "").strip()[:500]
    try:
        publishing.withdraw(version, reason=reason, by=request.user, now=timezone.now())
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Version {number} is withdrawn.").format(number=number))
    return redirect(addresses.page(version))


@require_POST
@login_required
def try_again(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Validate a version once more whose run failed for reasons that were not its own."""
    version = versions.in_sight(team, name, number, by=request.user)
    people.require(request.user, Role.CONTRIBUTOR, version.adapter.team, to="validate it again")
    try:
        runs.start(version, by=request.user, now=timezone.now())
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return redirect(addresses.page(version))


def _empty(adapter: Adapter, by: User) -> dict[str, Any]:
    """Return what is shown of an adapter that has no version yet, to its team."""
    return {
        "adapter": adapter,
        "may_upload": people.may(by, Role.CONTRIBUTOR, adapter.team),
        "waiting": [file.path for file in drafts.files_of(adapter, by=by) if file.upload],
    }


def _asked_for(seen: Sequence[AdapterVersion], number: str) -> AdapterVersion:
    """Return the version asked for; else the newest published one, else the newest there is."""
    if number:
        found = [version for version in seen if str(version.number) == number]
    else:
        found = [version for version in seen if version.state == State.PUBLISHED] or list(seen)
    if not found:
        raise NotFound(_("There is no such version of this adapter."))
    return found[0]


def _about(version: AdapterVersion, whole: Callable[[str], str]) -> dict[str, Any]:
    run = versions.newest_run(version)
    grid = versions.grid(version)
    curve = getattr(grid, "curve", None) if grid else None
    weights = files.weights_of(version)
    return {
        "version": version,
        "adapter": version.adapter,
        "state": stage_of(version, run.state if run else ""),
        "run": run,
        "progress": live.progress(run) if run else None,
        "so_far": live.so_far(version) if run and run.state in live.LIVING else None,
        "sweep": sweeps.of_grid(grid, version),
        "grid": grid,
        "sheet": addresses.sheet(grid) if grid else "",
        "drawing": curves.draw(curve, version),
        "said": curve_words.of_curve(curve, version),
        "proved": proofs.of_version(version),
        "work": effects.of_version(version),
        "story": stories.tell(versions.report(version)),
        "swept": stories.tell_sweep(curve),
        "fit": stories.tell_fit(version),
        "file": weights,
        "file_facts": facts.of_file(weights),
        "training_facts": facts.of_training(version),
        "uses": recipes.of_version(
            version, whole(addresses.download(version)), page=whole(addresses.page(version))
        )
        if version.proof and version.state not in {State.WAITING, State.REJECTED}
        else None,
        "download": addresses.download(version),
        "compare_name": chosen.name_of(version),
        "report_address": addresses.report(version),
    }


def _beside(
    version: AdapterVersion, seen: Sequence[AdapterVersion], by: User | None
) -> dict[str, Any]:
    """Return what stands beside a version: the others, what it came from, and its likes."""
    alike = related.similar(version) if version.state == State.PUBLISHED else []
    return line.of_versions(seen) | {
        "tree": line.tree(version, seen),
        "fetched": fetched.of_adapter(version.adapter, seen, now=timezone.now()),
        "same_weights": related.same_weights(version, by=by),
        **lineage.of_version(version, by),
        "similar": list(
            zip(cards.of_versions(one.version.pk for one in alike), alike, strict=True)
        ),
    }


def stage_of(version: AdapterVersion, run_state: str) -> str:
    """Return how a version stands: its state, but for a run that failed or is going on."""
    if version.state == State.WAITING and run_state == RunState.FAILED:
        return "failed"
    return version.state


def _allowed(version: AdapterVersion, by: User | None) -> dict[str, bool]:
    role = people.role_in(by, version.adapter.team) if by else None
    own = by is not None and version.uploaded_by_id == by.pk
    contributes = role is not None and role.includes(Role.CONTRIBUTOR)
    decides = role is not None and (role.includes(Role.REVIEWER) or (own and contributes))
    return {
        "may_publish": decides and version.state in {State.READY, State.WITHDRAWN},
        "may_move": role is not None
        and role.includes(Role.REVIEWER)
        and version.state == State.PUBLISHED,
        "may_withdraw": decides and version.state == State.PUBLISHED,
        "may_upload": contributes,
        "in_team": role is not None,
    }
