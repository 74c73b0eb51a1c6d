"""Texts that nobody should have written: bounded, believed in nothing, and never a crash."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.formats.generation import MAX_TEXT, read
from registry.formats.generation.comments import decode
from registry.formats.generation.facts import MAX_ADAPTERS, MAX_PROMPT, Generation
from tests.registry.formats.generation.test_programs import GRAPH, WEBUI

KEYS = ("parameters", "prompt", "workflow", "invokeai_metadata", "sd-metadata", "UserComment")


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"prompt": ' + "[" * 100_000,
        '{"' + '\\"' * 200_000,  # a string without an end, whose quotes each seem to begin one
        '{"' + "\\\n" * 200_000,
        "{" + '"1":' + "9" * 10_000 + "}",
        "\0\0\0",
        "<lora:" * 20_000,
        "Steps: 1, " + "a: " * 50_000,
        "Steps: 1, a:" + "," * 10 + " " * 40_000 + "1",
        'Steps: 1, Lora hashes: "' + "x: y, " * 20_000,
        "x" * (MAX_TEXT + 1),
    ],
    ids=[
        "deep", "unclosed", "quotes", "lines", "a long number", "nothing seen", "tags", "pairs",
        "blanks", "hashes", "too much",
    ],
)  # fmt: skip
def test_nonsense_is_answered_quickly(text):
    for key in KEYS:
        found = read({key: text})
        assert found is None or isinstance(found, Generation)


def test_thousands_of_adapters_are_a_few():
    tags = "".join(f"<lora:x{n}:1>" for n in range(5000))
    assert len(read({"parameters": tags}).adapters) == MAX_ADAPTERS


def test_a_long_prompt_is_cut_and_nothing_unseen_is_kept():
    graph = GRAPH | {"6": {"class_type": "X", "inputs": {"text": "a\0\x1b\ud800b" + "c" * 20_000}}}
    prompt = read({"prompt": json.dumps(graph)}).prompt
    assert len(prompt) == MAX_PROMPT
    assert prompt.startswith("abc")


@pytest.mark.parametrize("value", [True, None, [], {}, "x" * 500, -1, 1e400, 2**70, "1e999"])
def test_a_value_of_another_kind_is_not_known(value):
    graph = json.loads(json.dumps(GRAPH))
    graph["3"]["inputs"] |= dict.fromkeys(("seed", "steps", "cfg", "sampler_name"), value)
    graph["10"]["inputs"]["strength_model"] = value
    found = read({"prompt": json.dumps(graph)})

    assert found.seed is None
    assert found.steps is None
    assert found.adapters[0].name == "ink-wash"


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), values.map(json.dumps)))
def test_any_json_is_answered(texts):
    read(texts)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(GRAPH)), st.sampled_from(["inputs", "class_type"]), values)
def test_a_graph_with_anything_in_it_is_answered(at, part, value):
    graph = GRAPH | {at: GRAPH[at] | {part: value}}
    read({"prompt": json.dumps(graph)})


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.integers(0, len(WEBUI)))
def test_lines_with_anything_in_them_are_answered(text, at):
    read({"parameters": WEBUI[:at] + text + WEBUI[at:]})


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_any_comment_is_decoded(raw):
    for mark in (b"", b"UNICODE\0", b"ASCII\0\0\0"):
        assert isinstance(decode(mark + raw), str)
