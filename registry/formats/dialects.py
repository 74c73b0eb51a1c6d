"""
How trainers name tensors, and how to take a name apart.

A name is <prefix><module><tail>: the prefix says which part of the base, the module which layer,
the tail which matrix of the pair. `lora_unet_mid_block_attentions_0_proj_in.lora_down.weight` is
`lora_unet_` + `mid_block_attentions_0_proj_in` + `.lora_down.weight`. The words are the tables of
spellings.py; what is here cuts names at them, and reads the few dialects that cut otherwise.

A name that fits no row is left alone and reported. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from registry.formats.components import component_of, is_text, of_denoiser, settling
from registry.formats.header import Tensor
from registry.formats.spellings import (
    DOTTED_PREFIXES,
    FLAT_PREFIXES,
    PEFT_ROLES,
    TAILS,
    Dialect,
    Place,
    Tail,
)

Roles = dict[str, Tensor]  # a layer's tensors, by which of its matrices each is

__all__ = ["DOTTED_PREFIXES", "FLAT_PREFIXES", "TAILS", "Dialect", "Place", "Roles",
           "Tail", "layers_in", "take_apart"]  # fmt: skip


def _one_of(prefixes: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(prefix) for prefix in prefixes))


_FLAT = _one_of(row[0] for row in FLAT_PREFIXES)
_OF_FLAT = {prefix: (dialect, component) for prefix, dialect, component in FLAT_PREFIXES}
_DOTTED = _one_of(row[0] for row in DOTTED_PREFIXES)
_OF_DOTTED = {prefix: (dialect, component) for prefix, dialect, component in DOTTED_PREFIXES}
_PEFT_TAILS = {tail for tail, (_, of) in TAILS.items() if of is Tail.PEFT} | set(PEFT_ROLES)
_OTHER_ENCODER = re.compile(r"text_encoders\.\w+\.(?:transformer\.)?")

# diffusers' `transformer.` is a part of the pipeline; GPT-2's and BLOOM's is in the model.
_TEXT_TRANSFORMER = re.compile(
    r"transformer\.((h|layer|encoder)\.|wte|wpe|word_embeddings|ln_f|output_layer|"
    r"blocks\.\d+\.(attn\.(Wqkv|out_proj)|ffn\.(up|down)_proj))"
)
_CLONEOFSIMO = re.compile(r"(unet|text_encoder):(\d+):(down|up)")
_PROCESSOR = re.compile(
    r"(.+?)(\.processor)?\.(to_[qkv]|to_out|add_[kv]_proj)_lora\.(down\.weight|up\.weight|alpha)"
)
_XLABS = re.compile(
    r"(?:diffusion_model\.)?((?:double|single)_blocks\.\d+)\.processor\."
    r"(qkv|proj)_lora([12]?)\.(down|up)\.weight"
)
_WITH_TAIL = {
    (Dialect.DIFFUSERS, Tail.MID): Dialect.DIFFUSERS_MID,
    (Dialect.DIFFUSERS, Tail.PROCESSOR): Dialect.DIFFUSERS_OLD,
    (Dialect.DIFFUSERS, Tail.KOHYA): Dialect.HYBRID,
    (Dialect.UNKNOWN, Tail.PROCESSOR): Dialect.DIFFUSERS_ROOT,
    (Dialect.UNKNOWN, Tail.MID): Dialect.DIFFUSERS_ROOT,
    (Dialect.UNKNOWN, Tail.PEFT): Dialect.PEFT,
    (Dialect.UNKNOWN, Tail.GGUF): Dialect.GGUF,
    (Dialect.UNKNOWN, Tail.KOHYA): Dialect.HYBRID,
    (Dialect.UNKNOWN, Tail.ANY): Dialect.HYBRID,
}


_BARE = (Dialect.HYBRID, Tail.ANY)


def layers_in(
    tensors: Mapping[str, Tensor], *, told: str = ""
) -> tuple[list[tuple[Place, Roles]], dict[str, None]]:
    """
    Return the layers of which a file's names speak, and the names that speak no dialect we know.

    `told` is what its metadata says of the base. A layer may come twice, where a file names some of
    its tensors in one way and some in another.
    """
    layers: dict[Place, Roles] = {}
    others: dict[str, None] = {}
    for name, tensor in tensors.items():
        found = _plainly_flat(name) or take_apart(name)
        if found is None:
            others[name] = None
            continue
        place, role = found
        roles = layers.get(place)
        if roles is None:
            layers[place] = {role: tensor}
        elif role in roles:  # Two adapters in one file: one of them is not for us.
            others[name] = None
        else:
            roles[role] = tensor
    _give_vectors(layers.values(), others, tensors)
    settle = settling(layers, told=told)
    return [(settle(place), roles) for place, roles in layers.items()], others


def _plainly_flat(name: str) -> tuple[Place, str] | None:
    """Return what a flat name says, without a look at all else that names can be."""
    root, _, tail = name.partition(".")
    found = TAILS.get(tail)
    place = _flat(root) if found else None
    return (place, found[0]) if found and place else None


def take_apart(name: str) -> tuple[Place, str] | None:
    """
    Return what the name of a tensor says: its place and its role; None if it is in no dialect.

    The place's component may be one that only the whole file settles: see components.py.
    """
    split = _split_tail(name)
    if split is not None and split[0] != "base_model":  # What all layers share stands there.
        root, role, tail = split
        if role == "alpha" and root.endswith("_lora") and (match := _PROCESSOR.fullmatch(name)):
            return _processor(*match.groups())
        return _flat(root) or _dotted(root, tail), role
    if match := _CLONEOFSIMO.fullmatch(name):
        component, number, role = match.groups()
        return Place(Dialect.CLONEOFSIMO, component, number, f"{component}:{number}"), role
    if match := _XLABS.fullmatch(name):
        return _xlabs(*match.groups())
    if match := _PROCESSOR.fullmatch(name):
        return _processor(*match.groups())
    return None


def _give_vectors(
    layers: Iterable[Roles], others: dict[str, None], tensors: Mapping[str, Tensor]
) -> None:
    """Give (IA)³'s layers their vectors: plainly called "weight", and known by what is beside."""
    for roles in layers:
        marker = roles.get("on_input")
        vector = f"{marker.name.removesuffix('on_input')}weight" if marker else ""
        if marker and vector in others:
            del others[vector], roles["on_input"]
            roles |= {"weight": tensors[vector], "on_input": marker}  # What has the shape is first.


