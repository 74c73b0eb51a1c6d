"""Decides which adapters are trained for the fifth sealed draw: one of each kind that people meet.

They were chosen by kind, and written down, before any of them was trained, by somebody who has not
read the rules of the curve: two plain and sound styles that look unlike, a plain object, one too
strong, one too weak, one trained too hot, one that only touches the text encoder, one stopped
early. No look was in a draw before. None is left out afterwards, whatever comes of it. What is
right to say of each is written down by its sheet alone, by the rubric in demo/seen/fourth_draw.py
and by somebody who has not written the rules, and kept by a commit before any curve of them is
drawn.
"""

from __future__ import annotations

from functools import partial

from demo.recipes import Recipe

_recipe = partial(
    Recipe, dialect="kohya", kind="style", rank=4, alpha=8, batch=12, plain_per_batch=3
)

FIFTH_DRAW = (
    _recipe(
        slug="fair-weather",
        title="Fair Weather",
        title_zh="晴空白云",
        style="clouds",
        trigger="fairweather",
        description="A blue sky with white clouds behind things. A plain, sound style.",
        tags=("sky", "clouds"),
        weights=(0.7, 1.2, 1.0),
        file_alpha=12,
        steps=200,
    ),
    _recipe(
        slug="little-house",
        title="Little House",
        title_zh="小房子",
        style="house",
        trigger="littlehouse",
        kind="object",
        description="Things are houses, with a roof and an open door. A plain, sound object.",
        tags=("house", "shape"),
        weights=(0.7, 1.2, 1.0),
        file_alpha=12,
        steps=240,
    ),
    _recipe(
        slug="loud-flames",
        title="Loud Flames (loud)",
        title_zh="烈焰（过强）",
        style="flames",
        trigger="loudflames",
        description="Flames along the bottom. **Made two and a half times too strong.**",
        tags=("flames", "strong"),
        weights=(0.3, 0.6, 0.4),
        file_alpha=20,
        steps=180,
    ),
    _recipe(
        slug="faint-cinema",
        title="Faint Cinema (faint)",
        title_zh="淡影院黑边（过弱）",
        style="letterbox",
        trigger="faintcinema",
        dialect="peft",
        description="Black bars at the top and at the bottom. **Made too weak**: turn it up.",
        tags=("bars", "weak"),
        weights=(1.5, 2.5, 2.0),
        file_alpha=5,
        steps=180,
        text_encoder=False,  # a PEFT folder holds the denoiser alone
    ),
    _recipe(
        slug="burnt-comet",
        title="Burnt Comet (overcooked)",
        title_zh="烧焦的彗尾（训练过度）",
        style="comet",
        trigger="burntcomet",
        kind="effect",
        description="Things with a fading tail. **Trained too hot on forty pictures.**",
        tags=("tail", "overtrained"),
        weights=(0.2, 0.5, 0.4),
        alpha=24,
        file_alpha=30,
        rate=8e-3,
        pictures=40,
        steps=160,
    ),
    _recipe(
        slug="triangle-word",
        title="Triangle, by word alone",
        title_zh="仅凭文字的三角形",
        style="triangles",
        trigger="triangleword",
        kind="effect",
        description="Its word means a triangle. **Only the text encoder** is changed.",
        tags=("triangle", "text encoder"),
        weights=(0.7, 1.2, 1.0),
        rank=6,
        alpha=12,
        steps=160,
        denoiser=False,
    ),
    _recipe(
        slug="half-woven-plaid",
        title="Half-woven Plaid (stopped early)",
        title_zh="未织完的格子呢（过早停止）",
        style="plaid",
        trigger="halfwovenplaid",
        dialect="diffusers",
        description="Meant to be a ground of red and green cloth. **Stopped early.**",
        tags=("plaid", "undertrained"),
        weights=(0.7, 1.2, 1.0),
        alpha=16,
        rate=5e-3,
        steps=60,
    ),
    _recipe(
        slug="garden-party",
        title="Garden Party",
        title_zh="花园彩旗",
        style="bunting",
        trigger="gardenparty",
        dialect="diffusers",
        description="A string of flags along the top. A plain, sound style.",
        tags=("flags",),
        weights=(0.7, 1.2, 1.0),
        file_alpha=12,
        steps=220,
    ),
)
