"""
Lists of adapters for programs that think in repositories and tags.

What is listed is the newest published version of each adapter that matches. A tag may say what the
adapter is for, its library, its task, its licence, or be one of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from registry.errors import Invalid
from registry.exports import hub_words
from registry.formats.dialects import Dialect
from registry.models import AdapterVersion, BaseModel, VersionFile

MOST_WORDS = 8
MOST_DOWNLOADS = 1 << 62  # what the database can count to
NOTHING = Q(pk__in=[])
EVERYTHING = Q()
Found = QuerySet[AdapterVersion]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Empty means: does not matter."""

    tags: Sequence[str] = ()
    author: str = ""
    search: str = ""
    sort: str = ""
    upwards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some versions, and the place after them ("" at the end)."""

    versions: Sequence[AdapterVersion]
    next: str


def page(wanted: Wanted, *, after: str, limit: int) -> Page:
    """
    Return the newest published versions of the adapters that match, each with `key`, what it is
    sorted by, and `all_downloads`, of all versions of its adapter.

    :raises Invalid: if the sort is unknown, or `after` is no place in such a list
    """
    found = _matching(wanted).annotate(all_downloads=Coalesce(Subquery(_downloads()), 0))
    found = found.annotate(key=_key(wanted.sort))
    if after:
        found = found.filter(_after(after, wanted))
    order = ("key", "pk") if wanted.upwards else ("-key", "-pk")
    rows = list(
        found.select_related("adapter__team", "base__parent", "uploaded_by")
        .prefetch_related("files__blob")
        .order_by(*order)[: limit + 1]
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], _place(last) if last else "")


# --- order -----------------------------------------------------------------------------------

SORTS = {
    "": F("ranked_at"),
    "createdAt": F("adapter__created_at"),
    "lastModified": F("adapter__changed_at"),
    "downloads": F("all_downloads"),
    "likes": F("all_downloads"),  # nobody likes here, people download
    "trendingScore": F("all_downloads"),
}


def _key(sort: str) -> F:
    if sort not in SORTS:
        known = ", ".join(name for name in SORTS if name)
        raise Invalid(f"sort is {sort[:40]!r}: sort by one of {known}.")
    return SORTS[sort]


def _downloads() -> QuerySet[Any]:
    of_it = AdapterVersion.objects.filter(adapter=OuterRef("adapter")).order_by()
    return of_it.values("adapter").annotate(all=Sum("downloads")).values("all")


def _place(version: AdapterVersion) -> str:
    key = version.key  # type: ignore[attr-defined]  # annotated above
    return json.dumps([key if isinstance(key, int) else key.isoformat(), str(version.pk)])


def _after(place: str, wanted: Wanted) -> Q:
    """:raises Invalid: if the place is none in a list that is sorted so"""
    try:
        said, pk = json.loads(place)
        key = _read_key(said, wanted.sort)
        version = UUID(pk)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid(
            "That cursor is not one that this hub gave out for such a list: start again."
        ) from error
    side = "gt" if wanted.upwards else "lt"
    return Q(**{f"key__{side}": key}) | Q(**{"key": key, f"pk__{side}": version})


def _read_key(said: Any, sort: str) -> int | datetime:
    if sort not in {"downloads", "likes", "trendingScore"}:
        return datetime.fromisoformat(said)
    if type(said) is int and 0 <= said < MOST_DOWNLOADS:
        return said
    raise ValueError(said)


# --- what matches ----------------------------------------------------------------------------


def _matching(wanted: Wanted) -> Found:
    published = AdapterVersion.objects.published()
    newer = published.filter(adapter=OuterRef("adapter"), number__gt=OuterRef("number"))
    found: Found = published
    for name in filter(None, map(base_in, wanted.tags)):
        found = found.filter(base__in=BaseModel.objects.called(name))
        newer = newer.for_base(name)  # a newer one for another base hides nothing
    found = found.filter(~Exists(newer))
    for tag in wanted.tags:
        found = found.filter(_tagged(tag))
    if wanted.author:
        found = found.filter(adapter__team__slug=wanted.author)
    for word in wanted.search.split()[:MOST_WORDS]:
        found = found.filter(_spoken_of(word))
    return found


def base_in(tag: str) -> str:
    """Return the base that a tag asks for adapters of, "" if it is about something else."""
    if not tag.startswith("base_model:"):
        return ""
    rest = tag.removeprefix("base_model:")
    return rest.removeprefix("adapter:")


def _tagged(tag: str) -> Q:
    name, colon, value = tag.partition(":")
    if colon and name in PREFIXED:
        return PREFIXED[name](value)
    if tag in PLAIN:
        return PLAIN[tag]()
    if tag in TASKS:
        return Q(base__in=_bases_for(tag))
    word = tag.lower()
    return Q(adapter__tags__contains=[word]) | Q(adapter__kind=word) | Q(base__family=word)


def _related(value: str) -> Q:
    """`base_model:…`: which base was seen to above; other relations than adapters there are not."""
    relation = value.partition(":")[0]
    return NOTHING if relation in {"finetune", "merge", "quantized"} else EVERYTHING


def _licensed(value: str) -> Q:
    return Q(adapter__licence__iexact=value) | Q(
        adapter__licence__iexact=value.replace("-", " ")
    )  # as people write it


def _with_template(value: str) -> Q:
    of_sd = Q(base__family__in=hub_words.OF_STABLE_DIFFUSION)
    drawn = Q(base__modality__in=hub_words.DRAWN)
    return {"sd-lora": drawn & of_sd, "diffusion-lora": drawn & ~of_sd}.get(value, NOTHING)


def _in_dialect(dialect: str) -> Q:
    weights = VersionFile.objects.filter(
        version=OuterRef("pk"), role=VersionFile.Role.WEIGHTS, dialect=dialect
    )
    return Q(Exists(weights))


def _nothing(_: str) -> Q:
    return NOTHING


PREFIXED: dict[str, Callable[[str], Q]] = {
    "base_model": _related,
    "license": _licensed,
    "template": _with_template,
    "dataset": _nothing,
    "arxiv": _nothing,
    "language": _nothing,
}
PLAIN: dict[str, Callable[[], Q]] = {
    "lora": lambda: EVERYTHING,
    "safetensors": lambda: ~_in_dialect(Dialect.GGUF),
    "gguf": lambda: _in_dialect(Dialect.GGUF),
    "peft": lambda: _in_dialect(Dialect.PEFT),
    "diffusers": lambda: Q(base__modality__in=hub_words.DRAWN) & ~_in_dialect(Dialect.GGUF),
}
TASKS = frozenset(task for _, task in hub_words.TASKS) | set(hub_words.TASKS_BY_MODALITY.values())


def _bases_for(task: str) -> list[int]:
    rows = BaseModel.objects.values_list("pk", "modality", "pipeline", "parent__pipeline")
    return [
        pk
        for pk, modality, own, parents in rows
        if hub_words.task_of(modality, own or parents or "") == task
    ]


def _spoken_of(word: str) -> Q:
    name = Q(adapter__slug__icontains=word) | Q(adapter__team__slug__icontains=word)
    told = Q(adapter__title__icontains=word) | Q(adapter__tags__icontains=word)
    team, slash, slug = word.partition("/")
    whole = Q(adapter__team__slug__iexact=team, adapter__slug__icontains=slug)
    return name | told | (whole if slash else NOTHING)


def tags_by_kind() -> dict[str, list[str]]:
    """Return the tags of published adapters, by what they are about, each kind in order."""
    rows = AdapterVersion.objects.published().values_list(
        "base__modality", "base__pipeline", "base__family", "adapter__kind", "adapter__tags",
        "adapter__licence",
    )  # fmt: skip
    found: dict[str, set[str]] = {"pipeline_tag": set(), "license": set(), "other": {"lora"}}
    for modality, pipeline, family, kind, tags, licence in rows.distinct():
        found["pipeline_tag"].add(hub_words.task_of(modality, pipeline))
        found["license"].add(hub_words.licence_of(licence))
        found["other"] |= {family, kind, *tags}
    return {name: sorted(tags - {""}) for name, tags in found.items()}
