"""What the small base of each family is made of: stock classes, small configurations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import diffusers

from tests.workers.engine import tiny
from tests.workers.engine.families import readers
from tests.workers.engine.families.readers import WIDTH

SEPARATE = {"pooled_projection_dim": WIDTH, "joint_attention_dim": WIDTH}


def _flow(**other: Any) -> diffusers.FlowMatchEulerDiscreteScheduler:
    return diffusers.FlowMatchEulerDiscreteScheduler(**other)


def _vae(channels: int, **other: Any) -> diffusers.AutoencoderKL:
    return diffusers.AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(8, 8),
        norm_num_groups=4,
        latent_channels=channels,
        **{"scaling_factor": 1.5, "shift_factor": 0.1, "force_upcast": False} | other,
    )


def sd_3(folder: Path) -> dict[str, Any]:
    clip = tiny._tokenizer(folder / "tokenizer-source")
    return {
        "transformer": diffusers.SD3Transformer2DModel(
            sample_size=16,
            in_channels=4,
            out_channels=4,
            num_layers=2,
            attention_head_dim=8,
            num_attention_heads=4,
            caption_projection_dim=WIDTH,
            pos_embed_max_size=16,
            pooled_projection_dim=2 * WIDTH,
            joint_attention_dim=2 * WIDTH,
        ),
        "text_encoder": readers.clip_projected(),
        "text_encoder_2": readers.clip_projected(),
        "text_encoder_3": readers.t5(2 * WIDTH),
        "tokenizer": clip,
        "tokenizer_2": clip,
        "tokenizer_3": readers.words(),
        "scheduler": _flow(shift=3.0),
        "vae": _vae(4),
    }


def flux(folder: Path) -> dict[str, Any]:
    return {
        "transformer": diffusers.FluxTransformer2DModel(
            in_channels=16,
            num_layers=2,
            num_single_layers=2,
            attention_head_dim=16,
            num_attention_heads=2,
            guidance_embeds=True,
            axes_dims_rope=(4, 4, 8),
            **SEPARATE,
        ),
        "text_encoder": readers.clip(),
        "text_encoder_2": readers.t5(),
        "tokenizer": tiny._tokenizer(folder / "tokenizer-source"),
        "tokenizer_2": readers.words(),
        "scheduler": _flow(use_dynamic_shifting=True),
        "vae": _vae(4),
    }


def _flux_2(layers: int, *, guided: bool) -> dict[str, Any]:
    return {
        "transformer": diffusers.Flux2Transformer2DModel(
            in_channels=16,
            num_layers=2,
            num_single_layers=2,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=3 * WIDTH,
            timestep_guidance_channels=16,
            axes_dims_rope=(4, 4, 4, 4),
            guidance_embeds=guided,
        ),
        "text_encoder": readers.mistral3(layers) if guided else readers.qwen3(layers),
        "tokenizer": readers.words(),
        "scheduler": _flow(use_dynamic_shifting=True),
        "vae": diffusers.AutoencoderKLFlux2(
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            block_out_channels=(8, 8),
            latent_channels=4,
            norm_num_groups=4,
            layers_per_block=1,
        ),
    }


def flux_2(folder: Path) -> dict[str, Any]:
    return _flux_2(30, guided=True)


def flux_2_klein(folder: Path) -> dict[str, Any]:
    return _flux_2(27, guided=False) | {"is_distilled": False}


def _film_vae(kind: str) -> Any:
    return getattr(diffusers, kind)(
        base_dim=8,
        z_dim=4,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        latents_mean=[0.1] * 4,
        latents_std=[1.5] * 4,
    )


def qwen_image(folder: Path) -> dict[str, Any]:
    return {
        "transformer": diffusers.QwenImageTransformer2DModel(
            in_channels=16,
            out_channels=4,
            num_layers=2,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=WIDTH,
            axes_dims_rope=(4, 4, 8),
        ),
        "text_encoder": readers.qwen2_5_vl(),
        "tokenizer": readers.letters(),
        "scheduler": _flow(use_dynamic_shifting=True),
        "vae": _film_vae("AutoencoderKLQwenImage"),
    }


def z_image(folder: Path) -> dict[str, Any]:
    return {
        "transformer": diffusers.ZImageTransformer2DModel(
            in_channels=4,
            dim=WIDTH,
            n_layers=2,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=WIDTH,
            axes_dims=[4, 4, 8],
            axes_lens=[1024, 64, 64],
        ),
        "text_encoder": readers.qwen3(),
        "tokenizer": readers.words(),
        "scheduler": _flow(shift=3.0),
        "vae": _vae(4),
    }


def sana(folder: Path) -> dict[str, Any]:
    return {
        "transformer": diffusers.SanaTransformer2DModel(
            in_channels=4,
            out_channels=4,
            num_attention_heads=2,
            attention_head_dim=16,
            num_layers=2,
            num_cross_attention_heads=2,
            cross_attention_head_dim=16,
            cross_attention_dim=WIDTH,
            caption_channels=WIDTH,
            sample_size=8,
        ),
        "text_encoder": readers.gemma(),
        "tokenizer": readers.words(),
        "scheduler": _flow(shift=3.0),
        "vae": diffusers.AutoencoderDC(
            latent_channels=4,
            attention_head_dim=8,
            encoder_block_out_channels=(8, 8, 8),
            decoder_block_out_channels=(8, 8, 8),
            encoder_layers_per_block=(1, 1, 1),
            decoder_layers_per_block=(1, 1, 1),
            encoder_qkv_multiscales=((), (), ()),
            decoder_qkv_multiscales=((), (), ()),
            scaling_factor=0.5,
        ),
    }


def pixart(folder: Path) -> dict[str, Any]:
    return {
        "transformer": diffusers.PixArtTransformer2DModel(
            num_attention_heads=2,
            attention_head_dim=16,
            in_channels=4,
            out_channels=8,
            num_layers=2,
            cross_attention_dim=WIDTH,
            caption_channels=WIDTH,
            sample_size=16,
            interpolation_scale=1,
            use_additional_conditions=False,
        ),
        "text_encoder": readers.t5(),
        "tokenizer": readers.words(),
        "scheduler": diffusers.DPMSolverMultistepScheduler(solver_order=2),
        "vae": _vae(4, shift_factor=None),
    }


def lumina_2(folder: Path) -> dict[str, Any]:
    return {
        "transformer": diffusers.Lumina2Transformer2DModel(
            sample_size=16,
            in_channels=4,
            hidden_size=WIDTH,
            num_layers=2,
            num_refiner_layers=1,
            num_attention_heads=2,
            num_kv_heads=1,
            multiple_of=16,
            axes_dim_rope=(4, 4, 8),
            cap_feat_dim=WIDTH,
        ),
        "text_encoder": readers.gemma(),
        "tokenizer": readers.words(),
        "scheduler": _flow(shift=3.0),
        "vae": _vae(4),
    }


def auraflow(folder: Path) -> dict[str, Any]:
    return {
        "transformer": diffusers.AuraFlowTransformer2DModel(
            sample_size=16,
            num_mmdit_layers=1,
            num_single_dit_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=WIDTH,
            caption_projection_dim=WIDTH,
            pos_embed_max_size=256,
        ),
        "text_encoder": readers.umt5(),
        "tokenizer": readers.words(),
        "scheduler": _flow(shift=1.73),
        "vae": _vae(4, shift_factor=None),
    }


def wan(folder: Path) -> dict[str, Any]:
    return {
        "transformer": diffusers.WanTransformer3DModel(
            num_attention_heads=2,
            attention_head_dim=16,
            in_channels=4,
            out_channels=4,
            text_dim=WIDTH,
            freq_dim=16,
            ffn_dim=64,
            num_layers=2,
            rope_max_seq_len=64,
        ),
        "text_encoder": readers.umt5(),
        "tokenizer": readers.words(),
        "scheduler": _flow(shift=3.0),
        "vae": _film_vae("AutoencoderKLWan"),
    }


def wan_2_2(folder: Path) -> dict[str, Any]:
    return wan(folder) | {"expand_timesteps": True}  # every patch has a time of its own
