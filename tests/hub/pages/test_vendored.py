from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "hub" / "static"
VENDOR = STATIC / "vendor"
SUMS = dict(reversed(line.split("  ")) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())


def test_every_vendored_file_has_a_sum():
    here = {path.name for path in VENDOR.iterdir()} - {"SHA256SUMS", "README.md"}

    assert here == set(SUMS)


def in_tree(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("name", SUMS)
def test_a_vendored_file_is_what_was_reviewed(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == SUMS[name]


@pytest.mark.parametrize("path", [*ROOT.glob("templates/**/*.html")], ids=in_tree)
def test_a_template_has_nothing_that_the_policy_forbids(path):
    text = path.read_text(encoding="utf-8")

    html = re.sub(r"{%.*?%}", "", text)  # a variable of a tag may be called `one`

    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|<script(?![^>]*\ssrc=)", html)
    assert "//" not in re.sub(r"\{#.*?#\}", "", text).replace("https://example.org", "")


@pytest.mark.parametrize("path", [*STATIC.glob("js/**/*.js")], ids=in_tree)
def test_a_module_makes_no_code_of_text(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|new Function", text)
    assert len(text.splitlines()) <= 300
