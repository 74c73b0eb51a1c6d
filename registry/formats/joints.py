"""
Whether the matrices of one layer can be multiplied: where one has as many as the other takes.

Every algorithm that writes its change as a product has such places. One that does not agree makes
the file useless, and loaders find it out only when the layer is used, if at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from registry.formats.algorithms import Algorithm
from registry.formats.header import Tensor


class Joint(NamedTuple):
    """Two tensors of a layer, and the dimension of each that must be the other's."""

    first: str
    of_first: int
    second: str
    of_second: int


_LORA = (Joint("down", 0, "up", 1),)
_LORA_WITH_CORE = (Joint("down", 0, "mid", 1), Joint("mid", 0, "up", 1))
_PLAIN: Mapping[Algorithm, tuple[Joint, ...]] = {
    Algorithm.LORA: _LORA,
    Algorithm.LOCON: _LORA,
    Algorithm.DORA: _LORA,
    Algorithm.ADALORA: (*_LORA, Joint("down", 0, "lora_E", 0)),
    Algorithm.LOHA: (
        Joint("hada_w1_a", 1, "hada_w1_b", 0),
        Joint("hada_w2_a", 1, "hada_w2_b", 0),
        # The two products are multiplied number by number.
        Joint("hada_w1_a", 0, "hada_w2_a", 0),
        Joint("hada_w1_b", 1, "hada_w2_b", 1),
    ),
    Algorithm.LOKR: (
        Joint("lokr_w1_a", 1, "lokr_w1_b", 0),
        Joint("lokr_w2_a", 1, "lokr_w2_b", 0),
    ),
    Algorithm.GLORA: (Joint("a1", 1, "a2", 0), Joint("b1", 1, "b2", 0)),
    Algorithm.PEFT: (
        Joint("hira_A", 0, "hira_B", 1),
        Joint("delora_A", 0, "delora_B", 1),
        Joint("deft_R", 0, "deft_P", 1),
        Joint("tinylora_A", 0, "tinylora_B", 1),
    ),
}
_LOHA_WITH_CORES = (
    Joint("hada_w1_a", 0, "hada_t1", 0),
    Joint("hada_w1_b", 0, "hada_t1", 1),
    Joint("hada_w2_a", 0, "hada_t2", 0),
    Joint("hada_w2_b", 0, "hada_t2", 1),
    Joint("hada_w1_a", 1, "hada_w2_a", 1),
    Joint("hada_w1_b", 1, "hada_w2_b", 1),
)
_LOKR_WITH_CORE = (
    Joint("lokr_w1_a", 1, "lokr_w1_b", 0),
    Joint("lokr_w2_a", 0, "lokr_t2", 0),
    Joint("lokr_w2_b", 0, "lokr_t2", 1),
)
# Where a core of the kernel's size stands between the matrices: its role, and the joints then.
_CORED: Mapping[Algorithm, tuple[str, tuple[Joint, ...]]] = {
    Algorithm.LORA: ("mid", _LORA_WITH_CORE),
    Algorithm.LOCON: ("mid", _LORA_WITH_CORE),
    Algorithm.DORA: ("mid", _LORA_WITH_CORE),
    Algorithm.LOHA: ("hada_t1", _LOHA_WITH_CORES),
    Algorithm.LOKR: ("lokr_t2", _LOKR_WITH_CORE),
}
# GLoRA of 2023 named the outer matrix of each product second.
_GLORA_OF_2023 = (Joint("a2", 1, "a1", 0), Joint("b2", 1, "b1", 0))


def first_torn(algorithm: Algorithm, roles: Mapping[str, Tensor]) -> Joint | None:
    """Return the first place where two tensors of a layer do not fit together, None if all do."""
    core, cored = _CORED.get(algorithm, ("", ()))
    joints = cored if core in roles else _PLAIN.get(algorithm, ())
    for joint in joints:
        if _is_torn(joint, roles):
            break
    else:
        return None
    if algorithm is Algorithm.GLORA and not any(_is_torn(each, roles) for each in _GLORA_OF_2023):
        return None
    return joint


def _is_torn(joint: Joint, roles: Mapping[str, Tensor]) -> bool:
    first, second = roles.get(joint.first), roles.get(joint.second)
    if first is None or second is None:
        return False  # That half is missing is another fault.
    if len(first.shape) < 2 or len(second.shape) < 2:
        return True  # It is no matrix.
    return not 0 < first.shape[joint.of_first] == second.shape[joint.of_second]
