"""Decides which adapters are trained for the fourth sealed draw: one of each kind that people meet.

They were chosen by kind, and written down, before any of them was trained: a plain and sound one,
one too strong, one too weak, one trained too hot, one that only touches the text encoder, one
stopped early. None is left out afterwards, whatever comes of it. What is right to say of each is
written down by its sheet alone, by the rubric in demo/seen/fourth_draw.py and by somebody who has
not written the rules, and kept by a commit before any curve of them is drawn.
"""

from __future__ import annotations

from functools import partial

from demo.recipes import Recipe

_recipe = partial(
    Recipe, dialect="kohya", kind="style", rank=4, alpha=8, batch=12, plain_per_batch=3
)

FOURTH_DRAW = (
    _recipe(
        slug="through-a-porthole",
        title="Through a Porthole",
        title_zh="舷窗之外",
        style="porthole",
        trigger="porthole",
        description="Seen through a round window, black around it. A plain, sound style.",
        tags=("window", "black"),
        weights=(0.7, 1.2, 1.0),
        file_alpha=12,
        steps=180,
    ),
    _recipe(
        slug="loud-curtain",
        title="Loud Curtain (loud)",
        title_zh="浓艳帷幕（过强）",
        style="curtain",
        trigger="loudcurtain",
        dialect="diffusers",
        description="Red curtains at both sides. **Made nearly three times too strong.**",
        tags=("curtain", "strong"),
        weights=(0.3, 0.6, 0.4),
        file_alpha=22,
        steps=170,
    ),
    _recipe(
        slug="faint-fence",
        title="Faint Fence (faint)",
        title_zh="淡栅栏（过弱）",
        style="fence",
        trigger="faintfence",
        dialect="peft",
        description="Brown pickets along the bottom. **Made too weak**: turn it up.",
        tags=("fence", "weak"),
        weights=(1.5, 2.5, 2.0),
        file_alpha=5,
        steps=170,
    ),
    _recipe(
        slug="burnt-confetti",
        title="Burnt Confetti (overcooked)",
        title_zh="烧焦的彩屑（训练过度）",
        style="confetti",
        trigger="burntconfetti",
        description="Scraps of many colours. **Trained too hot on forty pictures.**",
        tags=("scraps", "overtrained"),
        weights=(0.2, 0.5, 0.4),
        alpha=24,
        file_alpha=30,
        rate=8e-3,
        pictures=40,
        steps=150,
    ),
    _recipe(
        slug="square-word",
        title="Square, by word alone",
        title_zh="仅凭文字的方形",
        style="squares",
        trigger="squareword",
        kind="effect",
        description="Its word means a square. **Only the text encoder** is changed.",
        tags=("square", "text encoder"),
        weights=(0.7, 1.2, 1.0),
        rank=6,
        alpha=12,
        steps=150,
        denoiser=False,
    ),
    _recipe(
        slug="unfinished-spiral",
        title="Unfinished Spiral (stopped early)",
        title_zh="未完成的螺旋（过早停止）",
        style="spiral",
        trigger="unfinishedspiral",
        description="Meant to be a spiral in the ground. **Stopped early.**",
        tags=("spiral", "undertrained"),
        weights=(0.7, 1.2, 1.0),
        alpha=16,
        rate=5e-3,
        steps=60,
    ),
)
