"""
What checks judge: facts, gathered once and then never asked for again.

Whoever gathers them (a file reader, a GPU) decides nothing; whoever judges them touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.bases.fit import Fit
from registry.formats.adapter import AdapterFile
from registry.formats.families import Detection


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file's bytes, as announced and as they came."""

    name: str
    announced: str  # sha256
    arrived: str | None  # None: nothing is there


@dataclass(frozen=True, slots=True)
class Content:
    """What the numbers in a file say, tensor by tensor and layer by layer."""

    nan_tensors: tuple[str, ...] = ()
    inf_tensors: tuple[str, ...] = ()
    zero_up: tuple[str, ...] = ()  # layers whose change is nothing: an up matrix all zero
    layers: int = 0
    norms: Mapping[str, float] = field(default_factory=dict)  # of each layer's change at weight 1
    alphas: Mapping[str, float] = field(default_factory=dict)  # of each layer, where a tensor says
    effective_ranks: Mapping[str, int] = field(default_factory=dict)  # of each, or of a sample
    dtypes: Mapping[str, int] = field(default_factory=dict)  # numbers of each type
    hashes: tuple[str, ...] = ()  # sha256 of all tensors, where the header claims one


@dataclass(frozen=True, slots=True)
class Declared:
    """A file, beside what its uploader says of it."""

    adapter: AdapterFile
    base: str  # slug
    base_title: str
    base_family: str
    detection: Detection
    families: frozenset[str] = frozenset()  # those that shapes leave open, if several
    fit: Fit | None = None  # None: the base's layers are not known
    strange: str = ""  # a base that only the file names, and that the library has not
    better: tuple[str, ...] = ()  # titles of the bases that all of the file fits
    content: Content | None = None  # None: nobody has looked at the numbers yet
    duplicates: tuple[str, ...] = ()  # versions here with the same weights
    alike: tuple[str, ...] = ()  # … in another number type or dialect


@dataclass(frozen=True, slots=True)
class Trial:
    """What happened when the adapter was put on its base, and (at best) a scene was rendered."""

    level: str  # loads: on a skeleton without weights; renders: on the real base
    in_file: Mapping[str, int] = field(default_factory=dict)  # layers by component
    injected: Mapping[str, int] = field(default_factory=dict)
    unmatched_layers: tuple[str, ...] = ()
    loader_messages: tuple[str, ...] = ()
    saw_nan: bool = False
    # Between weight 0 and 1, 0 to 1: the mean difference in a pixel; of words and what is expected.
    change: float | None = None
    trigger_change: float | None = None  # … between the prompt with and without trigger words
    error: str | None = None
    device: str = ""
    seconds: float = 0.0
    network_off: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """
    What does an adapter's work: by part of the base, and by trigger word.

    Every number is how far a cell is from the one without the adapter, by the curve's measure, at
    the one weight `weight`; `most` is the largest at any weight up to `highest`. `visible` is from
    where on a person sees it.
    """

    weight: float
    whole: float  # with all trigger words, and the whole adapter
    most: float
    highest: float
    visible: float
    without_words: float | None = None  # None: it has no trigger words
    parts: Mapping[str, float] = field(default_factory=dict)  # each component by itself
    words: Mapping[str, float] = field(default_factory=dict)  # each word by itself
    declared: tuple[str, ...] = ()  # those of the words that its uploader named
