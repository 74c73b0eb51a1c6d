"""What may be asked to be rendered of a version: on which ground a plan is read."""

from __future__ import annotations

from registry.errors import NotAllowed, WrongState
from registry.models import AdapterVersion, Proof, User, VersionFile
from registry.queries import people, versions
from registry.services import previews
from registry.sweeps import axes, media
from registry.sweeps.axes import Ground
from registry.sweeps.samplers import SAMPLERS

State = AdapterVersion.State
SETTLED = {State.READY, State.PUBLISHED, State.WITHDRAWN}
STRETCHES = ("unet.down", "unet.mid", "unet.up")
# Bases that follow a flow have fewer samplers; these of them draw no noise of their own.
FLOWING = ("euler", "heun", "dpmpp_2m", "unipc")
DIFFUSING = ("StableDiffusionPipeline", "StableDiffusionXL")  # how such pipelines are called


def require(version: AdapterVersion, by: User | None) -> None:
    """
    Return if the person may ask for cells of the version, which they may see.

    :raises NotAllowed: if they are in no team
    :raises WrongState: if nothing can be rendered of the version
    """
    if by is None or not (by.is_superuser or people.team_keys_of(by)):
        raise NotAllowed(
            "To have pictures rendered you need to be a member of a team: ask an admin of one."
        )
    reason = unfit(version)
    if reason:
        raise WrongState(reason, code="not-rendered")


def unfit(version: AdapterVersion) -> str:
    """Return why nothing can be rendered of a version, "" if it can."""
    name = f"Version {version.number}"
    if version.state not in SETTLED:
        return f"{name} is {version.state}: cells can be asked for once its validation has passed."
    if version.proof != Proof.RENDERS or not version.base.weights_at:
        title = version.base.title
        return f"{name} was never rendered: no worker of this hub has the weights of {title}."
    if not previews.scenes_of(version):
        return f"{name} cannot be rendered: its base {version.base.title} has no scenes."
    return ""


def ground_of(version: AdapterVersion, by: User | None) -> Ground:
    """Return what a person may ask of a version."""
    fit = [one["component"] for one in version.fit.get("components", [])]
    medium = media.medium_of(version.base.modality, version.base.pipeline)
    is_spoken = medium not in {None, media.PICTURE}
    return Ground(
        number=version.number,
        scenes=tuple(previews.as_plain(scene) for scene in previews.scenes_of(version)),
        trigger_words=tuple(version.trigger_words),
        usual_weight=usual_weight(version),
        training_steps=tuple(sorted(checkpoints(version))),
        versions={
            other.number: unlike(version, other)
            for other in versions.of_adapter(version.adapter, by=by)
        },
        samplers=() if is_spoken else samplers_of(version),
        parts=() if is_spoken else _parts(fit),
        axes=axes.SPOKEN if is_spoken else (),
    )


def checkpoints(version: AdapterVersion) -> dict[int, VersionFile]:
    """Return its training checkpoints whose bytes are known to be right, by step."""
    return {
        file.training_step: file
        for file in version.files.all()
        if file.role == VersionFile.Role.CHECKPOINT and file.training_step and file.blob_id
    }


def unlike(version: AdapterVersion, other: AdapterVersion) -> str:
    """Return why two versions cannot be rendered on one base, "" if they can."""
    if version.base.family != other.base.family:
        return (
            f"version {other.number} is for {other.base.title} ({other.base.family}) and version "
            f"{version.number} for {version.base.title} ({version.base.family}): no base takes both"
        )
    if other.state not in SETTLED or other.proof not in {Proof.LOADS, Proof.RENDERS}:
        return f"version {other.number} is {other.state} and was not proved to load"
    return ""


def usual_weight(version: AdapterVersion) -> float:
    known = (version.measured_best, version.weight_default, 0.8)
    usual = next(weight for weight in known if weight is not None)
    return min(max(usual, axes.LEAST_WEIGHT), axes.MOST_WEIGHT)


def samplers_of(version: AdapterVersion) -> tuple[str, ...]:
    return tuple(SAMPLERS) if version.base.pipeline.startswith(DIFFUSING) else FLOWING


def _parts(components: list[str]) -> tuple[str, ...]:
    """Return the blocks that the adapter changes and that can have a weight of their own."""
    whole = tuple(name for name in components if name != "unet")
    return (*(STRETCHES if "unet" in components else ()), *whole)
