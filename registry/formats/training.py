"""
What a file tells of its own making: base, steps, captions, and which words may trigger it.

Trainers write this into the header's metadata, each in its own keys (`ss_*` by kohya's scripts,
`modelspec.*`, ai-toolkit's `training_info`), as text, and now and then as nonsense. A fact that
cannot be read is left out: metadata is a claim of the uploader's tools, not a reason to refuse.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MAX_JSON = 4 * 1024 * 1024
MAX_TAGS = 100
MAX_CANDIDATES = 10
MAX_WORDS = 200
_REPEATS = re.compile(r"\d+_(.+)")


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """Facts read from metadata; None or empty where the file is silent."""

    name: str = ""
    trainer: str = ""
    base_version: str = ""  # ss_base_model_version: sdxl_base_v1-0
    architecture: str = ""  # modelspec.architecture: stable-diffusion-xl-v1-base/lora
    base_name: str = ""  # ss_sd_model_name, or PEFT's base_model_name_or_path
    base_sha256: str = ""
    rank: int | None = None
    alpha: float | None = None
    steps: int | None = None
    epochs: int | None = None
    resolution: tuple[int, int] | None = None
    images: int | None = None
    learning_rate: float | None = None
    optimizer: str = ""
    seed: int | None = None
    started_at: datetime | None = None
    training_step: int | None = None  # the step that this very file was saved at
    tags: tuple[tuple[str, int], ...] = ()  # words of the captions, the commonest first
    trigger_candidates: tuple[str, ...] = ()
    claimed_hash: str = ""  # sha256 of the tensors, as the trainer saw them


def read_training(
    metadata: Mapping[str, str], *, config: Mapping[str, Any] | None = None
) -> TrainingFacts:
    """Return what the metadata and PEFT's configuration tell, leaving out the unreadable."""
    config = config or {}
    tags = _tags(metadata)
    info = _json(metadata, "training_info", dict)
    return TrainingFacts(
        name=_text(metadata, "ss_output_name", "modelspec.title", "name"),
        trainer=_trainer(metadata),
        base_version=_text(metadata, "ss_base_model_version"),
        architecture=_text(metadata, "modelspec.architecture"),
        base_name=_base_name(metadata, config),
        base_sha256=_text(metadata, "ss_new_sd_model_hash").lower(),
        rank=_whole(_text(metadata, "ss_network_dim") or config.get("r")),
        alpha=_number(_text(metadata, "ss_network_alpha") or config.get("lora_alpha")),
        steps=_whole(_text(metadata, "ss_max_train_steps", "ss_steps")),
        epochs=_whole(_text(metadata, "ss_num_epochs", "ss_epoch")),
        resolution=_resolution(metadata),
        images=_whole(_text(metadata, "ss_num_train_images")),
        learning_rate=_number(_text(metadata, "ss_learning_rate", "ss_unet_lr")),
        optimizer=_text(metadata, "ss_optimizer").partition("(")[0].rpartition(".")[2],
        seed=_whole(_text(metadata, "ss_seed")),
        started_at=_moment(_text(metadata, "ss_training_started_at")),
        training_step=_whole(_text(metadata, "ss_steps")) or _whole(info.get("step")),
        tags=tags[:MAX_TAGS],
        trigger_candidates=_trigger_candidates(metadata, tags),
        claimed_hash=_text(metadata, "sshs_model_hash", "modelspec.hash_sha256")
        .lower()
        .removeprefix("0x"),
    )


def _base_name(metadata: Mapping[str, str], config: Mapping[str, Any]) -> str:
    return _text(metadata, "ss_sd_model_name", "ss_base_model") or _short(
        config.get("base_model_name_or_path")
    )


# --- trigger words ---------------------------------------------------------------------------


def _trigger_candidates(
    metadata: Mapping[str, str], tags: tuple[tuple[str, int], ...]
) -> tuple[str, ...]:
    """
    Return words that may call the adapter up, the likeliest first.

    First what the trainer was told (trigger phrase, class tokens, names of image folders, as in
    `10_zkw cat`), then words that stand in nearly every caption: what all pictures are said to show
    is what was being taught.
    """
    told = _words(_text(metadata, "modelspec.trigger_phrase"))
    told += [word for text in _class_tokens(metadata) for word in _words(text)]
    images = max(_captions(metadata), max((count for _, count in tags), default=0))
    common = [tag for tag, count in tags if images and count >= 0.8 * images]
    return tuple(dict.fromkeys([*told, *common]))[:MAX_CANDIDATES]


