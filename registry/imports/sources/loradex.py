"""
Another Loradex, by its API: one adapter with all that is published of it, a team, or a whole hub.

Of an adapter that is listed among others its newest version is taken; of one that is named, all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from registry.content_levels import LEVELS
from registry.errors import SourceRefused
from registry.formats.quoting import shown
from registry.imports import saying
from registry.imports.offers import CHECKPOINT, CONFIG, WEIGHTS, Offer, OfferedFile, OfferedPicture
from registry.imports.saying import Statement, said
from registry.imports.sources.remote import Remote, file_name, origin_of, path_of
from registry.imports.web.client import Web
from registry.imports.web.hosts import target_of

MOST_PAGES = 200
_ROLES = (WEIGHTS, CONFIG, CHECKPOINT)


@dataclass(frozen=True, slots=True)
class LoradexSource(Remote):
    """A hub, narrowed by a query of its list; or one of its adapters."""

    adapter: str = ""  # team/name
    query: str = ""
    since: str = ""  # of its feed of changes

    @property
    def cursor(self) -> str:
        """Return where its feed of changes is now. Ask before listing, and nothing is missed."""
        told = self.web.json(f"{self.origin}/api/changes")
        return saying.line(told.get("cursor"), most=400) if isinstance(told, Mapping) else ""

    def offers(self) -> Iterator[Offer]:
        if self.adapter:
            yield from self._of_adapter(self.adapter)
            return
        changed = self._changed() if self.since else None
        for listed in self._listed():
            name = f"{_word(listed, 'team')}/{_word(listed, 'name')}"
            if changed is None or name in changed:
                yield from self._of_adapter(name, only=listed.get("version"))

    def again(self, key: str) -> Offer | None:
        name, _, number = key.rpartition("@")
        return next(self._of_adapter(name, only=int(number)), None)

    def _changed(self) -> set[str]:
        """Return the adapters of which something was published since."""
        found: set[str] = set()
        since = self.since
        for _ in range(MOST_PAGES):
            page = self.web.json(f"{self.origin}/api/changes?{urlencode({'since': since})}")
            found |= {
                f"{_word(one, 'team')}/{_word(one, 'name')}"
                for one in saying.parts(page, "items", most=1000)
                if one.get("change") == "published"
            }
            since = saying.line(page.get("cursor"), most=400)
            if page.get("more") is not True or not since:
                break
        return found

    def _listed(self) -> Iterator[Mapping[str, Any]]:
        address = f"{self.origin}/api/adapters?{self.query}".rstrip("?")
        for _ in range(MOST_PAGES):
            page = self.web.json(address)
            yield from saying.parts(page, "items", most=1000)
            following = saying.address(page.get("next")) if isinstance(page, Mapping) else ""
            if not following:
                return
            # A hub behind another name gives addresses of that name: only what is asked counts.
            target = target_of(following)
            address = f"{self.origin}{target.path}"

    def _of_adapter(self, name: str, *, only: Any = None) -> Iterator[Offer]:
        adapter = self.web.json(f"{self.origin}/api/adapters/{quote(name)}")
        if not isinstance(adapter, Mapping) or "versions" not in adapter:
            raise SourceRefused(f"{self.name} does not answer as a Loradex does.")
        shown_there = [
            each
            for each in saying.parts(adapter, "versions", most=1000)
            if each.get("state") == "published" and only in {None, each.get("version")}
        ]
        for each in reversed(shown_there):  # the oldest becomes version 1
            if type(each.get("version")) is int:
                yield self._offer(name, adapter, each["version"])

    def _offer(self, name: str, adapter: Mapping[str, Any], number: int) -> Offer:
        place = f"{self.origin}/api/adapters/{quote(name)}/versions/{number}"
        version = self.web.json(place)
        files = tuple(self._files(version, place))
        page = f"{self.origin}/{quote(name)}?version={number}"
        record = {
            "version": version,
            "adapter": {key: value for key, value in adapter.items() if key != "versions"},
        }
        preview = saying.address(version.get("preview_url"))
        weights = OfferedFile("adapter.safetensors", f"{place}/download")
        is_there = bool(files) and files[0].role == WEIGHTS
        return Offer(
            key=f"{name}@{number}",
            files=files if is_there else (weights,),
            statements=(
                Statement(self.name, _says(adapter, version) | {"page_url": page}, record),
            ),
            pictures=(OfferedPicture(self._here(preview)),) if preview else (),
            group=name,
            url=page,
            refusal="" if is_there else "It has no file of weights.",
        )

    def _files(self, version: Mapping[str, Any], place: str) -> Iterator[OfferedFile]:
        listed = [one for one in saying.parts(version, "files") if one.get("role") in _ROLES]
        for file in sorted(listed, key=lambda one: _ROLES.index(one["role"])):
            size, step = file.get("size"), file.get("training_step")
            role = str(file["role"])
            called = str(file.get("name"))
            query = "" if role == WEIGHTS else f"?{urlencode({'file': called})}"
            yield OfferedFile(
                name=file_name(called, otherwise="adapter.safetensors"),
                place=f"{place}/download{query}",
                role=role,
                size=size if type(size) is int and size > 0 else 0,
                sha256=saying.digest(file.get("sha256")),
                training_step=step if type(step) is int else None,
            )

    def _here(self, address: str) -> str:
        """Return an address that the hub gave, at the name by which it was asked."""
        return urljoin(self.origin, target_of(address).path)


def opened(text: str, web: Web) -> LoradexSource:
    """
    Return the hub, or the adapter of it, that an address names.

    :raises SourceRefused: if it names neither
    """
    parts = path_of(text)
    target, origin = target_of(text), origin_of(text, web)
    query = target.path.partition("?")[2]
    match parts:
        case [] | ["api", "adapters"]:
            return LoradexSource(web, origin, query=query)
        case [team]:
            return LoradexSource(web, origin, query=urlencode({"team": team}))
        case [team, name] | ["api", "adapters", team, name]:
            return LoradexSource(web, origin, adapter=f"{team}/{name}")
    raise SourceRefused(
        f"{shown(text)} names nothing of a Loradex: write its address, or an adapter's page."
    )


def answers(text: str, web: Web) -> bool:
    """Say whether what answers at an address is a Loradex that has this adapter."""
    if len(path_of(text)) != 2:
        return False
    name = "/".join(path_of(text))
    try:
        told = web.json(f"{origin_of(text, web)}/api/adapters/{quote(name)}")
    except SourceRefused:
        return False
    return isinstance(told, Mapping) and "versions" in told


def _says(adapter: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, Any]:
    weight = saying.part(version, "weight")
    level = saying.line(adapter.get("content_level"), most=20)
    base = saying.line(version.get("base"), most=100)
    prompts = version.get("sample_prompts")
    return said(
        name=_word(adapter, "name"),
        title=saying.line(adapter.get("title"), most=120),
        description=saying.text(adapter.get("description")),
        kind=_word(adapter, "kind"),
        tags=saying.tags(adapter.get("tags")),
        licence=saying.line(adapter.get("licence"), most=120),
        content_level=level if level in LEVELS else "",
        label=saying.line(version.get("label"), most=60),
        changes=saying.text(version.get("changes"))[:5000],
        trigger_words=saying.words(version.get("trigger_words")),
        optional_words=saying.words(version.get("optional_words")),
        negative_words=saying.words(version.get("negative_words")),
        sample_prompts=[
            line
            for one in (prompts if isinstance(prompts, list) else [])[:2]
            if (line := saying.line(one, most=1000))
        ],
        bases=[base] if base else [],
        sha256=saying.digest(version.get("sha256")),
        **saying.weights(weight.get("default"), weight.get("low"), weight.get("high")),
    )


def _word(told: Mapping[str, Any], name: str) -> str:
    return saying.line(told.get(name), most=80)
