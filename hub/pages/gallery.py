"""
The gallery on the page of an adapter: pictures that members hung, beside grids that workers made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import addresses, further, pieces
from hub.pages.forms import LEVELS
from registry.errors import Invalid, NotFound, QuotaReached, RegistryError, UploadRefused
from registry.formats.generation import lines
from registry.queries import adapters, people, versions
from registry.queries import gallery_pictures as gallery
from registry.queries.words import Role
from registry.services import gallery as hanging
from registry.services import grounds, pictured
from registry.services.opening_pictures import MOST_BYTES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, GalleryPicture, PictureUse, User

MOST_AT_ONCE = 12  # files of one form


@dataclass(frozen=True, slots=True)
class Use:
    """An adapter that a picture was made with; `address` is "" where there is nothing to see."""

    use: PictureUse
    name: str
    address: str
    value: str  # team/name/number, for the form that corrects it


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture, as this person sees it in one adapter's gallery."""

    picture: GalleryPicture
    address: str
    small: str
    large: str
    uses: tuple[Use, ...]
    parameters: str  # how it was made, to be pasted
    own: bool
    hidden_reason: str


def of_version(version: AdapterVersion, by: User | None, *, cursor: str = "") -> dict[str, Any]:
    """Return what the page shows of an adapter's gallery."""
    page = gallery.of_adapter(version.adapter, by=by, cursor=cursor)
    viewer = gallery.viewer(page.pictures, by)
    renders = not grounds.unfit(version)
    return {
        "pictures": [_shown(one, version, viewer) for one in page.pictures],
        "more_pictures": page.next,
        "hung": further.hung(version, by) if renders and not cursor else [],
        "playground": addresses.playground(version) if renders and _may_ask(by) else "",
        "levels": LEVELS,
        "level": version.adapter.content_level,
        "most_at_once": MOST_AT_ONCE,
    }


def _may_ask(by: User | None) -> bool:
    return by is not None and (by.is_superuser or bool(people.team_keys_of(by)))


def _shown(picture: GalleryPicture, version: AdapterVersion, viewer: gallery.Viewer) -> Shown:
    adapter = version.adapter
    here = gallery.hung_in(picture, adapter)
    hidden = [use.hidden_reason for use in here if use.hidden_at is not None]
    return Shown(
        picture=picture,
        address=_at(version, "picture", picture.pk),
        small=reverse("api-gallery-bytes", args=[picture.pk, "small"]),
        large=reverse("api-gallery-bytes", args=[picture.pk, "large"]),
        uses=tuple(_use(use, known) for use, known in gallery.known_to(picture, viewer)),
        parameters=lines.of(picture.generation),
        own=viewer.by is not None and picture.by_id == viewer.by.pk,
        hidden_reason=hidden[0] if here and len(hidden) == len(here) else "",
    )


def _use(use: PictureUse, known: bool) -> Use:  # noqa: FBT001  a pair of the query's
    version = use.version if known else None
    if version is None:
        return Use(use, use.name, "", "")
    adapter = version.adapter
    value = f"{adapter.team.slug}/{adapter.slug}/{version.number}"
    return Use(use, adapter.title, addresses.page(version), value)


@require_safe
@never_cache
def listed(request: HttpRequest, team: str, name: str, number: int) -> HttpResponse:
    """Answer with the next page of pictures."""
    version = versions.in_sight(team, name, number, by=people.person(request.user))
    return pieces.listed(request, version, "pictures", "gallery", of_version)


@require_safe
@never_cache
def one(request: HttpRequest, team: str, name: str, number: int, picture_id: UUID) -> HttpResponse:
    """Show one picture large, with how it was made and what may be done with it."""
    by = people.person(request.user)
    version = versions.in_sight(team, name, number, by=by)
    picture = gallery.in_sight(picture_id, by=by)
    if not gallery.hung_in(picture, version.adapter):
        raise NotFound(_("This picture does not hang here."))
    shown = pieces.about(version, by) | {
        "one": _shown(picture, version, gallery.viewer([picture], by)),
        "levels": LEVELS,
        "may_hide": people.may(by, Role.REVIEWER, version.adapter.team),
    }
    return render(request, "pages/adapter/picture.html", shown)


