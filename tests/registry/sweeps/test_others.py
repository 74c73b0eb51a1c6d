"""What rows that do not count say of a curve."""

from __future__ import annotations

import pytest

from registry.sweeps.measure import Point, measure
from registry.sweeps.others import doubted

WEIGHTS = (0.0, 0.3, 0.6, 0.9, 1.2)


def row(*from_zero):
    before = [0.0, *from_zero[:-1]]
    return [
        Point(weight, one, abs(one - last))
        for weight, one, last in zip(WEIGHTS, from_zero, before, strict=True)
    ]


USUAL = row(0.0, 0.1, 0.3, 0.35, 0.36)
CURVE = measure([USUAL] * 3)


def codes(curve):
    return {reason.code for reason in curve.reasons if reason.about == "certainty"}


def test_a_row_that_does_the_same_says_nothing():
    assert doubted(CURVE, {"wide": USUAL, "unusual": USUAL}) == CURVE


def test_neither_changes_what_the_curve_says():
    weak = row(0.0, 0.01, 0.02, 0.02, 0.02)
    found = doubted(CURVE, {"unusual": weak})
    assert (found.points, found.best, found.low, found.high) == (
        *(CURVE.points, CURVE.best, CURVE.low, CURVE.high),
    )


@pytest.mark.parametrize(
    ("role", "other", "code"),
    [
        ("unusual", row(0.0, 0.01, 0.02, 0.02, 0.02), "weaker-unusual"),
        ("wide", row(0.0, 0.01, 0.02, 0.02, 0.02), "weaker-wide"),
        ("unusual", row(0.0, 0.1, 0.45, 0.95, 0.95), "breaks-unusual"),
        ("wide", row(0.0, 0.1, 0.45, 0.95, 0.95), "breaks-wide"),
    ],
)
def test_a_row_that_does_not_hold_is_a_reason_to_doubt(role, other, code):
    found = doubted(CURVE, {role: other})

    assert found.certainty == "unsure"
    assert codes(found) - codes(CURVE) == {code}


def test_an_uploader_s_own_prompt_has_no_say():
    assert doubted(CURVE, {"sample": row(0.0, 0.0, 0.0, 0.0, 0.0)}) == CURVE


def test_a_curve_that_never_shows_is_not_doubted_once_more():
    flat = measure([row(0.0, 0.0, 0.0, 0.0, 0.0)] * 3)
    assert doubted(flat, {"wide": USUAL}) == flat
