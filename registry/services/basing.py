"""Which base a version is for that came without anyone being asked: by what its files say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.bases import catalogue
from registry.bases.claims import meant
from registry.bases.identify import identify
from registry.errors import NotFound, UploadRefused
from registry.formats.adapter import AdapterFile
from registry.models import Adapter, BaseModel, User
from registry.queries import bases
from registry.services import suggesting

_NOTHING_SAID = "Neither README.md nor a configuration names the base (base_model: does)"


@dataclass(frozen=True, slots=True)
class Found:
    """A base, and what its uploader should know of how it was found ("" for nothing)."""

    base: BaseModel
    remark: str = ""


def find(adapter: AdapterFile, *, named: Sequence[str], line: Adapter, by: User) -> Found:
    """
    Return the base of a new version of `line`.

    It is the one that its README.md names (`named`), else its configuration, else the base of the
    version before, else the one that its tensors alone tell.

    :raises UploadRefused: if none of these tells, with what to write where
    """
    configured = adapter.config.get("base_model_name_or_path")
    told = [*named, *([configured] if isinstance(configured, str) and configured else [])]
    for name in told:
        if base := _called(name, by=by):
            return Found(base)
    before = line.versions.order_by("-number").select_related("base").first()
    base = before.base if before else _by_tensors(adapter, by=by)
    if base is None:
        raise UploadRefused(_what_to_say(told), code="base.unknown")
    if before and not told:
        return Found(base)
    return Found(base, _remark(told, base))


def _called(name: str, *, by: User) -> BaseModel | None:
    """Return the base that goes by the name, as it stands or as trainers spell it."""
    words: Iterable[str] = (name, name.rstrip("/").rpartition("/")[2])
    entry = meant(name)
    for word in [*words, *([entry.slug] if entry else [])]:
        try:
            return bases.named(word, by=by)
        except NotFound:
            continue
    return None


def _by_tensors(adapter: AdapterFile, *, by: User) -> BaseModel | None:
    """
    Return the base that the tensors are for, or that the file's metadata name.

    Bases that make pictures have a first of their kind, which an adapter is for unless it says
    otherwise. Language models of all makers have the same layers: there only a name tells.
    """
    found = identify(adapter)
    own = suggesting.own_base(adapter, found, by=by)
    if own:
        return own
    whole = [one for one in found.candidates if one.whole]
    if not whole:
        return None
    first = catalogue.entry(whole[0].base)
    surely = len(whole) == 1 or whole[0].source != "layers"
    if first and (surely or first.modality != "text"):
        return _called(first.slug, by=by)
    return None


def _remark(told: Sequence[str], base: BaseModel) -> str:
    why = f"This hub knows no base model called {_quoted(told[0])}" if told else _NOTHING_SAID
    return f"{why}: the version is declared for {base.title}."


def _what_to_say(told: Sequence[str]) -> str:
    known = f"This hub knows no base model called {_quoted(told[0])}. " if told else ""
    return (
        f"{known}Say which base the adapter is for: write `base_model:` and the name of a base of "
        "this hub (GET /api/bases lists them) between two lines of --- at the head of README.md, "
        "and commit it with the weights."
    )


def _quoted(name: str) -> str:
    return json.dumps(name[:100])
