"""Write tensors as safetensors, whichever of them lie in the same memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file


def save(tensors: Mapping[str, torch.Tensor], path: Path, metadata: Mapping[str, str]) -> None:
    """Write a file. Layers cut out of one share a down matrix, and each gets its own copy."""
    seen: set[int] = set()
    whole = {}
    for name, tensor in tensors.items():
        memory = tensor.untyped_storage().data_ptr()
        whole[name] = tensor.clone() if memory in seen else tensor
        seen.add(memory)
    save_file(whole, path, dict(metadata) or None)
