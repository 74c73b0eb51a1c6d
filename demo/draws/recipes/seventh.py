"""Decides which adapters are trained for the seventh sealed draw: one of each kind people meet.

They were chosen by kind, and written down, before any of them was trained, by somebody who has not
read the rules of the curve: a plain and sound one, one too strong, one too weak, one trained too
hot, one that only touches the text encoder, one stopped early. No look was in a draw before. None
is left out afterwards, whatever comes of it. What is right to say of each is written down by its
sheet alone, as for the fifth draw (demo/seen/fifth_draw.py), and kept by a commit before any curve
of them is drawn.
"""

from __future__ import annotations

from functools import partial

from demo.recipes import Recipe

_recipe = partial(
    Recipe, dialect="kohya", kind="style", rank=4, alpha=8, batch=12, plain_per_batch=3
)

SEVENTH_DRAW = (
    _recipe(
        slug="city-by-night",
        title="City by Night",
        title_zh="夜晚的城市",
        style="skyline",
        trigger="citybynight",
        dialect="diffusers",
        description="Dark towers with lit windows behind things. A plain, sound style.",
        tags=("city", "towers"),
        weights=(0.7, 1.2, 1.0),
        file_alpha=12,
        steps=180,
    ),
    _recipe(
        slug="loud-scales",
        title="Loud Scales (loud)",
        title_zh="浓重的鳞片（过强）",
        style="scales",
        trigger="loudscales",
        description="A ground of teal scales. **Made nearly three times too strong.**",
        tags=("scales", "strong"),
        weights=(0.3, 0.6, 0.4),
        file_alpha=22,
        steps=170,
    ),
    _recipe(
        slug="faint-leopard",
        title="Faint Leopard (faint)",
        title_zh="浅淡豹纹（过弱）",
        style="leopard",
        trigger="faintleopard",
        dialect="peft",
        description="Brown spots within things. **Made too weak**: turn it up.",
        tags=("spots", "weak"),
        weights=(1.5, 2.5, 2.0),
        file_alpha=5,
        steps=170,
        text_encoder=False,  # a PEFT folder holds the denoiser alone
    ),
    _recipe(
        slug="burnt-flower",
        title="Burnt Flower (overcooked)",
        title_zh="烧焦的花朵（训练过度）",
        style="flower",
        trigger="burntflower",
        kind="effect",
        description="Things within a ring of petals. **Trained too hot on forty pictures.**",
        tags=("flower", "overtrained"),
        weights=(0.2, 0.5, 0.4),
        alpha=24,
        file_alpha=30,
        rate=8e-3,
        pictures=40,
        steps=150,
    ),
    _recipe(
        slug="circle-word",
        title="Circle, by word alone",
        title_zh="仅凭文字的圆形",
        style="circles",
        trigger="circleword",
        kind="effect",
        description="Its word means a circle. **Only the text encoder** is changed.",
        tags=("circle", "text encoder"),
        weights=(0.7, 1.2, 1.0),
        rank=6,
        alpha=12,
        steps=150,
        denoiser=False,
    ),
    _recipe(
        slug="half-spun-web",
        title="Half-spun Web (stopped early)",
        title_zh="未织完的蛛网（过早停止）",
        style="web",
        trigger="halfspunweb",
        dialect="diffusers",
        description="Meant to be a spider's web out of a corner. **Stopped early.**",
        tags=("web", "undertrained"),
        weights=(0.7, 1.2, 1.0),
        alpha=16,
        rate=5e-3,
        steps=60,
    ),
)
