"""Forms for what is said of an adapter and of its versions, after they are there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.pages.forms import LEVELS, Words
from registry.queries.words import Kind

MOST_WORDS = 30


class AdapterForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    tags = Words(
        label=_("Tags"), required=False, max_length=1000, help_text=_("Separated by commas.")
    )
    licence = forms.CharField(label=_("Licence"), required=False, max_length=120)
    content_level = forms.ChoiceField(label=_("Content level"), choices=LEVELS)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Markdown."),
    )

    def clean_tags(self) -> list[str]:
        tags: list[str] = self.cleaned_data["tags"]
        if any(len(tag) > 40 for tag in tags) or len(tags) > MOST_WORDS:
            raise forms.ValidationError(_("Give at most 30 tags, of at most 40 characters each."))
        return tags


class VersionForm(forms.Form):
    """What a version claims. What was measured of it is not to be written."""

    trigger_words = Words(
        label=_("Trigger words"),
        required=False,
        max_length=2000,
        help_text=_("Separated by commas."),
    )
    optional_words = Words(
        label=_("Words that may help"),
        required=False,
        max_length=2000,
        help_text=_("Outfits, places, moods: not needed to call it up."),
    )
    negative_words = Words(
        label=_("Words for the negative prompt"), required=False, max_length=2000
    )
    weight_low = forms.FloatField(label=_("Weight from"), required=False, min_value=-4, max_value=4)
    weight_high = forms.FloatField(label=_("to"), required=False, min_value=-4, max_value=4)
    weight_default = forms.FloatField(
        label=_("Usual weight"), required=False, min_value=-4, max_value=4
    )
    changes = forms.CharField(
        label=_("What is new in this version"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for name in ("trigger_words", "optional_words", "negative_words"):
            words = said.get(name) or []
            if any(len(word) > 120 for word in words) or len(words) > MOST_WORDS:
                self.add_error(name, _("Give at most 30 words, of at most 120 characters each."))
        return said
