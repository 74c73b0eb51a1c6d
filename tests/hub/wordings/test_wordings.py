"""Whatever the registry refuses with is said in the reader's language, names and numbers kept."""

from __future__ import annotations

import re
import time

import pytest
from django.utils.translation import override

from hub import wordings
from hub.wordings import titles
from hub.wordings.scenes import TITLES, title_of
from registry.bases import catalogue
from registry.checks.runtimes import TRAPS as DIFFUSERS_TRAPS
from registry.exports import mending
from registry.formats import dialect_titles
from registry.formats.families import RULES
from registry.formats.peft_types import PEFT_TYPES
from registry.queries import mending as queries
from registry.sweeps import plain_scenes
from tests.hostile import judging
from tests.hostile.case import Case
from tests.hostile.corpus import (
    archives,
    configurations,
    content,
    file_names,
    gguf,
    header_table,
    header_text,
    metadata,
    uploads,
)
from tests.hub.wordings.sentences_in_code import needing_rights, said

ENGLISH = re.compile(r"(?<![\w.“'/-])[A-Za-z][a-z']*(?: [a-z']+)+")
QUOTED = re.compile(r"“[^”]*”|'[^']*'")
CORPUS = [archives, configurations, content, file_names, gguf, header_table, header_text,
          metadata, uploads]  # fmt: skip


def left(sentence, *, inside=False):
    """Return what of a sentence no pattern knows, less names and what is quoted."""
    apart = wordings.taken_apart(sentence, inside=inside)
    if apart is None:
        return [sentence] if ENGLISH.search(QUOTED.sub("", sentence)) else []
    return [piece for one in apart[1] for piece in left(one, inside=True)]


def cases():
    for module in CORPUS:
        tables = (one for one in vars(module).values() if isinstance(one, tuple) and one)
        yield from (case for table in tables for case in table if isinstance(case, Case))


def test_every_sentence_in_the_code_has_its_pattern():
    known = {*wordings.PATTERNS, *wordings.PIECES}
    told = {sentence for sentence, path in said() if "family_rules" not in path.parts}
    assert told - known - {"{0}: {1}"} == set()


def test_every_act_that_needs_a_right_has_its_words():
    acts = {act for act in needing_rights() if " " in act}
    assert len(acts) > 40
    assert acts - {*wordings.PIECES, *wordings.PATTERNS} == set()


def test_no_part_of_what_is_said_of_a_hostile_file_stays_in_english():
    told = {one.sentence for case in cases()
            for one in judging.verdict_on(case, case.made(), judging.Clock()).problems}  # fmt: skip
    assert len(told) > 200
    assert {sentence: left(sentence) for sentence in told if left(sentence)} == {}


def test_what_shows_a_family_has_its_pattern():
    assert [rule.reason for rule in RULES if left(rule.reason)] == []


def test_what_each_kind_of_peft_does_has_its_pattern():
    assert {kind.does for kind in PEFT_TYPES.values()} - set(wordings.PATTERNS) == set()


def test_every_scene_that_comes_with_a_base_has_a_title_to_translate():
    plain = [scene for row in plain_scenes._ROWS for scene in row.scenes]
    shipped = [scene for entry in catalogue.entries() for scene in entry.scenes]
    assert {scene["title"] for scene in (*plain, *shipped)} == TITLES


def test_every_title_of_a_naming_that_is_told_in_words_is_there_to_translate():
    names = {"kohya", "LyCORIS", "diffusers", "PEFT", "XLabs", "GGUF", "Open Model Initiative",
             "Black Forest Labs (diffusion_model.…)"}  # fmt: skip
    assert set(dialect_titles.TITLES.values()) - names == set(titles.SENTENCES)


def test_the_title_of_a_scene_is_told_in_other_sizes_too():
    with override("zh-hans"):
        assert title_of("A red circle, 112 × 80") == f"{title_of('A red circle')}, 112 × 80"
        assert title_of("A red circle") != "A red circle"


def test_the_title_of_a_team_s_own_scene_stays_its_own():
    with override("zh-hans"):
        assert title_of("Weight") == "Weight"


def test_sentences_in_a_row_are_said_each_by_itself():
    one, other = (trap.sentence for trap in DIFFUSERS_TRAPS[:2])
    with override("zh-hans"):
        assert wordings.in_words(f"{one} {other}") == (
            f"{wordings.in_words(one)} {wordings.in_words(other)}"
        )
        assert wordings.in_words(one) != one


def test_what_stands_behind_the_name_of_a_file_is_said_too():
    assert wordings.taken_apart("a.safetensors: The header is not JSON.") == (
        "{0}: {1}", ("a.safetensors", "The header is not JSON."),
    )  # fmt: skip


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
