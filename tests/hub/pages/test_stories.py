from __future__ import annotations

import pytest
from django.utils import translation

from hub.pages.stories import tell, tell_sweep
from registry.models import Curve, Result

POINTS = [{"weight": 0, "from_zero": 0}, {"weight": 3.0, "from_zero": 0.5}]


@pytest.fixture(autouse=True)
def in_english():
    """Speak English, whatever a request of another test has left behind."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"onset": 0.4, "low": 0.4, "high": 1.2, "first_bad": 1.6},
            "The sweep found it good from 0.4 to 1.2, and broken from 1.6 on.",
        ),
        (
            {"onset": 0.4, "low": 0.4, "high": 3.0},
            "The sweep found it good from 0.4 to 3, and nothing broken up to 3.",
        ),
        (
            {"onset": 0.4, "low": 0.4, "high": 3.0, "first_bad_in_part": 2.5},
            "The sweep found it good from 0.4 to 3, but for some scenes from 2.5 on.",
        ),
        (
            {"onset": 0.2, "first_bad": 0.2},
            "The sweep found it broken as soon as it shows, from 0.2 on.",
        ),
        (
            {"onset_below": -0.2, "first_bad_below": -0.2},
            "The sweep found it broken as soon as it shows, from -0.2 on.",
        ),
        ({}, "The sweep shows no effect at any weight up to 3."),
    ],
    ids=[
        "good and broken",
        "never broken",
        "broken in part",
        "always broken",
        "always broken below 0",
        "never shows",
    ],
)
def test_a_sweep_is_told_in_a_sentence(said, sentence):
    assert tell_sweep(Curve(points=POINTS, **said)) == sentence


@pytest.mark.parametrize("curve", [None, Curve(points=[])], ids=["none", "bare"])
def test_there_is_nothing_to_tell_without_a_curve(curve):
    assert tell_sweep(curve) == ""


def test_evidence_calls_families_and_namings_as_people_do():
    evidence = {"family": "sd1", "dialect": "diffusers_mid", "layers": 2}
    story = tell([Result(code="base.matches", claim="", outcome="passed", evidence=evidence)])

    assert story.checks[0].evidence == (
        ("family", "Stable Diffusion 1"),
        ("dialect", "old diffusers (.lora.down)"),
        ("layers", "2"),
    )
