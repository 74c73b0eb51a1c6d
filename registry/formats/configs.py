"""
PEFT's adapter_config.json, wherever it lies: beside the weights, or in a header in other words.

It is the uploader's word. A file that is no table of JSON is refused; of what a table holds, that
which cannot be used is left out.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from operator import itemgetter
from typing import Any

from registry.formats.errors import BadConfig, NotAnAdapter, NotGguf
from registry.formats.header import Container, Header
from registry.formats.peft_types import PEFT_TYPES
from registry.formats.quoting import shown

MAX_CONFIG_BYTES = 1 << 20
MAX_DIGITS = 20
LARGEST_RANK = 1 << 40
_SHARED = frozenset(name for kind in PEFT_TYPES.values() for name in kind.shared)
_PLAIN = re.compile(r"[\w.]+")


def parse(raw: bytes, *, name: str) -> dict[str, Any]:
    """
    Return the configuration in the bytes of an adapter_config.json, which messages call `name`.

    :raises BadConfig: if they are no table of JSON that PEFT could read
    """
    refuse_size(len(raw), name=name)
    try:
        config = _table(raw.decode("utf-8"), name=name)
    except UnicodeDecodeError as error:
        raise BadConfig(f"{name} is not UTF-8 text: save it as UTF-8.") from error
    except RecursionError as error:
        raise BadConfig(f"{name} is nested too deeply.") from error
    except ValueError as error:
        raise BadConfig(f"{name} is not JSON.") from error
    if not isinstance(config, dict):
        raise BadConfig(f"{name} is not a JSON object: it must begin with a brace.")
    return config


def refuse_size(size: int, *, name: str) -> None:
    """:raises BadConfig: if a file of that size can be no configuration"""
    if size > MAX_CONFIG_BYTES:
        raise BadConfig(f"{name} has {size:,} bytes, too many for a configuration: 1 MiB at most.")


def _table(text: str, *, name: str) -> Any:
    if text.startswith("\ufeff"):
        raise BadConfig(f"{name} begins with a byte order mark, which PEFT cannot read.")

    def whole(digits: str) -> int:
        if len(digits) > MAX_DIGITS:
            raise BadConfig(f"{name} holds a number of {len(digits):,} digits: {digits[:12]}….")
        return int(digits)

    def finite(digits: str) -> float:
        number = float(digits)
        if not math.isfinite(number):
            raise BadConfig(f"{name} holds the number {shown(digits[:20])}, beyond all numbers.")
        return number

    def refuse(word: str) -> None:
        raise BadConfig(f"{name} holds {word} where a number belongs.")

    return json.loads(text, parse_int=whole, parse_float=finite, parse_constant=refuse)


def in_header(header: Header) -> Mapping[str, Any]:
    """
    Return the configuration that the header itself holds, {} if it holds none.

    :raises NotAnAdapter: if it is GGUF and says that it holds something else
    """
    if header.container is Container.GGUF:
        return _config_of_gguf(header.metadata)
    text = header.metadata.get("lora_adapter_metadata", "{}")
    try:
        config = _table(text[:MAX_CONFIG_BYTES], name="lora_adapter_metadata")
    except (BadConfig, ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}


def _config_of_gguf(metadata: Mapping[str, str]) -> Mapping[str, Any]:
    """Return in PEFT's words what GGUF's keys say."""
    kind = metadata.get("adapter.type", "")
    if kind != "lora":
        raise NotAnAdapter(
            f"This GGUF file holds an adapter of the type {shown(kind)}; only lora is known."
            if kind
            else "This GGUF file does not say that it holds an adapter: adapter.type is missing."
        )
    config: dict[str, Any] = {"peft_type": "LORA"}
    try:
        alpha = float(metadata.get("adapter.lora.alpha", "0"))
    except ValueError:
        alpha = math.nan
    if not math.isfinite(alpha):
        raise NotGguf("The key “adapter.lora.alpha” is no finite number.")
    if alpha:  # llama.cpp takes 0 for "no scaling".
        config["lora_alpha"] = alpha
    return config


class Given:
    """
    What a configuration gives single layers.

    Made once a file, since patterns and layers may both be many thousands: a layer is looked up by
    the ends of its name, and costs the same however many patterns there are.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._alphas: dict[str, _ByEnd] = {}
        pattern = config.get("rank_pattern") or {}
        # AdaLoRA begins at another rank than `r`, and ends at one of its own in each layer.
        shares = str(config.get("peft_type")).upper() == "ADALORA"
        pattern = {} if shares else pattern
        self._sure = isinstance(pattern, Mapping) and not shares
        ranks: dict[str, Any] = {}
        for key, number in pattern.items() if isinstance(pattern, Mapping) else ():
            plain = str(key).removeprefix("^")
            if not _PLAIN.fullmatch(plain):
                self._sure = False  # A pattern: what it hits is for PEFT to say.
                break
            ranks.setdefault(plain, number)
        self._ranks = _ByEnd(ranks)

    def alpha(self, component: str, module: str) -> float | None:
        """Return the alpha that the configuration gives a layer, None if it gives none."""
        # diffusers keeps one configuration a component, its keys prefixed.
        for prefix in (f"{component}.", ""):
            if (number := self._patterned(prefix).find(module)) is not None:
                return _finite(number)
            if (everyones := _finite(self._config.get(f"{prefix}lora_alpha"))) is not None:
                return everyones
        return None

    def rank(self, module: str) -> int | None:
        """Return the rank that PEFT's own configuration gives a layer, None if it is not sure."""
        if (number := self._ranks.find(module)) is not None:
            return _rank(number)
        return _rank(self._config.get("r")) if self._sure else None

    def _patterned(self, prefix: str) -> _ByEnd:
        if prefix not in self._alphas:
            pattern = self._config.get(f"{prefix}alpha_pattern")
            pattern = pattern if isinstance(pattern, Mapping) else {}
            numbers = {str(k): v for k, v in pattern.items() if _finite(v) is not None}
            self._alphas[prefix] = _ByEnd(numbers)
        return self._alphas[prefix]


