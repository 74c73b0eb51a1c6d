"""
Base models, by any of their names, and the layers of each.

Those of the catalogue are everyone's. A team's own is seen as its adapters are: by its members, and
by anyone once something is published for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from registry.bases import catalogue
from registry.bases.manifest import Manifest, decode
from registry.errors import NotAllowed, NotFound, WrongState
from registry.models import AdapterVersion, BaseModel, Blueprint, Membership, Role, Scene, User
from registry.queries import people

KEPT = 16  # manifests of teams that a process keeps unpacked
OF_THE_CATALOGUE = F("team").asc(nulls_first=True)  # … first


def in_sight(by: User | None) -> QuerySet[BaseModel]:
    """Return the bases that the person may see."""
    if by is not None and by.is_superuser:
        return BaseModel.objects.all()
    used = AdapterVersion.objects.filter(base=OuterRef("pk"), state__in=AdapterVersion.PUBLIC)
    return BaseModel.objects.filter(_for_members(by) | Exists(used))


def named(name: str, *, by: User | None = None) -> BaseModel:
    """
    Return the one base that `name` means best: its slug, else an alias, else its family's first.

    :raises NotFound: if no base that the person may see goes by that name
    """
    word = name.strip().lower()
    for narrowed in (Q(slug=word), Q(aliases__contains=[word]), Q(family=word, parent=None)):
        found = in_sight(by).filter(narrowed).order_by(OF_THE_CATALOGUE, "pk").first()
        if found:
            return found
    raise NotFound(
        f"This hub knows no base model called {name!r}: see GET /api/bases for those it does."
    )


def for_upload(name: str, *, by: User) -> BaseModel:
    """
    Return the base that `name` means, for a version to be declared for.

    :raises NotFound: if no base that the person may see goes by that name
    :raises NotAllowed: if it is the own base of a team that the person is not in
    :raises WrongState: if its layers are not known yet
    """
    base = named(name, by=by)
    if base.team and not people.may(by, Role.VIEWER, base.team):
        raise NotAllowed(
            f"{base.title} is a base of the team {base.team.slug}: only its members upload for it."
        )
    if base.state != BaseModel.State.READY:
        raise WrongState(_not_ready(base), code="base.not-ready")
    return base


def _not_ready(base: BaseModel) -> str:
    if base.state == BaseModel.State.FAILED:
        return f"The layers of {base.title} could not be made: {base.reason}"
    return f"The layers of {base.title} are still being made: wait until it is ready."


def listed(*, by: User | None = None) -> QuerySet[BaseModel]:
    """Return all bases in sight with `published`, the number of adapters published for each."""
    return (
        in_sight(by)
        .select_related("parent", "team", "added_by")
        .annotate(
            published=Count(
                "versions__adapter",
                filter=Q(versions__state=AdapterVersion.State.PUBLISHED),
                distinct=True,
            )
        )
        .order_by("family", "parent_id", "slug")
    )


def usable(by: User) -> QuerySet[BaseModel]:
    """Return the bases that the person may declare a version for."""
    ready = BaseModel.objects.filter(state=BaseModel.State.READY)
    found = ready.order_by("family", "parent_id", "slug")
    return found if by.is_superuser else found.filter(_for_members(by))


def _for_members(by: User | None) -> Q:
    everyones = Q(team__isnull=True)
    if by is None:
        return everyones
    return everyones | Q(team__in=Membership.objects.filter(user=by).values("team"))


def whole(name: str, *, by: User | None = None) -> BaseModel:
    """
    Return a base with `published`, as `listed` counts it, and its `active_scenes` in order.

    :raises NotFound: if no base in sight goes by that name
    """
    scenes = Scene.objects.filter(active=True, team=None).order_by("position", "pk")
    found = listed(by=by).prefetch_related(Prefetch("scenes", scenes, to_attr="active_scenes"))
    return found.get(pk=named(name, by=by).pk)


# --- Layers ------------------------------------------------------------------------------------


def manifest_of(base: BaseModel) -> Manifest | None:
    """
    Return the layers of a base, its parent's if it is a child; None where nobody knows them.

    One small query for a team's own base; unpacking it takes milliseconds and is done once.
    """
    if base.team_id is None:
        return catalogue.manifest(base.slug)
    if base.parent is not None:
        return manifest_of(base.parent)
    digest = Blueprint.objects.filter(base=base).values_list("digest", flat=True).first()
    return _unpacked(digest) if digest else None


@lru_cache(maxsize=KEPT)
def _unpacked(digest: str) -> Manifest | None:
    content = Blueprint.objects.filter(digest=digest).values_list("manifest", flat=True).first()
    return decode(bytes(content), name=f"The manifest {digest[:12]}") if content else None


def own_manifests(by: User | None) -> tuple[Manifest, ...]:
    """Return the layers of the teams' own bases in sight, to be searched beside the catalogue's."""
    ready = in_sight(by).filter(
        team__isnull=False, parent__isnull=True, state=BaseModel.State.READY
    )
    found = (manifest_of(base) for base in ready.order_by("pk")[:KEPT])
    return tuple(each for each in found if each is not None)


def own_called(names: Iterable[str], *, by: User | None) -> BaseModel | None:
    """Return the own base of a team, in sight, that the first of these names means, or None."""
    words = [catalogue.normal(name) for name in names]
    own = in_sight(by).filter(team__isnull=False, state=BaseModel.State.READY)
    found = list(own.filter(Q(slug__in=words) | Q(aliases__overlap=words)))
    for word in words:
        for base in found:
            if word == base.slug or word in base.aliases:
                return base
    return None
