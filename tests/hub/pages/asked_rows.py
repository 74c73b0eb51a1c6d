"""Requests as the worker leaves them, with pictures that one can look at."""

from __future__ import annotations

from django.utils import timezone

from tests.factories import (
    BaseFactory,
    CellFactory,
    CurveFactory,
    FileFactory,
    GridFactory,
    RequestFactory,
    SceneFactory,
    VersionFactory,
    keep,
)
from tests.hub.pages.rows import SIDE, picture
from workers import differences

WEIGHTS = [0.4, 0.8, 1.2]
ENDED = {"state": "done"}


def ground(version):
    """Make the version one that can be asked of: its base has weights and scenes."""
    base = BaseFactory(slug=version.base.slug)
    base.weights_at = "demo/base"
    base.save()
    for slug in ("circle", "square"):
        SceneFactory(base=base, slug=slug, title=slug.title(), width=SIDE, height=SIDE)
    version.base.refresh_from_db()
    return version


def checkpoints(version, steps=(100, 200)):
    for step in steps:
        FileFactory(
            version=version, role="checkpoint", name=f"step{step}.safetensors",
            training_step=step, blob=keep(f"step {step}".encode()),
        )  # fmt: skip


def asked(version, by, **told):
    """Return a request that is done: weights across, seeds down."""
    down = {"axis": "seed", "values": [1, 2]}
    colours = ("#2f5fd6", "#d6412f")
    return _done(version, by, down, [(colour, {}) for colour in colours], **told)


def steps(version, by=None, **told):
    down = {"axis": "training_step", "values": [100, 200, "final"]}
    return _done(
        version, by, down, [("#2f5fd6", {})] * 3, **{"kind": "steps", "in_gallery": True} | told
    )


def compared(version, other, by, **told):
    """Return two versions held against each other, on two scenes."""
    down = {"axis": "scene", "values": ["circle", "square"]}
    request = _done(
        version, by, down, [], against=other.number,
        **{"kind": "versions", "other": other} | told,
    )  # fmt: skip
    for place, slug in enumerate(("circle", "square")):
        for column, weight in enumerate(WEIGHTS):
            one = picture(weight, round_=slug == "circle")
            two = picture(weight / 2, round_=slug == "circle", colour="#2f8fd6")
            drawn = differences.draw(one, two)
            for row, data in enumerate((one, two, drawn.data)):
                is_difference = row == 2
                CellFactory(
                    grid=request.grid, scene=None, row=place * 3 + row, column=column,
                    weight=weight, blob=keep(data), width=SIDE, height=SIDE,
                    parameters={"prompt": f"a {slug}", "scene": slug, "scene_title": slug.title()}
                    | ({"difference": ["a", "b"]} if is_difference else {}),
                    measures={"pixel": drawn.measure} if is_difference else {},
                )  # fmt: skip
    return request


def by_seeds(version):
    """Return the grid of a version's one scene by two seeds, and have its curve say so."""
    swept = version.grids.sweeps().first()
    weights = [0.4, 0.8]
    grid = GridFactory(
        version=version, kind="seeds", of=swept, weights=weights,
        axes={
            "across": {"axis": "weight", "values": weights},
            "down": {"axis": "seed", "values": [1, 1001]},
        },
    )  # fmt: skip
    for row, seed in enumerate((1, 1001)):
        for column, weight in enumerate(weights):
            CellFactory(
                grid=grid, scene=None, row=row, column=column, weight=weight,
                blob=keep(picture(weight, round_=not row)), width=SIDE, height=SIDE,
                parameters={
                    "prompt": "a red circle on white", "scene": "circle",
                    "scene_title": "A red circle", "seed": seed,
                },
            )  # fmt: skip
    told = {"scenes": 1, "seeds": 2, "variety": None}
    swept.curve.over_seeds = [told | {"weight": one, "spread": one / 20} for one in weights]
    swept.curve.save()
    return grid


def second(version, **told):
    """Return the adapter's second version, with a curve."""
    made = VersionFactory(
        adapter=version.adapter, uploaded_by=version.uploaded_by,
        **{"base": version.base, "published": True, "proof": "renders"} | told,
    )  # fmt: skip
    points = [{"weight": w, "from_zero": w / 3, "from_previous": 0.05} for w in (0, 0.5, 1)]
    CurveFactory(grid=GridFactory(version=made), points=points)
    return made


def _done(version, by, down, rows, *, against=None, **told):
    axes = {"across": {"axis": "weight", "values": WEIGHTS}, "down": down, "against": against}
    state = {"finished_at": timezone.now(), "cells": len(WEIGHTS) * max(len(rows), 1)} | ENDED
    grid = GridFactory(
        version=version, kind=told.get("kind", "asked"), axes=axes, weights=WEIGHTS,
        other=told.get("other"),
        rendered_at=timezone.now() if (state | told)["state"] == "done" else None,
    )  # fmt: skip
    for row, (colour, more) in enumerate(rows):
        for column, weight in enumerate(WEIGHTS):
            CellFactory(
                grid=grid, scene=None, row=row, column=column, weight=weight,
                blob=keep(picture(weight * (row + 1) / 2, colour=colour)), width=SIDE, height=SIDE,
                parameters={"prompt": "a red circle on white", "scene": "own"} | more,
            )  # fmt: skip
    return RequestFactory(version=version, by=by, grid=grid, **state | told)
