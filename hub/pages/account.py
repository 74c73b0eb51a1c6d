"""One's own account: who one is, in which teams, and the tokens of one's programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import levels
from hub.pages.forms import TokenForm
from hub.pages.profile_forms import forms_of
from registry.queries import people
from registry.queries.words import Scope
from registry.services import accounts

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest


@require_safe
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    return page(request)


@require_POST
@login_required
@never_cache
def make_token(request: MemberRequest) -> HttpResponse:
    """Make a token and show its secret, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return page(request, form=form)
    now = timezone.now()
    _token, secret = accounts.issue_token(
        user=request.user,
        title=form.cleaned_data["title"],
        scopes=[Scope(value) for value in form.cleaned_data["scopes"]],
        expires_at=form.expires_at(now),
        now=now,
    )
    return page(request, secret=secret)


@require_POST
@login_required
def revoke_token(request: MemberRequest, token_id: UUID) -> HttpResponse:
    token = accounts.revoke_token(token_id=token_id, by=request.user, now=timezone.now())
    messages.success(request, _("“{title}” is revoked.").format(title=token.title))
    return redirect("account")


def page(request: MemberRequest, *, secret: str = "", **filled: Form) -> HttpResponse:
    """Return the page, with the forms that were filled in and refused, and a secret just made."""
    shown: dict[str, Any] = {
        "form": TokenForm(),
        "secret": secret,
        "tokens": people.tokens_of(request.user),
        "memberships": people.memberships_of(request.user),
        "now": timezone.now(),
        "here": "account",
        "rows": levels.rows(levels.of_request(request)),
        "ways": levels.WAYS,
        "next": reverse("account"),
    }
    shown |= forms_of(request.user) | filled
    status = 422 if filled else 200
    return render(request, "pages/account/account.html", shown, status=status)
