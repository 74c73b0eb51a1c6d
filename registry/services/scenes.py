"""
The scenes that a team adds to a base: its own adapters are shown on them as well.

The base's own scenes are the catalogue's, and the same for all. A scene is never deleted, since
pictures refer to it: it is switched off, and on again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from registry.bases import samples
from registry.errors import Invalid, NotFound, WrongState
from registry.formats import plain
from registry.models import BaseModel, Kind, Role, Scene, Team, User
from registry.queries import people
from registry.services import events
from registry.services.versions import suggest_slug
from registry.sweeps import plain_scenes
from registry.sweeps.axes import MOST_GUIDANCE, MOST_SEED
from registry.sweeps.samplers import SAMPLERS
from registry.sweeps.seeds import MOST as MOST_SEEDS

MOST_ACTIVE = 6  # of a team for one base: every sweep of its adapters renders them all
MOST_PROMPT = 1000  # letters
MOST_TITLE = 120
MOST_PASSAGE = 4000
MOST_STEPS = 60
MOST_TOKENS = 512  # of an answer
LEAST_SIDE, MOST_SIDE, SIDE_STEP = 64, 2048, 8
MOST_PIXELS = 1536 * 1536
TEXTS = {
    "title": MOST_TITLE,
    "prompt": MOST_PROMPT,
    "negative": MOST_PROMPT,
    "passage": MOST_PASSAGE,
}
NUMBERS: Mapping[str, tuple[float, float]] = {
    "seed": (0, MOST_SEED),
    "steps": (1, MOST_STEPS),
    "guidance": (0, MOST_GUIDANCE),
    "width": (LEAST_SIDE, MOST_SIDE),
    "height": (LEAST_SIDE, MOST_SIDE),
    "most_tokens": (0, MOST_TOKENS),  # 0: as many as is usual for the base
}
SAMPLES = {"audio": samples.SOUND, "multimodal": samples.PICTURE}  # what bases are given, if any
ALWAYS = ("title", "kinds", "counts", "active")
SAID = (*TEXTS, *NUMBERS, "further_seeds", "sampler", "sample", "kinds", "counts", "active")


def of_team(team: Team, base: BaseModel | None = None) -> list[Scene]:
    """Return the team's scenes, of one base or of all, those switched off too."""
    found = team.scenes.select_related("base", "team").order_by("base__slug", "position", "pk")
    return list(found.filter(base=base) if base else found)


def of_team_by_id(team: Team, scene_id: int, *, by: User) -> Scene:
    """
    Return one of the team's scenes.

    :raises NotFound: if the team has no such scene, or `by` is not in the team
    """
    scene = team.scenes.select_related("base", "team").filter(pk=scene_id).first()
    if scene is None or not people.may(by, Role.VIEWER, team):
        raise NotFound(f"The team {team.slug} has no scene {scene_id}.")
    return scene


@transaction.atomic
def add(base: BaseModel, *, team: Team, by: User, now: datetime, **said: Any) -> Scene:
    """
    Add a scene to those that the team's adapters for a base are shown on.

    What is not said is as the base's defaults have it.

    :raises NotAllowed: if `by` does not review for the team
    :raises Invalid: if it asks for more than a worker should spend on it, or makes no sense
    :raises WrongState: if the team has as many as it may
    """
    people.require(by, Role.REVIEWER, team, to="add scenes")
    _refuse_unasked(base, said)
    fields = _checked(usual(base) | said, base)
    _refuse_too_many(base, team, adding=fields["active"])
    slug = _free_slug(base, team, fields["title"])
    last = base.scenes.filter(team=team).aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            scene = Scene.objects.create(
                base=base, team=team, slug=slug, position=(last or 0) + 1, **fields
            )
    except IntegrityError as error:
        raise WrongState("Somebody has just added a scene of that name: look again.") from error
    events.record("scene.added", by=by, on=team, now=now, base=base.slug, scene=slug)
    return scene


@transaction.atomic
def change(scene: Scene, *, by: User, now: datetime, **said: Any) -> Scene:
    """
    Say something else of a team's scene, or switch it off. Sweeps that are there stay as they are.

    :raises NotAllowed: if `by` does not review for the team
    :raises Invalid: if it asks for more than a worker should spend on it, or makes no sense
    :raises WrongState: if the team has as many as it may
    """
    scene = Scene.objects.select_for_update(of=("self",)).get(pk=scene.pk)
    if scene.team is None:
        raise NotFound(f"{scene.title} is a scene of the catalogue, the same on every hub.")
    people.require(by, Role.REVIEWER, scene.team, to="change scenes")
    _refuse_unasked(scene.base, said)
    fields = _checked({name: getattr(scene, name) for name in SAID} | said, scene.base)
    _refuse_too_many(scene.base, scene.team, adding=fields["active"] and not scene.active)
    for name in said:
        setattr(scene, name, fields[name])
    scene.save(update_fields=list(said))
    events.record(
        "scene.changed", by=by, on=scene.team, now=now, base=scene.base.slug, scene=scene.slug,
        fields=sorted(said),
    )  # fmt: skip
    return scene


