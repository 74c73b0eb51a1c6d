"""What is known of an adapter's making, and where each fact stands in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TriggerCandidate:
    """Words that may call an adapter up, and who says so."""

    text: str
    source: str  # the metadata key
    count: int | None = None  # captions with these words, where they are counted


@dataclass(frozen=True, slots=True)
class RecommendedWeight:
    """At what weight the adapter's maker would use it; one number is both ends of its range."""

    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """Facts read from metadata; None or empty where the file is silent."""

    name: str = ""
    trainer: str = ""
    trainer_version: str = ""
    base_version: str = ""  # ss_base_model_version: sdxl_base_v1-0
    architecture: str = ""  # modelspec.architecture: stable-diffusion-xl-v1-base/lora
    base_name: str = ""  # ss_sd_model_name, or PEFT's base_model_name_or_path; never its folder
    base_sha256: str = ""
    network: str = ""  # ss_network_module: networks.lora, lycoris.kohya
    rank: int | None = None
    alpha: float | None = None
    conv_rank: int | None = None
    conv_alpha: float | None = None
    steps: int | None = None
    epochs: int | None = None
    epoch: int | None = None  # the epoch that this very file was saved after
    resolution: tuple[int, int] | None = None
    images: int | None = None
    regularisation_images: int | None = None
    datasets: tuple[tuple[str, int, int], ...] = ()  # folder, pictures, repeats
    batch_size: int | None = None
    gradient_accumulation: int | None = None
    learning_rate: float | None = None
    unet_learning_rate: float | None = None
    text_encoder_learning_rate: float | None = None
    optimizer: str = ""
    scheduler: str = ""
    warmup_steps: int | None = None
    precision: str = ""
    seed: int | None = None
    clip_skip: int | None = None
    prediction_type: str = ""
    noise: Mapping[str, float] = field(default_factory=dict)  # noise_offset, min_snr_gamma …
    started_at: datetime | None = None
    finished_at: datetime | None = None
    training_step: int | None = None  # the step that this very file was saved at
    comment: str = ""
    tags: tuple[tuple[str, int], ...] = ()  # words of the captions, the commonest first
    trigger_candidates: tuple[str, ...] = ()  # the texts of `candidates`
    candidates: tuple[TriggerCandidate, ...] = ()
    weight: RecommendedWeight | None = None
    spec: Mapping[str, str] = field(default_factory=dict)  # modelspec.*, without the thumbnail
    claimed_hash: str = ""  # sha256 of the tensors, as the trainer saw them
    sources: Mapping[str, str] = field(default_factory=dict)  # of each fact: its metadata key
