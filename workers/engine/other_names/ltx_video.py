"""What Lightricks call LTX-Video's and LTX-2's layers: all but ends and norms as diffusers do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames
from workers.engine.other_names.tables import Table, names_by

_MODULATIONS = {
    "adaln_single": "time_embed",
    "audio_adaln_single": "audio_time_embed",
    "prompt_adaln_single": "prompt_adaln",
    "audio_prompt_adaln_single": "audio_prompt_adaln",
    "av_ca_video_scale_shift_adaln_single": "av_cross_attn_video_scale_shift",
    "av_ca_audio_scale_shift_adaln_single": "av_cross_attn_audio_scale_shift",
    "av_ca_a2v_gate_adaln_single": "av_cross_attn_video_a2v_gate",
    "av_ca_v2a_gate_adaln_single": "av_cross_attn_audio_v2a_gate",
}
_ATTENTIONS = (
    "attn1",
    "attn2",
    "audio_attn1",
    "audio_attn2",
    "audio_to_video_attn",
    "video_to_audio_attn",
)
_TABLE: Table = {
    "patchify_proj": ("proj_in",),
    "audio_patchify_proj": ("audio_proj_in",),
    **{
        f"{other}.{layer}": (f"{ours}.{layer}",)
        for other, ours in _MODULATIONS.items()
        for layer in (
            "emb.timestep_embedder.linear_1",
            "emb.timestep_embedder.linear_2",
            "linear",
        )
    },
    **{
        f"transformer_blocks.{{n}}.{attention}.{letter}_norm": (
            f"transformer_blocks.{{n}}.{attention}.norm_{letter}",
        )
        for attention in _ATTENTIONS
        for letter in "qk"
    },
}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    return names_by(_TABLE, layers)
