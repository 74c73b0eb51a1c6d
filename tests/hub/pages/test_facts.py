from __future__ import annotations

from types import SimpleNamespace

import pytest

from hub.pages.facts import Row, of_training


def told(**training):
    return {str(fact.label): fact.value for fact in of_training(SimpleNamespace(training=training))}


def test_a_trainer_is_named_with_the_beginning_of_its_version():
    facts = told(trainer="kohya sd-scripts", trainer_version="25f961bc779bc79aef440813e3e8e92244a")
    assert facts == {"Trained with": "kohya sd-scripts 25f961bc779b"}


def test_a_recommended_range_is_told_as_one():
    assert told(weight={"low": 0.6, "high": 0.9, "source": "modelspec.usage_hint"}) == {
        "Weight its maker recommends": "0.6 – 0.9"
    }
    assert told(weight={"low": 0.8, "high": 0.8})["Weight its maker recommends"] == "0.8"


def test_facts_of_an_earlier_reading_are_told_as_they_are():
    assert told(name="ink", steps=1000) == {"Name while training": "ink", "Steps": 1000}


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("measured_best", ("0.9", ""), False),
        ("measured_best", ("0.9", "0.8"), True),
        ("trigger_words", ("", "ink"), True),
        ("size", ("3 kB", "3 kB"), False),
        ("downloads", ("3", "4"), False),
    ],
    ids=["not measured yet", "measured anew", "first words", "the same", "no change of it"],
)
def test_a_change_is_told_where_there_is_one(name, values, shown):
    assert Row(name, name, values, values[0] != values[1]).is_change is shown
