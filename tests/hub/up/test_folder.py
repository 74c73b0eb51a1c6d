from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.up.errors import CannotStart
from hub.up.folder import open_folder


def test_a_second_supervisor_is_refused(tmp_path):
    first = open_folder(tmp_path / "var")

    with pytest.raises(CannotStart, match=rf"already running on .* \(process {os.getpid()}\)"):
        open_folder(tmp_path / "var")

    first.lock.close()
    open_folder(tmp_path / "var").lock.close()


def test_the_lock_of_a_killed_supervisor_is_free(tmp_path):
    code = (
        "import os, sys, pathlib; from hub.up.folder import open_folder;"
        "open_folder(pathlib.Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=False)

    open_folder(tmp_path).lock.close()


def test_the_secret_key_is_made_once_and_only_ours(tmp_path):
    folder = open_folder(tmp_path)
    key = folder.secret_key.read_text()
    folder.lock.close()
    again = open_folder(tmp_path)
    again.lock.close()

    assert again.secret_key.read_text() == key
    assert len(key.strip()) >= 50
    assert folder.secret_key.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CannotStart, match=r"cannot be written to \(Not a directory\)"):
        open_folder(tmp_path / "file" / "var")


def test_a_folder_that_cannot_be_written_to_is_refused():
    with pytest.raises(CannotStart, match=r"/proc cannot be written to"):
        open_folder(Path("/proc"))
