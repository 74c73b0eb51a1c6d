"""The Celery application. Its queues, routes and limits are settings."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_process_init

from hub.up.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("loradex")
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_process_init.connect
def end_with_the_worker(**_: object) -> None:
    """Have the kernel end this process of the pool with its worker, even one that is killed."""
    die_with_parent(os.getppid())
