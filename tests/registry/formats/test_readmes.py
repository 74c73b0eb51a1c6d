from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.errors import BadReadme
from registry.formats.readmes import MAX_HEAD, MOST_WORDS, Readme, read_readme

CARD = """---
base_model: stabilityai/stable-diffusion-xl-base-1.0
instance_prompt: inkwash, ink
license: other
license_name: ink-licence
model_name: Ink wash
tags:
- lora
- style
widget:
- text: a cat
---

# Ink

It draws with ink.
"""


class TestReadReadme:
    def test_tells_what_a_trainer_wrote_at_its_head(self):
        assert read_readme(CARD) == Readme(
            body="# Ink\n\nIt draws with ink.",
            title="Ink wash",
            bases=("stabilityai/stable-diffusion-xl-base-1.0",),
            tags=("lora", "style"),
            licence="ink-licence",
            trigger_words=("inkwash", "ink"),
        )

    def test_takes_a_text_without_a_head_as_it_is(self):
        assert read_readme("# Ink\n\n---\n\nmore") == Readme(body="# Ink\n\n---\n\nmore")

    def test_takes_a_form_that_nobody_has_filled_in_for_no_text(self):
        form = "".join(f"## Part {n}\n\n[More Information Needed]\n" for n in range(30))

        assert read_readme(f"---\nbase_model: a/b\n---\n{form}") == Readme(bases=("a/b",))

    def test_reads_a_head_with_the_line_ends_of_windows(self):
        assert read_readme(CARD.replace("\n", "\r\n")).bases

    @pytest.mark.parametrize(
        ("told", "seen"),
        [
            ("base_model: [a/b, c/d, a/b]", ("a/b", "c/d")),
            ("base_model: null", ()),
            ("base_model: {a: b}", ()),
            ("base_model: 7", ("7",)),
            ("base_model: " + "x" * 400, ()),
        ],
        ids=["several", "none", "no text", "a number", "too long to be meant"],
    )
    def test_takes_names_of_bases_in_every_spelling(self, told, seen):
        assert read_readme(f"---\n{told}\n---\n").bases == seen

    @pytest.mark.parametrize(
        ("head", "message"),
        [
            ("a: [", "cannot be read"),
            ("- a\n- b", "no list of names and values"),
            ("a: !!python/object/apply:os.system [ls]", "cannot be read"),
            ("a: 2026-99-99", "cannot be read"),
            ("a: " + "[" * 5000, "cannot be read"),
            ("# " + "x" * MAX_HEAD, "most that are read"),
        ],
        ids=["broken", "a list", "an object of Python's", "no day", "deep", "huge"],
    )
    def test_refuses_a_head_that_is_no_metadata(self, head, message):
        with pytest.raises(BadReadme, match=message):
            read_readme(f"---\n{head}\n---\nbody")

    def test_takes_no_more_words_than_anyone_would_mean(self):
        head = ", ".join(f"word{number}" for number in range(100))
        assert len(read_readme(f"---\ninstance_prompt: {head}\n---\n").trigger_words) == MOST_WORDS

    def test_is_not_slowed_down_by_aliases_of_aliases(self):
        bomb = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))
        head = f"a0: &a0 [lol]\n{bomb}\ntags: *a29"
        assert read_readme(f"---\n{head}\n---\n").tags == ()

    @given(st.text(max_size=300))
    def test_answers_any_text_with_a_card_or_a_refusal(self, text):
        for whole in (text, f"---\n{text}\n---\n{text}"):
            try:
                read = read_readme(whole)
            except BadReadme:
                continue
            assert isinstance(read, Readme)
