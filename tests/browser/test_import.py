"""A folder of a WebUI is planned, corrected and brought in, by somebody at a browser."""

from __future__ import annotations

import io
import json

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from registry.models import Import
from registry.services.imports import held
from tests import files
from tests.browser.test_looks import violations
from tests.factories import BaseFactory
from workers import importing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def folder(settings, tmp_path):
    BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", aliases=["sdxl 1.0"])
    place = tmp_path / "loras"
    place.mkdir()
    settings.IMPORT_FOLDERS = [str(place)]
    (place / "ink.safetensors").write_bytes(files.kohya_lora().getvalue())
    told = {
        "model_name": "Ink wash",
        "base_model": "SDXL 1.0",
        "usage_tips": '{"strength": 0.8}',
        "civitai": {"id": 2, "modelId": 1, "trainedWords": ["inkwash"]},
    }
    (place / "ink.metadata.json").write_text(json.dumps(told))
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "PNG")
    (place / "ink.preview.png").write_bytes(picture.getvalue())
    (place / "old.ckpt").write_bytes(b"\x80\x04.")
    return place


def work():
    """Do what a worker would."""
    importing.work(held.claim(Import.objects.get().pk, owner="a test", now=timezone.now()))


def looked_at(page):
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(400)  # until colours have changed
        assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_folder_becomes_versions(signed_in, folder, person):
    page = signed_in
    page.goto("/import")

    page.get_by_label("From where?").fill(str(folder))
    page.get_by_role("button", name="Make a plan").click()
    expect(page.get_by_role("heading", name="Looking what there is")).to_be_visible()

    # The page hears of the plan by itself.
    work()
    expect(page.get_by_role("heading", name="1 adapter version can be imported")).to_be_visible()
    expect(page.get_by_text("pickled weights")).to_be_visible()
    page.get_by_text("Look and correct").click()
    expect(page.get_by_role("row", name="Trigger words")).to_contain_text("ink.metadata.json")
    looked_at(page)

    page.get_by_label("Trigger words").fill("inkwash, brush")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Import 1").click()
    work()
    expect(page.get_by_role("heading", name="1 adapter version was imported")).to_be_visible()

    page.get_by_role("link", name="ink/ink-wash, version 1").click()
    expect(page.get_by_text("Imported from loras")).to_be_visible()
    picture = page.get_by_role("img", name="A picture that it came with")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 64)
    looked_at(page)
    made = person.imports.get().items.get(state="made")
    assert made.version.trigger_words == ["inkwash", "brush"]
