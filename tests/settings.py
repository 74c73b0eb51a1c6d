"""The hub's settings, and what a test run must not share with anyone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hub.settings import *

SECRET_KEY = "only-for-tests"
DATA = Path(tempfile.mkdtemp(prefix="loradex-tests-"))
BLOBS_AT = DATA / "blobs"
SCRATCH = DATA / "scratch"
STATIC_ROOT = DATA / "static"
STORE = "disk"
DOWNLOADS = "serve"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
