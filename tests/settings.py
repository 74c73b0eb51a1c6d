"""The hub's settings, and what a test run must not share with anyone."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from hub.settings import *

SECRET_KEY = "only-for-tests"
DATA = Path(tempfile.mkdtemp(prefix="loradex-tests-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
BLOBS_AT = DATA / "blobs"
SCRATCH = DATA / "scratch"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir()  # WhiteNoise warns where there is none
STORE = "disk"
DOWNLOADS = "serve"
SWEEP_SEEDS = 0  # what looks at sweeps by further seeds says so: tests/workers/test_seeding.py
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
