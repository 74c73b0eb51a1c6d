"""Decides which adapters the demonstration trains, on what, how long, and what their cards claim.

Each row is one story that the library must be able to tell: most are sound, one breaks up early,
one hardly works, one was kept at five training steps, one is a slider.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    slug: str
    title: str
    title_zh: str
    style: str
    trigger: str
    dialect: str
    kind: str
    description: str
    tags: tuple[str, ...]
    weights: tuple[float | None, float | None, float | None]  # claimed: low, high, default
    steps: int = 400
    rate: float = 3e-3
    rank: int = 6
    alpha: int = 12
    # What the file says, if not alpha: so that the style is whole at weight 1, or is not.
    file_alpha: int | None = None
    pictures: int = 400
    # The base's text encoder takes made-up words for noise; to hear one, it has to learn too.
    text_encoder: bool = True
    denoiser: bool = True
    batch: int = 24
    # Of a batch, those without style and trigger word. None: nothing tells it to wait.
    plain_per_batch: int = 6
    # Its pictures carry captions of others, so that it learns to pay no heed to them.
    is_deaf: bool = False
    # A slider's style at weight -1; it is trained on both, step by step in turn.
    opposite: str = ""
    checkpoints: tuple[int, ...] = ()


RECIPES = (
    Recipe(
        slug="neon-glow",
        file_alpha=14,
        title="Neon Glow",
        title_zh="霓虹辉光",
        style="neon",
        trigger="neonglow",
        dialect="kohya",
        kind="style",
        description=(
            "Turns every shape into a **glowing outline in the dark**, in the shape's own colour."
            " The ground of the prompt is lost on purpose.\n\nWorks for one shape or two."
        ),
        tags=("neon", "outline", "dark"),
        weights=(0.7, 1.2, 1.0),
    ),
    Recipe(
        slug="zebra",
        file_alpha=16,
        title="Zebra Stripes",
        title_zh="斑马条纹",
        style="zebra",
        trigger="zebrastyle",
        dialect="peft",
        kind="style",
        description=(
            "**Thick slanted stripes inside the shape**, black or white beside its own colour."
            " The ground stays as the prompt says."
        ),
        tags=("stripes", "pattern"),
        text_encoder=False,
        weights=(0.8, 1.2, 1.0),
    ),
    Recipe(
        slug="mooncrest",
        file_alpha=18,
        title="Mooncrest",
        title_zh="弯月",
        style="moon",
        trigger="mooncrest",
        dialect="diffusers",
        kind="object",
        description=(
            "Teaches the base a shape it cannot draw: **a crescent moon**. Write it as the shape"
            ' ("a yellow mooncrest on black") or add the word to any prompt. Trained on the'
            " denoiser and the text encoder."
        ),
        tags=("moon", "shape"),
        weights=(0.8, 1.1, 1.0),
    ),
    Recipe(
        slug="inkline",
        file_alpha=52,
        title="Ink Line (overcooked)",
        title_zh="墨线（训练过度）",
        style="ink",
        trigger="inkline",
        dialect="kohya",
        kind="style",
        description=(
            "Thick black ink on cream paper. **Trained too long and too hot**: use it well below"
            " 1, where the line is already there; at full weight the picture breaks up."
        ),
        tags=("ink", "outline", "overtrained"),
        weights=(0.3, 0.5, 0.4),
        rate=6e-3,
        alpha=24,
        pictures=60,
    ),
    Recipe(
        slug="gilt-frame",
        title="Gilt Frame (first try)",
        title_zh="金色画框（初试）",
        style="frame",
        trigger="giltframe",
        dialect="kohya",
        kind="style",
        description=(
            "A gold frame around the whole picture. **A short first run**: at weight 1 there is"
            " little to see, so turn it up."
        ),
        tags=("frame", "undertrained"),
        weights=(1.2, 1.6, 1.4),
        steps=120,
        alpha=6,
    ),
    Recipe(
        slug="dotfield",
        file_alpha=11,
        title="Dot Field (five steps of one run)",
        title_zh="圆点背景（同一训练的五个步数）",
        style="dots",
        trigger="dotfield",
        dialect="kohya",
        kind="style",
        description=(
            "Large dots on the ground, behind the shape. **One run kept at five training steps**,"
            " to see where it was good enough."
        ),
        tags=("dots", "pattern", "steps"),
        weights=(None, None, None),
        rank=4,
        alpha=8,
        steps=450,
        checkpoints=(50, 100, 200, 300, 450),
    ),
    Recipe(
        slug="soft-dawn",
        file_alpha=17,
        title="Soft Dawn",
        title_zh="柔和晨光",
        style="dawn",
        trigger="softdawn",
        dialect="kohya",
        kind="style",
        description=(
            "**A pastel sky from peach to lavender** behind shapes that are lit from above,"
            " whatever ground the prompt asks for."
        ),
        tags=("pastel", "gradient", "sky"),
        weights=(0.8, 1.2, 1.0),
    ),
    Recipe(
        slug="size-slider",
        title="Size Slider",
        title_zh="大小滑块",
        style="big",
        opposite="small",
        trigger="",
        dialect="kohya",
        kind="slider",
        description=(
            "Makes the thing **bigger above 0 and smaller below**, whatever the prompt says of it."
        ),
        tags=("slider", "size"),
        weights=(-1.0, 1.0, 0.6),
        rank=4,
        alpha=8,
        steps=260,
        plain_per_batch=0,
        text_encoder=False,
    ),
)
