"""
States of an adapter's repository: each is written down when somebody first asks for it.

What a state is made of is told by a digest, so asking again costs a look-up. A title that changes
makes another commit of the same version; the one before it stays as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from registry.exports import peft_config
from registry.exports.readme import RepoCard, write_readme
from registry.formats.adapter import read_adapter
from registry.formats.files import read_header
from registry.models import Adapter, AdapterVersion, Blob, RepoCommit, User, VersionFile
from registry.queries import cards, files, prepared, repo_cards, repo_files, revisions
from registry.queries.repo_cards import Shown
from registry.queries.repo_files import Place, Tree
from registry.queries.revisions import Revision
from registry.services import downloads, stored

WRITTEN_BY = 1  # grows when what is written here changes, so that it is written anew


@dataclass(frozen=True, slots=True)
class _Plan:
    """All that a commit of a version is made of."""

    tree: Tree
    shown: Shown
    card: RepoCard

    @property
    def digest(self) -> str:
        said = json.dumps([WRITTEN_BY, asdict(self)], sort_keys=True)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Ref:
    """A name of a state."""

    name: str
    sha: str
    is_branch: bool


def commit_at(adapter: Adapter, revision: str, *, by: User | None, now: datetime) -> RepoCommit:
    """
    Return the state that a revision means to this person now.

    :raises NoSuchRevision: if nothing of the adapter that they may see goes by that name
    """
    return commit_for(adapter, revisions.find(adapter, revision, by=by), now=now)


def commit_for(adapter: Adapter, revision: Revision, *, now: datetime) -> RepoCommit:
    """Return the state that was found to be meant."""
    if revision.commit is not None:
        return revision.commit
    if revision.version is None:
        return _empty(adapter, now=now)
    return commit_of(revision.version, now=now)


def commit_of(version: AdapterVersion, *, now: datetime) -> RepoCommit:
    """
    Return a version's state as it is now.

    :raises NotFound: if the bytes of its configuration are gone
    """
    plan = _plan(version)
    known = RepoCommit.objects.filter(version=version, made_of=plan.digest).first()
    if known is not None:
        return known
    texts = {repo_files.README: write_readme(plan.card)}
    config = _config(version) if plan.tree.configs else ""
    texts |= {f"{folder}{repo_files.CONFIG}": config for folder in plan.tree.configs}
    places = [*plan.tree.places, *plan.shown.places]
    return _keep(version.adapter, version, places, texts, made_of=plan.digest, now=now)


def card_of(version: AdapterVersion) -> RepoCard:
    """Return what a version's repository says of it now."""
    return _plan(version).card


def refs(adapter: Adapter, *, by: User | None, now: datetime) -> list[Ref]:
    """
    Return what the adapter's revisions are called that the person may see, and where each is:
    `main`, v1, v2 … and whatever else names one of them. Withdrawn ones are not told of. What
    moves of itself (`main`, channels) is a branch, and all else a tag.
    """
    return [
        Ref(name, commit_for(adapter, found, now=now).sha, is_branch=found.moves)
        for name, found in revisions.names(adapter, by=by)
    ]


def history(
    adapter: Adapter, head: RepoCommit, *, by: User | None, now: datetime
) -> list[RepoCommit]:
    """Return a state and all before it, the newest first: each version's, and changes of cards."""
    if head.version is None:
        return [head]
    for version in revisions.in_sight(adapter, by=by):
        if version.number < head.version.number and not version.commits.exists():
            commit_of(version, now=now)
    earlier = revisions.commits(adapter, by=by).filter(version__number__lte=head.version.number)
    found = list(earlier)
    at = next((place for place, one in enumerate(found) if one.pk == head.pk), 0)
    return found[at:]


def _plan(version: AdapterVersion) -> _Plan:
    instead = _instead(version)
    tree = repo_files.tree_of(version, instead=instead)
    shown = repo_cards.shown_of(version)
    main_file = tree.places[0].path
    card = repo_cards.card(version, shown, main_file=main_file, converted=instead is not None)
    return _Plan(tree, shown, card)


def _instead(version: AdapterVersion) -> Place | None:
    """Return what diffusers gets in the original's place, None if it gets the original."""
    if not prepared.needs_other_layout(version):
        return None
    made = prepared.for_diffusers(version)
    if made is None:
        return None
    return Place(repo_files.FOR_DIFFUSERS, made.blob.sha256, made.blob.size)


def _config(version: AdapterVersion) -> str:
    base, given = version.base, files.config_of(version)
    repo = repo_cards.repo_of(base)
    if given is not None:
        text = _bytes_of(given).decode("utf-8")
        return peft_config.with_base(text, base=cards.repo_of(base, given.metadata))
    weights = files.weights_of(version)
    with _opened(weights) as stream:
        adapter = read_adapter(read_header(stream, file_size=weights.size))
    return peft_config.made_of(adapter, base=repo, pipeline=base.pipeline)


def _bytes_of(file: VersionFile) -> bytes:
    with _opened(file) as stream:
        return stream.read()


@contextmanager
def _opened(file: VersionFile) -> Iterator[BinaryIO]:
    """Open a version's file, whether a worker has put it under its digest yet or not."""
    if file.blob_id is None and file.upload is not None:
        with stored.open_bytes(file.upload) as sent:
            yield sent
    else:
        with downloads.open_bytes(file.sha256) as kept:
            yield kept


def _empty(adapter: Adapter, *, now: datetime) -> RepoCommit:
    """Return the state of an adapter that has no version yet: no files."""
    return _keep(adapter, None, [], {}, made_of="", now=now)


def _keep(
    adapter: Adapter,
    version: AdapterVersion | None,
    places: Iterable[Place],
    texts: Mapping[str, str],
    *,
    made_of: str,
    now: datetime,
) -> RepoCommit:
    manifest = _manifest(places, texts)
    sha = hashlib.sha1(_canonical(manifest), usedforsecurity=False).hexdigest()
    fields = {
        "version": version,
        "manifest": manifest,
        "texts": dict(texts),
        "made_of": made_of,
        "made_at": now,
    }
    with transaction.atomic():
        commit, new = RepoCommit.objects.get_or_create(adapter=adapter, sha=sha, defaults=fields)
        if new:
            named = [entry["sha256"] for entry in manifest if entry["sha256"]]
            commit.blobs.set(Blob.objects.filter(sha256__in=named))
        elif commit.made_of != made_of:  # the same files, from other facts
            RepoCommit.objects.filter(pk=commit.pk).update(made_of=made_of)
    return commit


def _manifest(places: Iterable[Place], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    entries = [
        {"path": one.path, "size": one.size, "oid": pointer_id(one.sha256, one.size),
         "sha256": one.sha256}
        for one in places
    ]  # fmt: skip
    for path, text in texts.items():
        content = text.encode()
        oid = git_id(content)
        entries.append({"path": path, "size": len(content), "oid": oid, "sha256": ""})
    return sorted(entries, key=lambda entry: str(entry["path"]))


def git_id(content: bytes) -> str:
    """Return the id that git has for a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def pointer_id(sha256: str, size: int) -> str:
    """Return the id that git has for the pointer that stands for a large file."""
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n"
    return git_id(pointer.encode())


def _canonical(manifest: list[dict[str, Any]]) -> bytes:
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