@require_POST
@login_required
def hang(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Hang the pictures of the form, and say of each that was refused why."""
    version = versions.in_sight(team, name, number, by=request.user)
    files = request.FILES.getlist("file")[:MOST_AT_ONCE]
    count, refusals = 0, []
    for file in files:
        try:
            hanging.hang(
                version,
                file.read(MOST_BYTES + 1),
                name=str(file.name)[:100],
                content_level=request.POST.get("content_level", ""),
                by=request.user,
                now=timezone.now(),
            )
            count += 1
        except (Invalid, UploadRefused) as refusal:
            refusals.append(
                f"{str(file.name)[:100]}: {refusal}" if len(files) > 1 else str(refusal)
            )
        except QuotaReached as refusal:
            refusals.append(str(refusal))
            break
    if not files:
        refusals.append(_("Choose a picture first."))
    hung = ngettext("{count} picture hangs here now.", "{count} pictures hang here now.", count)
    told = hung.format(count=count) if count else ""
    shown = of_version(version, request.user)
    return pieces.answer(request, version, "gallery", shown, told=told, refusals=refusals)


@require_POST
@login_required
def change(
    request: MemberRequest, team: str, name: str, number: int, picture_id: UUID, act: str
) -> HttpResponse:
    """Do to one picture what its maker, or a reviewer, may do."""
    version = versions.in_sight(team, name, number, by=request.user)
    picture = gallery.in_sight(picture_id, by=request.user)
    adapter = version.adapter
    who: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    reason = request.POST.get("reason", "")
    acts: dict[str, Callable[[], object]] = {
        "correct": lambda: hanging.correct(picture, **_corrections(request), **who),
        "take-down": lambda: hanging.take_down(picture, **who),
        "hide": lambda: hanging.hide(picture, adapter, reason=reason, **who),
        "show": lambda: hanging.show(picture, adapter, **who),
    }
    try:
        acts[act]()
    except (Invalid, NotFound) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _SAID[act]())
    return redirect(_after(version, picture_id, request.user))


_SAID: dict[str, Callable[[], str]] = {
    "correct": lambda: _("It is corrected."),
    "take-down": lambda: _("The picture is taken down."),
    "hide": lambda: _("The picture is hidden in this gallery."),
    "show": lambda: _("The picture is shown again."),
}


def _after(version: AdapterVersion, picture_id: UUID, by: User) -> str:
    """Return where to go on: the picture, if it still hangs here, else the gallery."""
    try:
        if gallery.hung_in(gallery.in_sight(picture_id, by=by), version.adapter):
            return _at(version, "picture", picture_id)
    except RegistryError:
        pass
    return f"{_at(version, 'community')}#gallery"


def _corrections(request: MemberRequest) -> dict[str, Any]:
    """Return what the form says: the level, the versions that are kept, and one to be added."""
    kept = set(request.POST.getlist("keep"))
    weights = dict(zip(request.POST.getlist("use"), request.POST.getlist("weight"), strict=False))
    made_with = [
        pictured.MadeWith(_version(value, request.user), _weight(weights[value]))
        for value in weights
        if value in kept
    ]
    added = request.POST.get("add", "").strip().strip("/")
    if added:
        version = _version(added, request.user)
        made_with.append(pictured.MadeWith(version, _weight(request.POST.get("add_weight", ""))))
    return {"content_level": request.POST.get("content_level"), "made_with": made_with}


def _version(value: str, by: User) -> AdapterVersion:
    """Return the version that `team/name/3` means; without a number, the newest published one."""
    team, _slash, rest = value[:200].partition("/")
    name, slash, number = rest.partition("/")
    if slash and number.isdecimal():
        return versions.in_sight(team, name, int(number[:9]), by=by)
    seen = versions.of_adapter(adapters.named(team, name, by=by), by=by)
    if not seen:
        raise NotFound(_("That adapter has no version yet."))
    return next((one for one in seen if one.state == "published"), seen[0])


def _weight(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError as error:
        raise Invalid(_("A weight is a number, as 0.8.")) from error


def _at(version: AdapterVersion, name: str, *more: object) -> str:
    adapter = version.adapter
    return reverse(name, args=[adapter.team.slug, adapter.slug, version.number, *more])
