from __future__ import annotations

from dataclasses import replace

import pytest

from registry.sweeps.plan import Scene, cell_key, write_prompt

STAR = Scene("star", "A star", "a blue star", seed=11)


class TestWritePrompt:
    @pytest.mark.parametrize(
        ("prompt", "words", "expected"),
        [
            ("a {trigger} star", ("one", "two"), "a one, two star"),
            ("a star", ("one",), "one, a star"),
            ("a star", (), "a star"),
            ("{trigger}, a star", (), "a star"),
            ("a star, {trigger}, night", (), "a star, night"),
            ("a  star {trigger}", (), "a star"),
            ("a star", (" ", ""), "a star"),
        ],
    )
    def test_puts_trigger_words_where_they_belong(self, prompt, words, expected):
        assert write_prompt(prompt, words) == expected


def key(**other):
    parts = {
        "base_digest": "base",
        "adapter_digest": "adapter",
        "weight": 0.6,
        "scene": STAR,
        "prompt": "a blue star",
    }
    return cell_key(**(parts | other))


class TestCellKey:
    @pytest.mark.parametrize(
        ("name", "other"),
        [
            ("base_digest", "another"),
            ("adapter_digest", "another"),
            ("weight", 0.8),
            ("prompt", "a red star"),
        ],
    )
    def test_differs_with_what_is_rendered(self, name, other):
        assert key(**{name: other}) != key()

    @pytest.mark.parametrize(
        "name", ["seed", "steps", "guidance", "width", "height", "negative", "sampler"]
    )
    def test_differs_with_how_it_is_rendered(self, name):
        assert key(scene=replace(STAR, **{name: 99})) != key()

    def test_is_the_same_for_all_adapters_at_weight_zero(self):
        assert key(weight=0, adapter_digest="one") == key(weight=0.0, adapter_digest="other")

    def test_differs_with_the_weights_of_parts(self):
        keys = {key(), key(parts={"unet": 0.5}), key(parts={"unet.up": 0.5, "unet": 0.5})}
        assert len(keys) == 3

    def test_does_not_care_for_parts_where_there_are_none_or_no_weight(self):
        assert key(parts={}) == key(parts=None) == key()
        assert key(weight=0, parts={"unet": 0.5}) == key(weight=0)

    def test_does_not_care_what_a_scene_is_called(self):
        assert key(scene=replace(STAR, slug="other", title="Other")) == key()

    def test_does_not_care_how_a_weight_came_about(self):
        assert key(weight=0.1 + 0.2) == key(weight=0.3)
