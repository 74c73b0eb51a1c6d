"""
The parent's end of the engine: a child process that knows torch, and how to talk to it.

The worker process itself never imports torch and never opens an adapter: it hands paths to a child
(`python -m workers.engine`) that has no credentials, no network wherever the system can take it
away, bounded files and memory, and dies with its parent. The child keeps a base in memory between
calls. It gathers facts and decides nothing.

    with EngineChild("cpu", threads=1) as engine:
        trial, pictures = engine.call("try_on", {...}, timeout=600)

**EngineChild(device="cpu", *, threads=None, memory=None)** starts nothing yet.
`start(timeout=180)` starts the child if none is alive and returns its hello:
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
this: `unknown_verb`, `bad_fields`, `base_unreadable`, `adapter_refused`, `out_of_memory`,
`failed`). A faulty adapter is no error of `prove_loads` and `try_on`: it is a fact in the answer.

Verbs, each with its fields → what comes back:

`prove_loads` — the real loader on a skeleton of the base (meta device, no weights needed).
    base     {"slug", "pipeline": "StableDiffusionPipeline", "folder": path or None,
              "config_folder": path: diffusers layout, model_index.json and */config.json}
    adapter  {"path", "config_path": path or None, "dialect": str,
              "expected": {component: layers in the file}}
    → Trial's fields, level "loads" (change and trigger_change None), no blobs

`try_on` — the same on the real weights, and one scene with and without.
    base, adapter  as above, `folder` given
    scene    {"slug", "prompt" (may hold "{trigger}"), "negative", "seed", "steps", "guidance",
              "width", "height"}
    trigger_words  [str, ...] (joined by ", " where the prompt says {trigger}; else put before it)
    → Trial's fields, level "renders"; blobs "without" (weight 0), "with" (weight 1) and, if there
      are trigger words, "untriggered" (weight 1, prompt without them): WebP

`sweep` — one scene over weights, in one batch where the adapter allows it.
    base, adapter, scene  as above; adapter also {"tensor_digest": str}; base also {"digest": str}
    prompt   str: the finished prompt of this row (Cell.prompt)
    weights  [float, ...] ascending, the whole row
    skip     [float, ...] weights whose pictures the parent has already: they are measured with the
             rest (from the child's memory, or rendered again) but not sent
    → {"cells": [{"weight", "key": content key, "blob": name or None, "media_type": "image/webp",
                  "width", "height", "saw_nan": bool,
                  "from_zero": {"pixel", "ssim", "latent"} or None,
                  "from_previous": the same, "seconds"}],
       "method": "batch" or "loop", "reason": str (why a loop), "device", "seconds",
       "network_off", "versions"}; a blob a cell

`forget` — drop the base from memory. {} → {}.

Trial's fields are those of registry.checks.facts.Trial: level, in_file, injected, unmatched_layers,
loader_messages, saw_nan, change, trigger_change, error, device, seconds, network_off.
The content key of a cell is the same for two cells that must look the same: see
registry.sweeps.plan.cell_key, which the parent uses to know stored cells before it asks.
"""
