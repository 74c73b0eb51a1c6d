"""
What the child takes away from itself before it imports anything heavy or reads anything hostile.

Each limit that the system does not grant is a sentence in the answer, never an error: on a machine
without namespaces the engine works, and the log says what it could not be denied.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import socket
from pathlib import Path

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
MAX_FILE = 4 * 1024**3  # its scratch alone is ever written; a converted adapter is the largest
MAX_OPEN = 1024
ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))  # RFC 5737, RFC 3849
UNREACHABLE = {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EHOSTUNREACH}


def take_away(device: str) -> list[str]:
    """Give up all that the engine does not need. Returns a sentence for each that stayed."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _leave_network(libc)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return [*_bound_resources(device)] + ([] if network_is_off() else [_network_stays()])


def network_is_off() -> bool:
    """Look whether this process has no way out: another network than its parent's, and no route."""
    try:
        own = str(Path("/proc/self/ns/net").readlink())
    except OSError:
        return False
    return own != os.environ.get("ENGINE_PARENT_NETNS", own) and not any(
        _has_route(family, address) for family, address in ELSEWHERE
    )


def _has_route(family: int, address: str) -> bool:
    # Connecting a datagram socket sends nothing: it only asks the kernel for a route.
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError as error:
        return error.errno not in UNREACHABLE
    return True


def _leave_network(libc: ctypes.CDLL) -> None:
    if network_is_off() or libc.unshare(CLONE_NEWNET) == 0:
        return
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        # Libraries look themselves up by user id, so it must keep its name in there.
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="ascii")
    except OSError as error:
        print(f"{path}: {error}", flush=True)  # noqa: T201 - standard output is the log here


def _network_stays() -> str:
    return (
        "the network could not be taken away from it (neither bubblewrap nor namespaces are "
        "allowed here); it still has no credentials."
    )


def _bound_resources(device: str) -> list[str]:
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: MAX_FILE,
        resource.RLIMIT_NOFILE: MAX_OPEN,
    }
    if device == "cpu":  # A GPU driver reserves far more addresses than there is memory.
        bounds[resource.RLIMIT_AS] = int(os.environ.get("ENGINE_MEMORY", "0")) or _all_memory()
    return [sentence for kind, most in bounds.items() if (sentence := _bound(kind, most))]


def _bound(kind: int, most: int) -> str:
    _, hard = resource.getrlimit(kind)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (bound, bound))
    except (ValueError, OSError) as error:
        return f"a resource limit could not be set: {error}."
    return ""


def _all_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
