"""What people call a family of bases."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "shapes": "Shapes",
        "sd1": "Stable Diffusion 1",
        "sd2": "Stable Diffusion 2",
        "sdxl": "SDXL",
        "sd3": "Stable Diffusion 3",
        "cascade": "Stable Cascade",
        "kolors": "Kolors",
        "flux1": "FLUX.1",
        "chroma": "Chroma",
        "flux2": "FLUX.2",
        "qwen-image": "Qwen-Image",
        "z-image": "Z-Image",
        "lumina2": "Lumina 2",
        "hidream": "HiDream",
        "auraflow": "AuraFlow",
        "pixart": "PixArt",
        "sana": "Sana",
        "krea2": "Krea 2",
        "cosmos": "Cosmos",
        "hunyuan-dit": "Hunyuan-DiT",
        "hunyuan-image": "HunyuanImage",
        "hunyuan-video": "HunyuanVideo",
        "wan": "Wan",
        "ltx-video": "LTX-Video",
        "cogvideox": "CogVideoX",
        "mochi": "Mochi",
        "llama": "Llama",
        "mistral": "Mistral",
        "mixtral": "Mixtral",
        "qwen2": "Qwen 2",
        "qwen3": "Qwen 3",
        "qwen3-moe": "Qwen 3 MoE",
        "gemma": "Gemma",
        "gemma2": "Gemma 2",
        "gemma3": "Gemma 3",
        "phi2": "Phi-2",
        "phi3": "Phi-3",
        "gpt2": "GPT-2",
        "bloom": "BLOOM",
        "falcon": "Falcon",
        "neox": "GPT-NeoX",
        "opt": "OPT",
        "bert": "BERT",
        "roberta": "RoBERTa",
        "distilbert": "DistilBERT",
        "t5": "T5",
        "llava": "LLaVA",
        "qwen2-vl": "Qwen 2 VL",
        "qwen2.5-vl": "Qwen 2.5 VL",
        "paligemma": "PaliGemma",
        "blip": "BLIP",
        "blip2": "BLIP-2",
        "whisper": "Whisper",
        "wav2vec2": "wav2vec 2.0",
        "musicgen": "MusicGen",
        "vits": "VITS",
    }
)


def title_of(family: str) -> str:
    """Return the title of a family; of one that has none, its word."""
    return TITLES.get(family, family)
