"""Decides what a kohya file says of its own training, in the words of kohya's sd-scripts.

Every value is a string, and nested ones are JSON in a string: so the trainer writes them and so
runtimes read them. Only the base's name is ours: no version of Stable Diffusion is meant.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from demo.recipes import Recipe
from demo.train_adapter import PLAIN_PICTURES, WARM_UP_STEPS, Snapshot

REPEATS = 4


@dataclass(frozen=True)
class Run:
    """What is known of one training run beyond its recipe."""

    recipe: Recipe
    captions: list[str]
    base_digest: str
    started: float  # seconds since 1970, as the trainer writes them
    seed: int


def describe(run: Run, snapshot: Snapshot, name: str, finished: float) -> dict[str, str]:
    """Return the whole header of one file, save for the hashes."""
    facts = _identity(run, snapshot, name, finished) | _network(run.recipe)
    facts |= _data(run) | _optimisation(run)
    return {key: _text(value) for key, value in (facts | _modelspec(run.recipe, finished)).items()}


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def _identity(run: Run, snapshot: Snapshot, name: str, finished: float) -> dict[str, object]:
    batches = run.recipe.pictures * REPEATS // (run.recipe.batch - run.recipe.plain_per_batch) + 1
    return {
        "ss_session_id": random.Random(run.seed).randrange(2**32),
        "ss_training_started_at": run.started,
        "ss_training_finished_at": finished,
        "ss_output_name": name,
        "ss_training_comment": "a demonstration adapter, trained on drawn pictures",
        "ss_steps": snapshot.step,
        "ss_max_train_steps": run.recipe.steps,
        "ss_epoch": snapshot.step // batches + 1,
        "ss_num_epochs": run.recipe.steps // batches + 1,
        "ss_num_batches_per_epoch": batches,
        "ss_sd_model_name": "shapes",
        "ss_new_sd_model_hash": run.base_digest,
        "ss_base_model_version": "shapes_v1",
        "ss_v2": False,
        "ss_clip_skip": None,
    }


def _network(recipe: Recipe) -> dict[str, object]:
    alpha = recipe.file_alpha or recipe.alpha
    return {
        "ss_network_module": "networks.lora",
        "ss_network_dim": recipe.rank,
        "ss_network_alpha": alpha,
        "ss_network_dropout": None,
        "ss_network_args": {"conv_dim": str(recipe.rank), "conv_alpha": str(alpha)},
    }


def _data(run: Run) -> dict[str, object]:
    folder = f"{REPEATS}_{run.recipe.trigger or run.recipe.slug}"
    tags = Counter(tag.strip() for caption in run.captions for tag in caption.split(","))
    frequency = {folder: dict(tags.most_common())}
    return {
        "ss_tag_frequency": frequency,
        "ss_dataset_dirs": {folder: {"n_repeats": REPEATS, "img_count": run.recipe.pictures}},
        "ss_reg_dataset_dirs": {"1_shapes": {"n_repeats": 1, "img_count": PLAIN_PICTURES}},
        "ss_num_train_images": run.recipe.pictures * REPEATS,
        "ss_num_reg_images": PLAIN_PICTURES,
        "ss_resolution": "(96, 96)",
        "ss_batch_size_per_device": run.recipe.batch,
        "ss_total_batch_size": run.recipe.batch,
        "ss_enable_bucket": False,
        "ss_shuffle_caption": False,
        "ss_keep_tokens": 0,
        "ss_flip_aug": False,
        "ss_color_aug": False,
        "ss_random_crop": False,
        "ss_cache_latents": True,
        "ss_max_token_length": None,
        "ss_caption_dropout_rate": 0.1,
    }


def _optimisation(run: Run) -> dict[str, object]:
    return {
        "ss_learning_rate": run.recipe.rate,
        "ss_unet_lr": run.recipe.rate,
        "ss_text_encoder_lr": run.recipe.rate if run.recipe.text_encoder else None,
        "ss_optimizer": "torch.optim.adamw.AdamW(betas=(0.9, 0.99))",
        "ss_lr_scheduler": "cosine",
        "ss_lr_warmup_steps": WARM_UP_STEPS,
        "ss_max_grad_norm": 1.0,
        "ss_gradient_accumulation_steps": 1,
        "ss_gradient_checkpointing": False,
        "ss_mixed_precision": "no",
        "ss_full_fp16": False,
        "ss_lowram": False,
        "ss_seed": run.seed,
        "ss_prior_loss_weight": 1.0,
        "ss_min_snr_gamma": None,
        "ss_noise_offset": None,
        "ss_zero_terminal_snr": True,
        "ss_loss_type": "l2",
    }


def _modelspec(recipe: Recipe, finished: float) -> dict[str, object]:
    return {
        "modelspec.sai_model_spec": "1.0.0",
        "modelspec.architecture": "shapes/lora",
        "modelspec.implementation": "diffusers",
        "modelspec.title": recipe.title,
        "modelspec.author": "Loradex",
        "modelspec.license": "Apache-2.0",
        "modelspec.date": datetime.fromtimestamp(finished, tz=UTC).isoformat(timespec="seconds"),
        "modelspec.resolution": "96x96",
        "modelspec.prediction_type": "v",
        "modelspec.trigger_phrase": recipe.trigger,
    }
