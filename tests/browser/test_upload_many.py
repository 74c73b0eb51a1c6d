"""Many adapters at once: a table, a training run, drafts that are found again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from registry.models import AdapterVersion, Upload, UploadDraft
from tests import files
from tests.browser.test_looks import violations
from tests.factories import BaseFactory

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LONG = 120_000  # milliseconds; ten seconds where nothing else runs
RESOURCE = "Failed to load resource"


@pytest.fixture
def upload(signed_in):
    BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl")
    BaseFactory(slug="sd-1-5", title="SD 1.5", family="sd1")
    signed_in.goto("/upload")
    return signed_in


def write(folder, name, seed, family="sdxl"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(files.kohya_lora(family, values=files.Values(seed=seed)).getvalue())
    return path


def row(page, name):
    return page.locator(f'[data-row="{name}"]')


def test_fifty_files_are_described_together_and_sent(upload, tmp_path):
    paths = [write(tmp_path, f"ink-{number:02}.safetensors", number) for number in range(50)]
    upload.set_input_files("#file", paths)

    expect(upload.locator("[data-row] .passed")).to_have_count(50, timeout=LONG)
    upload.locator("[data-all]").check()
    upload.locator("[data-bulk-field]").select_option("tags")
    upload.get_by_label("Tags for all selected").fill("ink, wash")
    upload.get_by_role("button", name="Set for the selected").click()
    upload.get_by_label("Trigger words, ink-07.safetensors").fill("seven")
    upload.get_by_role("button", name="Upload").click()

    expect(upload.get_by_text("All of them are here.")).to_be_visible(timeout=LONG)
    made = AdapterVersion.objects.select_related("adapter")
    assert made.count() == 50
    assert {tuple(one.adapter.tags) for one in made} == {("ink", "wash")}
    assert made.get(adapter__slug="ink-07").trigger_words == ["seven"]
    assert not UploadDraft.objects.filter(version=None).exists()


def test_a_folder_of_checkpoints_becomes_one_version(upload, tmp_path):
    run = tmp_path / "ink"
    for number, name in enumerate(("ink-000100", "ink-000200", "ink", "notes")):
        write(run, f"{name}.safetensors", number)
    upload.set_input_files("[data-folder]", run)
    expect(upload.locator("[data-row] .passed")).to_have_count(2)
    expect(row(upload, "ink.safetensors")).to_contain_text("2 checkpoints")

    row(upload, "notes.safetensors").get_by_role("button", name="Remove").click()
    upload.get_by_role("button", name="Upload").click()

    expect(upload.get_by_text("All of them are here.")).to_be_visible()
    version = AdapterVersion.objects.get()
    steps = {file.name: file.training_step for file in version.files.all()}
    assert steps == {
        "ink.safetensors": None,
        "ink-000100.safetensors": 100,
        "ink-000200.safetensors": 200,
    }


def test_files_that_are_joined_are_one_run_and_split_they_are_not(upload, tmp_path):
    paths = [write(tmp_path, f"{name}.safetensors", seed) for seed, name in enumerate("abc")]
    upload.set_input_files("#file", paths)
    expect(upload.locator("[data-row] .passed")).to_have_count(3)
    upload.locator("[data-all]").check()

    upload.get_by_role("button", name="Join").click()
    expect(upload.locator("[data-row]")).to_have_count(1)
    expect(row(upload, "c.safetensors")).to_contain_text("2 checkpoints")

    upload.get_by_role("button", name="Split").click()
    expect(upload.locator("[data-row]")).to_have_count(3)


def test_goes_on_after_a_reload_with_what_was_typed_and_sent(
    upload, tmp_path, settings, complaints
):
    complaints.append(RESOURCE)
    paths = [write(tmp_path, f"{name}.safetensors", seed) for seed, name in enumerate("ab")]
    settings.PART_SIZE = paths[0].stat().st_size // 3 + 1
    upload.route(re.compile(r"/parts/3$"), lambda route: route.abort())
    upload.set_input_files("#file", paths)
    expect(upload.locator("[data-row] .passed")).to_have_count(2)
    upload.get_by_label("Title, a.safetensors").fill("First of all")
    upload.get_by_role("button", name="Upload").click()
    expect(upload.get_by_text("The connection is gone.").nth(1)).to_be_visible()

    upload.on("dialog", lambda dialog: dialog.accept())
    upload.reload()
    for name in ("a.safetensors", "b.safetensors"):
        expect(upload.locator("[data-unfinished]")).to_contain_text(name)
    upload.unroute(re.compile(r"/parts/3$"))
    puts = []
    upload.on("request", lambda one: puts.append(one.url[-1]) if one.method == "PUT" else None)
    upload.set_input_files("#file", paths)
    expect(upload.get_by_label("Title, a.safetensors")).to_have_value("First of all")
    expect(upload.locator("[data-row] .passed")).to_have_count(2)
    upload.get_by_role("button", name="Upload").click()

    expect(upload.get_by_text("All of them are here.")).to_be_visible()
    assert puts == ["3", "3"]
    assert Upload.objects.count() == 2
    slugs = AdapterVersion.objects.values_list("adapter__slug", flat=True)
    assert sorted(slugs) == ["b", "first-of-all"]


def test_pauses_goes_on_and_tries_again(upload, tmp_path, complaints):
    complaints.append(RESOURCE)
    path = write(tmp_path, "a.safetensors", 1)
    other = write(tmp_path, "b.safetensors", 1)  # the same bytes
    held = []

    def hold(route):
        held.append(route)  # and never answer

    upload.route(re.compile(r"/parts/1$"), hold)
    upload.set_input_files("#file", [path, other])
    expect(upload.locator("[data-row] .passed")).to_have_count(2)
    upload.get_by_label("Title, b.safetensors").fill("a")
    expect(row(upload, "b.safetensors")).to_contain_text("It has the name of a.safetensors above")
    upload.get_by_role("button", name="Upload").click()

    upload.get_by_role("button", name="Pause", exact=True).click()
    expect(row(upload, "a.safetensors")).to_contain_text("Paused")
    upload.unroute(re.compile(r"/parts/1$"))
    upload.get_by_role("button", name="Go on", exact=True).click()

    refused = upload.locator("[data-phase=failed]")
    expect(refused).to_contain_text("already version 1 of ink/a")
    refused.get_by_label("Title").fill("b")
    refused.get_by_role("button", name="again").click()
    expect(upload.get_by_text("All of them are here.")).to_be_visible()
    assert AdapterVersion.objects.count() == 2


def test_says_by_row_what_is_missing_and_fills_down_by_keyboard(upload, tmp_path):
    paths = [write(tmp_path, f"{name}.safetensors", seed) for seed, name in enumerate("ab")]
    upload.set_input_files("#file", paths)
    expect(upload.locator("[data-row] .passed")).to_have_count(2)
    for name in "ab":
        upload.get_by_label(f"Title, {name}.safetensors").fill("")
    upload.get_by_role("button", name="Upload").click()
    expect(row(upload, "b.safetensors")).to_contain_text("Still to be filled in: Title.")

    upload.get_by_label("Licence, a.safetensors").fill("apache-2.0")
    upload.keyboard.press("Enter")
    upload.keyboard.press("Control+d")

    expect(upload.get_by_label("Licence, b.safetensors")).to_have_value("apache-2.0")


def test_the_table_has_nothing_for_axe_to_find_and_is_cards_on_a_telephone(upload, tmp_path):
    run = [write(tmp_path, f"run-{number:06}.safetensors", number) for number in (100, 200)]
    upload.set_input_files("#file", [*run, write(tmp_path, "face.safetensors", 7, "sd1")])
    expect(upload.locator("[data-row] .passed")).to_have_count(2)
    expect(upload.get_by_label("Title, run-000200.safetensors")).to_have_value("run")
    row(upload, "run-000200.safetensors").get_by_role("button", name="Details").click()

    for theme in ("light", "dark"):
        upload.emulate_media(color_scheme=theme)
        upload.wait_for_timeout(500)  # colours pass over into each other
        assert violations(upload) == []
    upload.set_viewport_size({"width": 360, "height": 780})
    assert violations(upload) == []
    assert upload.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


GATHERED = [
    # What is dropped; of each group its weights, configuration and checkpoints by step.
    (
        ["m/a/adapter_model.safetensors", "m/a/adapter_config.json", "m/b.zip", "m/c.gguf"],
        [
            ["m/a/adapter_model.safetensors", "m/a/adapter_config.json", []],
            ["m/c.gguf", "", []],
            ["m/b.zip", "", []],
        ],
    ),
    (
        ["r/checkpoint-500/lora.safetensors", "r/checkpoint-1000/lora.safetensors"],
        [["r/checkpoint-1000/lora.safetensors", "", [500]]],
    ),
    (
        ["ink_000000250.safetensors", "ink.safetensors", "ink_000000500.safetensors", "1.png"],
        [["ink.safetensors", "", [250, 500]]],
    ),
    (
        ["ink-000002.safetensors", "ink-step00000100.safetensors", "ink.safetensors"],
        [["ink.safetensors", "", [100]]],
    ),
    (
        ["a.safetensors", "b.safetensors", "adapter_config.json"],
        [["a.safetensors", "", []], ["b.safetensors", "", []]],
    ),
    (
        ["wan_high_noise.safetensors", "wan_low_noise.safetensors"],
        [["wan_high_noise.safetensors", "", []], ["wan_low_noise.safetensors", "", []]],
    ),
]
GATHER = """async ([module, drops]) => {
  const { gather } = await import(module);
  const told = ({ weights, config, checkpoints }) =>
    [weights.path, config?.path ?? "", checkpoints.map(({ step }) => step)];
  const files = (paths) => paths.map((path) => ({ file: { name: path }, path }));
  return drops.map((paths) => gather(files(paths)).groups.map(told));
}"""


def test_tells_adapters_and_training_runs_apart_by_names(upload):
    page = upload.locator('script[src*="js/upload/page"]').get_attribute("src")
    module = page.replace("upload/page", "upload/gathering")

    found = upload.evaluate(GATHER, [module, [paths for paths, _ in GATHERED]])

    assert found == [groups for _, groups in GATHERED]


def test_a_draft_whose_files_are_all_here_needs_none_to_be_chosen(upload, tmp_path, complaints):
    complaints.append(RESOURCE)
    upload.route(re.compile(r"/finish$"), lambda route: route.abort())
    upload.set_input_files("#file", write(tmp_path, "ink.safetensors", 1))
    expect(upload.get_by_role("heading", name="was read.")).to_be_visible()
    upload.get_by_role("button", name="Upload").click()
    expect(upload.locator("[data-trouble]")).to_be_visible()
    draft = UploadDraft.objects.get()

    upload.on("dialog", lambda dialog: dialog.accept())
    upload.unroute(re.compile(r"/finish$"))
    upload.goto(f"/upload?draft={draft.pk}")
    expect(upload.locator("[data-unfinished]")).to_contain_text("All files of this draft are here")
    upload.get_by_role("button", name="Upload").click()

    expect(upload).to_have_url(re.compile(r"/ink/ink\?version=1$"))
