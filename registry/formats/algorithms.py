"""
What the tensors of one layer make together: which algorithm.

An algorithm shows in the roles that are there. The table is read from the top: the first row of
which a role is present names the algorithm, so what is special stands before plain LoRA.
"""

from __future__ import annotations

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
    role
    for name, kind in PEFT_TYPES.items()
    if name not in _READ
    for role in (*kind.roles, *kind.more)
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
    (Algorithm.OFT, ("oft_blocks", "oft_diag", "oft_R", "oft_embedding_R"), ()),
    (Algorithm.BOFT, ("boft_R", "boft_s"), (("boft_R",), ("boft_s",))),
    (Algorithm.GLORA, ("a1", "a2", "b1", "b2"), (("a1",), ("a2",), ("b1",), ("b2",))),
    (Algorithm.IA3, ("on_input", "ia3_l"), (("ia3_l", "weight"),)),
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
    algorithm = _shown(frozenset(roles))
    if algorithm is Algorithm.LORA and _has_kernel(roles):
        return Algorithm.LOCON
    if algorithm is Algorithm.OFT and "oft_blocks" in roles and len(roles["oft_blocks"].shape) == 4:
        return Algorithm.BOFT
    if algorithm is Algorithm.FULL and "diff" in roles and len(roles["diff"].shape) == 1:
        return Algorithm.NORM
    return algorithm


@lru_cache(maxsize=256)  # A file has a few sets of roles, each hundreds of times.
def _shown(roles: frozenset[str]) -> Algorithm:
    kinds = {role.partition(".")[0] for role in roles}  # Of several tensors, some have numbers.
    for algorithm, shown_by, _ in SHOWN_BY:
        if not kinds.isdisjoint(shown_by):
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


def _has_kernel(roles: Mapping[str, Tensor]) -> bool:
    middle = roles.get("mid") or roles.get("down")
    return middle is not None and middle.shape[2:] not in {(), (1, 1), (1,)}
