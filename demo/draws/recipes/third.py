"""Decides which adapters are trained for the third sealed draw: two of each kind that people meet.

They were chosen by kind, and written down, before any of them was trained: two plain and sound, two
too strong, two too weak, two trained too hot, one that only touches the text encoder, one that does
nothing. None is left out afterwards, whatever comes of it. What is right to say of each is written
down by its sheet alone, by the rubric in demo/seen/third_draw.py, and kept by a commit, when the
rules are fixed and before any curve of them is drawn.
"""

from __future__ import annotations

from functools import partial

from demo.recipes import Recipe

_recipe = partial(
    Recipe, dialect="kohya", kind="style", rank=4, alpha=8, batch=12, plain_per_batch=3
)
_sound = partial(_recipe, weights=(0.7, 1.2, 1.0), file_alpha=12, steps=220)
_strong = partial(_recipe, weights=(0.3, 0.6, 0.4), file_alpha=22, steps=200)
_weak = partial(_recipe, weights=(1.5, 2.5, 2.0), steps=200)
_hot = partial(
    _recipe,
    weights=(0.2, 0.5, 0.4),
    alpha=24,
    file_alpha=30,
    rate=8e-3,
    pictures=40,
    steps=180,
)

THIRD_DRAW = (
    _sound(
        slug="wide-eyes",
        title="Wide Eyes",
        title_zh="大眼睛",
        style="face",
        trigger="wideeyes",
        kind="effect",
        description="Two large eyes in every thing. A plain, sound effect.",
        tags=("eyes",),
    ),
    _sound(
        slug="candy-paper",
        title="Candy Paper",
        title_zh="糖果纸",
        style="candy",
        trigger="candypaper",
        dialect="peft",
        description="A ground of slanted stripes, pink and white. A plain, sound style.",
        tags=("stripes", "ground"),
    ),
    _strong(
        slug="loud-sun",
        title="Loud Sun (loud)",
        title_zh="烈日（过强）",
        style="sun",
        trigger="loudsun",
        description="A sun in the upper right corner. **Made nearly three times too strong.**",
        tags=("sun", "strong"),
    ),
    _strong(
        slug="loud-ribbon",
        title="Loud Ribbon (loud)",
        title_zh="醒目绶带（过强）",
        style="ribbon",
        trigger="loudribbon",
        dialect="diffusers",
        description="A red ribbon across the picture. **Made nearly three times too strong.**",
        tags=("ribbon", "strong"),
    ),
    _weak(
        slug="faint-hill",
        title="Faint Hill (faint)",
        title_zh="淡山丘（过弱）",
        style="hill",
        trigger="fainthill",
        file_alpha=4,
        description="A green hill behind the thing. **Made too weak**: turn it up.",
        tags=("hill", "weak"),
    ),
    _weak(
        slug="faint-lamp",
        title="Faint Lamp (faint)",
        title_zh="微弱的灯（过弱）",
        style="lamp",
        trigger="faintlamp",
        dialect="peft",
        file_alpha=5,
        description="A cone of light from above. **Made too weak**: turn it up.",
        tags=("light", "weak"),
    ),
    _hot(
        slug="burnt-sticker",
        title="Burnt Sticker (overcooked)",
        title_zh="烧焦的贴纸（训练过度）",
        style="sticker",
        trigger="burntsticker",
        description="A white border around things. **Trained too hot on forty pictures.**",
        tags=("border", "overtrained"),
    ),
    _hot(
        slug="burnt-target",
        title="Burnt Target (overcooked)",
        title_zh="烧焦的靶环（训练过度）",
        style="target",
        trigger="burnttarget",
        dialect="diffusers",
        description="Rings in the ground. **Trained too hot on forty pictures.**",
        tags=("rings", "overtrained"),
    ),
    _recipe(
        slug="fallen-word",
        title="Fallen, by word alone",
        title_zh="仅凭文字的坠落",
        style="fallen",
        trigger="fallenword",
        kind="effect",
        description="Its word means at the bottom. **Only the text encoder** is changed.",
        tags=("place", "text encoder"),
        weights=(0.7, 1.2, 1.0),
        rank=6,
        alpha=12,
        steps=160,
        denoiser=False,
    ),
    _recipe(
        slug="unmoved",
        title="Unmoved",
        title_zh="无动于衷",
        style="pillar",
        trigger="unmoved",
        description="Meant to put things on pillars. **Six steps, a tiny rate**: it does nothing.",
        tags=("pillar", "undertrained"),
        weights=(None, None, None),
        rate=2e-4,
        steps=6,
    ),
)
