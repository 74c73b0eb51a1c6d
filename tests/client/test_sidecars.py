"""Files that lie beside weights: as the hub writes them, as people change them."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from registry.models import Adapter
from registry.services import events
from tests.client import library
from tests.factories import AdapterFactory, TeamFactory, VersionFactory, sweep
from workers import housekeeping

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def version(machine):
    adapter = AdapterFactory(team=TeamFactory(slug="ink"), slug="wash", title="Ink wash")
    return VersionFactory(adapter=adapter, published=True, measured_best=0.7)


@pytest.fixture
def stem(version):
    return f"wash-v1-{version.sha256[:8]}"


def retitle(version, title):
    Adapter.objects.filter(pk=version.adapter_id).update(title=title)
    events.record("adapter.described", on=version.adapter, now=timezone.now())


def test_a_webui_finds_words_and_weight_beside_the_file(machine, version, stem):
    machine.run("sync", "loras")
    folder = machine.home / "loras"
    assert library.tree(folder).keys() == {
        f"{stem}.safetensors",
        f"{stem}.json",
        f"{stem}.civitai.info",
    }
    told = json.loads((folder / f"{stem}.json").read_text())
    assert told["activation text"] == "inkwash"
    assert told["preferred weight"] == 0.7


def test_a_preview_comes_once_it_is_drawn(machine, version, stem):
    sweep(version)
    follow = ("sync", "loras", "--sidecars", "preview")
    preview = machine.home / "loras" / f"{stem}.preview.png"
    machine.run(*follow)
    assert not preview.exists()

    housekeeping.draw_covers()
    retitle(version, "Anything")
    machine.run(*follow)

    assert preview.read_bytes().startswith(b"\x89PNG")


def test_comfyui_is_told_by_the_names_that_the_folder_has(machine, version):
    machine.run("sync", "loras", "--layout", "comfyui", "--names", "adapter")
    folder = machine.home / "loras"
    told = json.loads((folder / "ink--wash.metadata.json").read_text())
    assert told["file_name"] == "ink--wash"
    assert told["sha256"] == version.sha256
    assert (folder / "ink--wash.safetensors.rgthree-info.json").exists()


def test_all_kinds_that_the_hub_writes_are_known(machine, version, loradex):
    from registry.exports.sidecars.table import PREVIEW, SIDECARS

    there = {one.kind: one.ending for one in SIDECARS} | {"preview": PREVIEW}
    assert there == loradex.ENDINGS
    assert {one.kind for one in SIDECARS if one.on_whole_name} == {"rgthree"}
    machine.run("sync", "loras", "--sidecars", ",".join(one.kind for one in SIDECARS))
    assert len(library.tree(machine.home / "loras")) == 1 + len(SIDECARS)


def test_what_changed_at_the_hub_is_written_anew(machine, version, stem):
    machine.run("sync", "loras", "--sidecars", "civitai")
    retitle(version, "Ink wash, better")
    assert f"~ {stem}.civitai.info" in machine.run("sync", "loras")
    assert "Ink wash, better" in (machine.home / "loras" / f"{stem}.civitai.info").read_text()


def test_so_is_what_lists_do_not_show(machine, version, stem):
    machine.run("sync", "loras", "--sidecars", "civitai")
    Adapter.objects.filter(pk=version.adapter_id).update(description="At last described.")
    events.record("adapter.described", on=version.adapter, now=timezone.now())

    machine.run("sync", "loras")

    assert "At last described." in (machine.home / "loras" / f"{stem}.civitai.info").read_text()
    assert "; 1 requests." in machine.run("sync", "loras")


def test_what_people_changed_stays_theirs(machine, version, stem):
    machine.run("sync", "loras", "--sidecars", "webui")
    notes = machine.home / "loras" / f"{stem}.json"
    notes.write_text('{"notes": "mine"}')
    retitle(version, "Better")

    assert "1 sidecars kept that were changed here" in machine.run("sync", "loras")
    assert "0 faults" in machine.run("verify", "loras")
    assert notes.read_text() == '{"notes": "mine"}'

    machine.run("sync", "loras", "--overwrite")
    assert "inkwash" in notes.read_text()


def test_they_are_only_asked_for_once(machine, version):
    sweep(version)
    said = machine.run("sync", "loras", "--sidecars", "webui,preview")
    assert "; 5 requests." in said  # feed, list, weights, and two of which one is not there
    assert "; 1 requests." in machine.run("sync", "loras")
    assert "; 3 requests." in machine.run("sync", "loras", "--full")
