"""Comments on the page of an adapter: threads, and what one may do to each remark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import pieces
from registry.errors import Invalid
from registry.queries import comments, people, versions
from registry.services import commenting
from registry.services.commenting import Said

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, Comment, User


TOLD = {
    "edit": _("It is changed."),
    "delete": _("The comment is deleted."),
    "hide": _("The comment is hidden."),
    "show": _("The comment is shown again."),
}


class CommentForm(forms.Form):
    """What somebody says; the registry says what is too much."""

    text = forms.CharField(error_messages={"required": _("The comment is empty: write something.")})
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    weight = forms.FloatField(
        required=False, min_value=commenting.LOWEST, max_value=commenting.HIGHEST
    )


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment or answer, as this person sees it."""

    comment: Comment
    readable: bool
    own: bool
    may_hide: bool
    answers: tuple[Remark, ...] = ()


def of_version(version: AdapterVersion, by: User | None, *, cursor: str = "") -> dict[str, Any]:
    """Return what the page shows of an adapter's comments."""
    adapter = version.adapter
    page = comments.threads(adapter, by=by, cursor=cursor)
    reader = comments.reader(adapter, by)
    return {
        "remarks": [_remark(one, reader) for one in page.threads],
        "more_comments": page.next,
        "comment_count": comments.count(adapter),
        "mentionable": versions.of_adapter(adapter, by=by) if by else [],
        "most_text": commenting.MOST_TEXT,
    }


def _remark(comment: Comment, reader: comments.Reader) -> Remark:
    answers = getattr(comment, "shown_answers", ())
    by = reader.by
    return Remark(
        comment=comment,
        readable=comments.may_read(comment, reader),
        own=by is not None and comment.by_id == by.pk and comment.deleted_at is None,
        may_hide=reader.reviews and comment.deleted_at is None,
        answers=tuple(_remark(one, reader) for one in answers) if not comment.parent_id else (),
    )


@require_safe
@never_cache
def listed(request: HttpRequest, team: str, name: str, number: int) -> HttpResponse:
    """Answer with the next page of comments."""
    version = versions.in_sight(team, name, number, by=people.person(request.user))
    return pieces.listed(request, version, "remarks", "comments", of_version)


@require_POST
@login_required
def write(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)

    def act() -> None:
        parent = None
        if request.POST.get("parent"):
            parent = comments.of_adapter(
                version.adapter, _uuid(request.POST["parent"]), by=request.user
            )
        commenting.write(
            version.adapter,
            _said(request, version),
            parent=parent,
            by=request.user,
            now=timezone.now(),
        )

    return _done(request, version, act, told=gettext("Your comment stands here now."))


@require_POST
@login_required
def change(
    request: MemberRequest, team: str, name: str, number: int, comment_id: UUID, act: str
) -> HttpResponse:
    """Do to one comment what its writer, or a reviewer, may do."""
    version = versions.in_sight(team, name, number, by=request.user)
    adapter, by = version.adapter, request.user
    who: dict[str, Any] = {"by": request.user, "now": timezone.now()}

    def found() -> Comment:
        return comments.of_adapter(adapter, comment_id, by=by)

    acts: dict[str, Callable[[], object]] = {
        "edit": lambda: commenting.edit(found(), _said(request, version), **who),
        "delete": lambda: commenting.take_back(found(), **who),
        "hide": lambda: commenting.hide(found(), reason=request.POST.get("reason", ""), **who),
        "show": lambda: commenting.show(found(), **who),
    }
    return _done(request, version, acts[act], told=str(TOLD[act]))


def _done(
    request: MemberRequest, version: AdapterVersion, act: Callable[[], object], *, told: str
) -> HttpResponse:
    def shown(refusal: str) -> dict[str, Any]:
        unsent = {"unsent": request.POST.get("text", ""), "unsent_to": request.POST.get("parent")}
        return of_version(version, request.user) | (unsent if refusal else {})

    return pieces.acted(request, version, "comments", act, shown=shown, told=told)


def _said(request: MemberRequest, version: AdapterVersion) -> Said:
    form = CommentForm(request.POST)
    if not form.is_valid():
        raise Invalid(" ".join(str(error[0]) for error in form.errors.values()))
    told = form.cleaned_data
    about = None
    if told["version"]:
        adapter = version.adapter
        about = versions.in_sight(adapter.team.slug, adapter.slug, told["version"], by=request.user)
    return Said(told["text"], about, told["weight"])


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("That comment is not one that can be answered.") from error
