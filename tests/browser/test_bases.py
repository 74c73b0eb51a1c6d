"""A base of a team's own, added in the browser and watched until it is ready."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from registry.bases.manifest import Layer, Manifest, encode
from registry.models import BaseModel
from registry.services import making
from tests import blueprints
from tests.factories import BaseFactory, own_base

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LAYERS = {f"layers.{n}.q_proj": Layer("linear", (8, 8)) for n in range(12)}
TINY = Manifest("ours", {"model": LAYERS})


def test_is_added_and_shows_itself_ready_without_a_reload(signed_in):
    signed_in.goto("/bases/new")
    signed_in.get_by_label("Title", exact=True).fill("Our small one")
    main = {"name": "config.json", "mimeType": "application/json"}
    content = json.dumps(blueprints.LLAMA).encode()
    signed_in.locator("[name=main]").set_input_files(main | {"buffer": content})
    signed_in.get_by_role("button", name="Add the base").click()

    expect(signed_in.get_by_role("heading", name="Its layers are being made")).to_be_visible()

    blueprint = BaseModel.objects.get().blueprint
    now = timezone.now()
    making.finish(making.claim(blueprint.pk, now=now), encode(TINY), now=now)

    expect(signed_in.get_by_role("heading", name="Layers", exact=True)).to_be_visible()
    expect(signed_in.get_by_role("row", name="model 12")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_pages_are_sound_in_both_themes_and_on_a_telephone(signed_in, team, theme):
    parent = BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl", licence="OpenRAIL++")
    own_base(team, manifest=TINY, title="Ours", aliases=["ink/" + "ours-with-a-long-name-" * 5])
    own_base(team, slug="making", title="Being made")
    own_base(team, slug="lost", title="Lost", state="failed", reason="config.json: " + "x" * 300)
    own_base(team, slug="child", title="A child", parent=parent, family="sdxl")
    signed_in.emulate_media(color_scheme=theme)
    for name in ("", "/new", "/ours", "/making", "/lost", "/child", "/sdxl-1-0"):
        signed_in.set_viewport_size({"width": 1280, "height": 800})
        signed_in.goto(f"/bases{name}")
        found = Axe().run(signed_in).response["violations"]
        assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found] == [], name
        signed_in.set_viewport_size({"width": 360, "height": 780})
        beyond = signed_in.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, name
