"""Collections: the list of them, one with its adapters, its form, and what is put into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.pages import cards
from registry.errors import Invalid, NotAllowed, NotFound
from registry.queries import adapters, collections, people
from registry.queries.words import Role, Sight
from registry.services import collections as services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Adapter, Collection, CollectionItem, User


MOST_OF_OTHERS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """An adapter in a collection, and the places to which it goes when it is moved by one."""

    item: CollectionItem
    card: cards.Card
    earlier: int | None
    later: int | None


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
        if of is not None and not collections.may_share(of, by):
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
    rows = collections.listed(by)
    shown = {
        "mine": rows.filter(by=by) if by else [],
        "others": (rows.exclude(by=by) if by else rows)[:MOST_OF_OTHERS],
    }
    return render(request, "pages/collections/collections.html", shown)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    by = people.person(request.user)
    one = collections.in_sight(pk, by=by)
    shown = _about(one, by, page=request.GET.get("page")) | {
        "address": request.build_absolute_uri(request.path)
    }
    return render(request, "pages/collections/collection.html", shown)


def _about(one: Collection, by: User | None, *, page: str | None = None) -> dict[str, Any]:
    pages = Paginator(collections.items_of(one, by=by), cards.A_PAGE)
    shown = pages.get_page(page)
    may_change = collections.may_change(one, by)
    return {
        "collection": one,
        "items": _rows(one, shown, by, may_change=may_change),
        "page": shown,
        "hidden": one.items.count() - pages.count,
        "may_change": may_change,
    }


def _rows(one: Collection, page: Any, by: User | None, *, may_change: bool) -> list[Row]:
    around = collections.neighbours(one, by=by) if may_change else {}
    found = collections.with_newest(page, by=by)
    drawn = cards.of_versions(version.pk for _, version in found)
    return [
        Row(item, card, *around.get(item.pk, (None, None)))
        for (item, _), card in zip(found, drawn, strict=True)
    ]


@require_POST
@login_required
def put_in(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Put an adapter in that is named, or say why it is in it, or where it stands."""
    by, said = request.user, request.POST
    one = collections.in_sight(pk, by=by)
    place = said.get("place", "")
    wanted = {"place": int(place)} if place.isdecimal() and len(place) < 5 else {}
    try:
        adapter = adapters.named(*_name_in(said.get("adapter", "")), by=by)
        services.put_in(one, adapter, by=by, now=timezone.now(), note=said.get("note"), **wanted)
    except (Invalid, NotFound) as refusal:
        shown = _about(one, by) | {"refusal": str(refusal), "typed": said.get("adapter", "")}
        return render(request, "pages/collections/collection.html", shown, status=422)
    return redirect(_place_of(one, adapter, by))


def _name_in(text: str) -> tuple[str, str]:
    """Return team and name of an adapter, of its name or of its page's address."""
    parts = text.strip().partition("?")[0].strip("/").split("/")[-2:]
    if len(parts) != 2:
        told = _("“{text}” names no adapter: write team/name, as it stands on its card.")
        raise Invalid(told.format(text=text[:80]))
    return parts[0], parts[1]


def _place_of(one: Collection, adapter: Adapter, by: User) -> str:
    """Return the address at which an adapter is seen in a collection."""
    found = list(collections.items_of(one, by=by).values_list("adapter_id", "pk"))
    at = next((n for n, (key, _) in enumerate(found) if key == adapter.pk), None)
    address = reverse("collection", args=[one.pk])
    if at is None:
        return address
    page = at // cards.A_PAGE + 1
    return f"{address}{f'?page={page}' if page > 1 else ''}#in-{found[at][1]}"


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
    one = collections.in_sight(pk, by=request.user)
    if not collections.may_change(one, request.user):
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
    one = collections.in_sight(pk, by=request.user)
    services.delete(one, by=request.user)
    messages.success(request, _("“{title}” is deleted.").format(title=one.title))
    return redirect("collections")


@require_POST
@login_required
def take_out(request: MemberRequest, pk: UUID, team: str, name: str) -> HttpResponse:
    one = collections.in_sight(pk, by=request.user)
    adapter = adapters.named(team, name, by=request.user)
    services.take_out(one, adapter, by=request.user, now=timezone.now())
    messages.success(request, _("“{title}” is taken out.").format(title=adapter.title))
    return redirect("collection", one.pk)


def _form(request: MemberRequest, form: CollectionForm, one: Collection | None) -> HttpResponse:
    status = 422 if form.errors else 200
    shown = {"form": form, "collection": one}
    return render(request, "pages/collections/form.html", shown, status=status)
