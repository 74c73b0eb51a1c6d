"""Is the file for the base that its uploader names, layer for layer?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.bases.catalogue import Entry
from registry.bases.claims import claimed, claims
from registry.bases.family_titles import title_of
from registry.bases.fit import Fit, Mismatch
from registry.checks.facts import Declared
from registry.checks.outcome import Finding
from registry.formats.families import Family, Strength
from registry.formats.quoting import shown, told

TOLD = 20
NAMED = 3  # So many bases are named in a sentence; some layers are in dozens of them.


def another_family(declared: Declared) -> str | Finding | None:
    seen = declared.detection
    evidence = {
        "family": seen.family.value,
        "variant": seen.variant,
        "decided_by": seen.decided_by,
        "reason": seen.reason,
        "fits": list(declared.better),
    }
    if several := _of_several_families(declared):
        return Finding(f"{several} No base has them all.", evidence)
    if declared.base_family in {seen.family, *declared.families} or seen.family is Family.UNKNOWN:
        return Finding("", evidence)
    fits = _several(declared.better) or f"the family {title_of(seen.family)}"
    return Finding(
        f"This file fits {fits}, not {declared.base_title}: {_difference(declared)}.", evidence
    )


def _several(titles: Sequence[str]) -> str:
    """Return titles as one would say them, the first few by name."""
    more = len(titles) - NAMED
    return " or ".join([*titles[:NAMED], *([f"{more} more"] if more > 0 else [])])


_WHOLE_MODELS = {"unet": "a U-Net", "transformer": "a diffusion transformer", "prior": "a prior",
                 "model": "a model of another kind"}  # fmt: skip


def _of_several_families(declared: Declared) -> str:
    """Return a sentence on layers that no one base has, "" if there are none such."""
    seen = declared.detection
    if declared.better or (declared.fit and declared.fit.whole):
        return ""
    proved = [each for each in seen.candidates if each.strength is Strength.PROOF]
    if seen.family is Family.UNKNOWN and len(proved) > 1:
        return seen.reason
    parts = [told for name, told in _WHOLE_MODELS.items() if name in declared.adapter.components]
    return f"Its layers are those of {' and of '.join(parts)}." if len(parts) > 1 else ""


def family_unseen(declared: Declared) -> str | Finding | None:
    if declared.detection.family is not Family.UNKNOWN or not declared.adapter.pairs:
        return None
    if declared.fit and declared.fit.whole:
        return None  # Each layer found its place: that shows the base well enough.
    if not declared.base:
        return f"{declared.detection.reason} Say which base it is for when you upload it."
    claim = claimed(declared.adapter, family=declared.base_family)
    word = f" and on its own word ({claim.source} says {shown(claim.text)})" if claim else ""
    return f"{declared.detection.reason} So {declared.base_title} is taken on trust{word}."


def no_base_found(declared: Declared) -> str | Finding | None:
    if declared.strange and declared.base:
        return (
            f"It names {shown(declared.strange)} as its base, which is not in the library. "
            f"{declared.base_title} has such layers too, but many more of them."
        )
    if declared.base or not declared.adapter.pairs or declared.detection.family is Family.UNKNOWN:
        return None
    family = title_of(declared.detection.family)
    return (
        f"Its layers are of the family {family}, but no base of that family here has them all: "
        "name its base, or add that base to the library."
    )


def another_base_claimed(declared: Declared) -> str | Finding | None:
    told = claims(declared.adapter)
    agreed = any(claim.base and claim.base.slug == declared.base for claim in told)
    for claim in told:
        if agreed and claim.source == "ss_base_model_version":
            continue  # It is the vaguer of the two.
        if claim.base and not declared.base and declared.adapter.pairs:
            return (
                f"The file's own metadata says {shown(claim.text)}, which is {claim.base.title}, "
                "but its layers are not those of that base."
            )
        if claim.base and declared.base and _is_another(claim.base, declared):
            return Finding(
                f"The file's own metadata says {shown(claim.text)}, which is {claim.base.title}, "
                f"not {declared.base_title}.",
                {"claim": claim.text, "source": claim.source, "base": claim.base.slug},
            )
    return None


def _is_another(claimed_base: Entry, declared: Declared) -> bool:
    """Return whether a claim contradicts the declaration: another family, or another child."""
    if claimed_base.family != declared.base_family:
        return True
    # Trainers name the parent for all its children, so only a child's name says anything more.
    return bool(claimed_base.parent) and claimed_base.slug != declared.base


def layers_unknown_to_the_base(declared: Declared) -> str | Finding | None:
    fit = declared.fit
    if fit is None:
        return None
    if not fit.unknown:
        return Finding("", _numbers(fit))
    return Finding(
        f"{len(fit.unknown)} of {fit.total} layers do not exist in {declared.base_title}, "
        f"the first: {told(fit.unknown[0])}.",
        _numbers(fit) | {"unknown": list(fit.unknown[:TOLD])},
    )


def shapes_that_differ(declared: Declared) -> str | Finding | None:
    fit = declared.fit
    if fit is None or not fit.mismatches:
        return None
    return Finding(
        f"{len(fit.mismatches)} of {fit.total} layers have another shape than in "
        f"{declared.base_title}: {fit.mismatches[0].told(declared.base_title)}.",
        {"mismatched": list(fit.mismatched[:TOLD])},
    )


def seen_before(declared: Declared) -> str | Finding | None:
    if not declared.duplicates:
        return None
    return Finding(
        f"The same weights are already here: {', '.join(declared.duplicates)}.",
        {"versions": list(declared.duplicates)},
    )


def _difference(declared: Declared) -> str:
    """Return what shows best that the file is not for the declared base."""
    fit, seen = declared.fit, declared.detection
    if fit and fit.mismatches:
        telling = _telling(fit.mismatches, declared) or fit.mismatches[0]
        return f"its layer {telling.told(declared.base_title)}"
    if fit and fit.unknown:
        return f"its layer {told(fit.unknown[0])} does not exist in {declared.base_title}"
    return f"{told(seen.decided_by)} {seen.reason}" if seen.decided_by else seen.reason


def _telling(mismatches: Iterable[Mismatch], declared: Declared) -> Mismatch | None:
    """Return a difference of the kind that decided the family: as many inputs, and others here."""
    deciding = {
        pair.shape[1:2]
        for pair in declared.adapter.pairs
        for tensor in pair.tensors.values()
        if tensor.name == declared.detection.decided_by
    }
    alike = (each for each in mismatches if each.in_file[1:2] in deciding)
    return next((each for each in alike if each.in_file[1:2] != each.in_base[1:2]), None)


def _numbers(fit: Fit) -> dict[str, object]:
    return {
        "applied": fit.applied,
        "total": fit.total,
        "components": {
            each.component: {"applied": each.applied, "in_file": each.in_file,
                             "in_base": each.in_base}
            for each in fit.components
        },
    }  # fmt: skip
