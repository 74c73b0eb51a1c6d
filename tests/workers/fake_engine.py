"""
A child that speaks the engine's protocol without torch: what it is asked for is how to misbehave.

`tests/workers/test_engine_link.py` runs it in the place of `python -m workers.engine`.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from workers.engine import limits
from workers.frames import encode, read_frame


def say(fields, blobs=None):
    sys.stdout.buffer.write(encode(fields, blobs))
    sys.stdout.buffer.flush()


def read(count):
    content = sys.stdin.buffer.read(count)
    if len(content) < count:
        sys.exit(0)
    return content


def main():
    if "--boxed" in sys.argv:
        limits.take_away("cpu")
    say({"hello": {"device": "fake", "network_off": limits.network_is_off(), "limits": []}})
    while True:
        request, blobs = read_frame(read)
        given = {"blobs": blobs} if blobs else {}
        globals()[f"do_{request['verb']}"](request["fields"] | given)


def do_echo(fields):
    say({"progress": {"stage": "echoing", "done": 1, "of": 2}})
    say({"ok": fields}, {"one": b"1", "none": b""})


def do_weigh(fields):
    say({"ok": {name: len(content) for name, content in fields["blobs"].items()}})


def do_refuse(fields):
    say({"error": {"code": fields.get("code", "adapter_refused"), "message": "It does not load."}})


def do_environment(fields):
    say({"ok": dict(os.environ)})


def do_sleep(fields):
    time.sleep(fields["seconds"])
    say({"ok": {}})


def do_die(fields):
    sys.stderr.write("the last thing it said\n")
    sys.stderr.flush()
    os.kill(os.getpid(), getattr(signal, fields["by"]))


def do_exhaust(fields):
    sys.exit("MemoryError")


def do_babble(fields):
    os.write(1, b"\xff" * 64)
    time.sleep(60)


def do_breed(fields):
    """Start a process of its own, as a library might, and hang."""
    child = os.fork()
    if not child:
        time.sleep(600)
    say({"progress": {"child": child}})
    time.sleep(600)


if __name__ == "__main__":
    main()
