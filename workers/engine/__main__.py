"""
The engine child: reads requests from standard input, answers on standard output, one at a time.

Limits come first, before anything heavy is imported. Standard output belongs to the frames; what
libraries print goes to standard error, which the parent logs.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from workers.engine import limits
from workers.frames import BadFrame, encode, read_frame

BETWEEN_PROGRESS = 0.25  # seconds; a parent that waits wants news, not all of it


class ParentGone(Exception):
    """Nobody is at the other end any more."""


class Pipes:
    """Our ends of the two pipes."""

    def __init__(self) -> None:
        self._in = sys.stdin.buffer
        self._out = os.dup(1)
        os.dup2(2, 1)
        self._stage = ""
        self._said_at = 0.0

    def read(self, count: int) -> bytes:
        content = self._in.read(count)
        if len(content) < count:
            raise ParentGone
        return content

    def write(self, fields: dict[str, Any], blobs: dict[str, bytes] | None = None) -> None:
        left = memoryview(encode(fields, blobs))
        while left:
            left = left[os.write(self._out, left) :]

    def progress(self, stage: str, done: int, of: int) -> None:
        """Say how far the work is, if it is new or a while since it was last said."""
        now = time.monotonic()
        if stage == self._stage and done < of and now - self._said_at < BETWEEN_PROGRESS:
            return
        self._stage, self._said_at = stage, now
        self.write({"progress": {"stage": stage, "done": done, "of": of}})


def main() -> None:
    parser = argparse.ArgumentParser(prog="workers.engine")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--compiled", action="store_true")
    options = parser.parse_args()
    device = options.device
    pipes = Pipes()
    sentences = limits.take_away(device)
    verbs = importlib.import_module("workers.engine.verbs")  # torch and all: seconds
    network_off = limits.network_is_off()
    engine = verbs.open_engine(device, network_off=network_off, compiled=options.compiled)
    hello = {
        "device": device,
        "device_name": engine.device.title,
        "network_off": network_off,
        "limits": sentences,
        "versions": verbs.versions(),
    }
    pipes.write({"hello": hello})
    serve(engine, verbs, pipes)


def serve(engine: Any, verbs: Any, pipes: Pipes) -> None:
    """Answer requests until the parent closes its end."""
    while True:
        try:
            request, blobs = read_frame(pipes.read)
        except (ParentGone, BadFrame):
            return
        verb = verbs.VERBS.get(request.get("verb"))
        if verb is None:
            pipes.write(_error("unknown_verb", f"There is no verb {request.get('verb')!r}."))
        else:
            fields = dict(request.get("fields", {})) | ({"blobs": blobs} if blobs else {})
            pipes.write(*_do(verb, engine, fields, pipes, verbs.code_of))


def _do(
    verb: Callable[..., Any],
    engine: Any,
    fields: dict[str, Any],
    pipes: Pipes,
    code_of: Callable[[Exception], str],
) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        answer, blobs = verb(engine, fields, pipes.progress)
    except MemoryError:
        raise  # There is no telling what is left: the parent starts another child.
    except Exception as error:  # noqa: BLE001 - one bad request must not end the child
        code = code_of(error)
        if code == "failed":
            traceback.print_exc()
        return _error(code, f"{error}" or type(error).__name__), {}
    return {"ok": answer}, blobs


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message[:2000]}}


if __name__ == "__main__":
    main()
