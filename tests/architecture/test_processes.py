"""What a process may load when it starts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = ["torch", "diffusers", "peft", "transformers", "accelerate"]
ENTRIES = [
    "hub.urls",
    "hub.wsgi",
    "workers.intake",
    "workers.housekeeping",
    "workers.gpu",
    "workers.engine_link",
]


@pytest.mark.parametrize("entry", ENTRIES)
def test_process_starts_without_torch(entry):
    probe = (
        "import django, importlib, sys; django.setup(); "
        f"importlib.import_module({entry!r}); print(sorted(set({HEAVY}) & set(sys.modules)))"
    )
    assert _run(probe) == "[]"


def test_the_engine_starts_without_django():
    probe = "import importlib, pkgutil, sys, workers.engine_box; print('django' in sys.modules)"
    assert _run(probe) == "False"


def _run(probe):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", probe],
        capture_output=True, text=True, env=environment, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
