"""What a record says of its cell, and what another rendering of it says."""

from __future__ import annotations

import pytest

from registry.sweeps.records import Again, by_libraries, lacks, libraries, scene_of

WHOLE = {
    "prompt": "a red circle",
    "negative": "blue",
    "seed": 0,
    "steps": 6,
    "guidance": 4.0,
    "width": 96,
    "height": 64,
    "weight": 0,
    "sampler": "euler",
    "scene": "circle",
    "base": "shapes",
    "base_digest": "ab",
    "adapter_digest": "cd",
    "versions": {"torch": "2"},
}


def test_a_whole_record_lacks_nothing_though_it_is_full_of_zeros():
    assert lacks(WHOLE) == ()


@pytest.mark.parametrize("name", ["seed", "prompt", "base_digest", "adapter_digest", "versions"])
def test_what_is_lacking_is_named(name):
    assert lacks({key: value for key, value in WHOLE.items() if key != name}) == (name,)


def test_what_is_asked_without_a_word_lacks_no_prompt():
    assert lacks(WHOLE | {"prompt": ""}) == ()


def test_a_scene_is_made_of_it():
    scene = scene_of(WHOLE)

    assert (scene.prompt, scene.negative, scene.sampler) == ("a red circle", "blue", "euler")
    assert (scene.seed, scene.steps, scene.guidance) == (0, 6, 4.0)
    assert (scene.width, scene.height) == (96, 64)


def test_libraries_are_told_in_one_order():
    assert libraries({"torch": "2", "peft": "1"}) == "peft 1 torch 2"


def test_cells_are_summed_up_by_the_libraries_of_then_and_now():
    found = [
        Again("one", "torch 2", "torch 3", {"pixel": 0.01, "ssim": 0.03}),
        Again("two", "torch 2", "torch 3", {"pixel": 0.0, "ssim": 0.01}),
        Again("three", "torch 1", "torch 3", {"text": 0.5}),
        Again("four", "torch 1", "", problem="Its record lacks seed."),
    ]

    first, second = by_libraries(found, tolerance=0.02)

    assert (first.then, first.cells, first.worst, first.beyond) == ("torch 1", 1, 0.5, 1)
    assert (second.then, second.cells, second.mean, second.worst, second.beyond) == (
        "torch 2", 2, 0.02, 0.03, 1,
    )  # fmt: skip
