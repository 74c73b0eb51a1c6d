from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_report_is_printed_with_every_check_unfolded(page, zebra):
    page.goto("/ink/zebra")
    check = page.locator(".check > div").first
    expect(check).to_be_hidden()

    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(check).to_be_visible()
    expect(page.locator(".strip")).to_have_count(4)
    for strip in page.locator(".strip").all():
        expect(strip).to_be_visible()
    expect(page.locator(".curve").first).to_be_visible()
    for left_out in ("body > header", "#versions", "#gallery", ".tray", ".scrub"):
        expect(page.locator(left_out).first).to_be_hidden()

    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(check).to_be_hidden()


def test_every_check_unfolds_by_keyboard(page, zebra):
    page.goto("/ink/zebra")
    page.locator("#report .all > summary").press("Enter")
    first = page.locator(".check").first

    first.locator("summary").press("Enter")

    expect(first.locator("code")).to_be_visible()
