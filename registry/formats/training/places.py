"""
Where trainers write each fact, the surest place first.

`ss_*` is kohya's sd-scripts, and whoever writes as they do (musubi-tuner, ai-toolkit); `ot_config`
is OneTrainer's whole configuration; `modelspec.*` is the standard of that name; `adapter_config` is
PEFT's file beside the weights, which diffusers writes into the header as `lora_adapter_metadata`,
one configuration a component. To read another trainer, add its keys here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from registry.formats.training import reading


class Place(NamedTuple):
    """One field of TrainingFacts: how a value is read, and where it may stand."""

    field: str
    read: Callable[[Any], Any]
    keys: tuple[str, ...]


def _in_diffusers(name: str) -> tuple[str, ...]:
    parts = ("unet.", "transformer.", "prior.", "text_encoder.", "")
    return tuple(f"lora_adapter_metadata/{part}{name}" for part in parts)


PLACES: tuple[Place, ...] = (
    Place("name", reading.short, (
        "ss_output_name", "modelspec.title", "name", "ot_config/lora_model_name",
    )),
    Place("base_version", reading.short, ("ss_base_model_version", "ot_config/model_type")),
    Place("architecture", reading.short, ("modelspec.architecture",)),
    Place("base_name", reading.file_name, (
        "ss_sd_model_name", "ss_base_model", "adapter_config/base_model_name_or_path",
        "ot_config/base_model_name", *_in_diffusers("base_model_name_or_path"),
    )),
    Place("base_sha256", reading.lower, ("ss_new_sd_model_hash",)),
    Place("network", reading.short, (
        "ss_network_module", "adapter_config/peft_type", "ot_config/peft_type",
        *_in_diffusers("peft_type"),
    )),
    Place("rank", reading.positive, (
        "ss_network_dim", "adapter_config/r", "ot_config/lora_rank", *_in_diffusers("r"),
    )),
    Place("alpha", reading.number, (
        "ss_network_alpha", "adapter_config/lora_alpha", "ot_config/lora_alpha",
        *_in_diffusers("lora_alpha"),
    )),
    Place("conv_rank", reading.positive, ("ss_network_args/conv_dim",)),
    Place("conv_alpha", reading.number, ("ss_network_args/conv_alpha",)),
    Place("steps", reading.positive, ("ss_max_train_steps", "ss_steps")),
    Place("epochs", reading.positive, ("ss_num_epochs", "ss_epoch", "ot_config/epochs")),
    Place("epoch", reading.positive, ("ss_epoch", "training_info/epoch")),
    Place("training_step", reading.positive, ("ss_steps", "training_info/step")),
    Place("resolution", reading.size, (
        "ss_resolution", "modelspec.resolution", "ot_config/resolution",
    )),
    Place("images", reading.positive, ("ss_num_train_images",)),
    Place("regularisation_images", reading.positive, ("ss_num_reg_images",)),
    Place("batch_size", reading.positive, (
        "ss_total_batch_size", "ss_batch_size_per_device", "ot_config/batch_size",
    )),
    Place("gradient_accumulation", reading.positive, (
        "ss_gradient_accumulation_steps", "ot_config/gradient_accumulation_steps",
    )),
    Place("learning_rate", reading.number, (
        "ss_learning_rate", "ss_unet_lr", "ot_config/learning_rate",
    )),
    Place("unet_learning_rate", reading.number, (
        "ss_unet_lr", "ot_config/unet/learning_rate", "ot_config/transformer/learning_rate",
        "ot_config/prior/learning_rate",
    )),
    Place("text_encoder_learning_rate", reading.first_number, (
        "ss_text_encoder_lr", "ot_config/text_encoder/learning_rate",
    )),
    Place("optimizer", reading.class_name, ("ss_optimizer", "ot_config/optimizer/optimizer")),
    Place("scheduler", reading.class_name, (
        "ss_lr_scheduler", "ot_config/learning_rate_scheduler",
    )),
    Place("warmup_steps", reading.positive, (
        "ss_lr_warmup_steps", "ot_config/learning_rate_warmup_steps",
    )),
    Place("precision", reading.lower, ("ss_mixed_precision", "ot_config/train_dtype")),
    Place("seed", reading.whole, ("ss_seed", "ot_config/seed")),
    Place("clip_skip", reading.positive, (
        "ss_clip_skip", "modelspec.encoder_layer", "ot_config/text_encoder_layer_skip",
    )),
    Place("prediction_type", reading.short, (
        "modelspec.prediction_type", "ss_model_prediction_type",
    )),
    Place("started_at", reading.moment, ("ss_training_started_at",)),
    Place("finished_at", reading.moment, ("ss_training_finished_at",)),
    Place("comment", reading.long, ("ss_training_comment",)),
    Place("claimed_hash", reading.digest, ("sshs_model_hash", "modelspec.hash_sha256")),
)  # fmt: skip

# Options of the noise and of the loss, each off where it is 0.
NOISE: tuple[Place, ...] = (
    Place("noise_offset", reading.amount, ("ss_noise_offset", "ot_config/offset_noise_weight")),
    Place("adaptive_noise_scale", reading.amount, ("ss_adaptive_noise_scale",)),
    Place("multires_noise_iterations", reading.amount, ("ss_multires_noise_iterations",)),
    Place("multires_noise_discount", reading.amount, ("ss_multires_noise_discount",)),
    Place("ip_noise_gamma", reading.amount, (
        "ss_ip_noise_gamma", "ot_config/perturbation_noise_weight",
    )),
    Place("min_snr_gamma", reading.amount, ("ss_min_snr_gamma",)),
    Place("zero_terminal_snr", reading.amount, (
        "ss_zero_terminal_snr", "ot_config/rescale_noise_scheduler_to_zero_terminal_snr",
    )),
    Place("debiased_estimation", reading.amount, ("ss_debiased_estimation",)),
    Place("discrete_flow_shift", reading.amount, (
        "ss_discrete_flow_shift", "ot_config/timestep_shift",
    )),
    Place("guidance_scale", reading.amount, ("ss_guidance_scale",)),
)  # fmt: skip

# All that ModelSpec 1.0 knows but the thumbnail, which is a picture.
SPEC = (
    "sai_model_spec", "architecture", "implementation", "title", "resolution", "description",
    "author", "date", "hash_sha256", "implementation_version", "license", "usage_hint", "tags",
    "merged_from", "trigger_phrase", "prediction_type", "timestep_range", "encoder_layer",
    "preprocessor", "is_negative_embedding", "unet_dtype", "vae_dtype", "data_format",
    "format_type", "language", "format_template",
)  # fmt: skip
