"""
Real files, made by hand: safetensors bytes of adapters as the trainers write them, and worse.

Everything here is small (a few layers, a low rank) but named and shaped like the real thing, so
that a test can say what it means: `kohya_lora("sd1", without="lora_up.weight")` is a sound SD 1.5
adapter but for one fault. Values are small, finite, never zero, and the same in each run.
"""

from __future__ import annotations

import io
import json
import math
import random
import struct
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tests.layers import FLUX_FUSED, Layer, layers_of

BYTES_OF = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "U8": 1, "F8_E4M3": 1}
NAN_OF = {"F32": b"\x00\x00\xc0\x7f", "F16": b"\x00\x7e", "BF16": b"\xc0\x7f"}
INFINITY_OF = {"F32": b"\x00\x00\x80\x7f", "F16": b"\x00\x7c", "BF16": b"\x80\x7f"}


class Raw(NamedTuple):
    """A tensor to be written."""

    dtype: str
    shape: tuple[int, ...]
    content: bytes


@dataclass(frozen=True)
class Values:
    """How a builder fills its tensors; a fault in the values is one of these fields."""

    dtype: str = "F16"
    seed: int = 0
    zero_up: bool = False
    nan: bool = False
    infinity: bool = False


SOUND = Values()


_KOHYA_PREFIX = {
    "unet": "lora_unet",
    "transformer": "lora_transformer",
    "text_encoder": "lora_te",
    "text_encoder_1": "lora_te1",
    "text_encoder_2": "lora_te2",
}


# --- the format itself -----------------------------------------------------------------------


def safetensors(tensors: Mapping[str, Raw], metadata: Mapping[str, str] | None = None) -> bytes:
    """Return a safetensors file that holds `tensors` in their order."""
    fields: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    position = 0
    for name, raw in tensors.items():
        end = position + len(raw.content)
        fields[name] = {
            "dtype": raw.dtype,
            "shape": list(raw.shape),
            "data_offsets": [position, end],
        }
        position = end
    return from_header(json.dumps(fields), b"".join(raw.content for raw in tensors.values()))


def from_header(header: str | bytes, body: bytes = b"") -> bytes:
    """Return the file with just this header, right or wrong."""
    text = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(text)) + text + body


def named(content: bytes, name: str) -> io.BytesIO:
    """Return `content` as an open file that knows its name, as an upload does."""
    file = io.BytesIO(content)
    file.name = name
    return file