def usual(base: BaseModel) -> dict[str, Any]:
    """Return what a scene is rendered with, where nothing is said of it."""
    defaults = base.defaults or (base.parent.defaults if base.parent else {})
    told = {name: defaults[name] for name in NUMBERS if name in defaults}
    if "sample" in asked_by(base):
        told["sample"] = sample_names(base)[0]
    return {name: getattr(Scene(), name) for name in SAID} | told


def asked_by(base: BaseModel) -> tuple[str, ...]:
    """Return the fields of a scene that reach a base; those of a picture where nothing is known."""
    fields = plain_scenes.asked_by(base.modality, base.pipeline)
    return fields or plain_scenes.asked_by("image", base.pipeline)


def sample_names(base: BaseModel) -> tuple[str, ...]:
    """Return the sounds or pictures that a scene may give to a base; none if it takes none."""
    return samples.names(SAMPLES[base.modality]) if "sample" in asked_by(base) else ()


def _free_slug(base: BaseModel, team: Team, title: str) -> str:
    """Return a name for it in addresses, that no scene beside it has."""
    wanted = suggest_slug(title)[:50].strip("-") or "scene"
    beside = base.scenes.filter(Q(team=team) | Q(team=None))
    if base.parent:  # whose scenes are shown where the base has none of its own
        beside |= base.parent.scenes.filter(Q(team=team) | Q(team=None))
    taken = set(beside.values_list("slug", flat=True))
    number, slug = 2, wanted
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def _refuse_too_many(base: BaseModel, team: Team, *, adding: bool) -> None:
    active = base.scenes.filter(team=team, active=True).count()
    if adding and active >= MOST_ACTIVE:
        raise WrongState(
            f"The team {team.slug} has {active} scenes for {base.title}, and each is rendered for "
            "every version: switch another one off first.",
            code="scene.too-many",
        )


# --- What is said of it --------------------------------------------------------------------------


def _refuse_unasked(base: BaseModel, said: Mapping[str, Any]) -> None:
    known = asked_by(base)
    for name, value in said.items():
        if value and name not in known and name not in ALWAYS:
            raise Invalid(
                f"{name}: {base.title} is asked by {', '.join(known)}; leave {name} out.",
                code="scene.unasked",
            )


def _checked(said: Mapping[str, Any], base: BaseModel) -> dict[str, Any]:
    fields = dict(said) | {name: _text(name, said[name]) for name in TEXTS}
    known = sample_names(base)
    for name in ("title",) if known else ("title", "prompt"):
        if not fields[name]:
            raise Invalid(f"Give the scene a {name}.", code=f"scene.{name}")
    if known and said["sample"] not in known:
        raise Invalid(
            f"sample: {str(said['sample'])[:60]!r} is none of {', '.join(known)}.",
            code="scene.sample",
        )
    fields |= {name: _number(name, said[name]) for name in NUMBERS}
    fields["further_seeds"] = _further(said["further_seeds"], own=said["seed"])
    _refuse_size(fields["width"], fields["height"])
    if said["sampler"] and said["sampler"] not in SAMPLERS:
        raise Invalid(
            f"sampler: {str(said['sampler'])[:40]!r} is none of {', '.join(SAMPLERS)}.",
            code="scene.sampler",
        )
    unknown = [kind for kind in said["kinds"] if kind not in Kind.values]
    if unknown:
        raise Invalid(
            f"kinds: {str(unknown[0])[:40]!r} is none of {', '.join(Kind.values)}.",
            code="scene.kinds",
        )
    return fields | {"kinds": sorted(set(said["kinds"]))}


def _text(name: str, value: str) -> str:
    text = plain.line(str(value))
    if len(text) > TEXTS[name]:
        raise Invalid(f"{name}: write {TEXTS[name]} letters at most.", code=f"scene.{name}")
    return text


def _number(name: str, value: Any) -> float:
    low, high = NUMBERS[name]
    whole = name != "guidance"
    right = isinstance(value, int) if whole else isinstance(value, int | float)
    if isinstance(value, bool) or not right or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise Invalid(f"{name}: {kind} from {low:g} to {high:.10g}.", code=f"scene.{name}")
    return value  # type: ignore[no-any-return]


def _further(seeds: Sequence[int], *, own: int) -> list[int]:
    """Return the seeds beside its own that a scene is drawn by, each once."""
    further = [_number("seed", seed) for seed in dict.fromkeys(seeds) if seed != own]
    if len(further) > MOST_SEEDS:
        raise Invalid(
            f"further_seeds: {len(further)} seeds are more than a worker draws of one scene; name "
            f"{MOST_SEEDS} at most.",
            code="scene.seeds",
        )
    return [int(seed) for seed in further]


def _refuse_size(width: float, height: float) -> None:
    if width % SIDE_STEP or height % SIDE_STEP:
        raise Invalid(
            f"width and height are multiples of {SIDE_STEP}: {width:g} × {height:g} is not.",
            code="scene.size",
        )
    if width * height > MOST_PIXELS:
        raise Invalid(
            f"{width:g} × {height:g} is more than a worker renders at every weight: keep to "
            f"{MOST_PIXELS:,} pixels.",
            code="scene.size",
        )
