"""
What shape of weight the tensors of one layer change, as far as their own shapes tell.

LoRA's two matrices tell outputs, inputs and kernel; one that turns what comes in tells only inputs.
What is not told is None, and registry/bases/fit.py compares what is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from registry.formats.algorithms import Algorithm
from registry.formats.header import Tensor

Roles = Mapping[str, Tensor]
Shape = tuple[int | None, ...]

# Of PEFT's less common types: where a tensor's shape has the outputs, the inputs, the rank.
_OUTPUTS = (("hira_B", 0), ("delora_B", 0), ("deft_P", 0), ("vera_lambda_b", 0),
            ("pvera_lambda_b", 0), ("beft_bias", 1), ("peanut_B", 0),
            ("ln_tuning_layers", 0), ("tinylora_B", 0), ("poly_lora_B", 3),
            ("osf_svd_params.U_low", 0), ("randlora_B", 0), ("glora_A.Xd", 0))  # fmt: skip
_INPUTS = (("hira_A", 1), ("delora_A", 1), ("deft_R", 1), ("hra_u", 0), ("lily_A", 1),
           ("ln_tuning_layers", 1), ("tinylora_A", 1), ("poly_lora_A", 2), ("frod_lambda_l", 0),
           ("osf_svd_params.V_low", 1), ("randlora_gamma", 1), ("glora_A.Xu", 1),
           ("trainable_tokens_delta", 1))  # fmt: skip
_RANKS = (("hira_A", 0), ("delora_A", 0), ("deft_R", 0), ("hra_u", 1), ("lily_A", 0),
          ("tinylora_A", 0), ("vera_lambda_d", 0), ("randlora_lambda", 0), ("miss_block", 0),
          ("glora_A.Xu", 0), ("poly_lora_A", 3), ("peanut_A", 0))  # fmt: skip


def rank_of(algorithm: Algorithm, roles: Roles) -> int | None:
    """Return the rank of the change, None if it has none (or its tensor is not there)."""
    if algorithm is Algorithm.LOHA:
        return _size(roles, "hada_w1_b", 0)
    if algorithm is Algorithm.LOKR:
        return _size(roles, "lokr_w2_b", 0) or _size(roles, "lokr_w1_b", 0)
    if algorithm is Algorithm.GLORA and "b1" in roles:
        return min(roles["b1"].shape[:2], default=None)
    if algorithm in {Algorithm.PEFT, Algorithm.VERA}:
        return _first(roles, _RANKS)
    return _size(roles, "down", 0) or _size(roles, "up", 1)


def change_shape(algorithm: Algorithm, roles: Roles) -> Shape:
    """
    Return the shape of the weight that the tensors change: outputs, inputs, kernel.

    An output or input that no tensor tells is None, and with it may go the kernel; one number alone
    is either outputs or inputs (or a norm's width); () means that shapes do not tell.
    """
    read = _READERS.get(algorithm)
    return read(roles) if read else ()


def _product(roles: Roles) -> Shape:
    middle = roles.get("mid") or roles.get("down")
    kernel = middle.shape[2:] if middle else ()
    return (_size(roles, "up", 0), _size(roles, "down", 1), *kernel)


def _difference(roles: Roles) -> Shape:
    for role in ("diff", "w_norm", "b_norm"):
        if role in roles:
            return roles[role].shape
    return (_size(roles, "diff_b", 0), None)


def _hadamard(roles: Roles) -> Shape:
    if "hada_t1" in roles:  # Around a core, the outer matrix lies the other way round.
        kernel = roles["hada_t1"].shape[2:]
        return (_size(roles, "hada_w1_a", 1), _size(roles, "hada_w1_b", 1), *kernel)
    return (_size(roles, "hada_w1_a", 0), _size(roles, "hada_w1_b", 1))


def _kronecker(roles: Roles) -> Shape:
    first = _factor(roles, "lokr_w1")
    second = _factor(roles, "lokr_w2")
    if len(first) < 2 or len(second) < 2:
        return ()
    return (first[0] * second[0], first[1] * second[1], *second[2:])


def _factor(roles: Roles, name: str) -> tuple[int, ...]:
    """Return the shape of one factor of a Kronecker product, whole or itself decomposed."""
    if name in roles:
        return roles[name].shape
    if f"{name}_a" not in roles or f"{name}_b" not in roles:
        return ()
    left, right = roles[f"{name}_a"].shape, roles[f"{name}_b"].shape
    if len(left) < 2 or len(right) < 2:
        return ()
    core = roles.get(f"{name.replace('_w', '_t')}")
    if core:
        return (left[-1], right[-1], *core.shape[2:])
    return (left[0], right[-1])


def _scales(roles: Roles) -> Shape:
    """Return what (IA)³'s vector scales: PEFT's lies as a row or a column, others' tell less."""
    vector = roles.get("ia3_l") or roles.get("weight")
    if vector is None or not vector.shape:
        return ()
    match vector.shape:
        case (1, inputs) if "ia3_l" in roles:
            return (None, inputs)
        case (outputs, 1) if "ia3_l" in roles:
            return (outputs, None)
    return (max(vector.shape),)


def _turned(roles: Roles) -> Shape:
    """Return what is turned: LyCORIS and kohya turn outputs, PEFT and OneTrainer inputs."""
    blocks = [tensor.shape for role, tensor in roles.items() if role.startswith("oft_blocks")]
    blocks += [roles[role].shape for role in ("oft_diag",) if role in roles]
    if blocks:
        return (sum(math.prod(each[-3:-1]) for each in blocks if len(each) > 2) or None, None)
    turning = roles.get("oft_R")
    if turning is None or len(turning.shape) != 2:
        return ()
    number, elements = turning.shape
    # Half of a block's numbers are kept; one block alone may be shared by all.
    side = (1 + math.isqrt(1 + 8 * elements)) // 2
    return (None, number * side) if number > 1 and side * (side - 1) == 2 * elements else ()


def _butterflies(roles: Roles) -> Shape:
    if "oft_blocks" in roles:
        return _turned(roles)
    scale, turning = roles.get("boft_s"), roles.get("boft_R")
    outputs = max(scale.shape, default=None) if scale else None
    inputs = math.prod(turning.shape[1:3]) if turning and len(turning.shape) == 4 else None
    return (outputs, inputs)


def _generalised(roles: Roles) -> Shape:
    """Return what GLoRA changes; in 2023 its matrices were named the other way round."""
    first, second = roles.get("b1"), roles.get("b2")
    if not (first and second and len(first.shape) > 1 and len(second.shape) > 1):
        return ()
    if first.shape[0] < first.shape[1]:
        first, second = second, first
    return (first.shape[0], second.shape[1])


def _of_peft(roles: Roles) -> Shape:
    outputs, inputs = _first(roles, _OUTPUTS), _first(roles, _INPUTS)
    return (outputs, inputs) if outputs or inputs else ()


_READERS: Mapping[Algorithm, Callable[[Roles], Shape]] = {
    Algorithm.LORA: _product,
    Algorithm.LOCON: _product,
    Algorithm.DORA: _product,
    Algorithm.ADALORA: _product,
    Algorithm.LOHA: _hadamard,
    Algorithm.LOKR: _kronecker,
    Algorithm.FULL: _difference,
    Algorithm.NORM: _difference,
    Algorithm.IA3: _scales,
    Algorithm.OFT: _turned,
    Algorithm.BOFT: _butterflies,
    Algorithm.GLORA: _generalised,
    Algorithm.VERA: _of_peft,
    Algorithm.PEFT: _of_peft,
}


def _first(roles: Roles, table: tuple[tuple[str, int], ...]) -> int | None:
    return next((size for role, place in table if (size := _size(roles, role, place))), None)


def _size(roles: Roles, role: str, dimension: int) -> int | None:
    tensor = roles.get(role)
    if tensor is None or len(tensor.shape) <= dimension:
        return None
    return tensor.shape[dimension]
