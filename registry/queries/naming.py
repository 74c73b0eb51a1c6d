"""Which versions of the hub are meant by what a picture says it was made with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from registry.errors import NotFound
from registry.formats.generation.facts import Named
from registry.models import Adapter, AdapterVersion, PictureUse, User, VersionFile
from registry.queries import versions

Found = PictureUse.Found
# As the hub names downloads: registry/queries/files.py.
_OUR_NAME = re.compile(r"(?P<slug>.+)-v\d+(?:-[a-z]+)?(?:-step\d+)?-(?P<sha256>[0-9a-f]{8})")
MOST_CALLED = 500  # files that go by the names
_ENDINGS = ("safetensors", "gguf", "pt", "ckpt")


@dataclass(frozen=True, slots=True)
class Meant:
    """What is named, and the version that is meant by it, None where the hub knows none."""

    named: Named
    version: AdapterVersion | None
    found_by: str = ""


def meant(named: Sequence[Named], *, by: User | None, near: Adapter | None = None) -> list[Meant]:
    """
    Return which version is meant by each: by its hash, else by its name, of those in sight.

    A name that several adapters go by means the one on whose page the picture is brought (`near`),
    else none of them: better nothing than somebody else's.
    """
    found: list[Meant] = []
    for one in named:
        version = _by_hash(one, by)
        how = Found.HASH if version else ""
        found.append(Meant(one, version, how))
    names = _by_name([one.named.name for one in found if one.version is None], by, near)
    return [_with_name(one, names) for one in found]


def _with_name(one: Meant, names: dict[str, AdapterVersion]) -> Meant:
    version = names.get(one.named.name.lower()) if one.version is None else None
    return Meant(one.named, version, Found.NAME) if version else one


def _by_hash(one: Named, by: User | None) -> AdapterVersion | None:
    if not one.hash:
        return None
    try:
        return versions.by_hash(one.hash, by=by)
    except NotFound:
        return None


def _by_name(
    names: Sequence[str], by: User | None, near: Adapter | None
) -> dict[str, AdapterVersion]:
    """Return the version that each name means, by the name in small letters: one query for all."""
    if not names:
        return {}
    # A query of its own for each way to be called: together, no index would serve.
    ways = [each.values("pk") for name in names for each in _of_that_name(name)]
    if not ways:
        return {}
    keys = [row["pk"] for row in ways[0].union(*ways[1:])[:MOST_CALLED]]
    rows = VersionFile.objects.filter(pk__in=keys).select_related("version__adapter__team")
    ordered = list(rows.order_by("-version__published_at", "-version__number", "pk"))
    seen = [row for row in ordered if versions.may_see(row.version, by)]
    found = {}
    for name in names:
        version = _chosen(name, seen, near)
        if version is not None:
            found[name.lower()] = version
    return found


def _of_that_name(name: str) -> Iterator[QuerySet[VersionFile]]:
    if not name:
        return
    files, slug = VersionFile.objects.all(), _slug(name)
    yield files.filter(name__in=[f"{name}.{ending}" for ending in _ENDINGS])
    if slug:
        yield files.filter(version__adapter__slug=slug)
    ours = _OUR_NAME.fullmatch(name)
    if ours:
        yield files.filter(sha256__startswith=ours["sha256"], version__adapter__slug=ours["slug"])


def _chosen(name: str, rows: Iterable[VersionFile], near: Adapter | None) -> AdapterVersion | None:
    ours = _OUR_NAME.fullmatch(name)
    fits = [row for row in rows if _is_called(row, name)]
    exact = [row for row in fits if ours and row.sha256.startswith(ours["sha256"])]
    fits = exact or fits
    here = [row for row in fits if near is not None and row.version.adapter_id == near.pk]
    fits = here or fits
    if len({row.version.adapter_id for row in fits}) != 1:
        return None
    public = [row for row in fits if row.version.state == AdapterVersion.State.PUBLISHED]
    return (public or fits)[0].version


def _is_called(row: VersionFile, name: str) -> bool:
    ours = _OUR_NAME.fullmatch(name)
    slugs = {_slug(name), *([ours["slug"]] if ours else [])}
    return row.name.rpartition(".")[0] == name or row.version.adapter.slug in slugs


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9._]+", "-", name.lower()).strip("-")
