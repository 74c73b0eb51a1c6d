"""
What the captions said, and which of their words may call the adapter up.

First comes what the trainer was told (a trigger phrase, an instance prompt, class tokens, names of
image folders as in `10_zkw cat`), then words that stand in nearly every caption: what all pictures
are said to show is what was being taught. Words that stand in everybody's captions come last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from registry.formats.training.facts import TriggerCandidate
from registry.formats.training.reading import Reading, short, whole

MAX_TAGS = 100
MAX_CANDIDATES = 10
MAX_SETS = 1000  # Sets of pictures; who trains on more than a few has not written this.
_REPEATS = re.compile(r"\d+_(.+)")
_COMMON = 0.8  # of all captions
_MOST_COUNTED = 1 << 53  # Beyond it a count is nonsense, and far beyond it cannot be reckoned with.

# Keys under which a maker writes what he wants people to type.
_TOLD = (
    "modelspec.trigger_phrase",
    "trigger_phrase",
    "trigger_words",
    "trigger_word",
    "activation text",
    "instance_prompt",
    "ss_instance_prompt",
    "ssmd_keywords",
)
# Folders that are called after nothing, and words that call up nothing of one's own.
_NO_NAMES = {
    "img", "imgs", "image", "images", "pic", "pics", "photo", "photos", "data", "dataset",
    "train", "training", "input", "folder", "new folder", "default", "concept", "repeat",
}  # fmt: skip
_EVERYWHERE = {
    "1girl", "1boy", "solo", "masterpiece", "best quality", "high quality", "highres", "absurdres",
    "looking at viewer", "simple background", "white background", "no humans", "score_9",
    "score_8_up", "score_7_up", "upper body", "long hair", "short hair", "smile", "a", "photo",
}  # fmt: skip


def read_tags(reading: Reading) -> tuple[tuple[str, int], ...]:
    """Return the words of the captions with their counts, the commonest first."""
    total: Counter[str] = Counter()
    for frequency in _frequencies(reading):
        counts = frequency.items()
        total.update({tag: n for tag, n in counts if type(n) is int and 0 < n < _MOST_COUNTED})
    # Counted as they are written, and made presentable only where they are shown.
    shown: Counter[str] = Counter()
    for tag, count in total.most_common(MAX_TAGS):
        if short(tag):
            shown[short(tag)] += count
    return tuple(shown.most_common())


def read_datasets(reading: Reading) -> tuple[tuple[str, int, int], ...]:
    """Return each folder of pictures: its name, how many there are, how often each is seen."""
    found: list[tuple[Any, Any, Any]] = []
    for folder, told in reading.table("ss_dataset_dirs").items():
        if isinstance(told, Mapping):
            found.append((folder, told.get("img_count"), told.get("n_repeats")))
    if not found:
        found = [
            (each.get("image_dir"), each.get("img_count"), each.get("num_repeats"))
            for each in _subsets(reading)
        ]
    return tuple(
        (_folder(name), whole(count) or 0, whole(repeats) or 1)
        for name, count, repeats in found[:MAX_TAGS]
        if whole(count)
    )


def read_candidates(
    reading: Reading, tags: tuple[tuple[str, int], ...]
) -> tuple[TriggerCandidate, ...]:
    """Return words that may call the adapter up, the likeliest first, none of them twice."""
    counts = dict(tags)
    images = max(_captions(reading), max(counts.values(), default=0))
    source = "ss_tag_frequency" if "ss_tag_frequency" in reading.metadata else "ss_datasets"
    common = [(tag, source) for tag, count in tags if images and count >= _COMMON * images]
    common.sort(key=lambda each: each[0].lower() in _EVERYWHERE)
    found: dict[str, TriggerCandidate] = {}
    for text, place in [*_told(reading), *common]:
        found.setdefault(text.lower(), TriggerCandidate(text, place, counts.get(text)))
    return tuple(found.values())[:MAX_CANDIDATES]


def _told(reading: Reading) -> Iterator[tuple[str, str]]:
    phrases = [(reading.metadata.get(key), key) for key in _TOLD]
    embeddings = _listed(reading.at("ot_config/additional_embeddings"))
    phrases += [(e.get("placeholder"), "ot_config") for e in embeddings if e.get("train") is True]
    phrases += [(subset.get("class_tokens"), "ss_datasets") for subset in _subsets(reading)]
    for key in ("ss_dataset_dirs", "ss_tag_frequency"):
        phrases += [(name, key) for name in map(_name_of_folder, reading.table(key))]
    for phrase, source in phrases:
        yield from ((word, source) for word in _words(phrase))


def _name_of_folder(folder: str) -> str:
    """Return `zkw cat` of `10_zkw cat`, "" for a folder called after nothing."""
    match = _REPEATS.fullmatch(folder)
    name = short(match[1]) if match else ""
    return "" if name.lower() in _NO_NAMES else name


def _words(phrase: Any) -> list[str]:
    if not isinstance(phrase, str):
        return []
    if phrase.startswith("["):  # A list, which somebody wrote down as one.
        phrase = re.sub(r"[\[\]\"']", "", phrase)
    words = (" ".join(part.split()) for part in short(phrase).split(","))
    return [word for word in words if word]


def _frequencies(reading: Reading) -> list[Mapping[str, Any]]:
    frequencies = [each for each in reading.table("ss_tag_frequency").values() if _is_table(each)]
    if not frequencies:
        told = [each.get("tag_frequency") for each in reading.tables("ss_datasets")[:MAX_SETS]]
        frequencies = [
            each
            for some in told
            if isinstance(some, Mapping)
            for each in some.values()
            if _is_table(each)
        ]
    return frequencies


def _captions(reading: Reading) -> int:
    """Return how many captions there were, 0 if the file does not say."""
    folders = reading.table("ss_dataset_dirs").values()
    counts = [whole(folder.get("img_count")) for folder in folders if _is_table(folder)]
    return sum(filter(None, counts))


def _subsets(reading: Reading) -> list[Mapping[str, Any]]:
    found = (
        subset
        for dataset in reading.tables("ss_datasets")[:MAX_SETS]
        for subset in _listed(dataset.get("subsets"))
    )
    return list(islice(found, MAX_SETS))


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if _is_table(each)] if isinstance(value, list) else []


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _folder(name: Any) -> str:
    return re.split(r"[\\/]", short(name).rstrip("\\/"))[-1]
