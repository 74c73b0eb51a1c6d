"""Versions: which there are, and who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from registry.errors import NotFound
from registry.models import (
    Adapter,
    AdapterVersion,
    Curve,
    PreviewCell,
    PreviewGrid,
    Result,
    Role,
    Upload,
    User,
    ValidationRun,
)
from registry.models.adapters import AdapterVersionQuerySet
from registry.queries import files, people


def may_see(version: AdapterVersion, by: User | None) -> bool:
    """Say whether the person may: published and withdrawn ones anyone, others the team."""
    if version.state in AdapterVersion.PUBLIC:
        return True
    return people.may(by, Role.VIEWER, version.adapter.team)


def in_sight(team: str, name: str, number: int, *, by: User | None) -> AdapterVersion:
    """:raises NotFound: if there is no such version, or this person may not see it"""
    version = _whole().filter(adapter__team__slug=team, adapter__slug=name, number=number).first()
    if version is None or not may_see(version, by):
        raise NotFound(f"There is no version {number} of {team}/{name}.")
    return version


def latest(team: str, name: str) -> AdapterVersion:
    """:raises NotFound: if nothing of that name is published"""
    published = _whole().published().filter(adapter__team__slug=team, adapter__slug=name)
    version = published.order_by("-number").first()
    if version is None:
        raise NotFound(f"Nothing called {team}/{name} is published here.")
    return version


def by_hash(value: str, *, by: User | None) -> AdapterVersion:
    """
    Return the newest version in sight with a file that has this hash, in any of the six spellings;
    else the one that the hub made such a file of.

    :raises NotFound: if there is none
    """
    blobs = files.by_hash(value)
    held, made = Q(files__blob__in=blobs), Q(preparations__files__blob__in=blobs)
    for among in (held, made):
        # Keys first: most often there is none, and wide rows take long to be told apart.
        keys = set(AdapterVersion.objects.filter(among).values_list("pk", flat=True))
        found = _whole().filter(pk__in=keys).order_by("-uploaded_at") if keys else ()
        version = next((one for one in found if may_see(one, by)), None)
        if version is not None:
            return version
    raise NotFound(f"No file here has the hash {value}.")


def of_adapter(adapter: Adapter, *, by: User | None) -> list[AdapterVersion]:
    """Return the adapter's versions that the person may see, newest first."""
    everything = people.may(by, Role.VIEWER, adapter.team)
    seen = Q() if everything else Q(state__in=AdapterVersion.PUBLIC)
    return list(_whole().filter(seen, adapter=adapter).order_by("-number"))


def uploaded_by(user: User) -> QuerySet[AdapterVersion]:
    """Return what the person uploaded, newest first, with the newest run of each in `.runs`."""
    runs = ValidationRun.objects.order_by("-queued_at")
    return (
        _whole()
        .filter(uploaded_by=user)
        .prefetch_related(Prefetch("runs", queryset=runs))
        .order_by("-uploaded_at")
    )


def of_upload(upload: Upload) -> AdapterVersion | None:
    """Return the newest version that was made of an upload, or of what was in it, if any."""
    of_it = Q(files__upload=upload) | Q(files__upload__archive=upload)
    return _whole().filter(of_it).order_by("-uploaded_at").first()


def run(run_id: UUID | str) -> ValidationRun:
    """:raises NotFound: if there is no such run"""
    found = (
        ValidationRun.objects.select_related(
            "version__adapter__team", "version__base__parent", "version__uploaded_by"
        )
        .filter(pk=run_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such validation run.")
    return found


def newest_run(version: AdapterVersion) -> ValidationRun | None:
    return version.runs.order_by("-queued_at").first()


def failed_among(seen: Iterable[AdapterVersion]) -> set[UUID]:
    """Return which of these wait for a validation that failed."""
    waiting = [one.pk for one in seen if one.state == AdapterVersion.State.WAITING]
    if not waiting:
        return set()
    newest = ValidationRun.objects.filter(version__in=waiting).order_by("version", "-queued_at")
    told = newest.distinct("version").values_list("version", "state")
    return {pk for pk, state in told if state == ValidationRun.State.FAILED}


def report(version: AdapterVersion) -> list[Result]:
    """Return what every check said in the newest run, in the order they ran."""
    newest = newest_run(version)
    return list(newest.results.order_by("position")) if newest else []


def grid(version: AdapterVersion) -> PreviewGrid | None:
    """Return the newest grid with its cells (by row and column), scenes and curve, or None."""
    cells = PreviewCell.objects.select_related("scene").order_by("row", "column")
    return (
        version.grids.sweeps()
        .prefetch_related(Prefetch("cells", queryset=cells))
        .select_related("curve")
        .first()
    )


def grid_so_far(version: AdapterVersion) -> PreviewGrid | None:
    """Return the grid that is being rendered, with the cells that are here already, or None."""
    cells = PreviewCell.objects.select_related("scene").order_by("row", "column")
    begun = version.grids.filter(kind=PreviewGrid.Kind.SWEEP, rendered_at__isnull=True)
    return begun.prefetch_related(Prefetch("cells", queryset=cells)).order_by("-opened_at").first()


def curve(version: AdapterVersion) -> Curve | None:
    """Return the curve of the newest grid of weights, with that grid, or None."""
    finished = Curve.objects.filter(
        grid__version=version, grid__kind=PreviewGrid.Kind.SWEEP, grid__rendered_at__isnull=False
    )
    return finished.select_related("grid").order_by("-grid__rendered_at").first()


def _whole() -> AdapterVersionQuerySet:
    return AdapterVersion.objects.select_related(
        "adapter__team", "base__parent", "uploaded_by"
    ).prefetch_related("files__blob")
