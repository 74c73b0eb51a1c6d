"""The words of Civitai's API for what we call otherwise: types, levels, formats, orders."""

from __future__ import annotations

from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect

# fmt: off
MODEL_TYPES = (
    "Checkpoint", "TextualInversion", "Hypernetwork", "AestheticGradient", "LORA", "LoCon", "DoRA",
    "Controlnet", "Upscaler", "MotionModule", "VAE", "TextEncoder", "UNet", "CLIPVision", "Poses",
    "Wildcards", "Workflows", "ComfyWorkflows", "Detection", "VisionLanguage", "CLIP", "LLM",
    "Other",
)
FILE_TYPES = (
    "Model", "Text Encoder", "Vision Encoder", "Pruned Model", "Negative", "Training Data", "VAE",
    "Config", "Archive", "UNet", "Diffusion Model", "CLIPVision", "ControlNet", "Workflow",
    "Upscaler", "Enhancement LoRA", "Other",
)
FORMATS = ("SafeTensor", "PickleTensor", "GGUF", "Diffusers", "Core ML", "ONNX", "Other")
PRECISIONS = (
    "fp32", "fp16", "bf16", "mxfp8", "fp8_mixed", "fp8_scaled", "fp8", "int8", "nf4", "nvfp4",
    "int4",
)
BASE_TYPES = ("Standard", "Inpainting", "Refiner", "Pix2Pix")
MODEL_SORTS = (
    "Highest Rated", "Most Downloaded", "Most Liked", "Most Discussed", "Most Collected",
    "Most Images", "Newest", "Oldest",
)
IMAGE_SORTS = (
    "Most Reactions", "Most Comments", "Most Collected", "Newest", "Oldest", "Random",
)
AVAILABILITIES = ("Public", "Unsearchable", "Private", "EarlyAccess")
CHECKPOINT_TYPES = ("Trained", "Merge")
COMMERCIAL = ("None", "Image", "RentCivit", "Rent", "Sell")
# fmt: on

PERIODS = {"AllTime": 0, "Year": 365, "Month": 30, "Week": 7, "Day": 1}  # days

LORA, LOCON, DORA = "LORA", "LoCon", "DoRA"
_LYCORIS = (
    Algorithm.LOCON,
    Algorithm.LOHA,
    Algorithm.LOKR,
    Algorithm.FULL,
    Algorithm.NORM,
    Algorithm.IA3,
    Algorithm.OFT,
    Algorithm.BOFT,
    Algorithm.GLORA,
)
# What shows a type among the algorithms of a file, `lora, locon`; PostgreSQL reads it too.
SHOWS_DORA = rf"\y{Algorithm.DORA.value}\y"
SHOWS_LOCON = rf"\y({'|'.join(each.value for each in _LYCORIS)})\y"

LEVELS = {"general": 1, "suggestive": 2, "mature": 4, "explicit": 16}  # PG, PG13, R, XXX
_NAMES = {1: "None", 2: "Soft", 4: "Mature", 8: "X", 16: "X"}
NSFW_FROM = 4
SAFE = tuple(name for name, level in LEVELS.items() if level < NSFW_FROM)

_PRECISION_OF = {"F16": "fp16", "BF16": "bf16", "F32": "fp32"}


def type_of(algorithms: str) -> str:
    """Return the type of an adapter whose file has these algorithms, `lora, locon`."""
    words = {word.strip() for word in algorithms.split(",")}
    if Algorithm.DORA.value in words:
        return DORA
    return LOCON if words & {each.value for each in _LYCORIS} else LORA


def level_name(level: int) -> str:
    """Return the older word for a content level."""
    return _NAMES[level]


def format_of(dialect: str) -> str:
    return "GGUF" if dialect == Dialect.GGUF else "SafeTensor"


def precision_of(dtype: str) -> str | None:
    """Return the precision that a file of this number type is said to have, None if of several."""
    return _PRECISION_OF.get(dtype)
