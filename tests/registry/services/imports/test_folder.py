"""A folder with sidecars becomes versions: planned first, and once only."""

from __future__ import annotations

import hashlib
import io
import os
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registry import blobs
from registry.errors import NotAllowed, SourceRefused, WrongState
from registry.models import ImportItem, Source
from registry.queries import imports
from registry.services import keeping
from registry.services.imports import deciding, pictures
from tests import factories, files
from tests.registry.services.imports.running import brought, planned, worked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "base", "sent")]
State = ImportItem.State


class TestPlan:
    def test_says_what_would_be_made_and_makes_nothing(self, put, folder, team, contributor):
        put("ink", beside={".json": {"activation text": "inkwash", "preferred weight": 0.7}})

        row = planned(folder, team, contributor)

        assert row.state == "planned"
        [item] = imports.items_of(row)
        assert (item.state, item.slug, item.base) == (State.OFFERED, "ink", "sdxl-1-0")
        assert item.fields["trigger_words"]["value"] == ["inkwash"]
        assert item.fields["trigger_words"]["source"] == "ink.json"
        assert not team.adapters.exists()

    def test_knows_what_the_hub_has(self, put, folder, team, contributor):
        place = put("ink")
        adapter = factories.AdapterFactory(team=team, slug="ink")
        factories.VersionFactory(adapter=adapter, content=place.read_bytes(), published=True)

        [item] = imports.items_of(planned(folder, team, contributor))

        assert item.state == State.DUPLICATE
        assert item.reason == "These very bytes are ink/ink, version 1."

    def test_knows_what_lies_there_twice(self, put, folder, team, contributor):
        put("a/ink")
        put("b/ink")

        [first, second] = imports.items_of(planned(folder, team, contributor))

        assert (first.state, second.state) == (State.OFFERED, State.DUPLICATE)
        assert second.reason == "These very bytes are a/ink.safetensors too."

    def test_refuses_pickles_and_broken_files_each_by_itself(self, put, folder, team, contributor):
        put("good")
        put("cut", content=files.kohya_lora().getvalue()[:-5])
        (folder / "old.ckpt").write_bytes(b"\x80\x04.")

        items = {item.key: item for item in imports.items_of(planned(folder, team, contributor))}

        assert items["good.safetensors"].state == State.OFFERED
        assert "cut short" in items["cut.safetensors"].reason
        assert "pickled weights" in items["old.ckpt"].reason

    def test_does_not_hear_a_record_of_another_file(self, put, folder, team, contributor):
        beside = {".metadata.json": {"model_name": "Another", "sha256": "a" * 64}}
        put("ink", beside=beside)

        [item] = imports.items_of(planned(folder, team, contributor))

        assert item.fields["title"]["value"] == "ink"
        assert "names the sha256 of another file" in item.notes[0]

    def test_takes_another_name_where_the_team_has_one_of_that(
        self, put, folder, team, contributor
    ):
        put("ink")
        factories.AdapterFactory(team=team, slug="ink")

        [item] = imports.items_of(planned(folder, team, contributor))

        assert item.slug == "ink-2"

    def test_puts_versions_of_one_model_into_one_adapter(self, put, folder, team, contributor):
        for number in (1, 2):
            told = {"modelId": 7, "id": number, "model": {"name": "Ink"}, "name": f"v{number}"}
            put(f"ink-v{number}", seed=number, beside={".civitai.info": told})

        items = imports.items_of(planned(folder, team, contributor))

        assert [(item.slug, item.fields["label"]["value"]) for item in items] == [
            ("ink", "v1"),
            ("ink", "v2"),
        ]


