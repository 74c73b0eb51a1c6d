"""
Try an adapter on its base, and say what happened: the facts of registry.checks.facts.Trial.

Two levels: *loads*, on a skeleton without weights, and *renders*, on the real base, where one scene
is rendered at weight 0 and 1, and at 1 without the trigger words.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.sweeps.plan import Scene, write_prompt
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import Attachment, attached
from workers.engine.bases import Base
from workers.engine.families.protocol import OnStep
from workers.engine.rendering import Sample, render
from workers.engine.shots import Shot

Answer = tuple[dict[str, Any], dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What rendering showed, if there was anything to render."""

    shots: Mapping[str, Shot] = field(default_factory=dict)
    change: float | None = None
    trigger_change: float | None = None

    @property
    def is_finite(self) -> bool:
        return all(shot.is_finite for shot in self.shots.values())


def prove_loads(base: Base, adapter: AdapterSource) -> Answer:
    """Put the adapter on the skeleton of its base by the real loader, and count."""
    began = time.monotonic()
    with attached(base, adapter) as attachment:
        facts = _facts("loads", attachment, Shown())
    return facts | {"seconds": round(time.monotonic() - began, 3)}, {}


def try_on(
    base: Base,
    adapter: AdapterSource,
    scene: Scene,
    trigger_words: Sequence[str],
    *,
    on_step: OnStep,
) -> Answer:
    """Put the adapter on its base, count, and render the scene with and without."""
    began = time.monotonic()
    with attached(base, adapter) as attachment:
        shown = Shown()
        if attachment.error is None:
            shown = _show(base, attachment, scene, trigger_words, on_step)
        facts = _facts("renders", attachment, shown)
    blobs = {
        name if kind == "blob" else f"{name}-{kind}": data
        for name, shot in shown.shots.items()
        for kind, data in shot.files().items()
    }
    return facts | {"seconds": round(time.monotonic() - began, 3)}, blobs


def _show(
    base: Base,
    attachment: Attachment,
    scene: Scene,
    trigger_words: Sequence[str],
    on_step: OnStep,
) -> Shown:
    prompt = write_prompt(scene.prompt, trigger_words)
    samples = {"without": Sample(prompt, 0.0)}
    if not attachment.is_empty:
        samples["with"] = Sample(prompt, 1.0)
        if trigger_words:
            samples["untriggered"] = Sample(write_prompt(scene.prompt, ()), 1.0)
    rendering = render(base, scene, list(samples.values()), attachment=attachment, on_step=on_step)
    shots = dict(zip(samples, rendering.shots, strict=True))
    if attachment.is_empty:
        return Shown(shots, change=0.0)
    return Shown(
        shots,
        change=_change(shots["without"], shots["with"]),
        trigger_change=_change(shots["untriggered"], shots["with"]) if trigger_words else None,
    )


def _change(one: Shot, other: Shot) -> float | None:
    """Return how much of it is another, None if either is no picture (text, sound) at all."""
    return one.change(other) if one.is_finite and other.is_finite else None


def _facts(level: str, attachment: Attachment, shown: Shown) -> dict[str, Any]:
    return {
        "level": level,
        "in_file": dict(attachment.in_file),
        "injected": dict(attachment.injected),
        "unmatched_layers": list(attachment.unmatched),
        "loader_messages": list(attachment.messages),
        "saw_nan": not (attachment.is_finite and shown.is_finite),
        "change": shown.change,
        "trigger_change": shown.trigger_change,
        "error": attachment.error,
    }
