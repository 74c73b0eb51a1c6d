"""Programs that use huggingface_hub, in a process of their own, against a hub that runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

CLIENTS = Path(sys.prefix) / "clients"
MAJORS = {"0.36": "0.36.", "1": "1.", "2": "2."}


def run(program, *, hub, home, client="", token="", timeout=100):
    """
    Run a program that knows of the hub by HF_ENDPOINT alone (and HF_TOKEN); return what it prints
    last, read as JSON.

    `client` is a major version of huggingface_hub; "" means the one of this environment.
    """
    told = {
        "HF_ENDPOINT": hub,
        "HF_HOME": str(home),
        "NO_PROXY": "localhost,127.0.0.1",
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        "PATH": os.environ["PATH"],
    }
    told |= {"HF_TOKEN": token} if token else {}
    told |= {"PYTHONPATH": str(folder_of(client))} if client else {}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=told,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def folder_of(client):
    return CLIENTS / f"hub-{client}"
