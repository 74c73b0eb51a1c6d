"""
Names that adapters use for layers and that diffusers' own names do not give away.

Stable Diffusion's first code numbered its blocks in one row (`input_blocks.4.1`), and Black Forest
Labs keep queries, keys and values in one matrix. Adapters trained on those codes carry these names;
here they are worked out from the configuration, flat (underscores for dots) as manifests hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workers.engine.other_names import (
    auraflow,
    cascade,
    cosmos,
    flux,
    hunyuan_dit,
    hunyuan_video,
    krea_2,
    ltx_video,
    lumina2,
    mochi,
    pixart,
    stable_diffusion_3,
    unet,
    wan,
    wrapped,
    z_image,
)
from workers.engine.other_names.naming import Naming, OtherNames

__all__ = ["OtherNames", "other_names"]

# By the class that holds the layers. A class that nobody else names differently has no row.
NAMINGS: Mapping[str, Naming] = {
    "UNet2DConditionModel": unet.names,
    "SD3Transformer2DModel": stable_diffusion_3.names,
    "StableCascadeUNet": cascade.names,
    "FluxTransformer2DModel": flux.names,
    "ChromaTransformer2DModel": flux.names_in_chroma,
    "Flux2Transformer2DModel": flux.names_in_flux_2,
    "ZImageTransformer2DModel": z_image.names,
    "Krea2Transformer2DModel": krea_2.names,
    "AuraFlowTransformer2DModel": auraflow.names,
    "LlavaForConditionalGeneration": wrapped.names_in_llava,
    "PaliGemmaForConditionalGeneration": wrapped.names,
    "Gemma3ForConditionalGeneration": wrapped.names,
    "ColPaliForRetrieval": wrapped.names_for_retrieval,
    "ColQwen2ForRetrieval": wrapped.names_for_retrieval,
    "MusicgenForConditionalGeneration": wrapped.names_in_musicgen,
    "Lumina2Transformer2DModel": lumina2.names,
    "PixArtTransformer2DModel": pixart.names,
    "SanaTransformer2DModel": pixart.sana_names,
    "CosmosTransformer3DModel": cosmos.names,
    "HunyuanVideoTransformer3DModel": hunyuan_video.names,
    "HunyuanVideoFramepackTransformer3DModel": hunyuan_video.names,
    "HunyuanVideo15Transformer3DModel": hunyuan_video.names_apart,
    "HunyuanImageTransformer2DModel": hunyuan_video.names_apart,
    "WanTransformer3DModel": wan.names,
    "LTXVideoTransformer3DModel": ltx_video.names,
    "LTX2VideoTransformer3DModel": ltx_video.names,
    "MochiTransformer3DModel": mochi.names,
    "HunyuanDiT2DModel": hunyuan_dit.names,
}


def other_names(class_name: str, layers: Iterable[str], config: Mapping[str, Any]) -> OtherNames:
    """Return the other names of a component's layers, none where no other code names them."""
    naming = NAMINGS.get(class_name)
    return naming(tuple(layers), config) if naming else {}
