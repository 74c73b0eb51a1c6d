"""The forms of the account page that are about oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from registry.services import profiles

if TYPE_CHECKING:
    from registry.models import User

SAID = ("display_name", "email", "language")


class ProfileForm(forms.Form):
    display_name = forms.CharField(
        label=gettext_lazy("Name that others see"),
        required=False,
        max_length=profiles.MOST_NAME,
        help_text=gettext_lazy("Beside your user name, which stays."),
    )
    email = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("as the browser asks")), *settings.LANGUAGES],
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("The new one"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def forms_of(person: User) -> dict[str, forms.Form]:
    """Return the forms of the account page, filled in."""
    said = {name: getattr(person, name) for name in SAID}
    return {"profile_form": ProfileForm(initial=said), "password_form": PasswordForm()}
