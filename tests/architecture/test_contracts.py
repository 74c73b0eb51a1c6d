"""Who may import whom: the contracts are in pyproject.toml, and here they are kept."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ZONES = ("hub", "registry", "workers")
VAGUE = {"utils", "helpers", "common", "core", "misc", "managers"}
MODULES = sorted(
    path for zone in ZONES for path in (ROOT / zone).rglob("*.py") if "migrations" not in path.parts
)


def test_contracts_are_kept():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], capture_output=True, text=True, cwd=ROOT, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_of_a_size_to_be_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_no_name_says_nothing():
    assert not [path for path in MODULES if VAGUE & {path.stem, *path.parts}]


def test_nothing_here_unpickles():
    """A pickle runs code when it is opened; there is no safe way to look into one."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {"pickle", "cPickle", "dill", "joblib", "shelve"} & set(names), path