def tensor(shape: Iterable[int], *, dtype: str = "F16", seed: int = 0) -> Raw:
    """Return a tensor of small numbers, none of them zero."""
    shape = tuple(shape)
    count = math.prod(shape)
    if dtype in {"I64", "U8", "F8_E4M3"}:
        return Raw(dtype, shape, (b"\x01" + bytes(BYTES_OF[dtype] - 1)) * count)
    # A short run of numbers, repeated: drawing each of a million would take the tests' time.
    draw = random.Random(f"{seed} {shape}")
    run = [draw.choice((-1, 1)) * draw.uniform(0.01, 0.1) for _ in range(min(count, 251))]
    packed = _pack(run, dtype)
    return Raw(dtype, shape, (packed * (count // max(len(run), 1) + 1))[: count * BYTES_OF[dtype]])


def number(value: float, *, dtype: str = "F32") -> Raw:
    """Return a tensor of no dimensions, as alphas are kept."""
    return Raw(dtype, (), _pack([value], dtype))


def zeros(shape: Iterable[int], *, dtype: str = "F16") -> Raw:
    shape = tuple(shape)
    return Raw(dtype, shape, bytes(math.prod(shape) * BYTES_OF[dtype]))


def _pack(numbers: list[float], dtype: str) -> bytes:
    if dtype == "BF16":  # The upper half of a float32.
        return b"".join(struct.pack("<f", each)[2:] for each in numbers)
    return struct.pack(f"<{len(numbers)}{ {'F64': 'd', 'F32': 'f', 'F16': 'e'}[dtype] }", *numbers)


# --- adapters --------------------------------------------------------------------------------


def kohya_tensors(
    layers: Iterable[Layer],
    *,
    rank: int = 4,
    alpha: float | None = None,
    values: Values = SOUND,
    two_encoders: bool = False,
) -> dict[str, Raw]:
    """Return the tensors of `layers` as kohya's scripts name them."""
    tensors: dict[str, Raw] = {}
    for component, name, outputs, inputs in layers:
        kind = "text_encoder_1" if two_encoders and component == "text_encoder" else component
        root = f"{_KOHYA_PREFIX[kind]}_{name.replace('.', '_')}"
        tensors[f"{root}.alpha"] = number(rank if alpha is None else alpha, dtype="F32")
        down, up = _halves((rank, inputs), (outputs, rank), values)
        tensors[f"{root}.lora_down.weight"] = down
        tensors[f"{root}.lora_up.weight"] = up
    return _spoiled(tensors, values)


def kohya_lora(
    family: str = "sdxl",
    *,
    rank: int = 4,
    without: str = "",
    text_encoder: bool = False,
    values: Values = SOUND,
    metadata: Mapping[str, str] | None = None,
) -> io.BytesIO:
    """Return a LoRA as kohya's scripts write it, less the tensors whose name holds `without`."""
    layers = FLUX_FUSED if family == "flux1" else layers_of(family, text_encoder=text_encoder)
    two = family in {"sdxl", "flux1", "sd3"}
    tensors = kohya_tensors(layers, rank=rank, values=values, two_encoders=two)
    return _file(tensors, without, metadata)


def diffusers_lora(
    family: str = "sdxl",
    *,
    rank: int = 4,
    without: str = "",
    text_encoder: bool = False,
    values: Values = SOUND,
    metadata: Mapping[str, str] | None = None,
) -> io.BytesIO:
    """Return a LoRA as diffusers' own training scripts write it today."""
    tensors: dict[str, Raw] = {}
    for component, name, outputs, inputs in layers_of(family, text_encoder=text_encoder):
        root = f"{component}.{name}"
        down, up = _halves((rank, inputs), (outputs, rank), values)
        tensors[f"{root}.lora_A.weight"] = down
        tensors[f"{root}.lora_B.weight"] = up
    return _file(_spoiled(tensors, values), without, metadata or {"format": "pt"})


def peft_lora(
    family: str = "llama",
    *,
    rank: int = 4,
    without: str = "",
    prefix: str = "base_model.model.",
    values: Values = SOUND,
    metadata: Mapping[str, str] | None = None,
) -> io.BytesIO:
    """Return the weights of a PEFT folder; `peft_config` is what lies beside them."""
    tensors: dict[str, Raw] = {}
    for _, name, outputs, inputs in layers_of(family):
        down, up = _halves((rank, inputs), (outputs, rank), values)
        tensors[f"{prefix}{name}.lora_A.weight"] = down
        tensors[f"{prefix}{name}.lora_B.weight"] = up
    return _file(_spoiled(tensors, values), without, metadata or {"format": "pt"})


def peft_config(family: str = "llama", *, rank: int = 4, **fields: object) -> dict[str, object]:
    """Return the adapter_config.json that PEFT writes beside `peft_lora`."""
    names = sorted({layer.name.rpartition(".")[2] for layer in layers_of(family)})
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": "",
        "r": rank,
        "lora_alpha": rank * 2,
        "target_modules": names,
        "fan_in_fan_out": family == "gpt2",
        "bias": "none",
        "use_rslora": False,
        "use_dora": False,
        "modules_to_save": None,
    } | fields


def _halves(down: tuple[int, ...], up: tuple[int, ...], values: Values) -> tuple[Raw, Raw]:
    first = tensor(down, dtype=values.dtype, seed=values.seed)
    if values.zero_up:
        return first, zeros(up, dtype=values.dtype)
    return first, tensor(up, dtype=values.dtype, seed=values.seed + 1)


def _spoiled(tensors: dict[str, Raw], values: Values) -> dict[str, Raw]:
    """Put one number that is none into the last matrix, if `values` asks for it."""
    bad = (values.nan and NAN_OF) or (values.infinity and INFINITY_OF)
    if bad:
        name = [name for name, raw in tensors.items() if len(raw.shape) > 1][-1]
        dtype, shape, content = tensors[name]
        tensors[name] = Raw(dtype, shape, bad[dtype] + content[BYTES_OF[dtype] :])
    return tensors


def _file(
    tensors: Mapping[str, Raw], without: str, metadata: Mapping[str, str] | None
) -> io.BytesIO:
    kept = {name: raw for name, raw in tensors.items() if not without or without not in name}
    return named(safetensors(kept, metadata), "adapter.safetensors")


# --- what is no adapter ----------------------------------------------------------------------


def checkpoint() -> io.BytesIO:
    """Return a whole model (a few of its layers), as it is found under models/Stable-diffusion."""
    root = "model.diffusion_model"
    names = [
        f"{root}.input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight",
        f"{root}.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight",
        "first_stage_model.decoder.conv_in.weight",
        "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight",
    ]
    return named(safetensors({name: tensor((8, 8)) for name in names}), "model.safetensors")


def embedding(width: int = 768) -> io.BytesIO:
    """Return a textual inversion: two token vectors and nothing else."""
    return named(safetensors({"emb_params": tensor((2, width), dtype="F32")}), "token.safetensors")


def pickle_stream() -> io.BytesIO:
    """Return an empty dict as the pickle protocol writes it (by hand: nothing here pickles)."""
    return named(b"\x80\x02}q\x00.", "adapter.safetensors")


def torch_zip() -> io.BytesIO:
    """Return what torch.save writes: a ZIP with a pickle in it."""
    file = named(b"", "adapter.safetensors")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}q\x00.")
        archive.writestr("archive/version", b"3\n")
    file.seek(0)
    return file


def cut_short(file: io.BytesIO, *, by: int = 100) -> io.BytesIO:
    """Return `file` without its last bytes, as a broken transfer leaves it."""
    return named(file.getvalue()[:-by], "adapter.safetensors")
