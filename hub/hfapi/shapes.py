"""What goes over the wire, field by field."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from registry.exports import hub_words
from registry.exports.readme import RepoCard, tags_of

if TYPE_CHECKING:
    from registry.models import Adapter, RepoCommit

POINTER_SIZE = 134  # bytes of what git has in a large file's place, about


def when(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def lfs(entry: dict[str, Any], digest_name: str) -> dict[str, Any]:
    """Return what says that a file is a large one; its digest has two names in this protocol."""
    return {digest_name: entry["sha256"], "size": entry["size"], "pointerSize": POINTER_SIZE}


def sibling(entry: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"rfilename": entry["path"]}
    if whole:
        shown |= {"size": entry["size"], "blobId": entry["oid"]}
        if entry["sha256"]:
            shown["lfs"] = lfs(entry, "sha256")
    return shown


def tree_entry(entry: dict[str, Any], *, commit: RepoCommit | None = None) -> dict[str, Any]:
    """Return a file as trees have it; with its newest commit, if one is given."""
    shown: dict[str, Any] = {
        "type": "file",
        "oid": entry["oid"],
        "size": entry["size"],
        "path": entry["path"],
    }
    if entry["sha256"]:
        shown["lfs"] = lfs(entry, "oid")
    return shown | (_newest(commit, entry) if commit else {})


def _newest(commit: RepoCommit, entry: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"lastCommit": _briefly(commit)}
    if entry.get("sha256"):
        shown["securityFileStatus"] = {
            "status": "safe",  # no pickle comes in, and every file was read before it was published
            "avScan": None,
            "pickleImportScan": None,
        }
    return shown


def folder(path: str, oid: str, *, commit: RepoCommit | None = None) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": "directory", "oid": oid, "size": 0, "path": path}
    return shown | ({"lastCommit": _briefly(commit)} if commit else {})


def title_of(commit: RepoCommit) -> str:
    version = commit.version
    if version is None:
        return "Nothing yet"
    return f"Version {version.number}" + (f": {version.label}" if version.label else "")


def _briefly(commit: RepoCommit) -> dict[str, Any]:
    return {"id": commit.sha, "title": title_of(commit), "date": when(commit.made_at)}


def commit_entry(commit: RepoCommit) -> dict[str, Any]:
    version = commit.version
    authors = [{"user": version.uploaded_by.username}] if version else []
    message = version.changes if version else ""
    return _briefly(commit) | {"message": message, "authors": authors}


def card_data(card: RepoCard) -> dict[str, Any]:
    """Return the card's front matter as a table."""
    told: dict[str, Any] = {
        "base_model": card.base,
        "base_model_relation": "adapter",
        "tags": list(tags_of(card)),
    }
    optional = {
        "library_name": hub_words.library_of(card.modality, card.dialect),
        "pipeline_tag": hub_words.task_of(card.modality, card.pipeline),
        "license": hub_words.licence_of(card.licence) or ("other" if card.licence else ""),
        "instance_prompt": ", ".join(card.trigger_words),
    }
    return told | {name: value for name, value in optional.items() if value}


def model_tags(card: RepoCard) -> list[str]:
    """Return the tags by which lists are narrowed: the card's, and those made of its fields."""
    told = card_data(card)
    tags = [*tags_of(card), f"base_model:{card.base}", f"base_model:adapter:{card.base}"]
    tags += [told[name] for name in ("library_name", "pipeline_tag") if name in told]
    tags += [f"license:{told['license']}"] if "license" in told else []
    return list(dict.fromkeys(tags))


def repo(adapter: Adapter) -> dict[str, Any]:
    """Return what is said of any repository, whatever is in it."""
    name = f"{adapter.team.slug}/{adapter.slug}"
    return {
        "_id": adapter.pk.hex[:24],
        "id": name,
        "modelId": name,
        "author": adapter.team.slug,
        "gated": False,
        "disabled": False,
        "likes": 0,
        "createdAt": when(adapter.created_at),
        "lastModified": when(adapter.changed_at),
    }