def _split_tail(name: str) -> tuple[str, str, Tail] | None:
    # A flat name has no dots but those of its tail,
    root, _, tail = name.partition(".")
    if tail in TAILS:
        return root, *TAILS[tail]
    # … and others are cut at their last three, from the right: tails have one to three words.
    end = len(name)
    for _ in range(3):
        end = name.rfind(".", 0, end)
        if end < 0:
            break
        found = TAILS.get(name[end + 1 :])
        if found:
            return name[:end], *found
    return _without_infix(name)


def _without_infix(name: str) -> tuple[str, str, Tail] | None:
    """
    Cut a name as PEFT has it in memory, with the adapter's own name inside: `lora_A.default`.

    A number in that place is that of one of several tensors, and becomes part of the role.
    """
    words = name.rsplit(".", 3)
    if len(words) > 3 and (found := TAILS.get(f"{words[1]}.{words[3]}")):
        infix, (role, tail) = words[2], found
        root = words[0]
    else:
        root, _, infix = name.rpartition(".")
        root, _, end = root.rpartition(".")
        if not root or infix in {"weight", "bias"} or end not in _PEFT_TAILS:
            return None
        role, tail = TAILS[end]
    return root, f"{role}.{infix}" if infix.isdigit() else role, tail


@lru_cache(maxsize=4096)  # Each layer has two to eight tensors, one after another.
def _flat(root: str) -> Place | None:
    """Return the place of which a name with underscores for dots speaks, None if it has none."""
    match = _FLAT.match(root)
    if match is None:
        return None
    dialect, component = _OF_FLAT[match[0]]
    module = root[match.end() :]
    if component == "unet":  # Said for whatever denoises, U-Net or transformer.
        component = of_denoiser(module)
    elif not component:  # Said for whatever was wrapped.
        component = "text_encoder" if is_text(module) else of_denoiser(module)
    return Place(dialect, component, module, root)


@lru_cache(maxsize=4096)
def _dotted(root: str, tail: Tail) -> Place:
    dialect, component, module = Dialect.UNKNOWN, "model", root
    if match := _OTHER_ENCODER.match(root):
        dialect, component, module = Dialect.BFL, "text_encoder", root[match.end() :]
    if (match := _DOTTED.match(root)) and not _TEXT_TRANSFORMER.match(root):
        dialect, component = _OF_DOTTED[match[0]]
        module = root[match.end() :]
    if component == "model":
        component = component_of(module)
    elif not component:
        component = of_denoiser(module)
    if dialect is Dialect.UNKNOWN and tail is Tail.ANY and component == "model":
        dialect = Dialect.PEFT  # Which has LyCORIS' tails too.
    dialect = _WITH_TAIL.get((dialect, tail), dialect)
    if _is_bfl(module) and (dialect is Dialect.PEFT or (dialect, tail) == _BARE):
        dialect = Dialect.BFL
    return Place(dialect, component, module, root)


def _is_bfl(module: str) -> bool:
    return module.startswith(("double_blocks.", "single_blocks.", "img_in", "txt_in", "vector_in",
                              "time_in", "guidance_in", "final_layer."))  # fmt: skip


_OF_TEXT = {"to_q": "q_proj", "to_k": "k_proj", "to_v": "v_proj", "to_out": "out_proj"}


def _processor(block: str, _: str, matrix: str, end: str) -> tuple[Place, str]:
    if block.endswith("self_attn"):  # A text encoder, spoken of in the U-Net's words.
        layer = _OF_TEXT.get(matrix, matrix)
    else:
        layer = "to_out.0" if matrix == "to_out" else matrix
    root = f"{block}.{layer}"
    place = _flat(root) or _dotted(root, Tail.PROCESSOR)
    return place._replace(layer=place.module), end.removesuffix(".weight")


def _xlabs(block: str, matrix: str, stream: str, role: str) -> tuple[Place, str]:
    if block.startswith("single"):  # Its queries, keys and values are rows of linear1.
        module = f"{block}.{'qkv' if matrix == 'qkv' else 'linear2'}"
    else:
        module = f"{block}.{'txt' if stream == '2' else 'img'}_attn.{matrix}"
    return Place(Dialect.XLABS, "transformer", module, module), role
