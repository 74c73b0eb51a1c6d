"""Whatever the registry refuses with is said in the reader's language, names and numbers kept."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from django.utils.translation import override

from hub.pages import wordings
from registry.exports import mending
from registry.queries import mending as queries

REGISTRY = Path(__file__).resolve().parents[3] / "registry"
REFUSALS = {
    "Invalid", "NotAllowed", "NotConvertible", "NotFound", "PlanRefused", "QuotaReached",
    "SourceRefused", "Unavailable", "UploadRefused", "WrongState",
}  # fmt: skip


def template(node):
    """Return a sentence with {0} … where something is filled in; None if it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    said, holes = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += part.value
        else:
            said += f"{{{holes}}}"
            holes += 1
    return said


def refusals():
    for path in sorted(REGISTRY.rglob("*.py")):
        if "management" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node, "func", None)
            name = getattr(called, "attr", getattr(called, "id", ""))
            said = template(node.args[0]) if name in REFUSALS and node.args else None
            if name == "Quota":
                said = next(key.value.value for key in node.keywords if key.arg == "says")
                said = said.replace("{most}", "{0}").replace("{wait}", "{1}")
            if said and said != "{0}: {1}":
                yield said


def test_every_refusal_has_its_pattern():
    assert set(refusals()) - set(wordings.PATTERNS) == set()


def test_every_sentence_about_a_mend_has_its_pattern():
    said = {mend.does for mend in mending.MENDS} | set(mending.WHY_NOT.values())
    said |= {mending.OF_GGUF, queries.NOTHING, queries.NOT_YET}
    assert said - set(wordings.PATTERNS) == set()


def test_a_sentence_is_said_with_its_names():
    with override("zh-hans"):
        assert wordings.in_words("There is no adapter called ink/zebra.") == (
            "没有名为 ink/zebra 的适配器。"
        )


def test_a_sentence_is_left_in_english_where_that_is_read():
    with override("en"):
        said = "There is no adapter called ink/zebra."
        assert wordings.in_words(said) == said


def test_what_is_in_no_pattern_is_said_as_it_is():
    with override("zh-hans"):
        assert wordings.in_words("Braces {0} and %s stay.") == "Braces {0} and %s stay."


def test_braces_that_somebody_typed_are_kept():
    with override("zh-hans"):
        assert "{0.__class__}" in wordings.in_words("Nobody here is called '{0.__class__}'.")


@pytest.mark.parametrize("letters", [3000, 10_000])
def test_a_long_text_takes_no_time(letters):
    began = time.process_time()
    with override("zh-hans"):
        wordings.in_words("{0} is {1}: " * (letters // 10))
    assert time.process_time() - began < 5  # hundreds of patterns; none may blow up
