"""
Versions in another form: which can be had, which are there, and where their bytes are.

For doors: `for_diffusers(version)` is the file to serve to diffusers in the original's place, None
where the original is right or the other is not made yet; `needs_other_layout(version)` tells which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.bases import catalogue
from registry.errors import NotFound
from registry.exports import headers, preparing
from registry.exports.card import Card
from registry.exports.conversions import OFFERS, Offer
from registry.exports.preparing import Source, Wanted
from registry.formats.dialects import Dialect
from registry.formats.families import Family
from registry.models import AdapterVersion, BaseModel, Preparation, PreparedFile, VersionFile
from registry.queries import cards, files

State = Preparation.State
DIFFUSERS_FILE = "pytorch_lora_weights.safetensors"


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a form of a version is made by."""

    key: str
    source: Source
    header: Mapping[str, str]  # what is baked in


@dataclass(frozen=True, slots=True)
class Form:
    """A layout, and how it stands with a version in it."""

    layout: str
    title: str
    files: str
    reason: str  # why it cannot be had, or failed; "" if neither
    state: str  # a preparation's, "ready" of what needs none, "possible" of what nobody asked for
    size: int | None = None
    worst_error: float | None = None
    notes: tuple[str, ...] = ()


def source_of(version: AdapterVersion) -> Source:
    """:raises NotFound: if the version has no weights file"""
    weights, config = files.weights_of(version), files.config_of(version)
    base = _in_catalogue(version.base)
    return Source(
        sha256=weights.sha256,
        base=base,
        base_title=version.base.title,
        family=_family(version, base),
        dialect=weights.dialect,
        algorithms=tuple(weights.algorithm.split(", ")) if weights.algorithm else (),
        config_sha256=config.sha256 if config else "",
    )


def _in_catalogue(base: BaseModel) -> str:
    """Return the base of the catalogue whose layers a base has, "" if there is none."""
    while catalogue.manifest(base.slug) is None:
        if base.parent is None:
            return ""
        base = base.parent
    return base.slug


def _family(version: AdapterVersion, base: str) -> str:
    known = catalogue.entry(base) if base else None
    return known.family if known else version.base.family


def plan_of(version: AdapterVersion, wanted: Wanted, *, card: Card | None = None) -> Plan:
    """
    Return by what a form of a version is made; `card` is the version's, if it is at hand.

    :raises NotFound: if the version has no weights file
    """
    source = source_of(version)
    header: dict[str, str] = {}
    if wanted.bakes:
        said: dict[str, Any] = files.weights_of(version).metadata
        header = headers.baked(card or _card(version), layout=wanted.layout, said=said)
    key = preparing.key_of(wanted, source, header, declared=version.base.slug)
    return Plan(key, source, header)


def _card(version: AdapterVersion) -> Card:
    return cards.card(version, files.weights_of(version), "")


def of(version: AdapterVersion, wanted: Wanted) -> Preparation | None:
    """Return how it stands with a version in a form, None if nobody has asked for it."""
    return by_key(plan_of(version, wanted).key)


def by_key(key: str) -> Preparation | None:
    return whole().filter(key=key).first()


def whole() -> QuerySet[Preparation]:
    return Preparation.objects.select_related("version__adapter__team").prefetch_related(
        "files__blob"
    )


def needs_other_layout(version: AdapterVersion) -> bool:
    """Say whether diffusers takes the version only in another layout, which can be made."""
    return preparing.needed_for_diffusers(source_of(version))


def for_diffusers(version: AdapterVersion) -> PreparedFile | None:
    """
    Return the file that diffusers takes in the original's place, None if there is none (yet).

    It stays the same for a version as long as it is kept, whatever its card says later.
    """
    made = PreparedFile.objects.select_related("blob").filter(
        preparation__state=State.DONE, path=DIFFUSERS_FILE
    )
    own = made.filter(
        preparation__version=version,
        preparation__layout="diffusers",
        preparation__dtype="",
        preparation__bake=False,
        preparation__strip=False,
        preparation__steps=[],
    )
    found = own.order_by("preparation__finished_at").first()
    if found is not None:
        return found
    key = plan_of(version, preparing.FOR_DIFFUSERS).key  # another adapter may have these bytes
    return made.filter(preparation__key=key).first()


def without_diffusers(*, most: int = 20) -> list[AdapterVersion]:
    """Return published versions that diffusers needs in its layout, and nobody has asked for it."""
    asked = Preparation.objects.filter(
        version=OuterRef("pk"), layout="diffusers", dtype="", bake=False, strip=False, steps=[]
    )
    weights = VersionFile.objects.filter(
        version=OuterRef("pk"), role=VersionFile.Role.WEIGHTS, blob__isnull=False
    ).exclude(algorithm__regex=rf"\y({'|'.join(sorted(preparing.NOT_CONVERTED))})\y")
    readable = Q(dialect__in=preparing.READ_BY_DIFFUSERS) & ~Q(algorithm__regex=preparing.DROPPED)
    families = AdapterVersion.objects.filter(base__family__in=preparing.FAMILIES_IN_DIFFUSERS)
    found = families.published().filter(
        ~Exists(asked), Exists(weights.exclude(readable)) | Q(base__family=Family.SD3)
    )
    whole = found.select_related("adapter__team", "base__parent").prefetch_related("files__blob")
    rows = (version for version in whole.order_by("-published_at") if needs_other_layout(version))
    return list(islice(rows, most))


def in_sight(version: AdapterVersion, preparation_id: UUID) -> Preparation:
    """
    Return a preparation of a version's bytes, for whoever may see the version.

    :raises NotFound: if there is no such one, or it is made of what another version says
    """
    found = whole().filter(pk=preparation_id).first()
    if found is not None:
        wanted = Wanted(found.layout, found.dtype, bake=found.bake, strip=found.strip)
        if found.version_id == version.pk or plan_of(version, wanted).key == found.key:
            return found
    raise NotFound("Nobody has asked for that of this version, or it was dropped: ask again.")


def file_name(version: AdapterVersion, file: PreparedFile) -> str:
    """Return what the only file of a layout is called in downloads: no other file is called so."""
    dialect = Dialect.GGUF.value if file.path.endswith(".gguf") else ""
    return files.unique_name(files.stem_of(version), sha256=file.blob_id, dialect=dialect)


def forms(version: AdapterVersion, *, dtype: str = "") -> list[Form]:
    """Return every layout, in the order of the table, and how it stands with this version in it."""
    card = _card(version)
    plans = {
        offer.layout: plan_of(version, Wanted(offer.layout, dtype), card=card) for offer in OFFERS
    }
    there = {one.key: one for one in whole().filter(key__in=[plan.key for plan in plans.values()])}
    return [
        _form(version, Wanted(offer.layout, dtype), offer, plans[offer.layout], there)
        for offer in OFFERS
    ]


def _form(
    version: AdapterVersion,
    wanted: Wanted,
    offer: Offer,
    plan: Plan,
    there: Mapping[str, Preparation],
) -> Form:
    form = partial(Form, offer.layout, offer.title, offer.files)
    if wanted.is_as_uploaded:
        return form("", "ready", files.weights_of(version).size)
    reason = preparing.obstacle(wanted, plan.source)
    found = there.get(plan.key)
    if reason or found is None:
        return form(reason, State.REFUSED.value if reason else "possible")
    size = sum(file.blob.size for file in found.files.all()) or None
    state = "ready" if found.state == State.DONE else found.state
    return form(found.reason, state, size, found.worst_error, tuple(found.notes))
