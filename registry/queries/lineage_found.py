"""
What a version may have been made from, as far as the hub can tell by itself: to ask a person.

By what the hub did itself (a mended copy), by its weights (the same ones in another file, or the
same layers at a higher rank) and by what its metadata say. Only what the person may see is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models.fields.json import KeyTransform

from registry.errors import NotFound
from registry.formats import resizing
from registry.formats.generation.facts import Named
from registry.formats.likeness import Signature
from registry.formats.training.ancestry import BASE_HASHES, Claim, Making, read_making
from registry.models import AdapterVersion, Ancestor, Blob, Mending, User, VersionFile
from registry.queries import deprecations, files, naming, related, signatures, versions

Kind = Ancestor.Kind
MOST = 12
MOST_NEAR = 1_000  # blobs whose change is a little larger
LOOKED_AT = 100
LARGEST = 1 / resizing.LEAST_KEPT  # how much larger the change of an original may be


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a version may have been made from. `version` is None where none is known."""

    kind: Kind
    evidence: str  # mended, weights, rank, training or metadata
    version: AdapterVersion | None = None
    name: str = ""  # as programs name the version; else as the metadata do
    weight: float | None = None
    place: str = ""  # where the metadata say it


def of_version(version: AdapterVersion, *, by: User) -> list[Found]:
    """Return what nobody has said yet, the surest first."""
    try:
        file = files.weights_of(version)
    except NotFound:
        return []
    said = set(Ancestor.objects.filter(version=version).values_list("ancestor", flat=True))
    making = read_making(_texts(file))
    found: dict[object, Found] = {}
    every = (
        *_mended(version, by),
        *_claimed(version, making, by),
        *_same(version, by),
        *_larger(file, making, by),
    )
    for one in every:
        known = one.version.pk if one.version else one.name
        if known not in said and known != version.pk:
            found.setdefault(known, one)
    return list(islice(found.values(), MOST))


def _texts(file: VersionFile) -> dict[str, str]:
    return {key: text for key, text in file.metadata.items() if isinstance(text, str)}


def _mended(version: AdapterVersion, by: User) -> Iterator[Found]:
    """Yield the version that this one is a mended copy of."""
    mending = Mending.objects.filter(made=version).select_related("version__adapter__team").first()
    if mending is not None and versions.may_see(mending.version, by):
        yield _of_version(Kind.CONVERTED, "mended", mending.version)


def _claimed(version: AdapterVersion, making: Making, by: User) -> Iterator[Found]:
    named = [Named(claim.name, claim.weight, claim.hash) for claim in making.claims]
    meant = naming.meant(named, by=by, near=version.adapter)
    for claim, one in zip(making.claims, meant, strict=True):
        if one.version is not None:
            yield _of_version(Kind(claim.kind), "metadata", one.version, claim)
        elif claim.name and claim.place not in BASE_HASHES:
            yield Found(Kind(claim.kind), "metadata", None, claim.name, claim.weight, claim.place)


def _same(version: AdapterVersion, by: User) -> Iterator[Found]:
    """Yield older versions of other adapters that hold the same weights."""
    for one in related.same_weights(version, by=by):
        if one.uploaded_at < version.uploaded_at:
            yield _of_version(Kind.CONVERTED, "weights", one)


def _larger(file: VersionFile, making: Making, by: User) -> Iterator[Found]:
    """Yield older versions whose layers are these at a higher rank, the nearest first."""
    blob = file.blob
    if blob is None or file.rank_high is None or not blob.change_norm or not blob.change_signature:
        return
    held = VersionFile.objects.filter(
        related.in_sight(by),
        blob__change_norm__range=(blob.change_norm, _farthest(blob.change_norm)),
        role=VersionFile.Role.WEIGHTS,
        layers=file.layers,
        rank_high__gt=file.rank_high,
        version__uploaded_at__lt=file.version.uploaded_at,
    )
    if making.rank_before is not None:
        held = held.filter(rank_high=making.rank_before)  # as it says itself
    # Of most of them no more is wanted than to see that they are others; rows are wide.
    keys = list(held.order_by("blob__change_norm").values_list("pk", flat=True)[:LOOKED_AT])
    likely = signatures.larger(keys, blob.change_signature, 1 / (1 + resizing.ADDED), LARGEST)
    rows = likely.order_by("blob__change_norm").values_list("pk", flat=True)
    chosen = list(islice(_cut(list(rows), blob.change_signature), MOST))
    # Of a header, which is wide as well, only the session is wanted.
    found = VersionFile.objects.filter(pk__in=chosen).defer("metadata")
    told = found.annotate(session=KeyTransform("ss_session_id", "metadata"))
    for row in told.select_related("version__adapter__team").order_by("blob__change_norm"):
        session = read_making({"ss_session_id": row.session}).session
        is_one = bool(session) and session == making.session
        yield _of_version(Kind.RESIZED, "training" if is_one else "rank", row.version)


def _cut(keys: Sequence[Any], smaller: Signature) -> Iterator[Any]:
    """Yield those of these files that may have been cut down so, in order, read some at a time."""
    for start in range(0, len(keys), MOST):
        few = keys[start : start + MOST]
        rows = VersionFile.objects.filter(pk__in=few).values_list("pk", "blob__change_signature")
        read = dict(rows)
        yield from (key for key in few if key in read and resizing.may_be_cut(read[key], smaller))


def _farthest(norm: float) -> float:
    """Return how large a change is looked at, so that not half of a large library is."""
    larger = Blob.objects.filter(change_norm__range=(norm, LARGEST * norm)).order_by("change_norm")
    found = larger.values_list("change_norm", flat=True)[MOST_NEAR : MOST_NEAR + 1]
    return found[0] or norm if found else LARGEST * norm


def _of_version(
    kind: Kind, evidence: str, version: AdapterVersion, claim: Claim | None = None
) -> Found:
    return Found(
        kind,
        evidence,
        version,
        deprecations.name_of(version),
        claim.weight if claim and kind == Kind.MERGED else None,
        claim.place if claim else "",
    )
