"""Who is in a team: taking in, changing roles, taking out, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.pages.team_forms import InvitationForm, MemberForm
from hub.pages.teams import MEANS, around
from registry.errors import Invalid, NotFound
from registry.queries import invitations, people, robots
from registry.queries.words import Role
from registry.services import accounts, teams

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Team

INVITED = "invited-%s"  # ids of the fields that invite: those that add have the usual ones


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def show(request: MemberRequest, slug: str) -> HttpResponse:
    """Show who is in the team; take somebody in who has an account."""
    team = people.team(slug)
    people.require(request.user, Role.VIEWER, team, to="see who is in it")
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username, role = form.cleaned_data["username"], Role(form.cleaned_data["role"])
        try:
            _set_role(request, team, username, role)
        except (Invalid, NotFound) as refusal:
            form.add_error("username", str(refusal))
        else:
            messages.success(request, _("{name} is in the team.").format(name=username))
            return redirect("members", slug)
    return page(request, team, form=form)


@require_POST
@login_required
def set_role(request: MemberRequest, slug: str, username: str) -> HttpResponse:
    team = people.team(slug)
    people.require(request.user, Role.ADMIN, team, to="change who is in the team")
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Invalid(_("Choose one of the roles."))
    try:
        _set_role(request, team, username, Role(role))
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("{name} is {role} now.").format(name=username, role=Role(role).label)
        messages.success(request, said)
        _warn_of_secrets(request, team, username)
    return redirect("members", slug)


@require_POST
@login_required
def remove(request: MemberRequest, slug: str, username: str) -> HttpResponse:
    """Take somebody out of the team, or leave it."""
    team = people.team(slug)
    people.require(request.user, Role.VIEWER, team, to="see who is in it")
    user = people.by_name(username)
    try:
        teams.remove_member(team=team, user=user, by=request.user, now=timezone.now())
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("members", slug)
    if user == request.user:
        messages.success(request, _("You left {team}.").format(team=team.title))
        return redirect("teams")
    messages.success(request, _("{name} is no longer in the team.").format(name=username))
    _warn_of_secrets(request, team, username)
    return redirect("members", slug)


def _warn_of_secrets(request: MemberRequest, team: Team, username: str) -> None:
    """Say so where somebody who is no admin any more knows secrets that work."""
    found = robots.at_large(team, now=timezone.now())
    count = sum(one.known_to is not None and one.known_to.username == username for one in found)
    if count:
        said = ngettext(
            "{name} knows the secret of {count} token of the team: renew or revoke it, under "
            "“Tokens”.",
            "{name} knows the secrets of {count} tokens of the team: renew or revoke them, under "
            "“Tokens”.",
            count,
        )
        messages.warning(request, said.format(name=username, count=count))


def _set_role(request: MemberRequest, team: Team, username: str, role: Role) -> None:
    people.require(request.user, Role.ADMIN, team, to="change who is in the team")
    user = people.by_name(username)
    accounts.set_role(team=team, user=user, role=role, by=request.user, now=timezone.now())


def page(
    request: MemberRequest,
    team: Team,
    *,
    form: MemberForm | None = None,
    invitation_form: InvitationForm | None = None,
    link: str = "",
) -> HttpResponse:
    """Return the page with whichever form was filled in, and the link of an invitation made."""
    refused = any(one is not None and one.is_bound for one in (form, invitation_form))
    shown = around(team, request.user) | {
        "members": people.members_of(team),
        "form": form or MemberForm(),
        "invitation_form": invitation_form or InvitationForm(auto_id=INVITED),
        "link": link,
        "open": invitations.open_of(team, now=timezone.now()),
        "roles": Role.choices,
        "means": [(Role(value).label, MEANS[Role(value)]) for value in Role.values],
    }
    return render(request, "pages/teams/members.html", shown, status=422 if refused else 200)
