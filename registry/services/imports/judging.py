"""
What would come of each item of an import: which adapter it becomes part of, for which base, or why
nothing comes of it. It is judged anew whenever a person corrects something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from registry.errors import RegistryError
from registry.imports.saying import FIELDS
from registry.models import Adapter, AdapterVersion, BaseModel, Import, ImportItem, Source, User
from registry.queries import bases
from registry.services.adapters import SLUG, UNREACHABLE
from registry.services.versions import suggest_slug

State = ImportItem.State
OPEN = (State.OFFERED, State.DUPLICATE, State.REFUSED, State.LEFT)  # nothing has come of it yet
CHOSEN = (*FIELDS, "base", "take")  # what a person may say


def judge_all(row: Import) -> list[ImportItem]:
    """Judge every item of which nothing has come yet, and return all. Inside a transaction."""
    items = list(row.items.select_for_update(of=("self",)).order_by("position"))
    here = _here(items, row)
    names = _Names(row, items)
    first: dict[str, ImportItem] = {}
    for item in items:
        twin = first.setdefault(item.sha256, item) if item.sha256 else item
        if item.state not in OPEN:
            continue
        item.base = _base(item, row)
        item.slug = names.of(item)
        item.state, item.reason, item.version = _outcome(item, here.get(item.sha256))
        if item.state == State.OFFERED and twin is not item:
            item.state, item.reason = State.DUPLICATE, f"These very bytes are {twin.key} too."
    ImportItem.objects.bulk_update(items, ["base", "slug", "state", "reason", "version"], 200)
    return items


def value(item: ImportItem, name: str, otherwise: Any = "") -> Any:
    """Return what is said in a field: by a person, else by the source."""
    if name in item.said:
        return item.said[name]
    found = item.fields.get(name)
    return found["value"] if found else otherwise


def said_of(item: ImportItem) -> dict[str, dict[str, Any]]:
    """Return every field with its value and the record that says it, "" where a person does."""
    found = {
        name: {"value": told["value"], "source": told["source"]}
        for name, told in item.fields.items()
    }
    own = {name: {"value": said, "source": ""} for name, said in item.said.items()}
    own.pop("take", None)
    return found | own


# --- What is here already ------------------------------------------------------------------------


def twin(sha256: str, row: Import) -> AdapterVersion | None:
    """Return a version of the team's that has these bytes, None if there is none."""
    found = AdapterVersion.objects.filter(adapter__team=row.team, sha256=sha256)
    found = found.exclude(state=AdapterVersion.State.REJECTED)
    return found.select_related("adapter__team").order_by("uploaded_at").first()


def sentence_of(version: AdapterVersion) -> str:
    """Return the sentence that says where these bytes are."""
    name = f"{version.adapter.team.slug}/{version.adapter.slug}"
    return f"These very bytes are {name}, version {version.number}."


def _here(items: Sequence[ImportItem], row: Import) -> dict[str, AdapterVersion]:
    """Return by sha256 the versions that have these bytes: the team's own before others'."""
    digests = {item.sha256 for item in items if item.sha256}
    seen = Q(adapter__team=row.team) | Q(state=AdapterVersion.State.PUBLISHED)
    found = (
        AdapterVersion.objects.filter(seen, sha256__in=digests)
        .exclude(state=AdapterVersion.State.REJECTED)
        .select_related("adapter__team")
        .order_by("uploaded_at")
    )
    here: dict[str, AdapterVersion] = {}
    for version in sorted(found, key=lambda one: one.adapter.team_id != row.team_id):
        here.setdefault(version.sha256, version)
    return here


def _outcome(
    item: ImportItem, here: AdapterVersion | None
) -> tuple[str, str, AdapterVersion | None]:
    refusal = item.seen.get("refusal", "")
    if refusal:
        return State.REFUSED, refusal, None
    wanted = item.said.get("take")
    if here is not None and not (wanted and here.adapter.team_id != item.of.team_id):
        return State.DUPLICATE, sentence_of(here), here
    if wanted is False:
        return State.LEFT, "", None
    if not item.base:
        return State.OFFERED, "Nothing tells which base it is for: choose one.", None
    return State.OFFERED, "", None


# --- The base ------------------------------------------------------------------------------------


def _base(item: ImportItem, row: Import) -> str:
    """Return the slug of the base that it will be declared for, "" where nothing tells."""
    for name in filter(None, (item.said.get("base"), row.base)):
        known = _known(name, row.by)
        if known:
            return known.slug
    fitting: list[str] = item.seen.get("bases", [])
    for name in _named(item):
        known = _known(name, row.by)
        # A record may be wrong; layers are not.
        if known and (not fitting or known.slug in fitting):
            return known.slug
    told = (_known(name, row.by) for name in fitting)
    return next((base.slug for base in told if base), "")


def _named(item: ImportItem) -> list[str]:
    """Return the bases that records name: those of one Loradex may be unknown to another."""
    told = item.fields.get("bases", {})
    others = (name for _source, names in told.get("others", []) for name in names)
    return [*told.get("value", []), *others]


def _known(name: str, by: User) -> BaseModel | None:
    try:
        return bases.for_upload(name, by=by)
    except RegistryError:
        return None


# --- The name ------------------------------------------------------------------------------------


class _Names:
    """The adapters that groups of items become: known from an earlier import, or new ones."""

    def __init__(self, row: Import, items: Iterable[ImportItem]) -> None:
        self._row = row
        self._of_group: dict[str, str] = dict(
            Source.objects.filter(
                kind=row.kind,
                name=row.name,
                version__adapter__team=row.team,
                group__in={item.group for item in items},
            ).values_list("group", "version__adapter__slug")
        )
        self._taken = set(Adapter.objects.filter(team=row.team).values_list("slug", flat=True))

    def of(self, item: ImportItem) -> str:
        said = str(item.said.get("name") or "")
        if said:
            return said
        if item.group not in self._of_group:
            self._of_group[item.group] = self._new(item)
        return self._of_group[item.group]

    def _new(self, item: ImportItem) -> str:
        wanted = _slug(str(value(item, "name"))) or _slug(suggest_slug(str(value(item, "title"))))
        stem = wanted or _slug(suggest_slug(item.files[0]["name"].rpartition(".")[0])) or "adapter"
        name, count = stem, 1
        while name in self._taken:
            count += 1
            name = f"{stem[:75]}-{count}"
        self._taken.add(name)
        return name


def _slug(name: str) -> str:
    word = name[:75].strip("-._")
    return word if SLUG.fullmatch(word) and not UNREACHABLE.match(word) else ""
