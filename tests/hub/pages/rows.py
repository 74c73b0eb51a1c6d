"""Versions as the workers leave them, with pictures that one can look at."""

from __future__ import annotations

import io
from datetime import timedelta

from django.utils import timezone
from PIL import Image, ImageDraw

from registry.checks.table import EFFECT_CHECKS, FILE_CHECKS, TRIAL_CHECKS
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    CellFactory,
    CurveFactory,
    GridFactory,
    ResultFactory,
    RunFactory,
    SceneFactory,
    VersionFactory,
    keep,
)

WEIGHTS = (0, 0.2, 0.4, 0.6, 0.8, 1, 1.2)
SIDE = 96


def picture(weight, *, round_=True, striped=True, colour="#2f5fd6"):
    """Return a WebP of a shape that gets stripes as the weight grows."""
    image = Image.new("RGB", (SIDE, SIDE), "#f4f1ea")
    draw = ImageDraw.Draw(image)
    box = (20, 20, SIDE - 20, SIDE - 20)
    (draw.ellipse if round_ else draw.rectangle)(box, fill=colour)
    for x in range(24, SIDE - 20, 9) if striped else ():
        draw.line((x, 26, x, SIDE - 26), fill="#101018", width=round(4 * weight))
    bytes_ = io.BytesIO()
    image.save(bytes_, "WEBP", lossless=True)
    return bytes_.getvalue()


def base():
    return BaseFactory(slug="shapes", title="Shapes", family="shapes", weights_at="demo/base")


def shown(team, slug, *, by, **said):
    """Return a published version: two scenes with and without trigger words, and a report."""
    adapter = AdapterFactory(team=team, slug=slug, created_by=by, tags=["stripes"])
    version = VersionFactory(
        adapter=adapter,
        base=base(),
        uploaded_by=by,
        **{
            "published": True,
            "proof": "renders",
            "trigger_words": [f"{slug}style"],
            "measured_low": 0.4,
            "measured_high": 1.0,
            "measured_best": 0.8,
            "fit": {"base": "shapes", "applied": 64, "total": 64, "components": []},
            "training": {"steps": 1200, "images": 40},
        }
        | said,
    )
    render(version)
    report(version)
    return version


def render(version):
    grid = paint(version, rows=4)
    points = [{"weight": w, "from_zero": w / 4, "from_previous": 0.05} for w in WEIGHTS]
    CurveFactory(grid=grid, points=points, low=0.4, high=1.0, best=0.8, onset=0.2, first_bad=1.2)
    return grid


def paint(version, *, rows, **grid):
    """Give the version a grid with its first rows."""
    grid = GridFactory(version=version, weights=list(WEIGHTS), **grid)
    scenes = [
        SceneFactory(base=version.base, slug=slug, title=slug.title(), position=position)
        for position, slug in enumerate(
            (f"{version.adapter.slug}-circle", f"{version.adapter.slug}-square")
        )
    ]
    planned = [(scene, trigger) for scene in scenes for trigger in (True, False)]
    for row, (scene, trigger) in enumerate(planned[:rows]):
        for column, weight in enumerate(WEIGHTS):
            CellFactory(
                grid=grid,
                scene=scene,
                row=row,
                column=column,
                weight=weight,
                with_trigger=trigger,
                blob=keep(picture(weight, round_=scene is scenes[0], striped=trigger)),
                width=SIDE,
                height=SIDE,
                from_zero=weight / 4,
                from_previous=0.05,
            )
    return grid


def report(version, **problems):
    """Give the version an ended run; `problems` are outcome and sentence by code, dots as __."""
    found = {code.replace("__", "."): said for code, said in problems.items()}
    rejected = any(outcome == "rejected" for outcome, _ in found.values())
    run = RunFactory(
        version=version, state="rejected" if rejected else "passed", finished_at=timezone.now()
    )
    for position, check in enumerate([*FILE_CHECKS, *TRIAL_CHECKS, *EFFECT_CHECKS]):
        outcome, problem = found.get(check.code, ("passed", ""))
        ResultFactory(
            run=run,
            position=position,
            code=check.code,
            claim=check.claim,
            outcome=outcome,
            problem=problem,
            evidence={"layers": 64, "first": ["a", "b"]} if outcome != "passed" else {},
        )
    return run


def rejected(team, slug, *, by):
    sentence = "The file is for SD 1.5, not for Shapes: its layer to_k takes 768 inputs."
    adapter = AdapterFactory(team=team, slug=slug, created_by=by)
    version = VersionFactory(
        adapter=adapter, base=base(), uploaded_by=by, rejected=True, reason=sentence
    )
    report(
        version, base__matches=("rejected", sentence), base__claimed=("warned", "It names sd_v1.")
    )
    return version


def going_on(team, slug, *, by, **run):
    adapter = AdapterFactory(team=team, slug=slug, created_by=by)
    version = VersionFactory(adapter=adapter, base=base(), uploaded_by=by)
    stands = {
        "state": "running",
        "stage": "grid",
        "attempt": 1,
        "lease_until": timezone.now() + timedelta(hours=1),
        "progress": {"done": 3, "of": 14, "saying": "rendering"},
    }
    RunFactory(version=version, **stands | run)
    return version
