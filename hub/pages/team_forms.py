"""Forms about teams and who is in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.pages.forms import LIFETIMES
from registry.content_levels import LEVELS
from registry.queries.words import Proof, Role
from registry.services.policies import KINDS
from registry.services.robots import ROLES


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


DAYS = [("1", _("a day")), ("7", _("a week")), ("30", _("30 days"))]
KIND_OF = {  # of checks, as people call them
    "bytes": _("its bytes"),
    "file": _("the file's layout"),
    "base": _("which base it is for"),
    "pairs": _("its matrices"),
    "layers": _("its layers"),
    "shapes": _("their shapes"),
    "config": _("its configuration"),
    "tensors": _("its tensors"),
    "runtimes": _("runtimes that do not take it"),
    "metadata": _("its metadata, private things in it among them"),
    "values": _("its values"),
    "weights": _("weights that are here already"),
    "trial": _("how it loads"),
    "effect": _("what it does"),
}
LEVEL_OF = {
    "general": _("General"),
    "suggestive": _("Suggestive"),
    "mature": _("Mature"),
    "explicit": _("Explicit"),
}


class InvitationForm(forms.Form):
    """An invitation to be made."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.CONTRIBUTOR.value)
    days = forms.ChoiceField(label=_("Good for"), choices=DAYS, initial="7")
    address = forms.EmailField(
        label=_("Mail address"),
        required=False,
        help_text=_("The link is sent there. Left empty, you pass it on yourself."),
    )


class RobotForm(forms.Form):
    """A token of the team's own to be made."""

    title = forms.CharField(label=_("What is it for?"), max_length=80)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in ROLES],
        initial=Role.CONTRIBUTOR.value,
    )
    lifetime = forms.ChoiceField(
        label=_("How long is it good for?"), choices=LIFETIMES, required=False, initial="90"
    )

    def expires_at(self, now: datetime) -> datetime | None:
        days = self.cleaned_data["lifetime"]
        return now + timedelta(days=int(days)) if days else None


class SettingsForm(forms.Form):
    """What is said of a team, and what its uploads begin with."""

    title = forms.CharField(label=_("Title"), max_length=120)
    description = forms.CharField(
        label=_("About it"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Markdown. Shown on the team's page."),
    )
    licence = forms.CharField(label=_("Licence"), required=False, max_length=120)
    content_level = forms.ChoiceField(
        label=_("Content level"), choices=[(level, LEVEL_OF[level]) for level in LEVELS]
    )
    base = forms.ChoiceField(label=_("Base model"), required=False)

    def __init__(self, *args: Any, bases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].choices = [("", _("none in particular")), *bases]  # type: ignore[attr-defined]


class PolicyForm(forms.Form):
    """What a team asks of a version before it is published."""

    proof = forms.ChoiceField(
        label=_("Proof, at least"),
        required=False,
        choices=[("", _("as its base asks")), *Proof.choices],
    )
    approvals = forms.TypedChoiceField(
        label=_("Approvals by others than its uploader"),
        coerce=int,
        choices=[(str(count), str(count)) for count in range(4)],
    )
    approvers = forms.ChoiceField(
        label=_("Who approves"),
        choices=[(Role.REVIEWER.value, _("reviewers and admins")), (Role.ADMIN.value, _("admins"))],
    )
    description = forms.BooleanField(label=_("a description"), required=False)
    trigger_words = forms.BooleanField(
        label=_("trigger words, or somebody's word that it needs none"), required=False
    )
    licence = forms.BooleanField(label=_("a licence"), required=False)
    no_warnings = forms.MultipleChoiceField(
        label=_("No warnings about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind, KIND_OF[kind]) for kind in KINDS],
    )
    publishes_itself = forms.BooleanField(
        label=_("Publish a version by itself as soon as nothing is missing"), required=False
    )

    def needed(self) -> list[forms.BoundField]:
        """Return the ticks of what has to be there."""
        return [self["description"], self["trigger_words"], self["licence"]]
