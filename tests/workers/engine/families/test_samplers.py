"""Every sampler that a family's small base can be drawn with, and the ones that it cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from registry.sweeps.samplers import SAMPLERS
from tests.workers.engine.families.small import BASES
from workers.engine import samplers
from workers.engine.rendering import Sample, render
from workers.engine.samplers import DIFFUSING, FLOWING, SamplerRefused, sampled_by

# What each is refused: its pipeline counts steps itself, or draws noise by no seed.
NOISY = {"lcm", "dpmpp_2m_sde"}
REFUSED = {
    "sd3": NOISY,
    "flux": {*NOISY, "heun"},
    "flux-2": {*NOISY, "heun"},
    "flux-2-klein": {*NOISY, "heun"},
    "qwen-image": {*NOISY, "heun", "dpmpp_2m"},
    "z-image": {*NOISY, "heun", "dpmpp_2m", "unipc"},
    "lumina-2": {*NOISY, "heun", "dpmpp_2m"},
    "auraflow": NOISY,
    "wan": NOISY,
    "wan-2-2": NOISY,
}
WORKING = [
    (slug, name)
    for slug in BASES
    for name in (DIFFUSING if slug in {"sd", "sdxl"} else FLOWING)
    if name not in REFUSED.get(slug, set())
]


def latents(base, scene, *prompts):
    samples = [Sample(prompt, 0.0) for prompt in prompts]
    shots = render(base, scene, samples, attachment=None, on_step=lambda done, of: None).shots
    return [shot.latent for shot in shots]


@pytest.mark.parametrize(("slug", "name"), WORKING)
def test_draws_a_batch_as_it_draws_one(base, scene, name):
    scene = replace(scene, sampler=name, steps=3)

    together = latents(base, scene, "a red circle", "a blue square on white")
    alone = latents(base, scene, "a blue square on white")

    assert np.isfinite(alone[0]).all()
    assert np.abs(together[1] - alone[0]).max() < 1e-3 * max(1, np.abs(alone[0]).max() / 10)


@pytest.mark.parametrize("slug", ["sd", "sd3"])
def test_draws_another_picture_than_the_bases_own(base, scene):
    scene = replace(scene, steps=4)

    own, other = (
        latents(base, replace(scene, sampler=name), "a red circle")[0] for name in ("", "dpmpp_2m")
    )

    assert np.abs(own - other).max() > 1e-2


@pytest.mark.parametrize(
    ("slug", "name"), [(slug, name) for slug, names in REFUSED.items() for name in sorted(names)]
)
def test_refuses_a_sampler_that_the_pipeline_does_not_work_with(base, scene, name):
    with pytest.raises(SamplerRefused, match=f"{name} .*can be drawn with euler"):
        latents(base, replace(scene, sampler=name), "a red circle")


@pytest.mark.parametrize("slug", ["sd"])
def test_refuses_what_does_not_know_how_the_base_was_trained(base):
    own = base.pipeline.scheduler
    base.pipeline.scheduler = type(own).from_config(own.config, rescale_betas_zero_snr=True)
    try:
        with (
            pytest.raises(SamplerRefused, match="begin at noise alone"),
            sampled_by(base.pipeline, "heun"),
        ):
            pass
    finally:
        base.pipeline.scheduler = own


@pytest.mark.parametrize("slug", ["sd"])
def test_gives_the_base_its_own_back(base):
    own = base.pipeline.scheduler

    with sampled_by(base.pipeline, "euler_a"):
        assert type(base.pipeline.scheduler).__name__ == "EulerAncestralDiscreteScheduler"

    assert base.pipeline.scheduler is own


def test_the_table_is_what_people_may_ask_for():
    assert set(SAMPLERS) == {*samplers.DIFFUSING, *samplers.FLOWING}
