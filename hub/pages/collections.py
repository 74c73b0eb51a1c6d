"""Collections: the list of them, one with its adapters, and the form of what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.pages import cards
from registry.errors import Invalid, NotAllowed
from registry.queries import adapters, following, people
from registry.queries.words import Role, Sight
from registry.services import collections as services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Collection, User


MOST_OF_OTHERS = 200


class CollectionForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=services.MOST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Markdown, if you like."),
    )
    sight = forms.ChoiceField(label=gettext_lazy("Who sees it"), choices=Sight.choices)
    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        required=False,
        help_text=gettext_lazy("Its contributors may change the collection too."),
    )

    def __init__(self, *args: Any, by: User, of: Collection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        if of is not None and not following.may_share(of, by):
            del self.fields["sight"], self.fields["team"]
            return
        teams = people.teams_of(by, at_least=Role.CONTRIBUTOR)
        none = [("", gettext_lazy("No team"))]
        self.fields["team"].choices = [*none, *((one.slug, one.title) for one in teams)]  # type: ignore[attr-defined]

    def said(self) -> services.Said:
        told = dict(self.cleaned_data)
        if self.of is not None and "sight" not in told:
            return services.Said(**told, sight=self.of.sight, team=self.of.team)
        told["team"] = people.team(told["team"]) if told["team"] else None
        return services.Said(**told)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    by = people.person(request.user)
    rows = following.collections(by)
    shown = {
        "mine": rows.filter(by=by) if by else [],
        "others": (rows.exclude(by=by) if by else rows)[:MOST_OF_OTHERS],
    }
    return render(request, "pages/collections/collections.html", shown)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    by = people.person(request.user)
    one = following.collection(pk, by=by)
    pages = Paginator(following.items_of(one, by=by), cards.A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    items = following.with_newest(page, by=by)
    shown = {
        "collection": one,
        "items": list(
            zip(
                [item for item, _ in items],
                cards.of_versions(version.pk for _, version in items),
                strict=True,
            )
        ),
        "page": page,
        "hidden": one.items.count() - pages.count,
        "may_change": following.may_change(one, by),
    }
    return render(request, "pages/collections/collection.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def make(request: MemberRequest) -> HttpResponse:
    form = CollectionForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make(form.said(), by=request.user, now=timezone.now())
        except Invalid as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("collection", made.pk)
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    one = following.collection(pk, by=request.user)
    if not following.may_change(one, request.user):
        raise NotAllowed(_("Only its maker and contributors of its team change a collection."))
    before = {"title": one.title, "description": one.description, "sight": one.sight,
              "team": one.team.slug if one.team else ""}  # fmt: skip
    form = CollectionForm(request.POST or None, by=request.user, of=one, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(one, form.said(), by=request.user, now=timezone.now())
        except Invalid as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("collection", one.pk)
    return _form(request, form, one)


@require_POST
@login_required
def delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    one = following.collection(pk, by=request.user)
    services.delete(one, by=request.user)
    messages.success(request, _("“{title}” is deleted.").format(title=one.title))
    return redirect("collections")


@require_POST
@login_required
def take_out(request: MemberRequest, pk: UUID, team: str, name: str) -> HttpResponse:
    one = following.collection(pk, by=request.user)
    adapter = adapters.named(team, name, by=request.user)
    services.take_out(one, adapter, by=request.user, now=timezone.now())
    return redirect("collection", one.pk)


def _form(request: MemberRequest, form: CollectionForm, one: Collection | None) -> HttpResponse:
    status = 422 if form.errors else 200
    shown = {"form": form, "collection": one}
    return render(request, "pages/collections/form.html", shown, status=status)
