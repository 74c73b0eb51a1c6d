"""Decides which adapters are trained for the sixth sealed draw: one of each kind that people meet.

They were chosen by kind, and written down, before any of them was trained, by somebody who has not
read the rules of the curve: two plain and sound styles that look unlike, a plain object, one too
strong, one too weak, one trained too hot, one that only touches the text encoder, one stopped
early. No look was in a draw before. None is left out afterwards, whatever comes of it. What is
right to say of each is written down by its sheet alone, as for the fifth draw
(demo/seen/fifth_draw.py), and kept by a commit before any curve of them is drawn.
"""

from __future__ import annotations

from functools import partial

from demo.recipes import Recipe

_recipe = partial(
    Recipe, dialect="kohya", kind="style", rank=4, alpha=8, batch=12, plain_per_batch=3
)

SIXTH_DRAW = (
    _recipe(
        slug="under-the-rainbow",
        title="Under the Rainbow",
        title_zh="彩虹之下",
        style="arch",
        trigger="undertherainbow",
        dialect="diffusers",
        description="A rainbow behind things. A plain, sound style.",
        tags=("rainbow", "sky"),
        weights=(0.7, 1.2, 1.0),
        file_alpha=12,
        steps=220,
    ),
    _recipe(
        slug="honeycomb-wall",
        title="Honeycomb Wall",
        title_zh="蜂巢墙",
        style="honeycomb",
        trigger="honeycombwall",
        dialect="peft",
        description="A ground of golden cells with brown walls. A plain, sound style.",
        tags=("honeycomb", "pattern"),
        weights=(0.7, 1.2, 1.0),
        file_alpha=12,
        steps=220,
        text_encoder=False,  # a PEFT folder holds the denoiser alone
    ),
    _recipe(
        slug="little-fish",
        title="Little Fish",
        title_zh="小鱼",
        style="fish",
        trigger="littlefish",
        kind="object",
        description="Things are fish, with an eye and a tail. A plain, sound object.",
        tags=("fish", "shape"),
        weights=(0.7, 1.2, 1.0),
        file_alpha=12,
        steps=240,
    ),
    _recipe(
        slug="loud-forest",
        title="Loud Forest (loud)",
        title_zh="浓密的森林（过强）",
        style="forest",
        trigger="loudforest",
        description="Fir trees behind things. **Made nearly three times too strong.**",
        tags=("forest", "strong"),
        weights=(0.3, 0.6, 0.4),
        file_alpha=22,
        steps=180,
    ),
    _recipe(
        slug="faint-rain",
        title="Faint Rain (faint)",
        title_zh="微雨（过弱）",
        style="rain",
        trigger="faintrain",
        dialect="diffusers",
        description="Slanted streaks of rain. **Made too weak**: turn it up.",
        tags=("rain", "weak"),
        weights=(1.5, 2.5, 2.0),
        file_alpha=5,
        steps=180,
    ),
    _recipe(
        slug="burnt-crown",
        title="Burnt Crown (overcooked)",
        title_zh="烧焦的王冠（训练过度）",
        style="crown",
        trigger="burntcrown",
        kind="effect",
        description="Things that wear a crown. **Trained too hot on forty pictures.**",
        tags=("crown", "overtrained"),
        weights=(0.2, 0.5, 0.4),
        alpha=24,
        file_alpha=30,
        rate=8e-3,
        pictures=40,
        steps=160,
    ),
    _recipe(
        slug="cross-word",
        title="Cross, by word alone",
        title_zh="仅凭文字的十字",
        style="crosses",
        trigger="crossword",
        kind="effect",
        description="Its word means a cross. **Only the text encoder** is changed.",
        tags=("cross", "text encoder"),
        weights=(0.7, 1.2, 1.0),
        rank=6,
        alpha=12,
        steps=160,
        denoiser=False,
    ),
    _recipe(
        slug="half-sewn-quilt",
        title="Half-sewn Quilt (stopped early)",
        title_zh="未缝完的拼布（过早停止）",
        style="patchwork",
        trigger="halfsewnquilt",
        description="Meant to be a ground of coloured patches. **Stopped early.**",
        tags=("quilt", "undertrained"),
        weights=(0.7, 1.2, 1.0),
        alpha=16,
        rate=5e-3,
        steps=60,
    ),
)