class TestImport:
    def test_makes_a_version_with_its_source(self, put, folder, team, contributor):
        place = put(
            "ink",
            beside={
                ".civitai.info": {
                    "id": 2,
                    "modelId": 1,
                    "name": "v1.5",
                    "trainedWords": ["inkwash"],
                    "baseModel": "SDXL 1.0",
                    "model": {"name": "Ink wash", "description": "<p>Ink.</p>"},
                    "unknown": [1, 2],
                }
            },
        )

        row = brought(planned(folder, team, contributor))

        [item] = imports.items_of(row)
        version = item.version
        assert (row.state, item.state) == ("done", State.MADE)
        assert version.sha256 == hashlib.sha256(place.read_bytes()).hexdigest()
        assert (version.adapter.title, version.label) == ("Ink wash", "v1.5")
        assert version.trigger_words == ["inkwash"]
        assert version.runs.count() == 1
        source = imports.source_of(version)
        assert source.url == "https://civitai.com/models/1?modelVersionId=2"
        assert source.record["ink.civitai.info"]["unknown"] == [1, 2]
        assert source.fields["title"] == "ink.civitai.info"

    def test_makes_nothing_twice(self, put, folder, team, contributor):
        put("ink")
        brought(planned(folder, team, contributor))

        again = planned(folder, team, contributor)

        assert [item.state for item in imports.items_of(again)] == [State.DUPLICATE]
        with pytest.raises(WrongState, match="Nothing of it is left"):
            deciding.start(again, by=contributor, now=timezone.now())

    def test_continues_an_adapter_that_was_imported_before(self, put, folder, team, contributor):
        told = {"modelId": 7, "id": 1, "model": {"name": "Ink"}}
        put("ink-v1", seed=1, beside={".civitai.info": told})
        brought(planned(folder, team, contributor))
        put("ink-v2", seed=2, beside={".civitai.info": told | {"id": 2}})

        row = brought(planned(folder, team, contributor))

        made = imports.items_of(row, state=State.MADE).get()
        assert (made.version.adapter.slug, made.version.number) == ("ink", 2)

    def test_takes_a_training_run_as_one_version(self, put, folder, team, contributor):
        put("ink", seed=1)
        put("ink-step00000200", seed=2)

        row = brought(planned(folder, team, contributor))

        [item] = imports.items_of(row)
        roles = item.version.files.order_by("role").values_list("role", "training_step")
        assert list(roles) == [("checkpoint", 200), ("weights", None)]

    def test_heeds_what_a_person_says_instead(self, put, folder, team, contributor):
        put("ink", beside={".json": {"activation text": "wrong"}})
        put("left", seed=1)
        row = planned(folder, team, contributor)
        said = {"trigger_words": ["right"], "title": "Tusche", "name": "tusche"}
        deciding.choose(row, 1, said, by=contributor)
        deciding.choose(row, 2, {"take": False}, by=contributor)

        row = brought(row)

        made, left = imports.items_of(row)
        assert made.version.adapter.slug == "tusche"
        assert made.version.trigger_words == ["right"]
        assert imports.source_of(made.version).fields["title"] == ""
        assert left.state == State.LEFT

    def test_keeps_its_preview(self, put, folder, team, contributor):
        put("ink", beside={".preview.png": picture()})

        row = brought(planned(folder, team, contributor))

        source = imports.source_of(row.items.get().version)
        [kept] = source.pictures.all()
        assert (kept.width, kept.height) == (64, 32)
        later = timezone.now() + timedelta(days=9)
        keeping.drop_orphans(now=later)
        assert blobs.default().exists(kept.blob_id)

    @pytest.mark.parametrize(
        "content", [b"", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"GIF89a" + b"\xff" * 40]
    )
    def test_does_without_a_preview_that_is_none(self, put, folder, team, contributor, content):
        put("ink", beside={".preview.png": content})

        row = brought(planned(folder, team, contributor))

        assert row.items.get().state == State.MADE
        assert not imports.source_of(row.items.get().version).pictures.exists()

    def test_does_without_a_preview_that_would_fill_memory(
        self, put, folder, team, contributor, monkeypatch
    ):
        monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
        put("ink", beside={".preview.png": picture()})

        row = brought(planned(folder, team, contributor))

        assert not imports.source_of(row.items.get().version).pictures.exists()

    def test_lets_one_that_fails_not_hold_up_the_others(self, put, folder, team, contributor):
        put("a", seed=1)
        put("b", seed=2)
        row = planned(folder, team, contributor)
        (folder / "a.safetensors").unlink()

        row = brought(row)

        states = {item.key: item.state for item in imports.items_of(row)}
        assert states == {"a.safetensors": State.FAILED, "b.safetensors": State.MADE}
        assert row.state == "done"

    def test_stops_when_it_is_cancelled(self, put, folder, team, contributor):
        put("ink")
        row = planned(folder, team, contributor)
        deciding.start(row, by=contributor, now=timezone.now())
        deciding.cancel(row, by=contributor, now=timezone.now())

        with pytest.raises(WrongState, match="cancelled"):
            worked(row)

        assert not Source.objects.exists()


