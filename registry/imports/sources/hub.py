"""
A repository of a model hub: `https://host/org/name`, or a folder or file in it at a revision.

What is asked is what huggingface_hub asks: the revision's commit, its tree, and files at it. A
repository is a folder like any other, with a card that tells more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urljoin

from registry.errors import SourceRefused
from registry.formats import readmes
from registry.formats.errors import FormatError
from registry.formats.quoting import shown
from registry.imports import saying
from registry.imports.offers import MOST_PICTURES, Offer, OfferedFile, OfferedPicture
from registry.imports.saying import Statement, said
from registry.imports.sources import arranging
from registry.imports.sources.arranging import Folder, Looking
from registry.imports.sources.remote import Remote, origin_of, path_of
from registry.imports.web.client import MOST_JSON, Web

MOST_FILES = 20_000
MOST_PAGES = 100
CARD = "README.md"
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_OF_PROGRAMS = re.compile(
    r"lora|diffusers|peft|transformers|safetensors|template:.*|base_model:.*|license:.*|region:.*"
    r"|text-to-.*|.*-to-(image|video|text|audio)|.*-generation|autotrain.*|dataset:.*|arxiv:.*"
    r"|endpoints_compatible|not-for-all-audiences|[a-z]{2}"
)


@dataclass(frozen=True, slots=True)
class HubSource(Remote):
    """A repository, or what is at `path` in it."""

    repo: str = ""
    revision: str = "main"
    path: str = ""

    def offers(self) -> Iterator[Offer]:
        info = self._info()
        commit = saying.line(info.get("sha"), most=100) or self.revision
        tree = {place: entry for place, entry in self._tree(commit) if self._is_wanted(place)}
        statements = self._statements(info, commit, tree)
        found = list(arranging.offers(_folders(tree), Looking(self._reader(commit), self.repo)))
        alone = len([each for each in found if not each.refusal]) == 1
        for offer in found:
            yield self._told(offer, statements, tree, commit=commit, alone=alone)

    def again(self, key: str) -> Offer | None:
        return next((one for one in self.offers() if one.key == key), None)

    def _info(self) -> Mapping[str, Any]:
        info = self.web.json(
            f"{self.origin}/api/models/{self.repo}/revision/{quote(self.revision, safe='')}"
        )
        if not isinstance(info, Mapping):
            raise SourceRefused(f"{self.name} does not answer as a model hub does.")
        return info

    def _tree(self, commit: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield every file of a revision with what is said of it, page after page."""
        address = (
            f"{self.origin}/api/models/{self.repo}/tree/{quote(commit, safe='')}"
            "?recursive=true&expand=false"
        )
        seen = 0
        for _ in range(MOST_PAGES):
            with self.web.open(address, headers={"Accept": "application/json"}) as answer:
                content, onward = answer.body.read(MOST_JSON), answer.headers.get("link", "")
            entries = saying.parts(
                {"tree": saying.listed(content, name=self.name)}, "tree", most=MOST_FILES
            )
            for entry in entries:
                place = entry.get("path")
                if entry.get("type") == "file" and isinstance(place, str) and _is_plain(place):
                    yield place, entry
            seen += len(entries)
            following = re.search(r'<([^<>]+)>;\s*rel="next"', onward)
            if not following or seen > MOST_FILES:
                return
            address = urljoin(address, following[1])

    def _is_wanted(self, place: str) -> bool:
        inside = place == self.path or place.startswith(f"{self.path}/")
        return not self.path or inside or place == CARD

    def _reader(self, commit: str) -> Any:
        return lambda place, count: self.start(self._address(commit, place), count)

    def _address(self, commit: str, place: str) -> str:
        return f"{self.origin}/{self.repo}/resolve/{quote(commit, safe='')}/{quote(place)}"

    def _statements(
        self, info: Mapping[str, Any], commit: str, tree: Mapping[str, Any]
    ) -> list[Statement]:
        found = []
        if CARD in tree:
            content = self.start(self._address(commit, CARD), readmes.MAX_BYTES)
            found.append(_of_card(content.decode("utf-8", "replace"), info))
        own = self.repo.rpartition("/")[2]
        found.append(
            Statement(
                "the repository",
                said(name=own.lower(), title=re.sub(r"[-_]+", " ", own)),
                {key: value for key, value in info.items() if key != "siblings"},
            )
        )
        return found

    def _told(
        self,
        offer: Offer,
        statements: list[Statement],
        tree: Mapping[str, Mapping[str, Any]],
        *,
        commit: str,
        alone: bool,
    ) -> Offer:
        """Return the offer with what is said of the repository, and files by their addresses."""
        *sidecars, named = offer.statements or (Statement(saying.BY_FILE_NAME, {}),)
        of_repo = [each if alone else _less_its_name(each) for each in statements]
        pictures = _pictures(statements, tree) or [each.place for each in offer.pictures]
        return replace(
            offer,
            key=f"{self.repo}/{offer.key}",
            group=self.repo if alone else f"{self.repo}/{offer.key}",
            url=f"{self.origin}/{self.repo}",
            files=tuple(self._file(each, tree, commit) for each in offer.files),
            statements=(*sidecars, *of_repo, named),
            pictures=tuple(
                OfferedPicture(self._address(commit, place)) for place in pictures[:MOST_PICTURES]
            ),
        )

    def _file(
        self, file: OfferedFile, tree: Mapping[str, Mapping[str, Any]], commit: str
    ) -> OfferedFile:
        large = saying.part(tree[file.place], "lfs")
        sha256 = saying.digest(large.get("oid")) or saying.digest(large.get("sha256"))
        return replace(file, place=self._address(commit, file.place), sha256=sha256)


