from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry.models import AdapterVersion, Upload
from tests import files
from tests.factories import BaseFactory
from tests.hub.pages import rows

pytestmark = pytest.mark.browser
RESOURCE = "Failed to load resource"  # what Chromium says of any answer that is a refusal
HERE = re.compile(r"/ink/ink-wash\?version=1$")


@pytest.fixture
def lora(tmp_path):
    path = tmp_path / "ink_wash.safetensors"
    path.write_bytes(files.kohya_lora("sdxl").getvalue())
    return path


@pytest.fixture
def upload(signed_in):
    BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl")
    BaseFactory(slug="sd-1-5", title="SD 1.5", family="sd1")
    signed_in.goto("/upload")
    return signed_in


@pytest.fixture
def puts(upload):
    """Return the parts that were sent, in a list that grows."""
    sent = []
    upload.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)
    return sent


def choose(page, path):
    page.set_input_files("#file", path)
    expect(page.get_by_role("heading", name="was read.")).to_be_visible()


def send(page):
    page.get_by_role("button", name="Upload").click()


def test_what_is_said_is_of_the_base_chosen_last(upload, lora):
    """Though the answer about the one before it comes later."""
    choose(upload, lora)
    held = []

    def hold(route):
        held.append(route)

    upload.route("**/api/inspect", hold, times=1)
    base = upload.get_by_label("Base model")
    with upload.expect_request("**/api/inspect"):
        base.select_option("sd-1-5")
    with upload.expect_response("**/api/inspect"):
        base.select_option("sdxl-1-0")
    with upload.expect_response("**/api/inspect"):
        held[0].continue_()
    upload.wait_for_timeout(300)

    expect(upload.locator("[data-seen] .said .rejected")).to_have_count(0)
    expect(upload.locator("[data-doubt]")).to_be_hidden()


def test_reads_the_header_before_any_weights_travel(upload, lora, puts):
    choose(upload, lora)

    expect(upload.locator("[data-seen] .family")).to_have_text("SDXL 1.0")
    expect(upload.get_by_label("Title", exact=True)).to_have_value("ink wash")
    expect(upload.get_by_label("Base model")).to_have_value("sdxl-1-0")
    assert puts == []


def test_calls_what_it_sees_as_people_do(upload, tmp_path):
    early = tmp_path / "early.safetensors"
    layer = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora"
    shapes = {"down": (4, 768), "up": (320, 4)}
    early.write_bytes(
        files.safetensors(
            {f"{layer}.{half}.weight": files.tensor(shape) for half, shape in shapes.items()}
        )
    )

    choose(upload, early)

    facts = upload.locator("[data-seen] dl.facts").first
    expect(facts).to_contain_text("Stable Diffusion 1")
    expect(facts).to_contain_text("old diffusers (.processor)")
    expect(facts).not_to_contain_text("sd1")


def test_fills_in_the_weight_that_the_file_s_maker_recommends(upload, lora, tmp_path):
    told = tmp_path / "told.safetensors"
    hint = {"modelspec.usage_hint": "weight 0.6-0.9"}
    told.write_bytes(files.kohya_lora("sdxl", metadata=hint).getvalue())

    choose(upload, told)

    expect(upload.locator("[name=weight_low]")).to_have_value("0.6")
    expect(upload.locator("[name=weight_high]")).to_have_value("0.9")

    choose(upload, lora)

    expect(upload.get_by_label("Title", exact=True)).to_have_value("ink wash")
    expect(upload.locator("[name=weight_low]")).to_have_value("")


def test_names_every_misfit_when_another_base_is_chosen(upload, lora):
    choose(upload, lora)

    upload.get_by_label("Base model").select_option("sd-1-5")

    expect(upload.locator("[data-seen] .rejected").first).to_contain_text("SD 1.5")


def test_takes_a_suggested_base_back_when_another_file_is_chosen(upload, lora, tmp_path):
    choose(upload, lora)
    portrait = tmp_path / "portrait.safetensors"
    portrait.write_bytes(files.kohya_lora("sd1").getvalue())

    choose(upload, portrait)

    expect(upload.locator("[data-seen] .family")).to_have_text("SD 1.5")
    expect(upload.get_by_label("Base model")).to_have_value("sd-1-5")


