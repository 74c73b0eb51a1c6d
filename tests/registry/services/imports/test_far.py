"""Adapters from other machines: a model hub, Civitai, another Loradex, each a small server."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from registry.errors import LeaseLost
from registry.models import Adapter, ImportItem
from registry.queries import imports
from registry.services import publishing
from registry.services.imports import deciding, held, looking_again, making
from tests import factories, files
from tests.registry.services.imports.running import brought, planned, worked
from tests.web_servers import site
from workers import importing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "base", "sent", "folder")]
State = ImportItem.State
LORA = files.kohya_lora().getvalue()
SHA256 = hashlib.sha256(LORA).hexdigest()


@pytest.fixture
def server(settings):
    with site() as one:
        settings.IMPORT_PRIVATE_HOSTS = [one.place]
        yield one


def picture():
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(file, "PNG")
    return file.getvalue()


# --- A model hub ---------------------------------------------------------------------------------

CARD = b"""---
base_model: stabilityai/stable-diffusion-xl-base-1.0
license: apache-2.0
instance_prompt: inkwash
tags: [lora, text-to-image, ink]
---
# Ink

Ink on wet paper.
"""


@pytest.fixture
def repository(server):
    base = factories.BaseFactory(slug="sdxl-1-0")
    base.aliases = ["stabilityai/stable-diffusion-xl-base-1.0"]
    base.save()
    commit = "c" * 40
    server.put(
        "/api/models/mei/Ink-Wash/revision/main",
        {
            "id": "mei/Ink-Wash",
            "sha": commit,
            "cardData": {"widget": [{"text": "ink", "output": {"url": "images/a.png"}}]},
        },
    )
    listed = {
        "README.md": CARD,
        "ink.safetensors": LORA,
        "images/a.png": picture(),
        ".gitattributes": b"x",
        "training_args.bin": b"\x80\x04.",
    }
    tree = [{"type": "file", "path": path, "size": len(body)} for path, body in listed.items()]
    tree[1]["lfs"] = {"oid": SHA256, "size": len(LORA)}
    link = f'<{server.url}/api/models/mei/Ink-Wash/tree/{commit}?page=2>; rel="next"'
    address = f"/api/models/mei/Ink-Wash/tree/{commit}"
    server.put(f"{address}?recursive=true&expand=false", tree[:1], Link=link)
    server.put(f"{address}?page=2", tree[1:])
    for path, body in listed.items():
        server.put(f"/mei/Ink-Wash/resolve/{commit}/{path}", body)
    return server


class TestHub:
    def test_is_planned_without_fetching_the_weights(self, repository, team, contributor):
        row = planned(f"{repository.url}/mei/Ink-Wash", team, contributor)

        [item] = imports.items_of(row)
        assert (row.kind, item.state, item.slug) == ("hub", State.OFFERED, "ink-wash")
        assert (item.base, item.sha256, item.size) == ("sdxl-1-0", SHA256, len(LORA))
        said = {name: told["value"] for name, told in item.fields.items()}
        assert (said["title"], said["licence"]) == ("Ink Wash", "apache-2.0")
        assert (said["tags"], said["trigger_words"]) == (["ink"], ["inkwash"])
        assert said["description"].startswith("# Ink")
        spans = [
            headers.get("Range", "")
            for path, headers in repository.asked
            if path.endswith("ink.safetensors")
        ]
        assert spans[0] == "bytes=0-7"
        assert all(spans)

    def test_becomes_a_version_with_its_pictures(self, repository, team, contributor):
        row = brought(planned(f"{repository.url}/mei/Ink-Wash", team, contributor))

        [item] = imports.items_of(row)
        assert item.state == State.MADE, item.reason
        assert item.version.sha256 == SHA256
        source = imports.source_of(item.version)
        assert source.url == f"{repository.url}/mei/Ink-Wash"
        assert source.record["README.md"]["text"].startswith("---")
        assert source.pictures.count() == 1

    def test_is_not_fetched_when_the_hub_has_the_bytes(self, repository, team, contributor):
        other = factories.AdapterFactory(slug="ink")
        factories.VersionFactory(adapter=other, content=LORA, published=True)
        row = planned(f"{repository.url}/mei/Ink-Wash", team, contributor)
        [item] = imports.items_of(row)
        assert item.state == State.DUPLICATE
        deciding.choose(row, 1, {"take": True}, by=contributor)
        repository.asked.clear()

        row = brought(row)

        assert imports.items_of(row).get().state == State.MADE
        assert not [path for path in repository.paths() if path.endswith(".safetensors")]

    def test_goes_on_where_it_broke_off(self, repository, team, contributor, settings):
        address = f"/mei/Ink-Wash/resolve/{'c' * 40}/ink.safetensors"
        row = planned(f"{repository.url}/mei/Ink-Wash", team, contributor)
        whole = repository.answers[address]
        most = len(LORA) - 10

        def breaks_off(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(LORA)))
            handler.end_headers()
            handler.wfile.write(LORA[:most])
            handler.close_connection = True

        repository.put(address, breaks_off)
        row = worked(deciding.start(row, by=contributor, now=timezone.now()), most=1)
        assert imports.items_of(row).get().state == State.WAITING
        assert row.state == "queued"
        repository.answers[address] = whole
        repository.asked.clear()

        row = worked(row)

        assert imports.items_of(row).get().state == State.MADE
        [span] = [headers["Range"] for path, headers in repository.asked if path == address]
        assert int(span.removeprefix("bytes=").rstrip("-")) > 0
        assert not list((settings.SCRATCH / "imports").glob("*"))

    def test_refuses_other_bytes_than_were_announced(self, repository, team, contributor):
        row = planned(f"{repository.url}/mei/Ink-Wash", team, contributor)
        other = files.kohya_lora(values=files.Values(seed=9)).getvalue()
        repository.put(f"/mei/Ink-Wash/resolve/{'c' * 40}/ink.safetensors", other)

        row = brought(row)

        item = imports.items_of(row).get()
        assert item.state == State.FAILED
        assert "was announced: it is another file" in item.reason

    def test_says_that_it_is_not_there(self, server, team, contributor):
        row = planned(f"{server.url}/mei/none", team, contributor)

        assert row.state == "failed"
        assert "has nothing at" in row.reason

    @pytest.mark.parametrize("answer", [[], {"sha": 3}, "text", None])
    def test_survives_what_no_hub_answers(self, server, team, contributor, answer):
        server.put("/api/models/mei/odd/revision/main", answer)
        server.put("/api/models/mei/odd/tree/main", answer)

        assert planned(f"{server.url}/mei/odd", team, contributor).state == "failed"


class TestCrashes:
    def test_a_version_and_its_item_are_made_together_or_not_at_all(
        self, repository, team, contributor, monkeypatch
    ):
        row = planned(f"{repository.url}/mei/Ink-Wash", team, contributor)
        row = deciding.start(row, by=contributor, now=timezone.now())

        def dies(*_, **__):
            raise SystemExit  # as a worker that is killed before it commits

        with monkeypatch.context() as patched:
            patched.setattr(making, "_note_source", dies)
            with pytest.raises(SystemExit):
                worked(row)
        assert not team.adapters.exists()

        later = timezone.now() + timedelta(minutes=5)
        importing.work(held.claim(row.pk, owner="another", now=later))

        assert imports.items_of(row).get().state == State.MADE
        assert team.adapters.get().versions.count() == 1

    def test_a_worker_that_lost_the_import_makes_nothing(self, repository, team, contributor):
        row = planned(f"{repository.url}/mei/Ink-Wash", team, contributor)
        row = deciding.start(row, by=contributor, now=timezone.now())
        slow = held.claim(row.pk, owner="slow", now=timezone.now())
        held.claim(row.pk, owner="another", now=timezone.now() + timedelta(minutes=5))
        item = imports.items_of(row).get()
        item.pictures = []

        with pytest.raises(LeaseLost):
            making.make(
                item, slow, fetch=lambda _: io.BytesIO(LORA), look_at=None, now=timezone.now()
            )

        assert not team.adapters.exists()

    def test_one_that_kills_its_worker_is_left_in_the_end(
        self, repository, team, contributor, settings
    ):
        row = planned(f"{repository.url}/mei/Ink-Wash", team, contributor)
        deciding.start(row, by=contributor, now=timezone.now())
        row.items.update(attempts=settings.RUN_ATTEMPTS)

        row = worked(row)

        item = imports.items_of(row).get()
        assert (row.state, item.state) == ("done", State.FAILED)
        assert "Its worker died 3 times" in item.reason

    def test_a_fault_of_ours_is_the_fault_of_one_item(
        self, repository, team, contributor, monkeypatch
    ):
        row = planned(f"{repository.url}/mei/Ink-Wash", team, contributor)
        monkeypatch.setattr(making, "declaration", lambda _: 1 / 0)

        row = brought(row)

        item = imports.items_of(row).get()
        assert (row.state, item.state) == ("done", State.FAILED)
        assert "ZeroDivisionError" in item.reason


# --- Civitai -------------------------------------------------------------------------------------


def civitai_version(server, number, *, content=LORA, **more):
    server.put(f"/api/download/models/{number}", content)
    return {
        "id": number,
        "name": f"v{number}",
        "baseModel": "SDXL 1.0",
        "trainedWords": ["inkwash"],
        "nsfwLevel": 1,
        "files": [
            {
                "id": 1,
                "name": f"../ink_{number}.safetensors",
                "type": "Model",
                "primary": True,
                "sizeKB": len(content) / 1024,
                "metadata": {"format": "SafeTensor"},
                "hashes": {"SHA256": hashlib.sha256(content).hexdigest().upper()},
                "downloadUrl": f"{server.url}/api/download/models/{number}",
            }
        ],
        "images": [
            {
                "url": f"{server.url}/image.png",
                "type": "image",
                "nsfwLevel": 4,
                "meta": {"prompt": "ink", "seed": 7},
            },
            {"url": "http://169.254.169.254/latest", "type": "image", "nsfwLevel": 1},
        ],
    } | more


@pytest.fixture
def model(server):
    second = files.kohya_lora(values=files.Values(seed=2)).getvalue()
    versions = [civitai_version(server, 12, content=second), civitai_version(server, 11)]
    server.put("/image.png", picture())
    server.put(
        "/api/v1/models/5",
        {
            "id": 5,
            "name": "Ink wash",
            "description": "<p>Ink &amp; paper.</p>",
            "type": "LORA",
            "tags": ["style", "ink"],
            "modelVersions": versions,
        },
    )
    server.put("/api/v1/model-versions/11", versions[1] | {"modelId": 5})
    return server


class TestCivitai:
    def test_all_versions_become_one_adapter_the_oldest_first(self, model, team, contributor):
        row = brought(planned(f"{model.url}/models/5/ink-wash", team, contributor))

        made = [item.version for item in imports.items_of(row)]
        assert [(one.adapter.slug, one.number, one.label) for one in made] == [
            ("ink-wash", 1, "v11"),
            ("ink-wash", 2, "v12"),
        ]
        assert made[0].adapter.kind == "style"
        assert made[0].files.get().name == "ink_11.safetensors"
        assert made[0].sha256 == SHA256

    def test_keeps_the_record_and_those_pictures_that_may_be_had(self, model, team, contributor):
        row = brought(planned(f"{model.url}/models/5?modelVersionId=11", team, contributor))

        [item] = imports.items_of(row)
        source = imports.source_of(item.version)
        assert source.url == f"{model.url}/models/5?modelVersionId=11"
        assert source.record[model.place]["version"]["trainedWords"] == ["inkwash"]
        [kept] = source.pictures.all()
        assert (kept.content_level, kept.told["seed"]) == ("mature", 7)

    @pytest.mark.parametrize("path", ["/api/v1/model-versions/11", "/api/download/models/11"])
    def test_one_version_is_found_by_its_other_addresses(self, model, team, contributor, path):
        row = planned(f"{model.url}{path}", team, contributor)

        assert [item.key for item in imports.items_of(row)] == ["models/5/11"]

    def test_what_is_no_adapter_is_refused(self, server, team, contributor):
        version = civitai_version(server, 11)
        server.put("/api/v1/models/6", {"type": "Checkpoint", "modelVersions": [version]})

        [item] = imports.items_of(planned(f"{server.url}/models/6", team, contributor))

        assert (item.state, item.reason) == (State.REFUSED, "It is a “Checkpoint”, and no adapter.")

    def test_a_file_at_another_host_is_not_asked_for(self, server, team, contributor):
        with site() as inside:
            version = civitai_version(server, 11)
            version["files"][0]["downloadUrl"] = f"{inside.url}/secret"
            server.put("/api/v1/models/6", {"type": "LORA", "modelVersions": [version]})

            row = brought(planned(f"{server.url}/models/6", team, contributor))

            item = imports.items_of(row).get()
            assert item.state == State.FAILED
            assert "may not import from" in item.reason
            assert inside.asked == []

    @pytest.mark.parametrize(
        "answer",
        [[], "text", None, {}, {"modelVersions": "x"}, {"type": 3, "modelVersions": [{"id": []}]}],
    )
    def test_survives_what_no_civitai_answers(self, server, team, contributor, answer):
        server.put("/api/v1/models/6", answer)

        row = planned(f"{server.url}/models/6", team, contributor)

        states = {item.state for item in imports.items_of(row)}
        assert row.state == "failed" or states == {State.REFUSED}

    def test_is_looked_for_again(self, model, team, contributor):
        row = brought(planned(f"{model.url}/models/5?modelVersionId=11", team, contributor))
        version = imports.items_of(row).get().version

        def look():
            return looking_again.look(version, by=contributor, now=timezone.now()).standing

        assert look() == "there"
        model.put("/api/v1/models/5", status=404)
        assert look() == "gone"
        other = civitai_version(model, 11, content=b"other")
        model.put("/api/v1/models/5", {"type": "LORA", "modelVersions": [other]})
        assert look() == "changed"

    def test_shows_the_operators_token(self, model, team, contributor, settings):
        settings.IMPORT_TOKENS = f"{model.place}=secret"

        planned(f"{model.url}/models/5", team, contributor)

        assert {headers["Authorization"] for _, headers in model.asked} == {"Bearer secret"}


# --- Another Loradex -----------------------------------------------------------------------------


@pytest.fixture
def other(live_server, settings, transactional_db):
    """Return the address of a hub with adapters in it: this one, as another would see it."""
    settings.IMPORT_PRIVATE_HOSTS = [live_server.url.removeprefix("http://")]
    settings.ALLOWED_HOSTS = ["*"]
    factories.BaseFactory(slug="sdxl-1-0", title="SDXL 1.0")
    team = factories.TeamFactory(slug="elsewhere")
    for name in ("ink", "wax"):
        adapter = factories.AdapterFactory(
            team=team,
            slug=name,
            title=name.title(),
            description="As it was.",
            kind="style",
            tags=["old"],
            licence="apache-2.0",
        )
        for _ in range(2):
            factories.VersionFactory(
                adapter=adapter,
                published=True,
                label="soft",
                weight_low=0.4,
                weight_high=0.9,
                optional_words=["wet paper"],
            )
    return live_server.url


@pytest.mark.django_db(transaction=True)
class TestLoradex:
    @pytest.fixture
    def team(self, transactional_db):
        return factories.TeamFactory(slug="ink")

    def test_an_adapter_comes_with_all_its_versions(self, other, team, contributor):
        row = planned(f"{other}/elsewhere/ink", team, contributor)
        items = list(imports.items_of(row))

        assert row.kind == "loradex"
        assert [item.key for item in items] == ["elsewhere/ink@1", "elsewhere/ink@2"]
        # Its bytes are here, as the other hub is this one: a person takes them all the same.
        assert {item.state for item in items} == {State.DUPLICATE}
        said = {name: told["value"] for name, told in items[0].fields.items()}
        assert said["description"] == "As it was."
        assert (said["tags"], said["kind"], said["licence"]) == (["old"], "style", "apache-2.0")
        assert (said["weight_low"], said["weight_high"]) == (0.4, 0.9)
        assert said["optional_words"] == ["wet paper"]
        assert said["label"] == "soft"

    def test_a_hub_comes_with_the_newest_of_each(self, other, team, contributor):
        row = planned(other, team, contributor)

        keys = sorted(item.key for item in imports.items_of(row))
        assert keys == ["elsewhere/ink@2", "elsewhere/wax@2"]

    def test_what_people_corrected_there_comes_before_the_header_of_the_file(
        self, other, team, contributor
    ):
        trained = {"modelspec.title": "run-07", "ss_base_model_version": "sdxl_base_v1-0"}
        adapter = factories.AdapterFactory(team__slug="far", slug="fog", title="Fog")
        base = factories.BaseFactory(slug="named-so-there-alone", family="sdxl")
        factories.VersionFactory(
            adapter=adapter,
            base=base,
            published=True,
            content=files.kohya_lora(metadata=trained).getvalue(),
            trigger_words=["fog"],
        )
        row = planned(f"{other}/far/fog", team, contributor)

        [item] = imports.items_of(row)

        said = {name: told["value"] for name, told in item.fields.items()}
        assert (said["title"], said["trigger_words"]) == ("Fog", ["fog"])
        assert said["bases"] == ["named-so-there-alone"]
        assert item.fields["bases"]["others"][0][1][0] == "sdxl_base_v1-0"

    def test_a_query_narrows_the_hub(self, other, team, contributor):
        row = planned(f"{other}/api/adapters?q=wax", team, contributor)

        assert [item.key for item in imports.items_of(row)] == ["elsewhere/wax@2"]

    def test_only_what_is_new_comes_the_next_time(self, other, team, contributor, settings):
        first = planned(f"{other}/api/adapters?team=elsewhere", team, contributor)
        for item in imports.items_of(first):
            deciding.choose(first, item.position, {"take": True}, by=contributor)
        brought(first)
        wax = Adapter.objects.get(team__slug="elsewhere", slug="wax")
        third = factories.VersionFactory(adapter=wax, ready=True)
        publishing.publish(third, by=factories.member(wax.team, "reviewer"), now=timezone.now())

        again = planned(f"{other}/api/adapters?team=elsewhere", team, contributor, only_new=True)

        assert [item.key for item in imports.items_of(again)] == ["elsewhere/wax@3"]

    @pytest.mark.parametrize("answer", [[], "text", None, {"items": [{"team": 3}]}])
    def test_survives_what_no_loradex_answers(self, server, team, contributor, answer):
        server.put("/api/adapters", answer)
        server.put("/api/changes", answer)
        server.put("/api/adapters/a/b", answer)

        assert planned(server.url, team, contributor).state == "failed"
        assert planned(f"{server.url}/a/b", team, contributor, kind="loradex").state == "failed"

    def test_what_is_taken_becomes_a_version_here(self, other, team, contributor):
        row = planned(f"{other}/elsewhere/ink", team, contributor)
        deciding.choose(row, 2, {"take": True}, by=contributor)

        row = brought(row)

        made = imports.items_of(row, state=State.MADE).get()
        assert (made.version.adapter.team.slug, made.version.adapter.slug) == ("ink", "ink")
        assert imports.source_of(made.version).url == f"{other}/elsewhere/ink?version=2"
