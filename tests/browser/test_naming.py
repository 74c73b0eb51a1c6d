"""A name in addresses is proposed from the title, for as long as nobody writes another one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_teams_name_is_proposed_from_its_title_and_can_be_changed(signed_in, settings):
    settings.MEMBERS_FOUND_TEAMS = True
    signed_in.goto("/teams")
    title = signed_in.get_by_label("Title")
    name = signed_in.get_by_label("Name in addresses")

    title.press_sequentially("L'Été à Łódź, 2")
    expect(name).to_have_value("lete-a-lodz-2")
    title.fill("墨")
    expect(name).to_have_value("")
    title.fill("Ink & Wash")
    expect(name).to_have_value("ink-wash")
    name.fill("washes")
    title.fill("Ink, wash")
    expect(name).to_have_value("washes")
