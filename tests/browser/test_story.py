"""The product as a person meets it: a file goes in, and comes out shown at every weight."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registry.models import AdapterVersion
from tests import files
from tests.factories import BaseFactory
from tests.hub.pages import rows

pytestmark = pytest.mark.browser


def test_from_a_file_to_a_published_sweep(signed_in, tmp_path):
    page = signed_in
    BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl")
    path = tmp_path / "ink.safetensors"
    path.write_bytes(files.kohya_lora("sdxl").getvalue())

    # It is chosen, read, described and sent.
    page.goto("/")
    page.get_by_role("link", name="Upload", exact=True).click()
    page.set_input_files("#file", path)
    expect(page.get_by_label("Base model")).to_have_value("sdxl-1-0")
    # Only when the page has filled the form in: what it writes and what is typed would mix.
    expect(page.get_by_label("Title", exact=True)).to_have_value("ink")
    page.get_by_label("Title", exact=True).fill("Ink wash")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="Being validated")).to_be_visible()

    # Workers prove and render it; the page sees for itself that they are done.
    version = AdapterVersion.objects.get()
    _as_workers_do(version)
    expect(page.get_by_text("Ready to publish.")).to_be_visible()
    page.wait_for_load_state("networkidle")  # Pictures that are still to come move what is clicked.

    # Its uploader looks at it at other weights, and publishes it.
    page.get_by_label("Weight", exact=True).press("ArrowLeft")
    expect(page.locator("#sweep .at")).to_have_text("0.6")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()

    # Now anyone finds it.
    page.goto("/?base=sdxl-1-0")
    expect(page.locator(".card")).to_contain_text("Ink wash")
    page.locator(".card h2 a").click()
    expect(page).to_have_url(re.compile(r"/ink/ink-wash(\?version=1)?$"))


def _as_workers_do(version):
    rows.render(version)
    version.runs.update(state="passed", stage="grid", finished_at=timezone.now())
    AdapterVersion.objects.filter(pk=version.pk).update(
        state="ready", proof="renders", measured_low=0.4, measured_high=1.0, measured_best=0.8
    )
