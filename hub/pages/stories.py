"""A validation report as a person tells it: the verdict, the reasons, and every check unfolded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from hub.pages.advice import ADVICE, Advice
from hub.wordings import in_words
from hub.wordings.titles import dialect_title, family_title

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Curve, Result

NAMED = re.compile(r"([\w-]+)/([\w.-]+) v(\d+)")  # how checks name versions
LISTED = 12  # of a long list of evidence; the API has all of it
CALLED: Mapping[str, Callable[[Any], str]] = {"family": family_title, "dialect": dialect_title}


@dataclass(frozen=True, slots=True)
class Told:
    """What one check said."""

    code: str
    claim: str
    outcome: str
    problem: str
    evidence: tuple[tuple[str, str], ...]
    advice: Advice | None
    links: tuple[tuple[str, str], ...] = ()  # versions that it names, and where they are


@dataclass(frozen=True, slots=True)
class Story:
    headline: str
    worst: str  # passed, warned or rejected
    checks: tuple[Told, ...]

    @property
    def found(self) -> tuple[Told, ...]:
        """What was found against it, the gravest first."""
        against = [told for told in self.checks if told.outcome != "passed"]
        return tuple(sorted(against, key=lambda told: told.outcome != "rejected"))


def tell(results: Iterable[Result]) -> Story | None:
    """Return the story of a run's results, None while there are none."""
    checks = tuple(_told(result) for result in results)
    if not checks:
        return None
    rejected = sum(told.outcome == "rejected" for told in checks)
    warned = sum(told.outcome == "warned" for told in checks)
    if rejected:
        headline = ngettext(
            "{count} check found a fault.", "{count} checks found a fault.", rejected
        ).format(count=rejected)
        others = ngettext("{count} other warns.", "{count} others warn.", warned)
        told = [headline, *([others.format(count=warned)] if warned else [])]
        return Story(" ".join(told), "rejected", checks)
    passed = ngettext("It passed {count} check", "It passed {count} checks", len(checks) - warned)
    passed = passed.format(count=len(checks) - warned)
    if not warned:
        return Story(_("{passed}, and nothing was found.").format(passed=passed), "passed", checks)
    warning = ngettext("{count} warning", "{count} warnings", warned).format(count=warned)
    headline = _("{passed}, with {warning}.").format(passed=passed, warning=warning)
    return Story(headline, "warned", checks)


@dataclass(frozen=True, slots=True)
class FitTold:
    """How much of a version its base takes, and what showed which base that is."""

    base: str
    applied: int
    total: int
    parts: str
    tensor: str
    reason: str
    fits: bool
    stranger: str  # the first layer that the base does not have; "" if it has all


def tell_fit(version: AdapterVersion) -> FitTold | None:
    """Return how a version fits its base; None where its layers were never counted."""
    fit, seen = version.fit, version.detection
    if not fit.get("total"):
        return None
    components = fit.get("components", [])
    strangers = [name for one in components for name in (*one["unknown"], *one["mismatched"])]
    parts = [
        _("{count} in the {part}").format(
            count=one["applied"], part=gettext(one["component"].replace("_", " "))
        )
        for one in components
    ]
    return FitTold(
        base=version.base.title,
        applied=fit["applied"],
        total=fit["total"],
        parts=", ".join(parts),
        tensor=str(seen.get("decided_by") or ""),
        reason=str(seen.get("reason") or ""),
        fits=bool(version.proof),
        stranger=str(strangers[0]) if strangers else "",
    )


def tell_sweep(curve: Curve | None) -> str:
    """Return in one sentence how the sweep went; empty where there was none."""
    if curve is None or not curve.points:
        return ""
    bad = curve.first_bad if curve.first_bad is not None else curve.first_bad_below
    in_part = curve.first_bad_in_part
    part = in_part if in_part is not None else curve.first_bad_in_part_below
    told = {"low": curve.low, "high": curve.high, "last": curve.points[-1]["weight"]}
    told |= {"bad": bad, "part": part}
    numbers = {name: f"{weight:g}" for name, weight in told.items() if weight is not None}
    return _sentence_of(curve, bad, part).format(**numbers)


def _sentence_of(curve: Curve, bad: float | None, part: float | None) -> str:
    if curve.onset is None and curve.onset_below is None:
        return _("The sweep shows no effect at any weight up to {last}.")
    if curve.low is None:
        return _("The sweep found it broken as soon as it shows, from {bad} on.")
    if bad is None and part is not None:
        return _(
            "The sweep found it good from {low} to {high}, but for some scenes from {part} on."
        )
    if bad is None:
        return _("The sweep found it good from {low} to {high}, and nothing broken up to {last}.")
    return _("The sweep found it good from {low} to {high}, and broken from {bad} on.")


def _told(result: Result) -> Told:
    return Told(
        code=result.code,
        claim=result.claim,
        outcome=result.outcome,
        problem=result.problem,
        evidence=tuple(_lines(result.evidence)),
        advice=ADVICE.get(result.code) if result.outcome != "passed" else None,
        links=tuple(_links(result.evidence.get("versions") or ()) if result.problem else ()),
    )


def _links(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield each version that is named as `team/name v1`, with its page."""
    for name in names:
        found = NAMED.fullmatch(str(name))
        if found:
            at = reverse("adapter", args=[found[1], found[2]])
            yield name, f"{at}?{urlencode({'version': found[3]})}"


def _lines(evidence: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in evidence.items():
        label = gettext(name.replace("_", " "))
        if isinstance(value, dict):
            yield from ((f"{label} {inner}", _short(one)) for inner, one in value.items())
        elif value not in (None, "", [], {}):
            yield label, CALLED.get(name, _short)(value)


def _short(value: Any) -> str:
    if isinstance(value, list | tuple):
        listed = ", ".join(str(one) for one in value[:LISTED])
        left = len(value) - LISTED
        return (
            _("{listed} and {left} more").format(listed=listed, left=left) if left > 0 else listed
        )
    return f"{value:.4g}" if isinstance(value, float) else in_words(str(value))