def test_a_base_that_shapes_leave_open_is_declared_with_a_click(upload, lora):
    BaseFactory(slug="pony-v6", title="Pony Diffusion V6 XL", family="sdxl")
    upload.goto("/upload")
    choose(upload, lora)

    upload.get_by_role("button", name="Pony Diffusion V6 XL").click()

    expect(upload.get_by_label("Base model")).to_have_value("pony-v6")
    pressed = upload.locator("[data-seen] [aria-pressed=true]")
    expect(pressed).to_have_text("Pony Diffusion V6 XL")


def test_sends_the_file_and_goes_to_its_page(upload, lora, puts):
    choose(upload, lora)
    upload.get_by_label("Trigger words").fill("inkwash, sumi")

    send(upload)

    expect(upload).to_have_url(HERE)
    expect(upload.get_by_role("heading", name="Being validated")).to_be_visible()
    version = AdapterVersion.objects.get()
    assert version.trigger_words == ["inkwash", "sumi"]
    assert len(puts) == 1


def test_sends_nothing_that_the_hub_has(upload, lora, puts, team, person):
    rows.shown(team, "zebra", by=person, content=Path(lora).read_bytes())
    choose(upload, lora)

    send(upload)

    expect(upload).to_have_url(HERE)
    assert puts == []


def test_goes_on_after_a_reload_where_it_stopped(upload, lora, puts, settings, complaints):
    complaints.append(RESOURCE)
    settings.PART_SIZE = lora.stat().st_size // 6 + 1
    upload.route(re.compile(r"/parts/[456]$"), lambda route: route.abort())
    choose(upload, lora)
    send(upload)
    expect(upload.locator("[data-trouble]")).to_be_visible()
    before = set(puts)

    upload.on("dialog", lambda dialog: dialog.accept())
    upload.reload()
    expect(upload.locator("[data-unfinished]")).to_contain_text("ink_wash.safetensors")
    # Only now, or the page before the reload tries again in time and sends a part itself.
    upload.unroute(re.compile(r"/parts/[456]$"))
    puts.clear()
    choose(upload, lora)
    expect(upload.get_by_label("Title", exact=True)).to_have_value("ink wash")
    send(upload)

    expect(upload).to_have_url(HERE)
    assert {url[-1] for url in puts} == {"4", "5", "6"}
    assert {url[-1] for url in before} >= {"1", "2", "3"}
    assert Upload.objects.count() == 1


def test_pauses_and_goes_on(upload, lora, settings, complaints):
    complaints.append(RESOURCE)
    settings.PART_SIZE = lora.stat().st_size // 3 + 1
    held = []

    def hold(route):
        held.append(route)  # and never answer

    upload.route(re.compile(r"/parts/2$"), hold)
    choose(upload, lora)
    send(upload)

    upload.get_by_role("button", name="Pause").click()
    expect(upload.locator("[data-saying]")).to_have_text("Paused")

    upload.unroute(re.compile(r"/parts/2$"))
    upload.get_by_role("button", name="Go on").click()
    expect(upload).to_have_url(HERE)


def test_refuses_a_pickle_by_its_content(upload, tmp_path, puts, complaints):
    complaints.append(RESOURCE)
    path = tmp_path / "ink.safetensors"
    path.write_bytes(files.torch_zip().getvalue())

    upload.set_input_files("#file", path)

    expect(upload.locator("[data-refusal]")).to_contain_text("pickle")
    assert puts == []


def test_takes_a_peft_adapter_with_its_configuration(upload, tmp_path):
    BaseFactory(slug="llama-3-8b", title="Llama 3 8B", family="llama")
    upload.reload()
    weights = tmp_path / "adapter_model.safetensors"
    weights.write_bytes(files.peft_lora("llama").getvalue())
    config = tmp_path / "adapter_config.json"
    config.write_text(json.dumps(files.peft_config("llama")))
    choose(upload, [weights, config])
    upload.get_by_label("Title", exact=True).fill("Polite")
    upload.get_by_label("Base model").select_option("llama-3-8b")

    send(upload)

    expect(upload).to_have_url(re.compile(r"/ink/polite\?version=1$"))
    assert {file.role for file in AdapterVersion.objects.get().files.all()} == {"weights", "config"}