class _ByEnd:
    """Values by the ends of dotted names; where several ends of a name have one, the first set."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {end: (place, value) for place, (end, value) in enumerate(values.items())}
        self._longest = max(map(len, self._values), default=-1)

    def find(self, name: str) -> Any:
        found = [self._values[end] for end in _ends(name, self._longest) if end in self._values]
        return min(found, key=itemgetter(0))[1] if found else None


def _ends(name: str, longest: int) -> Iterator[str]:
    """Yield a dotted name and what follows each of its dots, but for what is longer than asked."""
    at = 0 if len(name) <= longest else name.find(".", len(name) - longest - 1) + 1 or len(name)
    while at < len(name):
        yield name[at:]
        at = name.find(".", at) + 1 or len(name)


def targets_of(targets: Iterable[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a target of PEFT's is the end of a layer's name."""
    wanted = _ByEnd(dict.fromkeys(targets, True))
    return lambda name: wanted.find(name) is True


def _rank(value: Any) -> int | None:
    return value if type(value) is int and abs(value) <= LARGEST_RANK else None


def _finite(value: Any) -> float | None:
    """Return a number that can be reckoned with, None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def saved_among(names: Iterable[str], config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return those of the tensors that are no adapter's which are weights put beside it whole."""
    given = config.get("modules_to_save")
    modules = {str(each) for each in given} if isinstance(given, list) else set()
    return tuple(name for name in names if _is_saved(name, modules))


def _is_saved(name: str, modules: Set[str]) -> bool:
    if name.startswith("base_model.model.") and name.endswith((".weight", ".bias")):
        return True
    if name.endswith(("_norm.scale", ".set_weight")):  # FLUX control adapters; ComfyUI.
        return True
    return bool(modules) and not modules.isdisjoint(name.split("."))


def is_shared(name: str) -> bool:
    """Return whether a tensor is one that all layers share in one of PEFT's types."""
    return name.removeprefix("base_model.").partition(".")[0] in _SHARED
