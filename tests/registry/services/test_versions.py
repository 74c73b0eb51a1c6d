"""A file becomes a version: numbered, described, kept once, refused in words."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from registry.errors import DuplicateUpload, Invalid, NotAllowed, NotFound, UploadRefused
from registry.models import Adapter, AdapterVersion, Event, Upload
from registry.queries.files import public_name
from registry.services import uploads, versions
from registry.services.versions import Declaration, Incoming
from tests import files, gguf_files
from tests.factories import AdapterFactory, BaseFactory, TeamFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]


@pytest.fixture
def base():
    return BaseFactory(slug="sdxl-1-0", family="sdxl", aliases=["sdxl"])


def send(content, *, team, by, name="ink.safetensors"):
    return uploads.receive_whole(content, name=name, team=team, by=by, now=timezone.now())


def receive(team, by, *, seed=0, **declared):
    lora = files.kohya_lora("sdxl", values=files.Values(seed=seed))
    declaration = Declaration(**{"adapter": "ink-wash", "base": "sdxl"} | declared)
    incoming = [Incoming(send(lora, team=team, by=by))]
    return versions.receive(declaration, incoming, team=team, by=by, now=timezone.now())


class TestReceive:
    def test_numbers_versions_without_gaps(self, team, contributor, base):
        numbers = [receive(team, contributor, seed=seed).number for seed in range(3)]
        assert numbers == [1, 2, 3]

    def test_makes_the_adapter_with_its_first_version(self, team, contributor, base):
        receive(team, contributor, title="水墨 Ink Wash", kind="style", tags=["Ink", "ink "])

        adapter = Adapter.objects.get()
        assert (adapter.title, adapter.kind, adapter.tags) == ("水墨 Ink Wash", "style", ["ink"])
        assert Event.objects.filter(verb="adapter.created").count() == 1

    @pytest.mark.parametrize(
        ("names", "steps", "said"),
        [
            (("a.safetensors", "a.safetensors"), (100, 200), "2 files are called a.safetensors"),
            (("a.safetensors", "b.safetensors"), (100, 100), "2 training checkpoints .* step 100"),
        ],
    )
    def test_refuses_checkpoints_that_cannot_be_told_apart(
        self, team, contributor, base, names, steps, said
    ):
        def file(seed, name):
            content = files.kohya_lora("sdxl", values=files.Values(seed=seed))
            return send(content, team=team, by=contributor, name=name)

        run = [Incoming(file(0, "ink.safetensors"))]
        run += [
            Incoming(file(seed, name), "checkpoint", step)
            for seed, (name, step) in enumerate(zip(names, steps, strict=True), start=1)
        ]
        declaration = Declaration(adapter="ink-wash", base="sdxl")

        with pytest.raises(UploadRefused, match=said):
            versions.receive(declaration, run, team=team, by=contributor, now=timezone.now())

    def test_names_an_adapter_after_its_title(self, team, contributor, base):
        assert receive(team, contributor, adapter="", title="Ink Wäsh!").adapter.slug == "ink-wash"

    def test_asks_for_a_name_when_the_title_gives_none(self, team, contributor, base):
        with pytest.raises(Invalid, match="small Latin letters"):
            receive(team, contributor, adapter="", title="水墨")

    @pytest.mark.parametrize("name", ["ink--wash", "ink..wash", "ink.git", "ink.ipynb", "ink-"])
    def test_refuses_a_new_name_that_clients_of_hubs_cannot_ask_for(
        self, team, contributor, base, name
    ):
        with pytest.raises(Invalid, match="single hyphens"):
            receive(team, contributor, adapter=name)

    def test_takes_a_version_of_an_adapter_that_was_called_so_before(self, team, contributor, base):
        AdapterFactory(team=team, slug="ink--wash")
        assert receive(team, contributor, adapter="ink--wash").adapter.slug == "ink--wash"

    def test_writes_down_what_the_file_says_of_itself(self, team, contributor, base):
        version = receive(team, contributor)

        assert version.family_detected == "sdxl"
        assert version.detection["reason"]
        weights = version.files.get()
        assert (weights.dialect, weights.rank_low) == ("kohya", 4)

    def test_takes_a_lora_of_llama_cpp_s(self, team, contributor, base):
        BaseFactory(slug="llama-3-1-8b", family="llama")
        upload = send(gguf_files.lora(), team=team, by=contributor, name="ink.gguf")

        version = versions.receive(
            Declaration("ink", "llama-3-1-8b"), [Incoming(upload)], team=team, by=contributor,
            now=timezone.now(),
        )  # fmt: skip

        weights = version.files.get()
        assert (weights.dialect, version.family_detected) == ("gguf", "llama")
        assert public_name(version, weights).endswith(".gguf")

    def test_refuses_the_same_bytes_twice_and_says_where_they_are(self, team, contributor, base):
        receive(team, contributor)

        with pytest.raises(DuplicateUpload, match="already version 1 of ink/ink-wash"):
            receive(team, contributor)

    def test_takes_bytes_again_that_were_rejected(self, team, contributor, base):
        AdapterVersion.objects.filter(pk=receive(team, contributor).pk).update(state="rejected")
        assert receive(team, contributor).number == 2

    def test_refuses_who_is_not_in_the_team(self, team, contributor, base):
        stranger = member(TeamFactory(), username="stranger")
        upload = send(files.kohya_lora("sdxl"), team=team, by=contributor)

        with pytest.raises(NotAllowed, match="Contributor in the team ink"):
            versions.receive(
                Declaration("x", "sdxl"), [Incoming(upload)], team=team, by=stranger,
                now=timezone.now(),
            )  # fmt: skip

    def test_refuses_an_unknown_base(self, team, contributor):
        with pytest.raises(NotFound, match="'dall-e'"):
            receive(team, contributor, base="dall-e")

    def test_refuses_a_weight_range_upside_down(self, team, contributor, base):
        with pytest.raises(Invalid, match=r"from 1 down to 0\.5"):
            receive(team, contributor, weight_low=1.0, weight_high=0.5)

    def test_is_whole_or_not_at_all(self, team, contributor, base, monkeypatch):
        def crash(*_, **__):
            raise RuntimeError("crash")

        monkeypatch.setattr(versions.runs, "start", crash)
        with pytest.raises(RuntimeError):
            receive(team, contributor)

        assert not Adapter.objects.exists()
        assert not AdapterVersion.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_numbers_versions_without_gaps_when_many_come_at_once(self, team, contributor, base):
        def run(seed):
            receive(team, contributor, seed=seed)
            connection.close()

        threads = [threading.Thread(target=run, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        numbers = AdapterVersion.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, 9))


class TestRefusals:
    """What is refused at the door, each in its own words."""

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (files.pickle_stream, "pickle"),
            (files.torch_zip, "pickle"),
            (lambda: files.cut_short(files.kohya_lora("sdxl")), "missing"),
        ],
        ids=["a pickle", "a zip with a pickle", "a file cut short"],
    )
    def test_refuses_at_once(self, team, contributor, base, content, words):
        def upload_it():
            upload = send(content(), team=team, by=contributor)
            declaration = Declaration("x", "sdxl")
            versions.receive(
                declaration, [Incoming(upload)], team=team, by=contributor, now=timezone.now()
            )

        with pytest.raises(UploadRefused, match=f"(?i){words}"):
            upload_it()

    def test_refuses_a_whole_model(self, team, contributor, base):
        upload = send(files.checkpoint(), team=team, by=contributor)

        with pytest.raises(UploadRefused, match=r"(?i)model"):
            versions.receive(
                Declaration("x", "sdxl"), [Incoming(upload)], team=team, by=contributor,
                now=timezone.now(),
            )  # fmt: skip

    @pytest.mark.parametrize("name", ["../x.safetensors", "a\nb.safetensors", "C:\\x.safetensors"])
    def test_refuses_names_that_are_paths_or_hold_control_characters(self, team, contributor, name):
        with pytest.raises(UploadRefused):
            send(files.kohya_lora("sdxl"), team=team, by=contributor, name=name)

    def test_refuses_an_empty_file(self, team, contributor):
        with pytest.raises(UploadRefused, match="empty"):
            uploads.open_upload(
                team=team, name="x", size=0, sha256="0" * 64, by=contributor, now=timezone.now()
            )

    def test_refuses_what_is_too_large(self, team, contributor, settings):
        settings.MAX_UPLOAD = 10
        with pytest.raises(UploadRefused, match="10 at most"):
            send(files.kohya_lora("sdxl"), team=team, by=contributor)


class TestKnownBytes:
    def test_are_not_sent_by_who_may_have_them(self, team, contributor, base, blob_root):
        from registry.services import keeping

        version = receive(team, contributor)
        keeping.keep(version.files.get(), now=timezone.now())

        again = send(files.kohya_lora("sdxl", values=files.Values()), team=team, by=contributor)

        assert again.known
        assert again.state == Upload.State.COMPLETE

    def test_are_sent_by_who_may_not(self, team, contributor, base):
        from registry.services import keeping

        version = receive(team, contributor)
        keeping.keep(version.files.get(), now=timezone.now())
        other = TeamFactory()
        stranger = member(other, username="stranger")

        again = send(files.kohya_lora("sdxl", values=files.Values()), team=other, by=stranger)

        assert not again.known
