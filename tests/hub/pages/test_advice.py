from __future__ import annotations

import pytest

from hub.pages.advice import ADVICE, Act
from registry.checks.outcome import Outcome
from registry.checks.table import (
    ARRIVAL_CHECKS,
    CONTENT_CHECKS,
    EFFECT_CHECKS,
    FILE_CHECKS,
    HEADER_CHECKS,
    TRIAL_CHECKS,
)
from tests.factories import ResultFactory, RunFactory, VersionFactory
from tests.hub.pages import rows

TABLES = (
    ARRIVAL_CHECKS, CONTENT_CHECKS, EFFECT_CHECKS, FILE_CHECKS, HEADER_CHECKS, TRIAL_CHECKS,
)  # fmt: skip
CHECKS = {check.code: check for table in TABLES for check in table}
CODES = list(CHECKS)
GRAVE = [code for code, check in CHECKS.items() if check.if_false is Outcome.REJECTED]


@pytest.mark.parametrize("code", CODES)
def test_every_check_says_what_to_do(code):
    assert ADVICE[code].means
    assert ADVICE[code].do


def test_gives_advice_on_no_check_that_is_gone():
    assert set(ADVICE) == set(CODES)


@pytest.mark.parametrize("code", GRAVE)
def test_what_rejects_a_version_is_answered_with_a_button(code):
    assert ADVICE[code].act in {Act.ANOTHER_BASE, Act.NEXT_VERSION}


BUTTONS = {
    Act.ANOTHER_BASE: "/ink/cat/1/another-base",
    Act.NEXT_VERSION: "/upload?adapter=ink/cat",
}


@pytest.mark.django_db
@pytest.mark.parametrize("act", BUTTONS)
def test_the_button_of_an_act_is_on_the_page(signed_in, team, person, act):
    version = rows.rejected(team, "cat", by=person)
    code = next(code for code in GRAVE if ADVICE[code].act is act)
    version.runs.get().results.filter(outcome="rejected").update(code=code)

    assert f'href="{BUTTONS[act]}"' in signed_in.get("/ink/cat").text


@pytest.mark.django_db
def test_what_is_here_already_is_linked(client, zebra):
    run = RunFactory(
        version=VersionFactory(published=True), state="passed", finished_at=zebra.uploaded_at
    )
    ResultFactory(
        run=run, code="bytes.new", outcome="warned",
        problem="The same weights are already here: ink/zebra v1.",
        evidence={"versions": ["ink/zebra v1"]},
    )  # fmt: skip
    adapter = run.version.adapter

    page = client.get(f"/{adapter.team.slug}/{adapter.slug}").text

    assert '<a href="/ink/zebra?version=1">ink/zebra v1</a>' in page
