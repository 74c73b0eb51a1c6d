"""One file of a folder, and what its name says: weights, of which step, for which expert."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import BinaryIO

from registry.formats.sniff import PICKLED_NAMES


class Kind(StrEnum):
    """What a file beside an adapter is, as far as its name tells."""

    WEIGHTS = "weights"
    CONFIG = "config"  # adapter_config.json
    README = "readme"
    EMBEDDING = "embedding"  # textual inversion in a file of its own
    TOKENIZER = "tokenizer"
    TRAINER = "trainer"  # its state: optimizer, scheduler, random numbers; never opened
    PICTURE = "picture"
    PICKLE = "pickle"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a folder or an archive; `name` is its path in it, with slashes."""

    name: str
    size: int
    opener: Callable[[], BinaryIO]
    starter: Callable[[int], bytes]

    def start(self, count: int) -> bytes:
        """
        Return the first bytes, without unpacking the rest.

        :raises BadArchive: if it lies in an archive and is broken there
        """
        return self.starter(count)

    def open(self) -> BinaryIO:
        """
        Return the file, open to be read from its start, and to be closed by whoever asked.

        :raises BadArchive: if it lies in an archive and is broken there
        """
        return self.opener()

    @property
    def kind(self) -> Kind:
        return kind_of(self.name)

    @property
    def step(self) -> int | None:
        """At which training step the weights were saved, if the name says they are not last."""
        return step_of(self.name)

    @property
    def epoch(self) -> int | None:
        """After which epoch, likewise."""
        return epoch_of(self.name)

    @property
    def expert(self) -> str:
        """Which of Wan 2.2's two experts it is for: "high_noise", "low_noise" or ""."""
        match = _EXPERT.search(PurePosixPath(self.name).name)
        return f"{match[1].lower()}_noise" if match else ""


_TRAINER = (
    r"(optimizer|scheduler|scaler|rng_state|random_states|training_args|trainer_state|sampler|"
    r"zero_to_fp32|global_step|custom_checkpoint)[\w-]*\.(pt|pth|bin|pkl|json|py|safetensors)"
)
_TOKENIZER = (
    r"(tokenizer|vocab|merges|special_tokens|added_tokens|spiece|sentencepiece|chat_template|"
    r"preprocessor_config|processor_config|generation_config)[\w.-]*"
)
_PICKLES = "|".join(re.escape(ending) for ending in PICKLED_NAMES)

# The first row that fits a file's name says what it is.
_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"adapter_config\.json", Kind.CONFIG),
        (_TRAINER, Kind.TRAINER),
        (r"(learned_embeds[\w-]*|embeddings?|.+[_-]emb(eds|eddings?)?)\.safetensors",
         Kind.EMBEDDING),
        (r".+\.(safetensors|gguf)", Kind.WEIGHTS),
        (rf".+({_PICKLES})", Kind.PICKLE),
        (r"(readme|license|notice|model_card)(\.\w+)?|.+\.md", Kind.README),
        (_TOKENIZER, Kind.TOKENIZER),
        (r".+\.(png|jpe?g|webp|gif|avif)", Kind.PICTURE),
    )
)  # fmt: skip

# As kohya, musubi, ai-toolkit, the Trainer of transformers and OneTrainer number what they save.
_STEPS = (
    re.compile(r"(?:^|/)checkpoint-(\d+)/"),
    re.compile(r"[-_.]step[-_]?(\d+)[^/]*$", re.IGNORECASE),
    re.compile(r"_(\d{9})\.\w+$"),
    re.compile(r"-save-(\d+)-\d+-\d+\.\w+$"),
)
_EPOCHS = (
    re.compile(r"[-_.]epoch[-_]?(\d+)[^/]*$", re.IGNORECASE),
    re.compile(r"(?:^|/)epoch[-_]?(\d+)/", re.IGNORECASE),
    re.compile(r"-(\d{6})\.\w+$"),
)
_EXPERT = re.compile(r"(?:^|[^a-zA-Z])(high|low)[-_ ]?noise", re.IGNORECASE)


def kind_of(name: str) -> Kind:
    *above, last = PurePosixPath(name).parts
    if last.startswith(".") or "__MACOSX" in above:
        return Kind.OTHER  # What systems leave behind in folders.
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(last)), Kind.OTHER)


def step_of(name: str) -> int | None:
    """Return at which training step a file of this path was saved, None if it was saved last."""
    return _number(_STEPS, name)


def epoch_of(name: str) -> int | None:
    """Return after which epoch, likewise."""
    return None if step_of(name) is not None else _number(_EPOCHS, name)


def _number(patterns: tuple[re.Pattern[str], ...], name: str) -> int | None:
    for pattern in patterns:
        if match := pattern.search(name):
            return int(match[1][:12])
    return None
