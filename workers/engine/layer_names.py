"""
Which layer of the base a tensor of an adapter belongs to, after diffusers has renamed it.

The loaders know four spellings of the same layer; here they become one, the module's own name, so
that what a file holds can be held against what was injected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from registry.formats.spellings import PEFT_ROLES

_OTHERS = "|".join(map(re.escape, PEFT_ROLES))
_ENDING = re.compile(
    rf"""
    (?:\.processor)?
    (?:
        \.(?P<projection>to_[qkv]|to_out)_lora\.(?:down|up)\.weight   # attention processors
      | \.lora(?:_linear_layer)?\.(?:down|up)\.weight                 # diffusers before PEFT
      | \.lora_(?:embedding_)?[AB](?:\.[^.]+)*                        # PEFT
      | \.lora_(?:down|up)\.weight
      | \.lora_magnitude_vector(?:\.[^.]+)*
      | \.(?:{_OTHERS})(?:\.[^.]+)*                                        # what else PEFT has
    )$
    """,
    re.VERBOSE,
)
_IN_ENCODER = {"to_q": "q_proj", "to_k": "k_proj", "to_v": "v_proj", "to_out": "out_proj"}


def layers_by_component(
    names: Iterable[str], components: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """
    Return the layers that tensor names speak of, in order, by component.

    Those of no component in `components` are under "".
    """
    found: dict[str, dict[str, None]] = {}
    for name in names:
        layer = layer_of(name)
        if layer is None:
            continue
        head, _, rest = layer.partition(".")
        component, rest = (head, rest) if head in components else ("", layer)
        found.setdefault(component, {})[canonical(rest, component)] = None
    return {component: tuple(layers) for component, layers in found.items()}


def layer_of(name: str) -> str | None:
    """Return the layer that a tensor's name speaks of, None if it is no part of an adapter."""
    match = _ENDING.search(name)
    if match is None:
        return None
    projection = match["projection"]
    return name[: match.start()] + (f".{projection}" if projection else "")


def canonical(module: str, component: str) -> str:
    """Return one spelling of a module's name, whatever the age of the file or the library."""
    if component.startswith("text_encoder"):
        module = module.removeprefix("text_model.")
        parent, _, last = module.rpartition(".")
        return f"{parent}.{_IN_ENCODER[last]}" if last in _IN_ENCODER else module
    return module.removesuffix(".0") if module.endswith(".to_out.0") else module
