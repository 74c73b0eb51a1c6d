"""
Files that the browser keeps hold of, so that an upload goes on after a reload with a click.

Pickers are windows of the system, which nobody sees here: what they give is a file of the browser's
own store, whose handles are kept, opened and asked for leave like any other.
"""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import expect

from registry.models import AdapterVersion
from tests import files
from tests.factories import BaseFactory

pytestmark = pytest.mark.browser
RESOURCE = "Failed to load resource"
HERE = re.compile(r"/ink/ink-wash\?version=1$")
LATER_PARTS = re.compile(r"/parts/[456]$")
PICKER = """
  window.showOpenFilePicker = async () => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle("ink_wash.safetensors");
    return [handle];
  };
"""
WRITE = """async (content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle("ink_wash.safetensors", { create: true });
  const stream = await handle.createWritable();
  await stream.write(bytes);
  await stream.close();
}"""
FORBID = """
  if (window.FileSystemHandle) FileSystemHandle.prototype.requestPermission = async () => "denied";
"""
KEPT = """() => new Promise((resolve) => {
  const asked = indexedDB.open("loradex-uploads", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("handles").objectStore("handles").getAllKeys();
    all.onsuccess = () => resolve(all.result);
  };
})"""

HOLDS = """() => new Promise((resolve) => {
  const asked = indexedDB.open("loradex-uploads", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("handles").objectStore("handles").getAll();
    const told = ({ handle, inside }) => [handle.kind, handle.name, inside];
    all.onsuccess = () => resolve(all.result.map(told));
  };
})"""


@pytest.fixture
def content():
    return files.kohya_lora("sdxl").getvalue()


@pytest.fixture
def broken_off(signed_in, content, settings, complaints):
    """Return the page of an upload that a reload broke off after half of its parts."""
    complaints.append(RESOURCE)
    BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl")
    settings.PART_SIZE = len(content) // 6 + 1
    signed_in.add_init_script(PICKER)
    signed_in.goto("/upload")
    signed_in.evaluate(WRITE, base64.b64encode(content).decode())
    signed_in.route(LATER_PARTS, lambda route: route.abort())
    signed_in.locator("#file").click()
    expect(signed_in.get_by_role("heading", name="was read.")).to_be_visible()
    signed_in.get_by_role("button", name="Upload").click()
    expect(signed_in.locator("[data-trouble]")).to_be_visible()
    signed_in.on("dialog", lambda dialog: dialog.accept())
    return signed_in


def go_on(page):
    page.get_by_role("button", name="Go on with ink_wash.safetensors").click()


def test_goes_on_with_one_click_and_sends_the_rest_alone(broken_off):
    broken_off.reload()
    expect(broken_off.get_by_role("button", name="Go on with")).to_be_visible()
    broken_off.unroute(LATER_PARTS)
    sent = []
    broken_off.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)

    go_on(broken_off)

    expect(broken_off).to_have_url(HERE)
    assert {one.rpartition("/")[2] for one in sent} == {"4", "5", "6"}
    assert AdapterVersion.objects.get().adapter.slug == "ink-wash"


def test_says_so_where_the_person_does_not_allow_it(broken_off):
    broken_off.add_init_script(FORBID)
    broken_off.reload()

    go_on(broken_off)

    expect(broken_off.locator("[data-refusal]")).to_contain_text("may not open ink_wash")


def test_says_so_where_the_file_is_another_one_by_now(broken_off, content):
    broken_off.reload()
    broken_off.evaluate(WRITE, base64.b64encode(content + b" ").decode())

    go_on(broken_off)

    expect(broken_off.locator("[data-refusal]")).to_contain_text("was changed since")


def test_forgets_what_no_draft_needs(broken_off):
    broken_off.reload()
    go_on_button = broken_off.get_by_role("button", name="Go on with")
    expect(go_on_button).to_be_visible()
    assert len(broken_off.evaluate(KEPT)) == 1

    broken_off.add_init_script("const now = Date.now; Date.now = () => now() + 2 * 86400000;")
    broken_off.evaluate(
        """async () => {
          const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
          const { items } = await (await fetch("/api/drafts")).json();
          const headers = { "X-CSRFToken": token };
          await fetch(`/api/drafts/${items[0].id}`, { method: "DELETE", headers });
        }"""
    )
    broken_off.reload()

    expect(go_on_button).to_have_count(0)
    broken_off.wait_for_function(f"async () => (await ({KEPT})()).length === 0")


def test_keeps_hold_of_what_is_dropped_and_of_what_lies_in_a_folder(
    signed_in, context, content, tmp_path
):
    BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl")
    (tmp_path / "run").mkdir()
    (tmp_path / "run/ink_wash.safetensors").write_bytes(content)
    signed_in.goto("/upload")
    by_hand = context.new_cdp_session(signed_in)

    drop(signed_in, by_hand, tmp_path / "run/ink_wash.safetensors")
    expect(signed_in.get_by_role("heading", name="was read.")).to_be_visible()
    signed_in.wait_for_function(f"async () => (await ({KEPT})()).length === 1")
    assert signed_in.evaluate(HOLDS) == [["file", "ink_wash.safetensors", ""]]

    signed_in.reload()
    drop(signed_in, by_hand, tmp_path / "run")
    expect(signed_in.get_by_role("heading", name="was read.")).to_be_visible()
    signed_in.wait_for_function(f"async () => (await ({HOLDS})())[0][0] === 'directory'")
    assert signed_in.evaluate(HOLDS) == [["directory", "run", "ink_wash.safetensors"]]


def drop(page, by_hand, path):
    """Drop a file or a folder of this machine on the page, as a hand would."""
    box = page.locator("[data-drop]").bounding_box()
    at = {"x": box["x"] + 20, "y": box["y"] + 20}
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        by_hand.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


def test_a_browser_that_keeps_nothing_asks_for_the_file(signed_in, content, tmp_path):
    BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl")
    path = tmp_path / "ink_wash.safetensors"
    path.write_bytes(content)
    signed_in.add_init_script("delete window.showOpenFilePicker;")
    signed_in.goto("/upload")

    with signed_in.expect_file_chooser() as chooser:
        signed_in.locator("#file").click()
    chooser.value.set_files(path)

    expect(signed_in.get_by_role("heading", name="was read.")).to_be_visible()