def test_says_what_the_hub_says_when_it_refuses(upload, lora, complaints, team, person):
    complaints.append(RESOURCE)
    choose(upload, lora)
    send(upload)
    expect(upload).to_have_url(HERE)

    upload.goto("/upload?adapter=ink/ink-wash")
    choose(upload, lora)
    send(upload)

    expect(upload.locator("[data-refusal]")).to_contain_text("already version 1 of ink/ink-wash")
    expect(upload.get_by_role("button", name="Upload")).to_be_visible()


EARLIER = files.peft_lora("llama", values=files.Values(seed=5)).getvalue()


@pytest.fixture
def polite(upload, tmp_path):
    """Return a folder of PEFT's, with what its trainer left in it."""
    BaseFactory(slug="llama-3-8b", title="Llama 3 8B", family="llama")
    upload.reload()
    folder = tmp_path / "polite"
    (folder / "checkpoint-500").mkdir(parents=True)
    for name, content in {
        "adapter_model.safetensors": files.peft_lora("llama").getvalue(),
        "adapter_config.json": json.dumps(files.peft_config("llama")).encode(),
        "tokenizer.json": b"{}",
        "README.md": b"# Polite",
        ".gitattributes": b"",
        "checkpoint-500/adapter_model.safetensors": EARLIER,
        "checkpoint-500/optimizer.pt": b"its state",
    }.items():
        (folder / name).write_bytes(content)
    return folder


def describe(page, title="Polite"):
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Base model").select_option("llama-3-8b")


def drop(page, path):
    """Drop a file or a folder of this machine on the page, as a person would."""
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {"type": kind, "x": 200, "y": 300, "data": data}
        devtools.send("Input.dispatchDragEvent", event)


POLITE = re.compile(r"/ink/polite\?version=1$")
ROLES = {"adapter_model.safetensors": "weights", "adapter_config.json": "config"}
OF_FOLDER = {
    "polite-adapter_model.safetensors": "weights",
    "adapter_config.json": "config",
    "polite-checkpoint-500-adapter_model.safetensors": "checkpoint",
}


def roles():
    return {one.name: one.role for one in AdapterVersion.objects.get().files.all()}


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_takes_the_adapter_out_of_a_folder_and_says_what_it_leaves(upload, polite, puts, way):
    if way == "chosen":
        upload.set_input_files("[data-folder]", polite)
    else:
        drop(upload, polite)
    expect(upload.get_by_role("heading", name="was read.")).to_be_visible()

    left_out = upload.locator("[data-left-out]")
    for name in ("README.md", "tokenizer.json", "checkpoint-500/optimizer.pt"):
        expect(left_out).to_contain_text(name)
    expect(upload.get_by_label("Title", exact=True)).to_have_value("polite")
    expect(left_out).not_to_contain_text(".gitattributes")
    describe(upload)
    send(upload)

    expect(upload).to_have_url(POLITE)
    assert roles() == OF_FOLDER
    assert len(puts) == 3


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_takes_a_zip_file_and_leaves_it_to_the_hub(upload, polite, way):
    shutil.rmtree(polite / "checkpoint-500")
    path = Path(shutil.make_archive(str(polite), "zip", polite))
    if way == "chosen":
        upload.set_input_files("#file", path)
    else:
        drop(upload, path)
    expect(upload.get_by_role("heading", name="polite.zip is a ZIP file.")).to_be_visible()
    expect(upload.get_by_label("Title", exact=True)).to_have_value("polite")

    describe(upload)
    send(upload)

    expect(upload).to_have_url(POLITE)
    assert roles() == ROLES


def test_says_why_the_hub_refuses_a_zip_file(upload, polite, complaints):
    complaints.append(RESOURCE)
    shutil.rmtree(polite / "checkpoint-500")
    (polite / "pytorch_model.bin").write_bytes(b"\x80\x02}.")
    upload.set_input_files("#file", shutil.make_archive(str(polite), "zip", polite))

    describe(upload)
    send(upload)

    expect(upload.locator("[data-refusal]")).to_contain_text("“pytorch_model.bin”")
    assert Upload.objects.get().state == "dropped"
