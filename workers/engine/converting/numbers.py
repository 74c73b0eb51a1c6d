"""Number types: what they are called, what fits into them, how exact they are."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from workers.engine.converting.contract import ConversionRefused

DTYPES: Mapping[str, torch.dtype] = {
    "fp32": torch.float32,
    "fp16": torch.float16,
    "bf16": torch.bfloat16,
}

# By what a change of a layer may differ when all its numbers are rounded: eleven bits, eight bits.
TOLERANCES: Mapping[torch.dtype, float] = {
    torch.float32: 1e-5,
    torch.float16: 1e-3,
    torch.bfloat16: 8e-3,
}


def dtype_called(name: str) -> torch.dtype:
    """
    Return the number type of that name.

    :raises ConversionRefused: if there is none
    """
    if name not in DTYPES:
        raise ConversionRefused(f"{name!r} is no number type: choose one of {', '.join(DTYPES)}.")
    return DTYPES[name]


def cast(tensor: torch.Tensor, dtype: torch.dtype, what: str) -> torch.Tensor:
    """
    Return a tensor in another number type.

    :raises ConversionRefused: if a number of it is too large for that
    """
    if tensor.dtype == dtype:
        return tensor.contiguous()
    result = tensor.to(dtype).contiguous()
    if bool(torch.isfinite(result).all()):
        return result
    if not bool(torch.isfinite(tensor.float()).all()):
        raise ConversionRefused(f"{what} holds values that are not finite numbers.")
    largest = float(tensor.float().abs().max())
    raise ConversionRefused(
        f"{what} holds {largest:,.6g}, and {_title(dtype)} ends at {torch.finfo(dtype).max:,.0f}: "
        f"choose bf16 or fp32."
    )


def written_in(dtype: torch.dtype) -> torch.dtype:
    """Return the type to write what was read in `dtype`: what layouts do not know becomes fp16."""
    if dtype in TOLERANCES:
        return dtype
    return torch.float32 if dtype == torch.float64 else torch.float16


def _title(dtype: torch.dtype) -> str:
    return next((name for name, each in DTYPES.items() if each is dtype), str(dtype))
