"""Forms about teams and who is in them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.queries.words import Role


class TeamForm(forms.Form):
    """A team to be made."""

    title = forms.CharField(label=_("Title"), max_length=120)
    slug = forms.RegexField(
        label=_("Name in addresses"),
        regex=r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
        max_length=60,
        help_text=_("Small Latin letters, digits and hyphens. It stays as it is."),
        error_messages={"invalid": _("Use small Latin letters, digits and hyphens.")},
    )


class MemberForm(forms.Form):
    """Somebody who has an account, to be taken into a team."""

    username = forms.CharField(label=_("User name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.CONTRIBUTOR.value)
