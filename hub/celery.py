"""The Celery application. Its queues, routes and limits are settings."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("loradex")
app.config_from_object("django.conf:settings", namespace="CELERY")
