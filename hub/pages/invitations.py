"""Invitations: made and taken back by admins, and followed by whoever is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import login, password_validation
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub import mail
from hub.pages import members
from hub.pages.team_forms import InvitationForm
from registry.errors import Invalid, NameTaken, QuotaReached, WrongState
from registry.queries import invitations, people
from registry.queries.words import Role
from registry.services import invitations as inviting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Invitation

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class RegistrationForm(forms.Form):
    """An account to be made by an invitation."""

    username = forms.CharField(label=gettext_lazy("User name"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@require_POST
@login_required
@never_cache
def invite(request: MemberRequest, slug: str) -> HttpResponse:
    """Make an invitation and show its link, this once; send it where there is an address."""
    team = people.team(slug)
    people.require(request.user, Role.ADMIN, team, to="invite people")
    form = InvitationForm(request.POST, auto_id=members.INVITED)
    link = ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            invitation, secret = inviting.invite(
                team=team,
                role=Role(told["role"]),
                days=int(told["days"]),
                address=told["address"],
                by=request.user,
                now=timezone.now(),
            )
        except (Invalid, QuotaReached) as refusal:
            form.add_error(None, str(refusal))
        else:
            link = request.build_absolute_uri(reverse("invitation", args=[secret]))
            _send(request, invitation, link)
            form = InvitationForm(auto_id=members.INVITED)
    return members.page(request, team, invitation_form=form, link=link)


@require_POST
@login_required
def revoke(request: MemberRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    team = people.team(slug)
    try:
        inviting.revoke(team, invitation_id, by=request.user, now=timezone.now())
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is taken back."))
    return redirect("members", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation; whoever is signed in accepts it, whoever has no account makes one."""
    invitation = invitations.by_secret(secret, now=timezone.now())
    if invitation is None:
        return render(request, "pages/invitations/gone.html", status=404)
    if request.method != "POST":
        return _page(request, invitation, secret, RegistrationForm())
    by = people.person(request.user)
    if by is None:
        return _register(request, invitation, secret)
    inviting.accept(secret, by=by, now=timezone.now())
    return _welcome(request, invitation)


def _register(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    form = RegistrationForm(request.POST)
    if form.is_valid():
        try:
            made = inviting.register(secret, **form.cleaned_data, now=timezone.now())
        except NameTaken as refusal:
            form.add_error("username", str(refusal))
        except Invalid as refusal:
            form.add_error("password", str(refusal))
        else:
            login(request, made.user, backend=MODEL_BACKEND)
            return _welcome(request, invitation)
    return _page(request, invitation, secret, form)


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    messages.success(request, _("Welcome to {team}.").format(team=invitation.team.title))
    return redirect("team", invitation.team.slug)


def _page(
    request: HttpRequest, invitation: Invitation, secret: str, form: RegistrationForm
) -> HttpResponse:
    shown = {
        "invitation": invitation,
        "form": form,
        "rules": password_validation.password_validators_help_texts(),
        "at": reverse("invitation", args=[secret]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/invitations/invitation.html", shown, status=status)


def _send(request: MemberRequest, invitation: Invitation, link: str) -> None:
    """Send the link, or say that it could not be sent: the invitation is there all the same."""
    if not invitation.address:
        return
    if mail.send_invitation(invitation, link):
        said = _("The invitation is sent to {address}.").format(address=invitation.address)
        messages.success(request, said)
    else:
        said = _("The mail could not be sent: pass the link on yourself.")
        messages.error(request, said)
