"""What the one file has to be: plain Python 3.9, and nothing but the standard library."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.conftest import FILE

SOURCE = FILE.read_text(encoding="utf-8")


def _runs(python):
    """Return the version of a Python; nothing where a signpost leads to none."""
    ask = "import ssl, sys; print(sys.version_info[1])"
    tried = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    return int(tried.stdout) if tried.returncode == 0 else 0


def _pythons():
    """Return a Python of each version from 3.9 on that is on this machine, the oldest first."""
    names = {f"python3.{minor}" for minor in range(9, 16)}
    found = [shutil.which(name) for name in names]
    found += Path.home().glob(".pyenv/versions/3.*/bin/python3.*")
    by_version = {_runs(path): str(path) for path in found if path and Path(path).name in names}
    return [path for minor, path in sorted(by_version.items()) if minor >= 9]


PYTHONS = _pythons()


def test_is_written_in_the_syntax_of_python_3_9():
    ast.parse(SOURCE, feature_version=(3, 9))


def test_imports_nothing_but_the_standard_library():
    imported = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.Import):
            imported |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
    assert imported - {"__future__"} <= set(sys.stdlib_module_names)


def test_every_class_and_function_outside_says_what_it_is_or_is_named_for_it():
    for node in ast.parse(SOURCE).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            bare = all(isinstance(one, ast.Assign) for one in node.body)
            assert bare or ast.get_docstring(node), node.name


@pytest.mark.parametrize("python", PYTHONS)
def test_runs_with_every_python_that_is_here(python):
    done = subprocess.run(
        [python, "-I", "-W", "error", FILE, "--help"], capture_output=True, text=True, check=True
    )
    assert "verify" in done.stdout


@pytest.mark.django_db
def test_is_handed_out_by_the_hub_itself(client):
    answer = client.get("/client/loradex.py")

    assert answer.content == FILE.read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="loradex.py"'
    known = {"If-None-Match": answer["ETag"]}
    assert client.get("/client/loradex.py", headers=known).status_code == 304


@pytest.mark.django_db
def test_is_handed_out_by_a_hub_that_is_closed_to_strangers(client, settings):
    settings.READ_NEEDS_SIGN_IN = True
    assert client.get("/client/loradex.py").status_code == 200