def opened(text: str, web: Web) -> HubSource:
    """
    Return the repository that an address names.

    :raises SourceRefused: if it names none
    """
    parts = path_of(text)
    if len(parts) < 2 or not all(_PART.fullmatch(part) for part in parts[:2]):
        raise SourceRefused(
            f"{shown(text)} names no repository: write it as https://host/owner/name."
        )
    repo, more = "/".join(parts[:2]), parts[2:]
    if more and more[0] not in {"tree", "blob", "resolve"}:
        raise SourceRefused(
            f"{shown(text)} names nothing in a repository: write …/tree/ and the revision."
        )
    revision = more[1] if len(more) > 1 else "main"
    return HubSource(web, origin_of(text, web), repo, revision, "/".join(more[2:]))


def _is_plain(place: str) -> bool:
    parts = PurePosixPath(place).parts
    is_hidden = any(part.startswith(".") for part in parts)
    return len(place) <= 400 and place.isprintable() and not is_hidden and not place.startswith("/")


def _folders(tree: Mapping[str, Mapping[str, Any]]) -> list[Folder]:
    folders: dict[PurePosixPath, Folder] = {}
    for place, entry in sorted(tree.items()):
        path = PurePosixPath(place)
        size = entry.get("size")
        folder = folders.setdefault(path.parent, Folder(path.parent))
        folder.sizes[path.name] = size if type(size) is int and size >= 0 else 0
    return list(folders.values())


def _of_card(text: str, info: Mapping[str, Any]) -> Statement:
    """Return what the card says; its head may be no YAML, and its text is good all the same."""
    try:
        card = readmes.read_readme(text)
    except FormatError:
        card = readmes.Readme(body=text)
    told = saying.part(info, "cardData")
    adult = "not-for-all-audiences" in card.tags
    fields = said(
        title=card.title,
        description=saying.text(card.body),
        tags=[tag for tag in saying.tags(list(card.tags)) if not _OF_PROGRAMS.fullmatch(tag)],
        licence=card.licence,
        trigger_words=list(card.trigger_words),
        bases=list(card.bases),
        content_level="mature" if adult else "",
    )
    return Statement(CARD, fields, {"text": text, "cardData": dict(told)})


def _less_its_name(statement: Statement) -> Statement:
    """Return what is said of all adapters of a repository, and so not what each is called."""
    says = {key: value for key, value in statement.says.items() if key not in {"title", "name"}}
    return Statement(statement.source, says, statement.record)


def _pictures(statements: list[Statement], tree: Mapping[str, Any]) -> list[str]:
    """Return the pictures that the card shows, as far as they lie in the repository."""
    told = [saying.part(each.record, "cardData") for each in statements]
    shown_there = [
        saying.part(one, "output").get("url")
        for each in told
        for one in saying.parts(each, "widget")
    ]
    there = [place for place in shown_there if isinstance(place, str) and place in tree]
    return list(dict.fromkeys(there))
