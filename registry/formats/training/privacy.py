"""
What in a header shows more than its uploader may wish: a person, his machine, his captions.

Paths, user names, e-mail addresses and access keys are private; captions and a workflow are only
noted, since many publish them on purpose. Plain names of files and folders are nothing to speak of.
What is found is shown masked, for this very list is shown to people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

MAX_FOUND = 50
MAX_SIGNS = 500  # of @ in all values
MAX_SCANNED = 256 * 1024  # Characters of one value; more than this is a picture, or captions.
MAX_SCANNED_IN_ALL = 1024 * 1024
MOST_LOOKED_AT = 1_000  # before those that say the same are taken together


class Kind(StrEnum):
    """What is shown, in the word that people are told."""

    KEY = "access key"
    MAIL = "e-mail address"
    PERSON = "user name"
    PATH = "path on a machine"
    WORKFLOW = "workflow"
    CAPTIONS = "captions"

    @property
    def is_private(self) -> bool:
        return self not in {Kind.WORKFLOW, Kind.CAPTIONS}


@dataclass(frozen=True, slots=True)
class PrivateFact:
    key: str  # of the metadata
    kind: Kind
    excerpt: str  # masked


_DRIVE = r"(?<![A-Za-z0-9])[A-Za-z]:(?:\\+|/(?!/))"
_HOMES = r"(?:home|Users|Documents and Settings)"
_ROOTS = (
    "root|mnt|media|workspace|content|kaggle|notebooks|opt|srv|var|tmp|private|Volumes|scratch|"
    "gpfs|storage|data\\d?|runpod-volume|teamspace|venv|app|datasets?"
)
_REST = r"[^\s\"'<>|*?,;(){}\[\]]"
_FOLDER = r"[^\\/\"'<>|*?:\n]{1,60}[\\/]"  # Of Windows, where names hold spaces.
_PERSON = re.compile(
    rf"(?:{_DRIVE}|(?<![\w./\\-])[\\/]|[\\/]mnt[\\/][a-z][\\/]){_HOMES}[\\/]+([^\\/\s\"',;]+)"
)
_PATH = re.compile(
    rf"{_DRIVE}(?:{_FOLDER})*{_REST}*|(?<![\w.:/~\\-])/(?:{_HOMES}|{_ROOTS})/{_REST}+"
    rf"|(?<![\w~])~/{_REST}+|(?<![\w\\])\\{{2,4}}\w[\w.-]*\\+{_REST}+"
)
_NOBODY = {
    "user", "users", "public", "default", "shared", "ubuntu", "root", "runner", "jovyan", "admin",
    "administrator", "ec2-user", "debian", "docker", "app", "me", "username", "studio-lab-user",
}  # fmt: skip
_MAIL = re.compile(r"([\w.+-]{1,64})@((?:[A-Za-z0-9-]{1,63}\.){1,4}([A-Za-z]{2,12}))(?![\w@])")
_NO_DOMAINS = {"safetensors", "ckpt", "pt", "pth", "bin", "png", "jpg", "txt", "json", "gguf"}
_KEYS = re.compile(
    r"\b(?:hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|gh[opsu]_[A-Za-z0-9]{30,}"
    r"|github_pat_\w{30,}|glpat-[\w-]{18,}|AKIA[0-9A-Z]{16}|AIza[\w-]{33,}|xox[abp]-[\w-]{20,}"
    r"|r8_[A-Za-z0-9]{30,})"
)
_NAMED_KEY = re.compile(
    r"(?:api_?key|access_?token|auth_?token|hf_token|hub_token|secret(?:_key)?|password)"
    r"\"\s*:\s*\"([^\"\\\s]{8,200})\"",
    re.IGNORECASE,
)
_KEYS_BEGIN = ("hf_", "sk-", "ghp_", "gho_", "ghs_", "ghu_", "github_", "glpat-", "AKIA", "AIza",
               "xox", "r8_")  # fmt: skip
# Words with how often they stand in captions, within a folder's.
_CAPTIONS = {
    "ss_tag_frequency": re.compile(r"\{\s*\"(?:[^\"\\]|\\.)*\"\s*:\s*\{\s*\""),
    "ss_datasets": re.compile(r"\"tag_frequency\"\s*:\s*\{\s*\"(?:[^\"\\]|\\.)*\"\s*:\s*\{\s*\""),
}
_FILES = re.compile(r"\"(?:image_dir|metadata_file|caption_file)\"\s*:\s*\"((?:[^\"\\]|\\.)*)\"")
_WORKFLOW_KEYS = ("workflow", "prompt", "comfy_workflow", "extra_pnginfo")
_WORKFLOW = re.compile(r"\"(?:class_type|last_node_id|nodes)\"")
_PICTURES = ("modelspec.thumbnail", "ssmd_cover_images", "ssmd_cover_image")


def private(metadata: Mapping[str, str]) -> tuple[PrivateFact, ...]:
    """Return what the metadata shows of people and machines, the gravest kind first."""
    facts = islice(_facts(metadata), MOST_LOOKED_AT)
    found = {(fact.kind, fact.excerpt): fact for fact in facts}
    noted = [*found.values(), *_captions(metadata)]
    return tuple(sorted(noted, key=lambda fact: list(Kind).index(fact.kind)))[:MAX_FOUND]


def _facts(metadata: Mapping[str, str]) -> Iterator[PrivateFact]:
    signs, left = iter(range(MAX_SIGNS)), MAX_SCANNED_IN_ALL
    for key, text in metadata.items():
        if key not in _PICTURES:
            scanned = _worth_scanning(key, text)[:left]
            left -= len(scanned)
            yield from _in_text(key, scanned, signs)


def _worth_scanning(key: str, text: str) -> str:
    """Return what of a value may show something; captions by the thousand are noted as such."""
    if key == "ss_tag_frequency":
        return ""
    if key == "ss_datasets":
        return "\n".join(_FILES.findall(text))
    return text[:MAX_SCANNED]


def _in_text(key: str, text: str, signs: Iterator[int]) -> Iterator[PrivateFact]:
    yield from _access_keys(key, text)
    if "@" in text:
        yield from _mails(key, text, signs)
    if "/" in text or "\\" in text:
        yield from _paths(key, text)
    if key.lower() in _WORKFLOW_KEYS and _WORKFLOW.search(text):
        yield PrivateFact(key, Kind.WORKFLOW, f"{len(text):,} characters")


def _access_keys(key: str, text: str) -> Iterator[PrivateFact]:
    if any(each in text for each in _KEYS_BEGIN):
        for match in _KEYS.finditer(text):
            yield PrivateFact(key, Kind.KEY, _mask(match[0], shown=3))
    if '"' in text:
        for match in _NAMED_KEY.finditer(text):
            if not _KEYS.match(match[1]):
                yield PrivateFact(key, Kind.KEY, _mask(match[1], shown=0))


def _mails(key: str, text: str, signs: Iterator[int]) -> Iterator[PrivateFact]:
    for match, _ in zip(re.finditer("@", text), signs, strict=False):
        # Looked for around each sign alone, or a long word would be gone through again and again.
        around = text[max(0, match.start() - 64) : match.start() + 200]
        for mail in _MAIL.finditer(around):
            person, domain, ending = mail.groups()
            if ending.lower() not in _NO_DOMAINS and person not in {"git", "noreply"}:
                excerpt = f"{_mask(person)}@{_mask(domain.partition('.')[0])}.{ending}"
                yield PrivateFact(key, Kind.MAIL, excerpt)


def _paths(key: str, text: str) -> Iterator[PrivateFact]:
    for match in _PATH.finditer(text):
        path = match[0]
        parts = [part for part in re.split(r"[\\/]+", path) if part]
        if len(parts) < 2:
            continue
        person = _PERSON.match(path)
        name = person[1] if person and person[1].lower() not in _NOBODY else ""
        if name:
            masked = path[: path.index(name)] + _mask(name)
            yield PrivateFact(key, Kind.PERSON, re.sub(r"\\+", r"\\", masked))
        else:
            root = "" if path[0] not in "/\\" else "/"
            yield PrivateFact(key, Kind.PATH, f"{root}{parts[0]}/…/{_mask(parts[-1], shown=2)}")


def _captions(metadata: Mapping[str, str]) -> Iterator[PrivateFact]:
    for key, shown in _CAPTIONS.items():
        text = metadata.get(key, "")
        if shown.search(text):
            yield PrivateFact(key, Kind.CAPTIONS, f"{len(text):,} characters")


def _mask(text: str, *, shown: int = 1) -> str:
    return f"{text[:shown]}***"
