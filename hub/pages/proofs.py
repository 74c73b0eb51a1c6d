"""How far an adapter's load was proved: three steps, which are done, and why it went no further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from registry.queries.words import Proof, State
from registry.services.bases import is_swept

if TYPE_CHECKING:
    from registry.models import AdapterVersion


@dataclass(frozen=True, slots=True)
class Step:
    level: str
    label: str
    done: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Proved:
    steps: tuple[Step, ...]
    stopped: str  # why it went no further; "" at the last step


def of_version(version: AdapterVersion) -> Proved | None:
    """Return what was proved of a version, None while nothing is."""
    if not version.proof:
        return None
    reached = Proof(version.proof)
    said = {
        Proof.FITS: _counted(version),
        Proof.LOADS: _("The real loader took every layer, on a skeleton of the base."),
        Proof.RENDERS: _("Loaded on the real weights, and its effect was seen."),
    }
    if reached is Proof.RENDERS:
        said[Proof.LOADS] = _("The real loader took every layer.")
    steps = tuple(
        Step(level.value, str(level.label), reached.includes(level), said[level]) for level in Proof
    )
    return Proved(steps, _why_stopped(version, reached))


def _counted(version: AdapterVersion) -> str:
    fit = version.fit
    if not fit.get("total"):
        return _("Names and shapes agree with the base.")
    return _("{applied} of {total} layers found in {base}, with the right shapes.").format(
        applied=fit["applied"], total=fit["total"], base=version.base.title
    )


def _why_stopped(version: AdapterVersion, reached: Proof) -> str:
    if reached is Proof.RENDERS or version.state in {State.WAITING, State.REJECTED}:
        return ""
    if reached is Proof.LOADS and not is_swept(version.base):
        return _("Models of this class are not swept, so nothing was rendered.")
    if reached is Proof.LOADS:
        return _("No worker here has the weights of {base}, so nothing was rendered.").format(
            base=version.base.title
        )
    return _("No worker here can build {base}, so it was not loaded.").format(
        base=version.base.title
    )
