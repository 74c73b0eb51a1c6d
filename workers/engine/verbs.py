"""
What the engine can be asked to do: one table, verb by verb.

A verb takes the engine, the fields of the request and a way to say how far it is, and gives fields
and blobs. The faults that a parent can do something about have a code of their own.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import peft
import torch
import transformers

from registry.sweeps.plan import RENDERING
from workers.engine import heap, making, requests, samplers, sweeping, trials
from workers.engine.adapter_files import AdapterUnreadable
from workers.engine.bases import Base, Bases, BaseUnreadable
from workers.engine.compiling import INDUCTOR
from workers.engine.converting import ConversionRefused, converter
from workers.engine.devices import Device, choose, is_out_of_memory
from workers.engine.families.table import UnknownPipeline
from workers.engine.fidelity import Clip, clips
from workers.engine.last_loaded import LastLoaded
from workers.engine.parts import UnknownPart
from workers.engine.pictures import NoPicture
from workers.engine.rendering import NoRoom
from workers.engine.samplers import SamplerRefused
from workers.engine.shots import Shot
from workers.engine.sweeping import Row, See
from workers.engine.vgg import Vgg, vggs

Answer = tuple[dict[str, Any], dict[str, bytes]]
Fields = Mapping[str, Any]
Progress = Callable[[str, int, int], None]  # stage, done, of

CODES: Mapping[type[Exception], str] = {
    requests.BadFields: "bad_fields",
    UnknownPart: "bad_fields",
    SamplerRefused: "bad_fields",
    BaseUnreadable: "base_unreadable",
    UnknownPipeline: "base_unreadable",
    AdapterUnreadable: "adapter_refused",
    sweeping.AdapterRefused: "adapter_refused",
    ConversionRefused: "conversion_refused",
    making.ConfigRefused: "config_refused",
    NoRoom: "out_of_memory",
    NoPicture: "bad_fields",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """What a process has to work with."""

    device: Device
    bases: Bases
    clips: LastLoaded[Clip]
    vggs: LastLoaded[Vgg]
    network_off: bool

    @property
    def circumstances(self) -> dict[str, Any]:
        """What every answer says of how it was come by."""
        return {
            "device": self.device.title,
            "network_off": self.network_off,
            "bases": list(self.bases.held),
        }


def code_of(error: Exception) -> str:
    """Return the code that a fault has on the wire."""
    if is_out_of_memory(error):
        return "out_of_memory"
    return next((code for kind, code in CODES.items() if isinstance(error, kind)), "failed")


def open_engine(device: str, *, network_off: bool, compiled: bool = False) -> Engine:
    """
    Return an engine for the device called `device`, which has its bases compiled if so told.

    :raises NoDevice: if there is none of that name
    """
    # What the loaders say of an adapter is caught (engine.overheard); the rest is no news.
    warnings.simplefilter("ignore", FutureWarning)
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    heap.keep()
    chosen = choose(device)
    bases = Bases(chosen, backend=INDUCTOR if compiled else None)
    return Engine(chosen, bases, clips(chosen), vggs(chosen), network_off)


def versions() -> dict[str, str]:
    """Return what the engine is made of, to be stored beside what it rendered."""
    return {
        "engine": str(RENDERING),
        "torch": str(torch.__version__),
        "diffusers": diffusers.__version__,
        "peft": peft.__version__,
        "transformers": transformers.__version__,
    }


def prove_loads(engine: Engine, fields: Fields, progress: Progress) -> Answer:
    progress("building the skeleton", 0, 1)
    base = engine.bases.skeleton(requests.base(fields))
    progress("loading the adapter", 0, 1)
    facts, blobs = trials.prove_loads(base, requests.adapter(fields))
    return facts | engine.circumstances, blobs


def try_on(engine: Engine, fields: Fields, progress: Progress) -> Answer:
    progress("loading the base", 0, 1)
    base = engine.bases.load(requests.base(fields))
    facts, blobs = trials.try_on(
        base,
        requests.adapter(fields),
        requests.scene(fields),
        requests.trigger_words(fields),
        on_step=lambda done, of: progress("rendering", done, of),
    )
    return facts | engine.circumstances, blobs


def sweep(engine: Engine, fields: Fields, progress: Progress) -> Answer:
    [(answer, blobs)] = _swept(engine, fields, [requests.row(fields)], progress)
    return answer, blobs


def sweep_rows(engine: Engine, fields: Fields, progress: Progress) -> Answer:
    answers = _swept(engine, fields, requests.rows(fields), progress)
    blobs = {
        f"{number}/{name}": data
        for number, (_, own) in enumerate(answers)
        for name, data in own.items()
    }
    return {"rows": [answer for answer, _ in answers]}, blobs


def _swept(engine: Engine, fields: Fields, rows: list[Row], progress: Progress) -> list[Answer]:
    progress("loading the base", 0, 1)
    base = engine.bases.load(requests.base(fields))
    answers = sweeping.sweep_rows(
        base,
        requests.adapter(fields),
        rows,
        on_step=lambda done, of: progress("rendering", done, of),
        see=_eyes(engine, fields),
    )
    if any("wanted" in answer for answer, _ in answers):
        return answers
    return [
        (answer | engine.circumstances | _made_with(base, row), blobs)
        for row, (answer, blobs) in zip(rows, answers, strict=True)
    ]


def _eyes(engine: Engine, fields: Fields) -> See:
    """Return what else is seen of a row, by the models that the request names."""
    named = requests.clip(fields), requests.vgg(fields)
    clip = engine.clips.load(named[0]) if named[0] else None
    vgg = engine.vggs.load(named[1]) if named[1] else None
    seeing: list[See] = [one.see for one in (clip, vgg) if one is not None]

    def see(
        row: Row, keys: Mapping[float, str], shots: Mapping[float, Shot]
    ) -> dict[float, dict[str, Any]]:
        facts: dict[float, dict[str, Any]] = {}
        for eye in seeing:
            for weight, told in eye(row, keys, shots).items():
                facts.setdefault(weight, {}).update(told)
        return facts

    return see


def _made_with(base: Base, row: Row) -> dict[str, Any]:
    return {
        "scheduler": samplers.scheduler_of(
            base.pipeline, row.scene.sampler, getattr(base.family, "samplers", ())
        ),
        "dtype": str(getattr(base.pipeline, "dtype", "")).removeprefix("torch."),
        "versions": versions(),
    }


def make_manifest(engine: Engine, fields: Fields, progress: Progress) -> Answer:  # noqa: ARG001
    progress("laying out the layers", 0, 1)
    content, layers = making.make(*requests.configs(fields))
    return {"layers": layers}, {"manifest": content}


def convert(engine: Engine, fields: Fields, progress: Progress) -> Answer:
    source = requests.adapter(fields)
    into = Path(tempfile.mkdtemp(prefix="converted-"))  # in the scratch folder: see engine_box
    progress("converting", 0, 1)
    made = converter.convert(
        source.path,
        source.config_path,
        to=requests.conversion(fields),
        base=requests.slug(fields),
        into=into,
    )
    files = [[str(path.relative_to(into)), path.stat().st_size] for path in made.files]
    answer = {"folder": str(into), "files": files, "layers": made.layers}
    rest = {"worst_error": made.worst_error, "notes": list(made.notes), "versions": versions()}
    return answer | rest | engine.circumstances, {}


def forget(engine: Engine, fields: Fields, progress: Progress) -> Answer:  # noqa: ARG001
    engine.bases.forget()
    return {}, {}


VERBS: Mapping[str, Callable[[Engine, Fields, Progress], Answer]] = {
    "prove_loads": prove_loads,
    "try_on": try_on,
    "sweep": sweep,
    "sweep_rows": sweep_rows,
    "convert": convert,
    "make_manifest": make_manifest,
    "forget": forget,
}
