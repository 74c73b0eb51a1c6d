from __future__ import annotations

from dataclasses import replace

import pytest

from registry.checks.requirements import REQUIREMENTS, Candidate, Policy, missing

STRICT = Policy(
    proof="loads",
    description=True,
    trigger_words=True,
    licence=True,
    no_warnings=("metadata",),
    approvals=2,
)
SOUND = Candidate(
    proof="renders",
    has_description=True,
    has_trigger_words=True,
    has_licence=True,
    warned=("runtimes.diffusers",),
    approved_by=("mei", "ren"),
)


def codes(policy=STRICT, **fault):
    return [one.code for one in missing(policy, replace(SOUND, **fault))]


def test_a_sound_version_misses_nothing():
    assert codes() == []


def test_a_team_that_never_said_anything_asks_for_nothing():
    assert missing(Policy(), Candidate()) == ()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"sent_back": "Blurred."}, "sent-back"),
        ({"proof": "fits"}, "proof"),
        ({"proof": ""}, "proof"),
        ({"has_description": False}, "description"),
        ({"has_trigger_words": False}, "trigger-words"),
        ({"has_licence": False}, "licence"),
        ({"warned": ("metadata.private",)}, "no-warnings"),
        ({"approved_by": ("mei",)}, "approvals"),
    ],
    ids=str,
)
def test_a_fault_is_missed_by_its_requirement_alone(fault, code):
    assert codes(**fault) == [code]


def test_what_was_sent_back_stays_back_whatever_the_policy():
    assert codes(Policy(), sent_back="Blurred.") == ["sent-back"]


def test_a_version_that_needs_no_words_misses_none():
    assert codes(has_trigger_words=False, needs_no_words=True) == []


def test_every_sentence_fills_its_holes():
    everything = missing(STRICT, Candidate(sent_back="Blurred.", warned=("metadata.private",)))

    assert [one.code for one in everything] == [row.code for row in REQUIREMENTS]
    assert not any("{" in one.sentence for one in everything)
    for one, row in zip(everything, REQUIREMENTS, strict=True):
        assert one.saying in row.sayings
