"""
Which base an adapter is for, as far as anything in the file tells, and what tells it.

Three witnesses are heard, the surest first. Names and shapes show a family (registry/formats).
Manifests narrow it: a base that lacks one of the layers is out, and what all others lack decides.
Where several bases have every layer, as SDXL and its children do, shapes cannot tell and say so;
then the file's metadata are all there is: the word of somebody's tools, and shown as such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from registry.bases import architectures, catalogue
from registry.bases.catalogue import Entry
from registry.bases.claims import Claim, claims
from registry.bases.fit import Fit
from registry.bases.manifest import Manifest
from registry.bases.nearness import coverages, has, nearest
from registry.bases.strangers import NAMED_LIKE_STRANGERS, of_stranger, stranger
from registry.formats.adapter import AdapterFile, Pair
from registry.formats.families import Detection, Strength, detect_family, evidence
from registry.formats.family_rules import LIKE, Family

_DIGITS = re.compile(r"\d+")  # of blocks, which repeat
LAYERS = "layers"  # The source of what is told by names and shapes.
NEARLY_ALL = 0.9  # of the layers; more than that no base shares with a stranger by accident
MOST = 12  # So many candidates are named: a family may have dozens of bases of one size.


@dataclass(frozen=True, slots=True)
class BaseCandidate:
    """A base that the file may be for, why, and who says so."""

    base: str  # slug
    title: str
    reason: str
    source: str  # "layers", or the key of the metadata that names it
    whole: bool = True  # every layer of the file is in it


@dataclass(frozen=True, slots=True)
class Identification:
    """What the file is for. `undecided` is the sentence on what shapes alone could not tell."""

    detection: Detection
    families: frozenset[str]  # those that shapes leave open
    candidates: tuple[BaseCandidate, ...]  # the likeliest first
    fits: tuple[Fit, ...]  # bases of the catalogue that all of the file fits
    undecided: str = ""
    claim: Claim | None = None  # the metadata that decided where shapes could not
    strange: str = ""  # a base that the file names and the library has not; see strangers.py

    @property
    def base(self) -> Entry | None:
        """The base that the file is most likely for, None if nothing tells."""
        first = next(iter(self.candidates), None)
        return catalogue.entry(first.base) if first else None


def identify(adapter: AdapterFile) -> Identification:
    """Return what the adapter is for, among the bases of the catalogue."""
    known = catalogue.manifests()
    detection = detect_family(adapter)
    fits = _likeliest_first(adapter, catalogue.index().fits(adapter))
    strange = stranger(adapter, fits)
    if strange and (not _is_proved(detection) or detection.family in NAMED_LIKE_STRANGERS):
        return Identification(of_stranger(detection, strange), frozenset(), (), (), strange=strange)
    fitting = {one.base: _family(one.base) for one in fits}
    families = _left_open(detection, set(fitting.values()))
    detection, families = architectures.narrowed(adapter, detection, families, fitted=bool(fits))
    detection = _narrowed(detection, families, adapter, known)
    nearby = () if fits else _nearby(adapter, detection, known)
    detection = _of_the_nearest(detection, nearby)
    told = tuple(claim for claim in claims(adapter) if claim.base)
    claim = _deciding(told, detection, families, fitting)
    if claim and claim.base and claim.base.family != detection.family:
        detection = replace(
            detection,
            family=Family(claim.base.family),
            variant="",
            reason=f"{claim.source} says “{claim.text}”; its layers fit that too",
        )
    # Where shapes leave several families open and nothing decides, bases of all of them are named.
    listed = {detection.family.value} if claim else families | {detection.family.value}
    roots = sorted(
        (one for one in fits if fitting[one.base] in listed),
        key=lambda one: fitting[one.base] != detection.family,
    )
    candidates = _candidates(roots, nearby, claim)
    own = [one for one in roots if fitting[one.base] == detection.family]
    other = [one for one in fits if fitting[one.base] in families - {detection.family.value}]
    titles = [each.title for each in candidates if each.whole]
    titles += [_title(one.base) for one in other if _title(one.base) not in titles]
    return Identification(
        detection=_with_variant(detection, own, claim),
        families=frozenset(families),
        candidates=candidates[:MOST],
        fits=fits,
        undecided=_undecided(detection, families, titles),
        claim=claim,
        strange=strange,
    )


# --- family ----------------------------------------------------------------------------------


def _family(slug: str) -> str:
    entry = catalogue.entry(slug)
    return entry.family if entry else ""


def _left_open(detection: Detection, fitting: set[str]) -> set[str]:
    """Return the families that names and shapes leave open."""
    seen = detection.family
    if seen is Family.UNKNOWN:
        return (fitting & _surest(detection)) or fitting
    alike = {family.value for family in LIKE.get(seen, frozenset())} | {seen.value}
    if _is_proved(detection):
        return (fitting & alike) or {seen.value}
    if fitting & alike:
        return fitting | {seen.value}
    # A mere hint gives way to layers that other bases have to the last one.
    return (
        fitting if fitting and detection.candidates[0].strength is Strength.HINT else {seen.value}
    )


def _is_proved(detection: Detection) -> bool:
    return any(each.strength is Strength.PROOF for each in detection.candidates[:1])


def _surest(detection: Detection) -> set[str]:
    """Return the families that the surest evidence names."""
    surest = max((each.strength for each in detection.candidates), default=None)
    return {each.family.value for each in detection.candidates if each.strength is surest}


def _narrowed(
    detection: Detection, families: set[str], adapter: AdapterFile, known: Sequence[Manifest]
) -> Detection:
    """Return the detection with the one family that manifests leave, if names left more open."""
    if len(families) != 1 or detection.family in families:
        return detection
    [family] = families
    pair = _telling(adapter, known, family=family)
    return replace(
        detection,
        family=Family(family),
        variant="",
        decided_by=evidence(pair),
        reason=f"{_told(pair)}, as in {_titles(family)} and no base of another family that we know",
    )


def _nearby(
    adapter: AdapterFile, detection: Detection, known: Sequence[Manifest]
) -> tuple[Fit, ...]:
    """Return how the file fits the bases of the families that its names may stand for."""
    meant = {each.family.value for each in detection.candidates}
    meant |= {family.value for family in LIKE.get(detection.family, ())}
    near = nearest(adapter, (each for each in known if not meant or _family(each.base) in meant))
    return tuple(
        sorted(near, key=lambda one: (-one.applied, _family(one.base) != detection.family))
    )


def _of_the_nearest(detection: Detection, nearby: Sequence[Fit]) -> Detection:
    """Return the detection with the family that has nearly all layers, where names tell less."""
    most = max((one.applied / one.total for one in nearby), default=0)
    families = {_family(one.base) for one in nearby if one.applied / one.total == most}
    if most < NEARLY_ALL or len(families) != 1 or detection.family in families:
        return detection
    [family] = families
    [near, *_] = nearby
    reason = f"{near.applied} of {near.total} layers are in {_title(near.base)}"
    return replace(detection, family=Family(family), variant="", reason=reason)


def _telling(adapter: AdapterFile, known: Sequence[Manifest], *, family: str) -> Pair:
    """Return the layer that the fewest bases of other families have."""
    others = [manifest for manifest in known if _family(manifest.base) != family]
    distinct = {
        (pair.component, pair.shape, _DIGITS.sub("", pair.flat)): pair for pair in adapter.pairs
    }
    return min(distinct.values(), key=lambda pair: sum(has(each, pair) for each in others))


def _deciding(
    told: Sequence[Claim], detection: Detection, families: set[str], fitting: dict[str, str]
) -> Claim | None:
    """Return the claim that decides among what shapes left open, None if no such claim is made."""
    open_to = families or {detection.family.value}
    agreeing = [claim for claim in told if claim.base and claim.base.family in open_to]
    fitted = [
        claim for claim in agreeing if claim.base and catalogue.root(claim.base.slug) in fitting
    ]
    # Of a family, one base's name often stands for all sizes: where another has every layer, and
    # the one that is named has not, the layers are right.
    refuted = not fitted and not open_to.isdisjoint(fitting.values())
    heard = [] if refuted else fitted or agreeing
    ranked = sorted(heard, key=lambda claim: claim.vagueness)
    return next(iter(ranked), None)


def _likeliest_first(adapter: AdapterFile, fits: Sequence[Fit]) -> tuple[Fit, ...]:
    """Return fits by how much of the base the file covers, and parents before children."""
    if len(fits) < 2:
        return tuple(fits)
    order = {entry.slug: place for place, entry in enumerate(catalogue.entries())}
    manifests = [manifest for one in fits if (manifest := catalogue.manifest(one.base))]
    covered = {
        manifest.base: round(share, 2)
        for manifest, share in zip(manifests, coverages(adapter, manifests), strict=True)
    }
    return tuple(sorted(fits, key=lambda one: (-covered[one.base], order.get(one.base, 0))))


# --- bases -----------------------------------------------------------------------------------


def _candidates(
    roots: Sequence[Fit], nearby: Sequence[Fit], claim: Claim | None
) -> tuple[BaseCandidate, ...]:
    """Return the bases that the file may be for: as claimed, by its layers, then by nearness."""
    found: dict[str, BaseCandidate] = {}
    whole = {one.base for one in roots}
    for one in roots:
        entry = catalogue.entry(one.base)
        if entry is not None:
            reason = f"all {one.total} layers are in it, in these shapes"
            found[one.base] = BaseCandidate(entry.slug, entry.title, reason, LAYERS)
    for entry in catalogue.entries():
        if entry.slug not in found and catalogue.root(entry.slug) in whole:
            title = _title(catalogue.root(entry.slug))
            reason = f"it has the same layers as {title}: only metadata can tell them apart"
            found[entry.slug] = BaseCandidate(entry.slug, entry.title, reason, LAYERS)
    for near in nearby if not found else ():
        reason = f"{near.applied} of {near.total} layers are in it, in these shapes"
        title = _title(near.base)
        found[near.base] = BaseCandidate(near.base, title, reason, LAYERS, whole=False)
    if claim and claim.base:
        entry = claim.base
        fits_it = entry.slug in found and found[entry.slug].whole
        reason = f"{claim.source} says “{claim.text}”"
        first = BaseCandidate(entry.slug, entry.title, reason, claim.source, whole=fits_it)
        found = {entry.slug: first} | {k: v for k, v in found.items() if k != entry.slug}
    return tuple(found.values())


def _with_variant(detection: Detection, roots: Sequence[Fit], claim: Claim | None) -> Detection:
    """Return the detection with the base that alone is left or is named, if names showed none."""
    if detection.variant or len(roots) != 1:
        return detection
    [alone] = roots
    named = claim.base if claim else None
    if named and catalogue.root(named.slug) == alone.base:
        return replace(detection, variant=named.title)
    return replace(detection, variant=_title(alone.base))


# --- words -----------------------------------------------------------------------------------


def _undecided(detection: Detection, families: set[str], whole: Sequence[str]) -> str:
    """Return what shapes leave open; `whole` are the titles of the bases that all of it fits."""
    if detection.family is Family.UNKNOWN and len(families) > 1:
        named = " and ".join(sorted(families))
        return f"Shapes alone cannot tell the families {named} apart in this file."
    if detection.family is not Family.UNKNOWN and len(whole) > 1:
        named = f"{', '.join(whole[:MOST])}{' …' if len(whole) > MOST else ''}"
        return f"Shapes alone cannot tell these bases apart: {named}."
    return ""


def _told(pair: Pair) -> str:
    outputs, inputs = (*pair.shape, None, None)[:2]
    if inputs is None or outputs is None:
        return f"has a layer called {pair.layer}"
    return f"turns {inputs} numbers into {outputs}"


def _titles(family: str) -> str:
    titles = [each.title for each in catalogue.entries() if each.family == family]
    return " or ".join(titles[:3]) or family


def _title(slug: str) -> str:
    entry = catalogue.entry(slug)
    return entry.title if entry else slug