class TestLinks:
    def test_are_not_followed_out_of_the_folder(self, put, folder, team, contributor, tmp_path):
        put("ink")
        outside = tmp_path / "outside"
        outside.mkdir()
        other = files.kohya_lora(values=files.Values(seed=5)).getvalue()
        (outside / "secret.safetensors").write_bytes(other)
        (folder / "link.safetensors").symlink_to(outside / "secret.safetensors")
        (folder / "below").symlink_to(outside, target_is_directory=True)

        items = list(imports.items_of(planned(folder, team, contributor)))

        assert [item.key for item in items] == ["ink.safetensors"]

    def test_that_take_a_files_place_are_not_followed(
        self, put, folder, team, contributor, tmp_path
    ):
        put("below/ink")
        row = planned(folder, team, contributor)
        (folder / "below").rename(tmp_path / "outside")
        (folder / "below").symlink_to(tmp_path / "outside", target_is_directory=True)

        row = brought(row)

        item = row.items.get()
        assert item.state == State.FAILED
        assert "Links are not followed" in item.reason

    def test_a_pipe_keeps_nobody_waiting(self, put, folder, team, contributor):
        place = put("ink")
        row = planned(folder, team, contributor)
        place.unlink()
        os.mkfifo(place)

        row = brought(row)

        assert "no plain file" in row.items.get().reason


class TestBegin:
    def test_refuses_a_folder_that_is_not_allowed(self, folder, team, contributor):
        with pytest.raises(SourceRefused, match="IMPORT_FOLDERS"):
            planned("/etc", team, contributor)
        with pytest.raises(SourceRefused, match="IMPORT_FOLDERS"):
            planned(f"{folder}/../..", team, contributor)

    def test_refuses_who_may_not_upload(self, folder, team):
        viewer = factories.member(team, role="viewer")

        with pytest.raises(NotAllowed):
            planned(folder, team, viewer)


class TestCommand:
    @pytest.fixture
    def say(self, folder, contributor):
        def say(*options):
            out = io.StringIO()
            call_command(
                "import_adapters",
                str(folder),
                "--team=ink",
                "--as=contributor",
                *options,
                stdout=out,
            )
            return out.getvalue()

        return say

    def test_shows_the_plan_and_stops(self, put, say, team):
        put("ink")

        said = say("--dry-run")

        assert "ink.safetensors → ink/ink, for sdxl-1-0" in said
        assert not team.adapters.exists()

    def test_imports(self, put, say, team):
        put("ink")

        assert "1 imported, 0 here already, 0 refused, 0 failed." in say()
        assert "0 imported, 1 here already" in say() or "Nothing of it is left" in say()
        assert team.adapters.get().versions.count() == 1

    def test_says_why_not(self, say):
        with pytest.raises(CommandError, match="There is no adapter in"):
            say()


def picture():
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (64, 32), "teal").save(file, "PNG")
    return file.getvalue()
