"""
How the web server runs, here and in production: `gunicorn -c python:hub.up.gunicorn hub.wsgi`.

Threads, because a request mostly waits for the database, the store or a slow reader; files go out
by sendfile. The application is loaded once, before the workers are forked.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from hub.up.children import die_with_parent
from registry.bases import catalogue

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
preload_app = True
timeout = 60
graceful_timeout = 2
keepalive = 20
accesslog = "-"
logger_class = "hub.up.access_log.AccessLog"
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108 - The heartbeat must not wait for a busy disk.


def when_ready(_server: Any) -> None:
    """Read the layers of all bases before the workers are forked, which then share them."""
    catalogue.warm()
    gc.freeze()  # What is here stays: no collection need look at it again.


def post_worker_init(_worker: Any) -> None:
    """Count what is published before anybody asks: in a large library it takes a second."""
    from registry.queries.facets import kept  # noqa: PLC0415  Django is set up by now

    kept.warm()


def post_fork(_server: Any, worker: Any) -> None:
    die_with_parent(worker.ppid)
