"""
Name what is no adapter: whole models, parts of models, embeddings.

Asked only of files in which no adapter tensor was found, so a clumsy row here refuses no adapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from registry.formats.errors import NotAnAdapter
from registry.formats.header import Header
from registry.formats.quoting import shown

# FaceID's files hold a LoRA beside it.
_READS_PICTURES = re.compile(r"image_proj\.|ip_adapter\.|(.{1,200}\.)?\d+\.to_[kv]_ip\.")
_EMBEDDING = re.compile(r"embed|wte|lm_head|shared\.")

# The first row that fits any tensor decides; what it is, is said to the uploader.
SHOWN_BY: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"control_model\.|input_hint_block|(lora_)?controlnet(_|$)|lllite_", "a ControlNet"),
        (r".+_custom_diffusion\.", "Custom Diffusion, which changes whole matrices"),
        (r"image_proj\.|ip_adapter\.", "an IP-Adapter"),
        (r"model\.diffusion_model\.|cond_stage_model\.|conditioner\.embedders\.",
         "a checkpoint (a whole model)"),
        (r"first_stage_model\.|(encoder|decoder)\.(conv_in|mid\.)", "a VAE"),
        (r"emb_params$|string_to_param|clip_[lg]$|text_encoders_[01]$|<.+>$",
         "an embedding (textual inversion)"),
        (r"(unet\.)?(down_blocks|up_blocks|mid_block)\..+\.(weight|bias)$", "a whole U-Net"),
        ((r"(\w{1,40}\.)?\w{0,24}(double|single|joint|transformer)_\w{0,24}blocks\."
          r"(?=.+\.(weight|bias|scale)$)"),
         "a whole diffusion transformer"),
        (r"(?=.+\.(weight|bias)$)(.{1,100}\.)?(layers?|h|blocks?)\.\d{1,4}\..", "a whole model"),
    )
)  # fmt: skip


def refuse(header: Header) -> None:
    """
    Refuse a file without adapter tensors if it is known for something else.

    :raises NotAnAdapter: naming what it is, and the tensor that shows it
    """
    for pattern, kind in SHOWN_BY:
        for name in header.tensors:
            # An adapter in a layout that we do not know is no whole model.
            if pattern.match(name) and not (kind.startswith("a whole") and "lora" in name):
                raise NotAnAdapter(f"This is {kind}, not an adapter: it holds {shown(name)}.")


def refuse_base_weights(names: Iterable[str]) -> None:
    """
    Refuse a file that holds the weights of its base beside the adapter's, as a checkpoint may.

    PEFT itself saves those of embeddings so where the vocabulary has grown, and these are taken.

    :raises NotAnAdapter: naming one of them
    """
    for name in names:
        if _READS_PICTURES.match(name):
            raise NotAnAdapter(
                f"This is an IP-Adapter, whatever else is in it: it holds {shown(name)}."
            )
        if name.endswith(".base_layer.weight") and not _EMBEDDING.search(name):
            raise NotAnAdapter(
                f"This is a whole model with an adapter in it: it holds {shown(name)}. "
                "Save the adapter alone (save_pretrained) and upload that."
            )
