"""
Our count of layers that fit, held against the layers that the real loaders fill, for every family.

Where the two differ, a sentence of ours says so, or we refuse the file. docs/agreement.md is made
of the same comparisons.
"""

from __future__ import annotations

import pytest

pytest.importorskip("diffusers", reason="the real loaders are diffusers' and PEFT's")
pytest.importorskip("peft", reason="the real loaders are diffusers' and PEFT's")

from registry.formats.family_rules.rule import Family
from tests.workers.engine.agreement import page
from tests.workers.engine.agreement.cases import BASES, cases_of, seen

pytestmark = pytest.mark.torch

# What a trap tells of beside the layers' number.
OF_NUMBERS = {"dora-scale"}


@pytest.mark.parametrize("base", BASES)
def test_we_count_the_layers_that_the_loader_fills_or_say_why_not(base):
    wrong = []
    for case in cases_of(base):
        found = seen(case)
        if not (found.agree or found.refused or found.traps):
            told = found.loaded.refusal or sorted(found.covered ^ found.loaded.layers)[:4]
            wrong.append(f"{case}: {found.fit.applied}, {len(found.loaded.layers)}; {told}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("base", BASES)
def test_we_tell_of_no_trap_where_the_loader_fills_every_layer(base):
    wrong = [
        f"{case}: {found.traps}"
        for case in cases_of(base)
        if not case.fault
        for found in [seen(case)]
        if found.agree and not found.refused and set(found.traps) - OF_NUMBERS
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("base", BASES)
def test_no_sound_file_is_refused_and_no_faulty_one_passes(base):
    for case in cases_of(base):
        assert bool(seen(case).refused) == bool(case.fault), str(case)


@pytest.mark.parametrize("base", BASES)
def test_the_loader_fills_no_layer_that_we_do_not_count(base):
    for case in cases_of(base):
        found = seen(case)
        assert found.refused or found.loaded.layers <= found.covered, str(case)


def test_every_family_has_a_base_that_was_tried():
    tried = {entry.family for entry in BASES.values()}
    assert tried == {each.value for each in Family} - {"unknown", "shapes"}


def test_the_page_is_current():
    kept, made = page.PAGE.read_text(encoding="utf-8"), page.write_page()

    # The versions it was made with stand first; newer ones that do the same make no new page.
    assert kept.partition("For each family")[2] == made.partition("For each family")[2], (
        "Run `python -m tests.workers.engine.agreement.page`."
    )
