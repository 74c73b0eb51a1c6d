"""
What the tensors of one layer make together: which algorithm, and what shape of change.

An algorithm shows in the roles that are there. The table is read from the top: the first row of
which a role is present names the algorithm, so what is special stands before plain LoRA.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from registry.formats.header import Tensor
from registry.formats.peft_types import PEFT_TYPES


class Algorithm(StrEnum):
    LORA = "lora"
    LOCON = "locon"  # LoRA on a convolution's kernel
    DORA = "dora"  # LoRA, and a magnitude for each output
    LOHA = "loha"
    LOKR = "lokr"
    FULL = "full"  # the difference itself
    NORM = "norm"  # the difference of a normalisation
    IA3 = "ia3"
    OFT = "oft"
    BOFT = "boft"
    GLORA = "glora"
    VERA = "vera"
    ADALORA = "adalora"
    PEFT = "peft"  # another of PEFT's types: adapter_config.json says which
    UNKNOWN = "unknown"


_READ = {"IA3", "LOHA", "LOKR", "LORA", "ADALORA", "OFT", "BOFT", "VERA"}  # in rows of their own
_OTHER_ROLES = tuple(
    role for name, kind in PEFT_TYPES.items() if name not in _READ for role in kind.roles
)

# Algorithm, roles of which one shows it, and groups of roles of each of which one must be there.
SHOWN_BY: tuple[tuple[Algorithm, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (
        Algorithm.LOHA,
        ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"),
        (("hada_w1_a",), ("hada_w1_b",), ("hada_w2_a",), ("hada_w2_b",)),
    ),
    (
        Algorithm.LOKR,
        ("lokr_w1", "lokr_w2", "lokr_w1_a", "lokr_w1_b", "lokr_w2_a", "lokr_w2_b"),
        (
            ("lokr_w1", "lokr_w1_a"),
            ("lokr_w1", "lokr_w1_b"),
            ("lokr_w2", "lokr_w2_a"),
            ("lokr_w2", "lokr_w2_b"),
        ),
    ),
    (Algorithm.OFT, ("oft_blocks", "oft_diag", "oft_R"), ()),
    (Algorithm.BOFT, ("boft_R", "boft_s"), (("boft_R",), ("boft_s",))),
    (Algorithm.GLORA, ("a1", "a2", "b1", "b2"), (("a1",), ("a2",), ("b1",), ("b2",))),
    (Algorithm.IA3, ("on_input", "ia3_l"), ()),
    (Algorithm.VERA, ("vera_lambda_b", "vera_lambda_d"), (("vera_lambda_b",), ("vera_lambda_d",))),
    (Algorithm.ADALORA, ("lora_E",), (("down",), ("up",), ("lora_E",))),
    (Algorithm.PEFT, _OTHER_ROLES, ()),
    (Algorithm.DORA, ("magnitude",), (("down",), ("up",))),
    (Algorithm.LOCON, ("mid",), (("down",), ("up",))),
    (Algorithm.LORA, ("down", "up"), (("down",), ("up",))),
    (Algorithm.FULL, ("diff", "diff_b"), ()),
    (Algorithm.NORM, ("w_norm", "b_norm"), ()),
)
NEEDED = {algorithm: groups for algorithm, _, groups in SHOWN_BY}
NEEDED[Algorithm.BOFT] = ()


def algorithm_of(roles: Mapping[str, Tensor]) -> Algorithm:
    """Return what the tensors of a layer are parts of."""
    return _narrowed(_shown(frozenset(roles)), roles)


@lru_cache(maxsize=256)  # A file has a few sets of roles, each hundreds of times.
def _shown(roles: frozenset[str]) -> Algorithm:
    for algorithm, shown_by, _ in SHOWN_BY:
        if not roles.isdisjoint(shown_by):
            return algorithm
    return Algorithm.UNKNOWN


def missing_roles(algorithm: Algorithm, roles: Iterable[str]) -> tuple[str, ...]:
    """Return what is not there of what `algorithm` needs, in its own words ("up")."""
    return _missing(algorithm, frozenset(roles))


@lru_cache(maxsize=256)
def _missing(algorithm: Algorithm, roles: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        group[-1] for group in NEEDED.get(algorithm, ()) if not any(role in roles for role in group)
    )


def _narrowed(algorithm: Algorithm, roles: Mapping[str, Tensor]) -> Algorithm:
    if algorithm is Algorithm.LORA and _kernel(roles) not in {(), (1, 1), (1,)}:
        return Algorithm.LOCON
    if algorithm is Algorithm.OFT and "oft_blocks" in roles and len(roles["oft_blocks"].shape) == 4:
        return Algorithm.BOFT
    return algorithm


def rank_of(algorithm: Algorithm, roles: Mapping[str, Tensor]) -> int | None:
    """Return the rank of the change, None if it has none (or its tensor is not there)."""
    if algorithm is Algorithm.LOHA:
        return _size(roles, "hada_w1_b", 0)
    if algorithm is Algorithm.LOKR:
        return _size(roles, "lokr_w2_b", 0) or _size(roles, "lokr_w1_b", 0)
    return _size(roles, "down", 0) or _size(roles, "up", 1)


def change_shape(algorithm: Algorithm, roles: Mapping[str, Tensor]) -> tuple[int | None, ...]:
    """
    Return the shape of the weight that the tensors change: outputs, inputs, kernel.

    An output or input that its tensor is missing for is None; () means that shapes do not tell.
    """
    if algorithm in {Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA, Algorithm.ADALORA}:
        return (_size(roles, "up", 0), _size(roles, "down", 1), *_kernel(roles))
    if algorithm is Algorithm.LOHA:
        return _hadamard(roles)
    if algorithm is Algorithm.LOKR:
        return _kronecker(roles)
    if algorithm is Algorithm.FULL and "diff" in roles:
        return roles["diff"].shape
    if algorithm is Algorithm.NORM and "w_norm" in roles:
        return roles["w_norm"].shape
    return ()


def _kernel(roles: Mapping[str, Tensor]) -> tuple[int, ...]:
    middle = roles.get("mid") or roles.get("down")
    return middle.shape[2:] if middle else ()


def _hadamard(roles: Mapping[str, Tensor]) -> tuple[int | None, ...]:
    if "hada_t1" in roles:  # Around a core, the outer matrix lies the other way round.
        kernel = roles["hada_t1"].shape[2:]
        return (_size(roles, "hada_w1_a", 1), _size(roles, "hada_w1_b", 1), *kernel)
    return (_size(roles, "hada_w1_a", 0), _size(roles, "hada_w1_b", 1))


def _kronecker(roles: Mapping[str, Tensor]) -> tuple[int | None, ...]:
    first = _factor(roles, "lokr_w1")
    second = _factor(roles, "lokr_w2")
    if len(first) < 2 or len(second) < 2:
        return ()
    return (first[0] * second[0], first[1] * second[1], *second[2:])


def _factor(roles: Mapping[str, Tensor], name: str) -> tuple[int, ...]:
    """Return the shape of one factor of a Kronecker product, whole or itself decomposed."""
    if name in roles:
        return roles[name].shape
    if f"{name}_a" not in roles or f"{name}_b" not in roles:
        return ()
    left, right = roles[f"{name}_a"].shape, roles[f"{name}_b"].shape
    if len(left) < 2 or len(right) < 2:
        return ()
    core = roles.get("lokr_t2")
    if core and name == "lokr_w2":
        return (left[-1], right[-1], *core.shape[2:])
    return (left[0], right[-1])


def _size(roles: Mapping[str, Tensor], role: str, dimension: int) -> int | None:
    tensor = roles.get(role)
    if tensor is None or len(tensor.shape) <= dimension:
        return None
    return tensor.shape[dimension]


def inputs_times_kernel(shape: tuple[int | None, ...]) -> int | None:
    """Return how many numbers one output is made of, for algorithms that flatten kernels."""
    rest = shape[1:]
    return None if None in rest else math.prod(n for n in rest if n is not None)
