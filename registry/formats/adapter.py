"""
See the adapter in a header: which layers it changes, how, and in whose naming.

Only names and shapes are looked at, so this runs in the web process on what a browser read. What
the numbers say (NaN, all zero) is for workers/content.py; whether the layers exist in a base is for
registry/bases/fit.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from registry.formats import cloneofsimo, configs, gguf_names, methods, whole
from registry.formats.algorithms import Algorithm, algorithm_of, missing_roles
from registry.formats.changes import change_shape, rank_of
from registry.formats.dialects import Dialect, Place, Roles, layers_in
from registry.formats.embeddings import Embedding, is_embedding, read_embeddings
from registry.formats.errors import NotAnAdapter
from registry.formats.header import Header, Tensor
from registry.formats.joints import Joint, first_torn

__all__ = ["AdapterFile", "Algorithm", "Dialect", "Pair", "read_adapter"]


class Pair(NamedTuple):
    """All that a file has for one layer: for LoRA its down and up matrix, for others their like."""

    layer: str  # As the file spells it, for messages: the name without its tail.
    component: str  # unet, transformer, prior, text_encoder, text_encoder_2 … _4, or model
    module: str  # As the dialect spells it, without prefix: dotted, or flat with underscores.
    flat: str  # The module in the one spelling that all dialects share: underscores for dots.
    algorithm: Algorithm
    rank: int | None = None
    alpha: float | None = None  # From adapter_config.json; else see `tensors`.
    tensors: Mapping[str, Tensor] = MappingProxyType({})  # by role: down, up, alpha …
    shape: tuple[int | None, ...] = ()  # Of the weight that it changes; see `change_shape`.
    missing: tuple[str, ...] = ()  # Roles that the algorithm needs and the file lacks.
    torn: Joint | None = None  # Where two of its tensors cannot be multiplied.

    @property
    def down(self) -> Tensor | None:
        return self.tensors.get("down")

    @property
    def up(self) -> Tensor | None:
        return self.tensors.get("up")

    @property
    def mid(self) -> Tensor | None:
        return self.tensors.get("mid")

    @property
    def magnitude(self) -> Tensor | None:
        return self.tensors.get("magnitude")


@dataclass(frozen=True)
class AdapterFile:
    """An adapter, as far as its header tells."""

    dialect: Dialect
    pairs: tuple[Pair, ...]
    leftovers: tuple[str, ...] = ()  # Tensors that belong to no pair.
    embeddings: tuple[Embedding, ...] = ()  # Bundled textual inversion.
    saved: tuple[str, ...] = ()  # Whole weights beside the pairs: PEFT's modules_to_save, norms.
    shared: tuple[str, ...] = ()  # What belongs to all layers at once, such as VeRA's matrices.
    config: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    dtypes: tuple[str, ...] = ()

    @cached_property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms in it, the commonest first."""
        return tuple(each for each, _ in Counter(p.algorithm for p in self.pairs).most_common())

    @cached_property
    def method(self) -> str:
        """What its commonest algorithm is called in full: rslora, dylora, hra … ; "" if none."""
        first = next((p for p in self.pairs if p.algorithm is self.algorithms[0]), None)
        roles = tuple(first.tensors) if first else ()
        return methods.method_of(self.algorithms, roles, self.config, self.metadata)

    @cached_property
    def named_algorithms(self) -> tuple[str, ...]:
        """The algorithms' names, the commonest first; of PEFT's rarer types, the type's."""
        first = self.method if Algorithm.PEFT in self.algorithms[:1] else ""
        return tuple(
            first if first and each is Algorithm.PEFT else each.value for each in self.algorithms
        )

    @cached_property
    def rank_stabilised(self) -> bool:
        """Whether it is rsLoRA: its alpha counts by the root of the rank."""
        return methods.is_rank_stabilised(self.config, self.metadata)

    @cached_property
    def ranks(self) -> tuple[int, int] | None:
        """The lowest and the highest rank, None if nothing has one."""
        ranks = [pair.rank for pair in self.pairs if pair.rank is not None]
        return (min(ranks), max(ranks)) if ranks else None

    @cached_property
    def components(self) -> Mapping[str, int]:
        """How many layers it changes in each part of the base."""
        return MappingProxyType(Counter(pair.component for pair in self.pairs))


def read_adapter(header: Header, *, config: Mapping[str, Any] | None = None) -> AdapterFile:
    """
    Return the adapter that a header describes; `config` is PEFT's adapter_config.json.

    Where that is not given, the header's metadata may hold what it would say.

    A layout that we do not know is no error: its dialect is `unknown`, and it has no pairs.

    :raises NotAnAdapter: if the file is sound but something else, such as a whole model
    """
    if not header.tensors:
        raise NotAnAdapter("The file holds no tensors.")
    config = config or configs.in_header(header)
    named, others = layers_in(header.tensors, told=_told(header.metadata))
    dialect = _dialect(named)
    given = configs.Given(config) if config else None
    found = [_pair(*layer, given) for layer in _each_once(named, others)]
    lone = [pair for pair in found if pair.algorithm is _UNKNOWN]
    pairs = tuple([pair for pair in found if pair.algorithm is not _UNKNOWN] if lone else found)
    if not pairs:
        whole.refuse(header)
    leftovers = [name for name in header.tensors if name in others] if others else []
    whole.refuse_base_weights(leftovers)
    # A lone alpha (or rescale) changes nothing and may be some model's own parameter.
    leftovers += [tensor.name for pair in lone for tensor in pair.tensors.values()]
    embeddings = tuple(name for name in leftovers if is_embedding(name))
    shared = tuple(name for name in leftovers if configs.is_shared(name))
    saved = configs.saved_among(leftovers, config) if pairs else ()
    told = {*embeddings, *shared, *saved}
    if dialect is Dialect.CLONEOFSIMO:
        pairs = _with_names(pairs, header.metadata)
    elif dialect is Dialect.GGUF:
        pairs = _out_of_gguf(pairs, header.metadata.get("general.architecture", ""))
    return AdapterFile(
        dialect=dialect if pairs else Dialect.UNKNOWN,
        pairs=pairs,
        leftovers=tuple(name for name in leftovers if name not in told),
        embeddings=read_embeddings(embeddings, header.tensors),
        saved=saved,
        shared=shared,
        config=MappingProxyType(dict(config)),
        metadata=header.metadata,
        dtypes=_dtypes(header),
    )