def _words(phrase: str) -> list[str]:
    return [word for word in (part.strip() for part in phrase.split(",")) if word]


def _class_tokens(metadata: Mapping[str, str]) -> list[str]:
    tokens = [_short(subset.get("class_tokens")) for subset in _subsets(metadata)]
    for key in ("ss_dataset_dirs", "ss_tag_frequency"):
        folders = map(_REPEATS.fullmatch, _json(metadata, key, dict))
        tokens += [_short(match[1]) for match in folders if match]
    return [token for token in dict.fromkeys(tokens) if token]


def _captions(metadata: Mapping[str, str]) -> int:
    """Return how many captions there were, 0 if the file does not say."""
    folders = _json(metadata, "ss_dataset_dirs", dict).values()
    counts = [_whole(folder.get("img_count")) for folder in folders if isinstance(folder, dict)]
    return sum(filter(None, counts))


def _tags(metadata: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    total: Counter[str] = Counter()
    frequencies = list(_json(metadata, "ss_tag_frequency", dict).values())
    for dataset in _datasets(metadata):
        if not frequencies and isinstance(dataset.get("tag_frequency"), dict):
            frequencies += dataset["tag_frequency"].values()
    for frequency in frequencies:
        if isinstance(frequency, dict):
            counts = {tag: count for tag, count in frequency.items() if type(count) is int}
            total.update(counts)
    # Counted as they are written, and made presentable only where they are shown.
    shown: Counter[str] = Counter()
    for tag, count in total.most_common(MAX_TAGS):
        if _short(tag) and count > 0:
            shown[_short(tag)] += count
    return tuple(shown.most_common())


def _datasets(metadata: Mapping[str, str]) -> list[dict[str, Any]]:
    return [each for each in _json(metadata, "ss_datasets", list) if isinstance(each, dict)]


def _subsets(metadata: Mapping[str, str]) -> list[dict[str, Any]]:
    subsets = [dataset.get("subsets") for dataset in _datasets(metadata)]
    return [
        each
        for some in subsets
        if isinstance(some, list)
        for each in some
        if isinstance(each, dict)
    ]


# --- single facts ----------------------------------------------------------------------------


def _trainer(metadata: Mapping[str, str]) -> str:
    software = _json(metadata, "software", dict)
    if software:
        return _short(software.get("name"))
    if "ot_config" in metadata or "ot_revision" in metadata:
        return "OneTrainer"
    if "ss_network_module" in metadata or "ss_sd_scripts_commit_hash" in metadata:
        return "kohya sd-scripts"
    return "diffusers" if "lora_adapter_metadata" in metadata else ""


def _resolution(metadata: Mapping[str, str]) -> tuple[int, int] | None:
    for text in (_text(metadata, "ss_resolution"), _text(metadata, "modelspec.resolution")):
        numbers = [int(each) for each in re.findall(r"\d{1,6}", text)]
        if numbers:
            return numbers[0], numbers[1] if len(numbers) > 1 else numbers[0]
    return None


def _moment(text: str) -> datetime | None:
    stamp = _number(text)
    if stamp is None or not 0 < stamp < 32_503_680_000:  # The year 3000.
        return None
    return datetime.fromtimestamp(stamp, tz=UTC)


def _text(metadata: Mapping[str, str], *keys: str) -> str:
    """Return the first of `keys` that says something; trainers write None as a word."""
    for key in keys:
        text = _short(metadata.get(key))
        if text and text != "None":
            return text
    return ""


def _short(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    value = value[:2000]
    if not value.isprintable():
        value = "".join(each if each.isprintable() else " " for each in value)
    return " ".join(value.split())[:MAX_WORDS]


def _whole(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number == int(number) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(str(value)[:40])
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _json(metadata: Mapping[str, str], key: str, kind: type) -> Any:
    """Return the JSON under `key`, an empty `kind` if there is none of that kind."""
    text = metadata.get(key, "")
    if not text or len(text) > MAX_JSON:
        return kind()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return kind()
    return value if isinstance(value, kind) else kind()
