"""How many bytes the hub keeps, for what and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from registry import blobs
from registry.models import (
    Blob,
    PreparedFile,
    PreviewCell,
    PreviewGrid,
    SourcePicture,
    Team,
    Upload,
    VersionFile,
)
from registry.queries import files

MOST_TEAMS = 50


@dataclass(frozen=True, slots=True)
class Share:
    """Files of one sort, each counted once however often it is used."""

    sort: str
    count: int
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Storage:
    whole: Share
    shares: Sequence[Share]
    unused: Share  # nothing refers to them; they go after a grace
    staged: Share  # uploads that are not complete
    teams: Sequence[tuple[Team, Share]]  # what each team's versions are made of, the largest first
    free: int | None  # bytes that the store has left, where it can tell


def measured(*, now: datetime) -> Storage:
    """Return what is kept at this moment. It reads every row of files: not for each page."""
    uploads = Upload.objects.filter(state=Upload.State.OPEN, known=False)
    staged = uploads.aggregate(count=Count("pk"), size=Sum("size"))
    checkpoint = Q(role=VersionFile.Role.CHECKPOINT)
    cells, grids = PreviewCell.objects.all(), PreviewGrid.objects.all()
    came = _used(SourcePicture.objects.all(), "blob")  # with what was imported
    pictures = (_used(cells, "blob"), _used(grids, "sheet"), _used(grids, "cover"), came)
    return Storage(
        whole=_share("whole", Blob.objects.all()),
        shares=(
            _share("adapters", _blobs(_used(VersionFile.objects.exclude(checkpoint), "blob"))),
            _share("checkpoints", _blobs(_used(VersionFile.objects.filter(checkpoint), "blob"))),
            _share("pictures", _blobs(*pictures)),
            _share("sounds", _blobs(_used(cells, "sound"))),
            _share("prepared", _blobs(_used(PreparedFile.objects.all(), "blob"))),
        ),
        unused=_share("unused", files.orphan_blobs(wanted_before=now)),
        staged=Share("staged", staged["count"], int(staged["size"] or 0)),
        teams=_teams(),
        free=blobs.default().free(),
    )


def _teams() -> list[tuple[Team, Share]]:
    """Return the bytes of each team's versions. Bytes that two teams have count for both."""
    rows = (
        VersionFile.objects.filter(blob__isnull=False)
        .values("version__adapter__team")
        .annotate(count=Count("blob", distinct=True), size=Sum("size"))
        .order_by("-size")[:MOST_TEAMS]
    )
    teams = Team.objects.in_bulk([row["version__adapter__team"] for row in rows])
    return [
        (teams[row["version__adapter__team"]], Share("team", row["count"], int(row["size"])))
        for row in rows
    ]


def _used(rows: QuerySet[Any], field: str) -> Exists:
    return Exists(rows.filter(**{field: OuterRef("pk")}))


def _blobs(*used: Exists) -> QuerySet[Blob]:
    return Blob.objects.filter(reduce(or_, (Q(one) for one in used)))


def _share(sort: str, found: QuerySet[Blob]) -> Share:
    told = found.aggregate(count=Count("pk"), size=Sum("size"))
    return Share(sort, told["count"], int(told["size"] or 0))