def _told(metadata: Mapping[str, str]) -> str:
    """Return what trainers say of the base in a word or two."""
    keys = ("ss_base_model_version", "modelspec.architecture")
    return " ".join(metadata.get(key, "")[:100].lower() for key in keys)


_UNKNOWN = Algorithm.UNKNOWN  # Looking it up by its class takes as long as making a tuple.
_Layer = tuple[Place, str, Roles]  # the string is its module in the spelling that dialects share


def _each_once(named: Iterable[tuple[Place, Roles]], others: dict[str, None]) -> Iterable[_Layer]:
    """
    Return each layer once, with the tensors of all its places; of two for one role of it, the
    second's name is put in `others`.
    """
    layers: dict[tuple[str, str], _Layer] = {}
    for place, roles in named:
        flat = place.module.replace(".", "_")
        layer = layers.setdefault((place.component, flat), (place, flat, roles))
        if layer[2] is not roles:
            twice = roles.keys() & layer[2].keys()
            others |= {roles[role].name: None for role in twice}
            layer[2].update((role, roles[role]) for role in roles if role not in twice)
    return layers.values()


def _pair(place: Place, flat: str, roles: Roles, given: configs.Given | None) -> Pair:
    _, component, module, spelled = place
    algorithm, rank, shape, missing, torn = _seen(
        tuple([(role, tensor.shape) for role, tensor in roles.items()])
    )
    alpha = given.alpha(component, module) if given else None
    tensors = MappingProxyType(roles)
    return Pair(
        spelled, component, module, flat, algorithm, rank, alpha, tensors, shape, missing, torn
    )


@lru_cache(maxsize=1024)  # Hundreds of layers share a few shapes, and nothing else counts here.
def _seen(
    shapes: tuple[tuple[str, tuple[int, ...]], ...],
) -> tuple[Algorithm, int | None, tuple[int | None, ...], tuple[str, ...], Joint | None]:
    """Return all that the shapes of a layer's tensors tell, as the last fields of a pair."""
    roles = {role: Tensor(role, "", shape, 0, 0) for role, shape in shapes}
    algorithm = algorithm_of(roles)
    return (
        algorithm,
        rank_of(algorithm, roles),
        change_shape(algorithm, roles),
        missing_roles(algorithm, roles),
        first_torn(algorithm, roles),
    )


def _with_names(pairs: tuple[Pair, ...], metadata: Mapping[str, str]) -> tuple[Pair, ...]:
    """Return pairs of the 2022 naming under the real names of their layers."""
    if not cloneofsimo.are_numbered_so(metadata):
        return pairs
    layers = sum(pair.component == "unet" for pair in pairs)
    gates = cloneofsimo.trains_gates(metadata, unet_layers=layers)
    names = {
        pair.layer: cloneofsimo.module(pair.component, int(pair.module), gates=gates)
        for pair in pairs
        if pair.module.isdigit()
    }
    return tuple(_called(pair, names.get(pair.layer) or pair.module) for pair in pairs)


def _called(pair: Pair, module: str) -> Pair:
    return pair._replace(module=module, flat=module.replace(".", "_"))


def _out_of_gguf(pairs: tuple[Pair, ...], architecture: str) -> tuple[Pair, ...]:
    """Return pairs of llama.cpp's naming under the names that their base has for the layers."""
    return tuple(
        _called(
            pair, gguf_names.module(pair.module, architecture=architecture) or pair.module
        )._replace(component="model")
        for pair in map(_turned, pairs)
    )


def _turned(pair: Pair) -> Pair:
    """Return an embedding's pair as PEFT has it: llama.cpp keeps the first matrix transposed."""
    if pair.module != "token_embd" or pair.down is None:
        return pair
    roles = dict(pair.tensors) | {"down": pair.down._replace(shape=pair.down.shape[::-1])}
    return pair._replace(
        tensors=MappingProxyType(roles),
        rank=rank_of(pair.algorithm, roles),
        shape=change_shape(pair.algorithm, roles),
    )


def _dialect(named: Iterable[tuple[Place, Roles]]) -> Dialect:
    spoken: Counter[Dialect] = Counter()
    for place, roles in named:
        if said := len(roles) - ("alpha" in roles):
            spoken[place.dialect] += said
    if Dialect.OMI in spoken:  # Its transformers' layers are named as in the hybrids.
        spoken[Dialect.OMI] += spoken.pop(Dialect.HYBRID, 0)
    return spoken.most_common(1)[0][0] if spoken else Dialect.UNKNOWN


def _dtypes(header: Header) -> tuple[str, ...]:
    found = Counter([tensor.dtype for tensor in header.tensors.values() if tensor.shape])
    return tuple(dtype for dtype, _ in found.most_common())
