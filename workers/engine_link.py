"""
The parent's end of the engine: a child process that knows torch, and how to talk to it.

The worker process itself never imports torch and never opens an adapter: it hands paths to a child
(`python -m workers.engine`) that has no credentials, no network wherever the system can take it
away, bounded files and memory, and dies with its parent. The child keeps a base in memory between
calls. It gathers facts and decides nothing.

    with EngineChild("cpu", threads=1) as engine:
        trial, pictures = engine.call("try_on", {...}, timeout=600)

**EngineChild(device="cpu", *, threads=None, memory=None, compiled=False)** starts nothing yet;
`compiled` has it draw by torch.compile (docs/adr/0021).
`start(timeout=180, on_wait=None)` starts the child if none is alive and returns its hello:
`{"device": "cpu", "device_name": str, "network_off": bool, "limits": [sentences],
"versions": {"engine", "torch", "diffusers", "peft", "transformers"}}`.
`call(verb, fields, *, timeout, on_progress=None, on_wait=None) -> Frame(fields, blobs)` starts it
as needed. `on_progress(fields)` hears of progress, `{"stage": str, "done": int, "of": int}`;
`on_wait()` is called about once a second for as long as the call lasts (a good place for a
heartbeat). Whatever either raises ends the child and comes out of `call`.
`close()` ends the child and removes its scratch folder. One call at a time per child; a second
thread waits. Start it from a thread that lives on: the kernel ends the child with that thread.

Errors: `EngineDied` (killed, out of memory, crashed; str() gives the reason and the last lines it
wrote; the next call starts a new child), `EngineTimedOut` (an EngineDied: it was too slow, and its
whole process group has been killed), `EngineRefused` (.code, str(): the child is well but cannot do
this: `unknown_verb`, `bad_fields`, `base_unreadable`, `adapter_refused`, `config_refused`,
`conversion_refused`, `out_of_memory`, `failed`). A faulty adapter is no error of `prove_loads` and
`try_on`: it is a fact in the answer.

Verbs, each with its fields → what comes back:

`prove_loads` — the real loader on a skeleton of the base (meta device, no weights needed).
    base     {"slug", "pipeline": "StableDiffusionPipeline", "folder": path or None,
              "config_folder": path: diffusers layout, model_index.json and */config.json; or
              config.json alone, of a model of transformers}
    adapter  {"path", "config_path": path or None, "dialect": str,
              "expected": {component: layers in the file}}
    → Trial's fields, level "loads" (change and trigger_change None), no blobs

`try_on` — the same on the real weights, and one scene with and without.
    base, adapter  as above, `folder` given
    scene    {"slug", "prompt" (may hold "{trigger}"), "negative", "seed", "steps", "guidance",
              "width", "height", "sample", "passage", "most_tokens"}: what a base does not ask by
              is passed over
    trigger_words  [str, ...] (joined by ", " where the prompt says {trigger}; else put before it)
    → Trial's fields, level "renders"; blobs "without" (weight 0), "with" (weight 1) and, if there
      are trigger words, "untriggered" (weight 1, prompt without them): WebP; of sounds their
      spectrograms, and "with-sound" … beside them: WAV; of texts none

`sweep` — one scene over weights, in one batch where the adapter allows it.
    base, adapter, scene  as above; adapter also {"tensor_digest": str}; base also {"digest": str}
    prompt   str: the finished prompt of this row (Cell.prompt)
    weights  [float, ...] ascending, the whole row
    skip     [float, ...] weights whose cells the parent has already: they are measured with the
             rest (from the child's memory, as they are given, or rendered again) but not sent
    at_hand  [float, ...] of these, pictures that the parent can give: where the child has them no
             more, the answer is {"wanted": [float, ...]} and nothing is rendered. Ask again with
    given    [float, ...] the wanted weights, and blobs "given-0", … beside them in that order
             (`blobs` among the fields of `call`)
    parts    {part: factor} or left out: what the weight is multiplied by in parts of the base, a
             component ("unet", "text_encoder"), "unet.down", "unet.mid", "unet.up", one block
             ("unet.up.block_1") or attention of them ("unet.up.block_1.0"), or any module by its
             name ("transformer.transformer_blocks.7"); of several the innermost counts, 1 for
             layers in none. `bad_fields` if the base lacks the part. Part of the content key
    scene    may also hold "sampler", a name of registry.sweeps.samplers, "" for the base's own;
             `bad_fields` with the reason if the base cannot be drawn with it
    → {"cells": [{"weight", "key": content key, "medium": "picture", "text" or "sound",
                  "blob": name of its picture or spectrogram (WebP) or None,
                  "sound": name of its sound (WAV) or None, "media_type", "text": str,
                  "width", "height", "saw_nan": bool,
                  "from_zero": {measure: distance} or None: registry.sweeps.thresholds.MEASURES,
                  "from_previous": the same, "measures": {name: number} of the cell itself,
                  "seconds"}],
       "method": "batch" or "loop", "reason": str (why a loop), "device", "seconds",
       "network_off", "versions"}

`sweep_rows` — several rows of one adapter. Those that are drawn alike, but for prompt and seed, go
through one batch; the adapter is put on once.
    base, adapter  as above
    rows     [what `sweep` is asked of each row, but for base and adapter, ...]; a blob of the third
             is called "2/given-0", here and in the answer ("2/cell-0")
    clip     {"folder", "digest"} or left out: a CLIP, by which the measures of each picture say its
             `fidelity` to the scene's prompt, -1 to 1, and `fidelity_by`, the digest's beginning;
             where it cannot be loaded they do not. `sweep` takes it too
    vgg      {"file", "digest"} or left out: VGG16's weights, by whose features the measures of each
             picture say how far it is from weight 0 (`vgg`) and from the one before (`vgg_step`),
             about 1 at most, and `vgg_by`. `sweep` takes it too
    → {"rows": [what `sweep` answers of each row, ...]}; where one wants pictures, all answer
      {"wanted": [float, ...]} and nothing is rendered

`make_manifest` — the layers of a base, of configurations that are not trusted.
    slug     str
    configs  {"config.json": {...}} or {"model_index.json": {...}, "unet/config.json": {...}, ...}
    → {"layers": {component: how many}}; blob "manifest": what registry.bases.manifest.decode reads

`convert` — the adapter in another layout, number type or rank, compared with the original.
    adapter  as above; base {"slug"} alone, of the catalogue
    conversion  {"layout": "original"|"kohya"|"diffusers"|"peft"|"gguf", "dtype": "fp32"|"fp16"|
              "bf16" or None, "rank": int or None, "energy": 0 to 1 or None, "strip": [key, ...],
              "bare": bool: of the header nothing but what readers need, "bake": {key: value}}
    → {"folder", "files": [[path in it, bytes], ...], "layers", "worst_error", "notes": [sentence,
       ...], "device", "network_off", "versions"}. The folder is in the child's scratch (`scratch`),
       which is gone when the child is: move the files out at once. Refused: `conversion_refused`.

`forget` — drop the base from memory. {} → {}.

Trial's fields are those of registry.checks.facts.Trial: level, in_file, injected, unmatched_layers,
loader_messages, saw_nan, change, trigger_change, error, device, seconds, network_off.
The content key of a cell is the same for two cells that must look the same: see
registry.sweeps.plan.cell_key, which the parent uses to know stored cells before it asks.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from workers.engine_errors import EngineDied, EngineError, EngineRefused, EngineTimedOut
from workers.engine_process import EngineProcess
from workers.engine_waiting import Wait
from workers.frames import BadFrame, Frame, encode, read_frame

__all__ = ["EngineChild", "EngineDied", "EngineError", "EngineRefused", "EngineTimedOut"]

START_TIMEOUT = 180.0  # a cold import of torch and diffusers on a slow, busy machine
CHUNK = 1024 * 1024

log = logging.getLogger("workers.engine")


class EngineChild:
    """One engine process for one device. See the top of this module for what it can do."""

    def __init__(
        self,
        device: str = "cpu",
        *,
        threads: int | None = None,
        memory: int | None = None,
        compiled: bool = False,
    ) -> None:
        self.device = device
        self.threads = threads
        self.memory = memory
        self.compiled = compiled
        self.hello: dict[str, Any] = {}
        self._process: EngineProcess | None = None
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id, None if there is no child."""
        return self._process.pid if self._process and self._process.is_alive else None

    @property
    def scratch(self) -> Path | None:
        """The only folder that the child writes in, None if there is no child."""
        return self._process.scratch if self._process else None

    def start(
        self, *, timeout: float = START_TIMEOUT, on_wait: Callable[[], None] | None = None
    ) -> dict[str, Any]:
        """
        Start the child if none is alive, and return its hello.

        :raises EngineDied: if it cannot be started
        """
        with self._lock:
            if self.pid is None:
                self.close()
                try:
                    self._process = EngineProcess(
                        self.device,
                        threads=self.threads,
                        memory=self.memory,
                        compiled=self.compiled,
                    )
                except OSError as error:
                    raise EngineDied(f"The engine could not be started: {error}.") from error
                with self._ended_on_error():
                    frame = self._read(self._process, "start", Wait(timeout, on_wait))
                self.hello = dict(frame.fields.get("hello", {}))
                self._report_limits()
            return self.hello

    def call(
        self,
        verb: str,
        fields: Mapping[str, Any],
        *,
        timeout: float,
        on_progress: Callable[[dict[str, Any]], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> Frame:
        """
        Have the child do `verb`, and return its answer.

        :raises EngineRefused: if it cannot, and says why
        :raises EngineTimedOut: if it takes longer than `timeout` seconds
        :raises EngineDied: if it ends before it answers
        """
        with self._lock:
            self.start(on_wait=on_wait)
            process = self._process
            if process is None:
                raise EngineDied(f"The engine was closed before {verb}.")
            wait = Wait(timeout, on_wait)
            with self._ended_on_error():
                told = {name: value for name, value in fields.items() if name != "blobs"}
                request = encode({"verb": verb, "fields": told}, fields.get("blobs"))
                self._write(process, verb, request, wait)
                while True:
                    frame = self._read(process, verb, wait)
                    if "progress" not in frame.fields:
                        return _answer(frame)
                    if on_progress:
                        on_progress(frame.fields["progress"])

    def close(self) -> None:
        """End the child, if there is one, and remove its scratch folder."""
        with self._lock:
            process, self._process = self._process, None
            if process:
                process.end()

    @contextlib.contextmanager
    def _ended_on_error(self) -> Iterator[None]:
        """End the child if nobody waits for its answer any more, whatever the reason."""
        try:
            yield
        except EngineRefused as refusal:
            if refusal.code == "out_of_memory":
                self.close()  # It may be short of room for the next call as well.
            raise
        except BaseException:
            self.close()
            raise

    def _report_limits(self) -> None:
        for sentence in self.hello.get("limits", []):
            log.warning("Engine for %s: %s", self.device, sentence)

    # --- its pipes -----------------------------------------------------------------------

    def _write(self, process: EngineProcess, verb: str, content: bytes, wait: Wait) -> None:
        left = memoryview(content)
        while left:
            wait.for_pipe(process.stdin, select.POLLOUT, verb)
            try:
                left = left[os.write(process.stdin, left[:CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise EngineDied(process.why_it_ended(verb)) from error

    def _read(self, process: EngineProcess, verb: str, wait: Wait) -> Frame:
        def read(count: int) -> bytes:
            content = bytearray()
            while len(content) < count:
                wait.for_pipe(process.stdout, select.POLLIN, verb)
                chunk = os.read(process.stdout, min(count - len(content), CHUNK))
                if not chunk:
                    raise EngineDied(process.why_it_ended(verb))
                content += chunk
            return bytes(content)

        try:
            return read_frame(read)
        except BadFrame as error:
            raise EngineDied(f"The engine was ended in {verb}: {error}") from error


def _answer(frame: Frame) -> Frame:
    if "error" in frame.fields:
        error = frame.fields["error"]
        raise EngineRefused(str(error.get("code", "failed")), str(error.get("message", "")))
    return Frame(frame.fields.get("ok", {}), frame.blobs)
