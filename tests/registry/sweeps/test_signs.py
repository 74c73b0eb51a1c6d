from __future__ import annotations

import pytest

from registry.sweeps.measure import measure
from registry.sweeps.thresholds import FAR_OFF, LATER, LIMITS, RESTLESS
from tests.registry.sweeps.rows import row

CALM = (0, 0.06, 0.12, 0.18, 0.24, 0.30, 0.36)


def with_fact(name, *values, rows=3):
    return [row(*CALM, facts=[{name: value} for value in values]) for _ in range(rows)]


def losing_its_scenes(*from_zero, detail=(0.02,) * 7):
    """Return three rows whose scenes have their edges elsewhere from 1.0 on."""
    scenes = ([255, 0, 0, 90, 0, 0], [0, 255, 0, 0, 90, 0], [0, 0, 255, 0, 0, 90])
    facts = [{"detail": value} for value in detail]
    return [
        row(
            *(from_zero or CALM),
            facts=facts,
            edges=[bytes(scene)] * 5 + [bytes(scenes[place - 1])] * 2,
        )
        for place, scene in enumerate(scenes)
    ]


def codes(curve):
    return {(sign.code, sign.weight) for sign in curve.signs}


class TestSigns:
    @pytest.mark.parametrize(
        ("fact", "values", "code"),
        [
            ("clipping", (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4), "clipping"),
            ("saturation", (0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.6), "saturation"),
            ("detail", (0.02, 0.02, 0.02, 0.02, 0.02, 0.03, 0.11), "noise"),
            ("detail", (0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.0078), "blur"),
            ("latent", (1.0, 1.0, 1.0, 1.0, 1.0, 1.2, 2.0), "swollen"),
            ("fidelity", (0.3, 0.31, 0.29, 0.3, 0.28, 0.22, 0.17), "unfaithful"),
        ],
    )
    def test_tell_of_what_has_come_too_far(self, fact, values, code):
        curve = measure(with_fact(fact, *values))

        assert codes(curve) == {(code, 1.2)}
        assert curve.first_bad is None

    @pytest.mark.parametrize("fact", ["perplexity", "repetition"])
    def test_some_make_a_weight_bad(self, fact):
        curve = measure(with_fact(fact, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9, 0.9), by="kl")

        assert curve.first_bad == 1.0
        assert curve.high == 0.8
        reason = next(one for one in curve.reasons if one.about == "first_bad")
        assert reason.code == fact
        assert reason.numbers["times"] == pytest.approx(9)

    def test_one_row_of_three_is_not_believed(self):
        odd = with_fact("clipping", 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9, rows=1)
        rest = with_fact("clipping", 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, rows=2)

        assert measure(odd + rest).signs == ()

    def test_below_the_best_weight_it_is_what_the_adapter_is_for(self):
        curve = measure(with_fact("clipping", 0.1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5))

        assert {weight for _, weight in codes(curve)} == {1.0, 1.2}

    def test_scenes_that_are_lost_to_noise_are_bad(self):
        curve = measure(losing_its_scenes(detail=(0.02, 0.02, 0.02, 0.02, 0.03, 0.05, 0.06)))

        assert curve.first_bad == 1.0
        assert {sign.code for sign in curve.signs if sign.breaks} == {"lost"}

    def test_scenes_that_are_lost_on_the_way_are_bad(self):
        restless = (0, 0.06, 0.12, 0.18, 0.24, 0.54, 0.84)

        assert measure(losing_its_scenes(*restless)).first_bad == 1.0

    def test_scenes_that_are_lost_far_from_what_they_were_are_bad(self):
        slowly = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)

        assert measure(losing_its_scenes(*slowly)).first_bad == 1.0

    @pytest.mark.parametrize(("latent", "first_bad"), [(1.0, None), (0.6, 1.2)])
    def test_what_fades_into_its_ground_is_bad_and_what_is_in_a_mist_is_not(
        self, latent, first_bad
    ):
        facts = [{"detail": 0.02, "latent": 1.0}] * 6 + [{"detail": 0.006, "latent": latent}]

        assert measure([row(*CALM, facts=facts)] * 3).first_bad == first_bad

    def test_scenes_that_are_only_elsewhere_are_not(self):
        curve = measure(losing_its_scenes())

        assert curve.first_bad is None
        assert {(sign.code, sign.breaks) for sign in curve.signs} == {("lost", False)}

    @pytest.mark.parametrize(("detail", "first_bad"), [(0.015, 1.0), (0.02, None), (0.03, None)])
    def test_scenes_that_are_lost_long_after_it_had_come_are_bad(self, detail, first_bad):
        """With their edges, that is: what grows has more of them, and what moves as many."""
        early = (0, 0.14, 0.24, 0.26, 0.28, 0.3, 0.31)

        curve = measure(losing_its_scenes(*early, detail=(0.02,) * 5 + (detail,) * 2))

        assert curve.first_bad == first_bad

    @pytest.mark.parametrize(("detail", "first_bad"), [(0.015, 1.2), (0.02, None)])
    def test_of_fewer_edges_less_is_far_off(self, detail, first_bad):
        slowly = (0, 0.07, 0.14, 0.21, 0.28, 0.35, 0.42)

        curve = measure(losing_its_scenes(*slowly, detail=(0.02,) * 6 + (detail,)))

        assert curve.first_bad == first_bad

    def test_scenes_that_are_lost_as_it_comes_are_not(self):
        late = (0, 0.02, 0.04, 0.06, 0.16, 0.3, 0.31)

        curve = measure(losing_its_scenes(*late, detail=(0.02,) * 5 + (0.015,) * 2))

        assert curve.first_bad is None

    def test_a_jump_to_elsewhere_is_not_bad_either(self):
        sudden = (0, 0.01, 0.02, 0.03, 0.04, 0.44, 0.45)

        assert measure(losing_its_scenes(*sudden)).first_bad is None

    def test_company_is_of_signs_there_are(self):
        codes = {limit.code for limit in LIMITS} | {RESTLESS, FAR_OFF, LATER}

        assert all(set(limit.company) <= codes for limit in LIMITS)

    def test_a_code_is_not_used_twice(self):
        assert len({limit.code for limit in LIMITS}) == len(LIMITS)
