"""
What goes down a sweep: scenes with and without the trigger words, and what shows more than scenes.

The rows that *count* are those of the base's scenes with the trigger words: the curve is the mean
over them, and they decide which weights are looked at. The others are rendered at the same weights,
and the sheet shows them. They do not go into the mean, since the same adapter is not to look
stronger or weaker by how it was described: a row without the trigger words shows what is left
without them, one of another shape whether the effect holds there, an unusual prompt whether the
adapter generalises, and a prompt of the uploader's own what it does at its best.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from registry.sweeps.plan import Cell, Scene, write_prompt

WITHOUT_WORDS = 2  # scenes that are shown without the trigger words too: a third says the same
MOST_SAMPLES = 2
WIDE = 1.5  # width to height
COARSE, COARSE_FROM = 64, 512  # pixels: full-size bases take sides that are whole multiples of 64
FINE = 16  # … and small ones of this


class Role(StrEnum):
    """What a row is there to show."""

    SCENE = "scene"  # of the base, and it counts
    UNUSUAL = "unusual"  # a scene like none that adapters are trained on
    WIDE = "wide"  # a scene in another shape
    SAMPLE = "sample"  # a prompt that came with the adapter


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt of one scene, to be rendered at every weight of its grid."""

    number: int
    scene: Scene
    prompt: str
    with_trigger: bool
    role: Role
    counts: bool

    def cells(self, weights: Iterable[float]) -> tuple[Cell, ...]:
        """Return its cells, weights ascending, each weight once."""
        return tuple(
            Cell(
                scene=self.scene,
                weight=weight,
                with_trigger=self.with_trigger,
                prompt=self.prompt,
                row=self.number,
                column=column,
                role=self.role.value,
            )
            for column, weight in enumerate(sorted({float(weight) for weight in weights}))
        )


def plan_rows(
    scenes: Sequence[Scene],
    trigger_words: Sequence[str] = (),
    *,
    unusual: Sequence[Scene] = (),
    samples: Sequence[str] = (),
    is_picture: bool = True,
) -> tuple[Row, ...]:
    """
    Return the rows of a grid, none without a scene: scenes first, then what is shown beside them.

    A scene is one row with the trigger words, if there are any; the first two are also one
    without them. Where nothing but unusual scenes is given, they count.
    """
    scenes, unusual = (scenes, unusual) if scenes else (unusual, ())
    if not scenes:
        return ()
    rows: list[Row] = []

    def add(scene: Scene, prompt: str, role: Role, *, with_trigger: bool, counts: bool) -> None:
        rows.append(Row(len(rows), scene, prompt, with_trigger, role, counts))

    has_words = any(word.strip() for word in trigger_words)
    for place, scene in enumerate(scenes):
        prompt = write_prompt(scene.prompt, trigger_words)
        add(scene, prompt, Role.SCENE, with_trigger=has_words, counts=True)
        if has_words and place < WITHOUT_WORDS:
            bare = write_prompt(scene.prompt, ())
            add(scene, bare, Role.SCENE, with_trigger=False, counts=False)
    besides = [(scene, Role.UNUSUAL) for scene in unusual]
    if is_picture:
        besides.insert(0, (in_another_shape(scenes[0]), Role.WIDE))
    for scene, role in besides:
        prompt = write_prompt(scene.prompt, trigger_words)
        add(scene, prompt, role, with_trigger=has_words, counts=False)
    told = {row.prompt for row in rows}
    for number, prompt in enumerate(_own(samples, trigger_words, told), start=1):
        scene = replace(scenes[0], slug=f"sample-{number}", title=prompt[:60], prompt=prompt)
        add(scene, prompt, Role.SAMPLE, with_trigger=has_words, counts=False)
    return tuple(rows)


def in_another_shape(scene: Scene) -> Scene:
    """Return a square scene three to two, as many pixels or nearly; another one on its side."""
    if scene.width != scene.height:
        return _shaped(scene, scene.height, scene.width)
    step = COARSE if min(scene.width, scene.height) >= COARSE_FROM else FINE
    area = scene.width * scene.height
    width = round((area * WIDE) ** 0.5 / step) * step
    return _shaped(scene, max(width, step), max(round(area / width / step) * step, step))


def _shaped(scene: Scene, width: int, height: int) -> Scene:
    return replace(
        scene,
        slug=f"{scene.slug}-{width}x{height}",
        title=f"{scene.title}, {width} × {height}",
        width=width,
        height=height,
    )


def _own(samples: Sequence[str], trigger_words: Sequence[str], told: set[str]) -> list[str]:
    """Return the adapter's own prompts, with its trigger words, that no other row shows."""
    prompts = []
    for sample in samples:
        prompt = " ".join(sample.split())
        if prompt and not any(word.strip() and word.strip() in prompt for word in trigger_words):
            prompt = write_prompt(prompt, trigger_words)
        if prompt and prompt not in told and prompt not in prompts:
            prompts.append(prompt)
    return prompts[:MOST_SAMPLES]
