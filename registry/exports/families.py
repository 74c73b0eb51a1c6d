"""Which families of bases the runtimes have, where their own modules do not say it."""

from __future__ import annotations

from registry.formats.families import Family

# fmt: off
IN_COMFYUI = frozenset({
    Family.SD1, Family.SD2, Family.SDXL, Family.SD3, Family.FLUX1, Family.FLUX2, Family.QWEN_IMAGE,
    Family.WAN, Family.Z_IMAGE, Family.COSMOS, Family.KREA2,
})
IN_WEBUI = frozenset({Family.SD1, Family.SD2, Family.SDXL, Family.SD3, Family.FLUX1})
IN_SDCPP = IN_WEBUI | {Family.FLUX2, Family.QWEN_IMAGE, Family.WAN, Family.Z_IMAGE}
BY_TRANSFORMERS = frozenset({
    Family.LLAMA, Family.MISTRAL, Family.MIXTRAL, Family.QWEN2, Family.QWEN3, Family.QWEN3_MOE,
    Family.GEMMA, Family.GEMMA2, Family.GEMMA3, Family.PHI2, Family.PHI3, Family.GPT2,
    Family.BLOOM, Family.FALCON, Family.NEOX, Family.OPT, Family.BERT, Family.ROBERTA,
    Family.DISTILBERT, Family.T5, Family.LLAVA, Family.QWEN2_VL, Family.QWEN2_5_VL,
    Family.PALIGEMMA, Family.BLIP, Family.BLIP2, Family.WHISPER, Family.WAV2VEC2, Family.MUSICGEN,
    Family.VITS,
})
IN_VLLM = frozenset({
    Family.LLAMA, Family.MISTRAL, Family.MIXTRAL, Family.QWEN2, Family.QWEN3, Family.QWEN3_MOE,
    Family.GEMMA, Family.GEMMA2, Family.GEMMA3, Family.PHI3, Family.OPT, Family.LLAVA,
    Family.QWEN2_VL, Family.QWEN2_5_VL, Family.PALIGEMMA, Family.BLIP2, Family.WHISPER,
})
IN_SGLANG = frozenset({
    Family.LLAMA, Family.MISTRAL, Family.MIXTRAL, Family.QWEN2, Family.QWEN3, Family.QWEN3_MOE,
    Family.GEMMA, Family.GEMMA2, Family.GEMMA3, Family.PHI3,
})
IN_TGI = frozenset({
    Family.LLAMA, Family.MISTRAL, Family.GEMMA, Family.GEMMA2, Family.QWEN2, Family.PHI3,
})
IN_LORAX = frozenset({
    Family.LLAMA, Family.MISTRAL, Family.MIXTRAL, Family.QWEN2, Family.GEMMA, Family.GEMMA2,
    Family.PHI2, Family.PHI3, Family.GPT2, Family.BLOOM,
})
# fmt: on
