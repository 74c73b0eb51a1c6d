"""What one says of oneself, and one's password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hub.pages import account, signing
from hub.pages.profile_forms import PasswordForm, ProfileForm
from registry.errors import Invalid, NotAllowed
from registry.services import profiles

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest


@require_POST
@login_required
@never_cache
def change(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            changed = profiles.change(request.user, profiles.About(**form.cleaned_data))
        except Invalid as refusal:
            form.add_error(None, str(refusal))
        else:
            response = redirect("account")
            if "language" in changed:
                signing.speak(response, request.user.language)
            messages.success(request, _("Saved."))
            return response
    return account.page(request, profile_form=form)


@require_POST
@login_required
@never_cache
def change_password(request: MemberRequest) -> HttpResponse:
    """Take another password; whoever guesses at the old one is slowed down as at the door."""
    form = PasswordForm(request.POST)
    if signing.too_often(request):
        form.add_error("old", _("That was too often: wait a minute, then try once more."))
        return account.page(request, password_form=form)
    if form.is_valid():
        try:
            profiles.change_password(request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            signing.note_failure(request)
            form.add_error("old", str(refusal))
        except Invalid as refusal:
            form.add_error("new", str(refusal))
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Your password is changed; other sessions have ended."))
            return redirect("account")
    return account.page(request, password_form=form)
