"""Run something in a child process that is killed at a chosen step."""

from __future__ import annotations

import os
import signal
import traceback

# Everything by which the disk store changes what others can see, or makes it last.
STEPS = (
    "fdatasync",
    "fsync",
    "ftruncate",
    "link",
    "mkdir",
    "open",
    "pwrite",
    "rename",
    "replace",
    "rmdir",
    "unlink",
    "utime",
)


def killed_at(step, act):
    """Run `act` in a child that dies just before its step number `step`; say whether it died."""
    child = os.fork()
    if child == 0:
        try:
            _kill_at(step)
            act()
        except BaseException:  # noqa: BLE001 - nothing may get back into pytest's copy
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, -signal.SIGKILL}, f"the child ended with {code}"
    return code != 0


def _kill_at(step):
    left = step

    def counted(call):
        def wrapper(*args, **kwargs):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return wrapper

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
