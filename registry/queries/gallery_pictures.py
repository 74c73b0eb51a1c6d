"""Pictures in galleries: which there are, and which of their adapters a person may know of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from registry.errors import NotFound
from registry.models import Adapter, AdapterVersion, GalleryPicture, PictureUse, Role, User
from registry.queries import adapters, people, versions

PAGE = 24


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at pictures, and what they may do in the teams whose adapters are in them."""

    by: User | None
    roles: Mapping[int, Role]

    def may(self, role: Role, team_id: int) -> bool:
        return team_id in self.roles and self.roles[team_id].includes(role)


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures, the newest first, each with its uses in `.all_uses`."""

    pictures: Sequence[GalleryPicture]
    next: str


def of_adapter(adapter: Adapter, *, by: User | None, cursor: str = "", limit: int = PAGE) -> Page:
    """
    Return a page of the pictures that were made with an adapter, two queries whatever is in it.

    What its team's reviewers hid is there for them and for whoever made it.

    :raises Invalid: if the cursor is none of ours
    """
    uses = PictureUse.objects.filter(picture=OuterRef("pk"), version__adapter=adapter)
    if not people.may(by, Role.VIEWER, adapter.team):
        uses = uses.filter(version__state__in=AdapterVersion.PUBLIC)
    shown = Exists(uses.filter(hidden_at__isnull=True))
    if people.may(by, Role.REVIEWER, adapter.team):
        seen: Q = Q(Exists(uses))
    elif by is not None:
        seen = Q(shown) | Q(Exists(uses), by=by)
    else:
        seen = Q(shown)
    found = _whole().filter(seen)
    if cursor:
        at, pk = adapters.read_cursor(cursor)
        found = found.filter(Q(added_at__lt=at) | Q(added_at=at, pk__lt=pk))
    rows = list(found.order_by("-added_at", "-pk")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    following = adapters.write_cursor(last.added_at, last.pk) if last else ""
    return Page(rows[:limit], following)


def in_sight(picture_id: UUID, *, by: User | None) -> GalleryPicture:
    """:raises NotFound: if there is no such picture, or it hangs where this person does not come"""
    found = _whole().filter(pk=picture_id).first()
    if found is None or not may_see(found, by):
        raise NotFound(f"There is no picture {picture_id} in any gallery that you may see.")
    return found


def may_see(picture: GalleryPicture, by: User | None) -> bool:
    """Say whether it hangs somewhere that the person comes by, or is their own."""
    if by is not None and picture.by_id == by.pk:
        return True
    return any(_hangs_in_sight(use, by) for use in uses_of(picture))


def _hangs_in_sight(use: PictureUse, by: User | None) -> bool:
    if use.version is None or not versions.may_see(use.version, by):
        return False
    return use.hidden_at is None or people.may(by, Role.REVIEWER, use.version.adapter.team)


def uses_of(picture: GalleryPicture) -> Sequence[PictureUse]:
    """Return what it was made with, in order."""
    known: Sequence[PictureUse] | None = getattr(picture, "all_uses", None)
    return known if known is not None else list(_uses().filter(picture=picture))


def hung_in(picture: GalleryPicture, adapter: Adapter) -> list[PictureUse]:
    """Return the uses by which a picture hangs in the gallery of an adapter."""
    return [
        use
        for use in uses_of(picture)
        if use.version is not None and use.version.adapter_id == adapter.pk
    ]


def viewer(pictures: Sequence[GalleryPicture], by: User | None) -> Viewer:
    """Return who looks at these pictures; their roles are asked for once."""
    versions_here = (use.version for picture in pictures for use in uses_of(picture))
    teams = {version.adapter.team for version in versions_here if version is not None}
    return Viewer(by, people.roles_of(by, list(teams)))


def known_to(picture: GalleryPicture, viewer: Viewer) -> list[tuple[PictureUse, bool]]:
    """
    Return its uses, each with whether the person may know the version that is meant.

    What they may not know and its file does not name is left out: its name would be the hub's own.
    """
    uses = [(use, _is_known(use, viewer)) for use in uses_of(picture)]
    return [(use, known) for use, known in uses if known or use.found_by != PictureUse.Found.HAND]


def _is_known(use: PictureUse, viewer: Viewer) -> bool:
    if use.version is None:
        return False
    is_public = use.version.state in AdapterVersion.PUBLIC
    return is_public or viewer.may(Role.VIEWER, use.version.adapter.team_id)


def _whole() -> QuerySet[GalleryPicture]:
    uses = Prefetch("uses", _uses(), to_attr="all_uses")
    return GalleryPicture.objects.select_related("by").prefetch_related(uses)


def _uses() -> QuerySet[PictureUse]:
    return PictureUse.objects.select_related(
        "version__adapter__team", "version__base", "hidden_by"
    ).order_by("position")
