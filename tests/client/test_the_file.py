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


def _works(python):
    """Say whether this is a Python, and not a signpost to one that is not installed."""
    tried = subprocess.run([python, "-c", "import ssl"], capture_output=True, check=False)
    return tried.returncode == 0


FOUND = [shutil.which(f"python3.{minor}") for minor in range(9, 16)]
FOUND += [
    str(path)
    for path in sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3.*"))
    if path.name in {f"python3.{minor}" for minor in range(9, 16)}
]
PYTHONS = [python for python in FOUND if python and _works(python)]


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
