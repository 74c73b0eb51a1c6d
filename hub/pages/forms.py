"""Forms: what people type in, checked as far as the registry does not check it itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.queries.words import Kind, Scope
from registry.sweeps.rows import MOST_SAMPLES

LIFETIMES = [
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("a year")),
    ("", _("for ever")),
]


LEVELS = [
    ("general", _("General")),
    ("suggestive", _("Suggestive")),
    ("mature", _("Mature")),
    ("explicit", _("Explicit")),
]


class TokenForm(forms.Form):
    """A token to be made."""

    title = forms.CharField(label=_("What is it for?"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
        error_messages={"required": _("Choose at least one thing that it may do.")},
    )
    lifetime = forms.ChoiceField(
        label=_("How long is it good for?"), choices=LIFETIMES, required=False, initial="90"
    )

    def expires_at(self, now: datetime) -> datetime | None:
        days = self.cleaned_data["lifetime"]
        return now + timedelta(days=int(days)) if days else None


class Words(forms.CharField):
    """Words between commas or on lines of their own, as a list."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        return [
            word.strip()
            for word in text.replace("，", ",").replace("\n", ",").split(",")
            if word.strip()
        ]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value


class Prompts(forms.CharField):
    """Prompts on lines of their own, as a list: a prompt may hold commas."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [
            line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()
        ]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MOST_SAMPLES:
            raise forms.ValidationError(
                _("Give no more than %(most)s prompts."), params={"most": MOST_SAMPLES}
            )


class UploadForm(forms.Form):
    """What an uploader says of a version. The page's module sends the same fields to the API."""

    team = forms.ChoiceField(label=_("Team"))
    title = forms.CharField(label=_("Title"), max_length=120)
    adapter = forms.RegexField(
        label=_("Name in addresses"),
        regex=r"^[a-z0-9][a-z0-9._-]{0,79}$",
        required=False,
        help_text=_(
            "Small Latin letters, digits and hyphens; made from the title where left empty."
        ),
        error_messages={"invalid": _("Use small Latin letters, digits and hyphens.")},
    )
    base = forms.ChoiceField(label=_("Base model"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.STYLE.value)
    trigger_words = Words(
        label=_("Trigger words"),
        required=False,
        max_length=1000,
        help_text=_("Separated by commas."),
    )
    tags = Words(
        label=_("Tags"), required=False, max_length=1000, help_text=_("Separated by commas.")
    )
    sample_prompts = Prompts(
        label=_("Sample prompts"),
        required=False,
        max_length=2000,
        help_text=_("One a line, two at most: each is shown at every weight."),
    )
    weight_low = forms.FloatField(label=_("Weight from"), required=False, min_value=-4, max_value=4)
    weight_high = forms.FloatField(label=_("to"), required=False, min_value=-4, max_value=4)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Markdown."),
    )
    licence = forms.CharField(label=_("Licence"), required=False, max_length=120)
    content_level = forms.ChoiceField(
        label=_("Content level"), choices=LEVELS, initial="general", required=False
    )
    label = forms.CharField(label=_("Label of this version"), required=False, max_length=60)
    changes = forms.CharField(
        label=_("What is new in this version"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    file = forms.FileField(label=_("The adapter's file"), allow_empty_file=True)
    config = forms.FileField(label=_("adapter_config.json, if it has one"), required=False)

    def __init__(self, *args: Any, teams: list[tuple[str, str]], bases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = teams  # type: ignore[attr-defined]
        self.fields["base"].choices = [("", _("Choose …")), *bases]  # type: ignore[attr-defined]
