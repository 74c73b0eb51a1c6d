"""
Two made-up versions that docs and tests show recipes of: pictures in kohya's dialect, and text in
PEFT's.
"""

from __future__ import annotations

from registry.exports.card import Card

_AT = "https://hub.example/api/adapters/studio"

INK = Card(
    team="studio",
    slug="ink-wash",
    title="Ink wash",
    version=3,
    stem="ink-wash-v3-abababab",
    sha256="ab" * 32,
    base="sdxl-1-0",
    family="sdxl",
    trigger_words=("ink wash", "sumi-e"),
    weight=0.8,
    weight_low=0.6,
    weight_high=1.0,
    download_url=f"{_AT}/ink-wash/versions/3/download",
    file_name="ink-wash-v3-abababab.safetensors",
    dialect="kohya",
    scene="a mountain at dawn, {trigger}",
    base_title="SDXL 1.0",
    base_repo="stabilityai/stable-diffusion-xl-base-1.0",
    pipeline="StableDiffusionXLPipeline",
    rank=16,
    layouts=("kohya", "diffusers", "peft"),
    page_url="https://hub.example/studio/ink-wash?version=3",
)

TALE = Card(
    team="studio",
    slug="pirate-tales",
    title="Pirate tales",
    version=2,
    stem="pirate-tales-v2-abababab",
    sha256="ab" * 32,
    base="qwen-2-5-0-5b",
    family="qwen2",
    trigger_words=(),
    weight=1.0,
    weight_low=0.8,
    weight_high=1.2,
    download_url=f"{_AT}/pirate-tales/versions/2/download",
    file_name="pirate-tales-v2-abababab.safetensors",
    dialect="peft",
    config_url=f"{_AT}/pirate-tales/versions/2/download?file=adapter_config.json",
    scene="Once upon a time",
    base_title="Qwen 2.5 0.5B",
    base_repo="Qwen/Qwen2.5-0.5B",
    pipeline="Qwen2ForCausalLM",
    rank=24,
    rank_low=24,
    config={
        "base_model_name_or_path": "Qwen/Qwen2.5-0.5B",
        "peft_type": "LORA",
        "r": 24,
        "target_modules": ["q_proj", "v_proj"],
    },
    layouts=("peft", "gguf"),
)
