"""
Have a pipeline denoise by another sampler for as long as a picture takes.

A sampler is one of diffusers' schedulers, made from the base's own scheduler: how noise was added
while it was trained, and what it predicts, stay as they are. What of that a sampler does not know
would be dropped in silence and give mud, so it is refused instead.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import diffusers

from registry.sweeps.samplers import SAMPLERS


class SamplerRefused(ValueError):
    """The base cannot be drawn with that sampler."""


class Sampler(NamedTuple):
    """One of diffusers' schedulers, and what it is made with beside the base's own numbers."""

    scheduler: str
    settings: Mapping[str, Any] = {}


_MULTISTEP = "DPMSolverMultistepScheduler"

# For bases that predict noise, or what it was made of.
DIFFUSING: Mapping[str, Sampler] = {
    "euler": Sampler("EulerDiscreteScheduler"),
    "euler_a": Sampler("EulerAncestralDiscreteScheduler"),
    "heun": Sampler("HeunDiscreteScheduler"),
    "ddim": Sampler("DDIMScheduler"),
    "ddpm": Sampler("DDPMScheduler"),
    "pndm": Sampler("PNDMScheduler", {"skip_prk_steps": True}),
    "lcm": Sampler("LCMScheduler"),
    "dpmpp_2m": Sampler(_MULTISTEP, {"algorithm_type": "dpmsolver++"}),
    "dpmpp_2m_karras": Sampler(
        _MULTISTEP, {"algorithm_type": "dpmsolver++", "use_karras_sigmas": True}
    ),
    "dpmpp_2m_sde": Sampler(_MULTISTEP, {"algorithm_type": "sde-dpmsolver++"}),
    "unipc": Sampler("UniPCMultistepScheduler"),
}

_FLOW = {"use_flow_sigmas": True, "prediction_type": "flow_prediction"}

# For bases that follow a flow from noise to picture.
FLOWING: Mapping[str, Sampler] = {
    "euler": Sampler("FlowMatchEulerDiscreteScheduler"),
    "heun": Sampler("FlowMatchHeunDiscreteScheduler"),
    "lcm": Sampler("FlowMatchLCMScheduler"),
    "dpmpp_2m": Sampler(_MULTISTEP, {"algorithm_type": "dpmsolver++", **_FLOW}),
    "dpmpp_2m_sde": Sampler(_MULTISTEP, {"algorithm_type": "sde-dpmsolver++", **_FLOW}),
    "unipc": Sampler("UniPCMultistepScheduler", _FLOW),
}

# These draw noise at every step. A pipeline that does not hand them the scene's seed draws another
# picture each time.
_DRAWING = ("euler_a", "ddpm", "dpmpp_2m_sde", "lcm")

# What the base's numbers say that a sampler must know to draw with them.
_MUST_KNOW = {
    "rescale_betas_zero_snr": "was trained to begin at noise alone",
    "use_dynamic_shifting": "shifts its steps by the size of the picture",
}


@contextlib.contextmanager
def sampled_by(pipeline: Any, name: str, among: Collection[str] = ()) -> Iterator[None]:
    """
    Have the pipeline denoise by the sampler called `name` while the block runs; "" is its own.

    `among` are the samplers that its family has, none for all that suit the base's scheduler.

    :raises SamplerRefused: if there is none of that name, or the base cannot be drawn with it
    """
    own = pipeline.scheduler
    if name:
        pipeline.scheduler = _made(pipeline, name, among)
    try:
        yield
    finally:
        pipeline.scheduler = own


def scheduler_of(pipeline: Any, name: str, among: Collection[str] = ()) -> str:
    """Return the class that the sampler called `name` is; "" where nothing is denoised."""
    own = getattr(pipeline, "scheduler", None)
    if own is None or not name:
        return "" if own is None else type(own).__name__
    return suiting(pipeline, among)[name].scheduler


def is_flowing(scheduler: Any) -> bool:
    """Return whether a base follows a flow: its samplers are others than those of diffusion."""
    told = scheduler.config
    return (
        type(scheduler).__name__.startswith("FlowMatch")
        or told.get("prediction_type") == "flow_prediction"
        or bool(told.get("use_flow_sigmas"))
    )


def suiting(pipeline: Any, among: Collection[str] = ()) -> Mapping[str, Sampler]:
    """Return the samplers that a base can be drawn with, by their names."""
    table = FLOWING if is_flowing(pipeline.scheduler) else DIFFUSING
    is_seeded = hasattr(pipeline, "prepare_extra_step_kwargs")
    return {
        name: sampler
        for name, sampler in table.items()
        if (name in among or not among) and (is_seeded or name not in _DRAWING)
    }


def _made(pipeline: Any, name: str, among: Collection[str]) -> Any:
    own, table = pipeline.scheduler, suiting(pipeline, among)
    sampler = table.get(name)
    if sampler is None:
        what = "is no sampler" if name not in SAMPLERS else "is no sampler for this base"
        raise SamplerRefused(f"{name} {what}: it can be drawn with {', '.join(table)}.")
    kind = getattr(diffusers, sampler.scheduler)
    if kind is type(own) and not sampler.settings:
        return own
    _refuse_what_it_does_not_know(own, kind, name)
    told = dict(own.config)
    if is_flowing(own) and "shift" in told:
        told.setdefault("flow_shift", told["shift"])  # the solvers' own word for it
    return kind.from_config(told, **sampler.settings)


def _refuse_what_it_does_not_know(own: Any, kind: type[Any], name: str) -> None:
    known = inspect.signature(kind.__init__).parameters
    for setting, why in _MUST_KNOW.items():
        if own.config.get(setting) and setting not in known:
            raise SamplerRefused(f"{name} does not suit this base, which {why}.")
