"""Jobs are sent by name: each name has to be a task, on a queue that a worker takes from."""

from __future__ import annotations

import importlib

import pytest
from django.conf import settings

from hub.celery import app
from registry import jobs
from registry.models import ValidationRun

NAMES = [value for value in vars(jobs).values() if str(value).startswith("workers.")]
BEATEN = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]


@pytest.mark.parametrize("name", [*NAMES, *BEATEN])
def test_job_is_a_task(name):
    module, _, function = name.rpartition(".")
    task = getattr(importlib.import_module(module), function)
    assert task.name == name


@pytest.mark.parametrize("name", [*NAMES, *BEATEN])
def test_job_has_a_queue(name):
    route = app.amqp.router.route({}, name)
    assert route["queue"].name == ("gpu" if name.startswith("workers.gpu.") else "intake")


def test_every_stage_has_a_job():
    assert set(jobs.JOB_OF_STAGE) == set(ValidationRun.Stage)
