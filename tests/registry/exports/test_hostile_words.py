"""Recipes of adapters whose words were chosen to be run: what is pasted does what it says, only."""

from __future__ import annotations

import ast
import json
import subprocess
from dataclasses import replace

import pytest

from registry.exports.sample_cards import INK, TALE
from registry.exports.table import recipes_for
from registry.formats.families import Family

RUN = "echo >pwned"  # needs nothing but the shell
HOSTILE = (
    f"$({RUN})",
    f"`{RUN}`",
    f'"; {RUN} #',
    f"'; {RUN} #",
    f"\n{RUN}\n",
    f"\\'; {RUN} #",
    f"x && {RUN}",
    f'{{}} {{0}} %s $HOME \\" ${{x:=$({RUN})}} !!',
    '"""\nimport os; open("pwned", "w")\n"""',
    "''')\nimport os; open('pwned', 'w')\n('''",
)
# Programs that recipes call are not here: each is taken for one that does nothing.
NOTHING = "command_not_found_handle() { return 0; }\n"


def cards(text):
    """Return cards of every kind with a text wherever somebody may have written one."""
    written = {
        "title": text,
        "trigger_words": (text, "ink"),
        "scene": f"{{trigger}} {text}",
        "base_title": text,
        "base_repo": text,
        "base_here": text,
        "base_at": text,
        "deprecated": text,
    }
    config = TALE.config | {"base_model_name_or_path": text, "target_modules": [text, "q_proj"]}
    yield replace(INK, **written)
    yield replace(TALE, **written, config=config)
    yield replace(TALE, **written, layouts=(), dialect="gguf", file_name="tale.gguf")
    for family in (Family.SD1, Family.FLUX1, Family.QWEN_IMAGE):
        yield replace(INK, **written, family=family)


def pastes(card, language):
    for recipe in recipes_for(card).values():
        if recipe.language == language:
            yield f"{recipe.title}: usage", recipe.usage
        for more in recipe.more:
            if more.language == language:
                yield f"{recipe.title}: {more.title}", more.text


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_but_the_recipe_is_run_by_a_shell(text, tmp_path):
    lines = [(name, line) for card in cards(text) for name, line in pastes(card, "shell")]
    assert len(lines) > 30

    for name, line in lines:
        subprocess.run(
            ["/bin/bash", "-c", NOTHING + line],
            cwd=tmp_path, env={"PATH": "/nowhere"}, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=20, check=False,
        )  # fmt: skip
        assert not (tmp_path / "pwned").exists(), name


def shape(program):
    """Return a program without its constants: what it does, whatever it does that with."""
    tree = ast.parse(program)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value = type(node.value).__name__
    return ast.dump(tree)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_program_stays_the_program_that_it_is(text):
    for hostile, plain in zip(cards(text), cards("ink"), strict=True):
        theirs = {name.splitlines()[0]: one for name, one in pastes(plain, "python")}
        for name, program in pastes(hostile, "python"):
            assert shape(program) == shape(theirs[name.splitlines()[0]]), name


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_json_stays_json(text):
    for card in cards(text):
        for _, written in pastes(card, "json"):
            json.loads(written)
