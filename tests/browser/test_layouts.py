"""Downloading in another layout: asked for with a click, followed, and there without a reload."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registry.models import Preparation
from registry.services import preparing
from tests.browser.test_looks import violations
from tests.factories import keep
from tests.files import kohya_lora

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 360)], ids=["light and wide", "dark and narrow"]
)
def test_the_menu_is_followed_until_the_file_is_there(signed_in, zebra, theme, width):
    page = signed_in
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/ink/zebra")
    menu = page.locator("#layouts")
    menu.get_by_text("Download as…").click()
    menu.get_by_role("button", name="kohya").click()

    expect(page.locator("#layouts").get_by_text("Waiting for a worker")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    row = preparing.claim(Preparation.objects.get().pk, owner="a test", now=timezone.now())
    made = {"lora.safetensors": keep(kohya_lora("shapes", rank=2).getvalue())}
    preparing.finish(row, made, worst_error=0, notes=[], now=timezone.now())
    link = page.locator('#layouts a[href$="download?layout=kohya"]')
    expect(link).to_be_visible()
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename.endswith(".safetensors")
    assert violations(page) == []
