"""What the door for huggingface_hub does when it is written to, request by request."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from django.core import signing

from registry import blobs
from registry.models import Adapter, AdapterVersion, DraftFile, Role, Scope, Upload
from tests import files
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    TeamFactory,
    VersionFactory,
    keep,
    member,
    token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]

REPO = "/api/models/ink/wash"
NAME = "pytorch_lora_weights.safetensors"
WEIGHTS = files.diffusers_lora("sdxl").getvalue()
OTHER = files.diffusers_lora("sdxl", values=files.Values(seed=7)).getvalue()
NEW, OLD = "unknown/None; hf_hub/2.4.0; python/3.11", "unknown/None; hf_hub/0.36.2; python/3.11"


def oid(content):
    return hashlib.sha256(content).hexdigest()


def file_line(path, content):
    return {
        "key": "file",
        "value": {
            "content": base64.b64encode(content).decode(),
            "path": path,
            "encoding": "base64",
        },
    }


def lfs_line(path, content, **lies):
    said = {"path": path, "algo": "sha256", "oid": oid(content), "size": len(content)} | lies
    return {"key": "lfsFile", "value": said}


def body_of(*lines, **header):
    head = {"key": "header", "value": {"summary": "Upload", "description": ""} | header}
    return b"".join(json.dumps(line).encode() + b"\n" for line in (head, *lines))


@pytest.fixture
def writer(api, contributor):
    """Return a client of a contributor of the team `ink`, with a token that may upload."""
    BaseFactory()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor, Scope.READ, Scope.UPLOAD)}")
    return api


@pytest.fixture
def wash(team, contributor):
    """Return an adapter without a version."""
    return AdapterFactory(team=team, slug="wash", title="wash", created_by=contributor)


def commit(client, *lines, revision="main", query="", raw=None, **header):
    return client.generic(
        "POST",
        f"{REPO}/commit/{revision}{query}",
        body_of(*lines, **header) if raw is None else raw,
        content_type="application/x-ndjson",
    )


def sentence(answer):
    """Return what is said, which is the same in the body and in the header."""
    said = answer.json()["error"]
    assert answer["X-Error-Message"]
    return said


def nothing_is_kept():
    return not (
        AdapterVersion.objects.exists()
        or DraftFile.objects.exists()
        or Upload.objects.filter(state=Upload.State.COMPLETE).exists()
        or list(blobs.default().staged())
    )


class TestWhoAmI:
    def test_names_the_person_their_teams_and_what_the_token_may(self, writer, contributor):
        said = writer.get("/api/whoami-v2").json()

        assert (said["type"], said["name"]) == ("user", contributor.username)
        assert [(one["name"], one["roleInOrg"]) for one in said["orgs"]] == [("ink", "write")]
        assert said["auth"]["accessToken"]["role"] == "write"

    def test_says_of_a_token_that_only_reads_that_it_does(self, api, contributor):
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor, Scope.READ)}")

        assert api.get("/api/whoami-v2").json()["auth"]["accessToken"]["role"] == "read"

    @pytest.mark.parametrize("secret", ["", "Bearer ldx_wrong"], ids=["none", "a wrong one"])
    def test_knows_nobody_without_a_token(self, api, secret):
        api.credentials(HTTP_AUTHORIZATION=secret)

        assert api.get("/api/whoami-v2").status_code == 401


class TestCreate:
    def create(self, client, name="wash", organization="ink", **more):
        data = {"name": name, "organization": organization, "type": "model"} | more
        return client.post("/api/repos/create", data)

    def test_makes_an_adapter_that_its_team_sees_and_nobody_else(self, writer):
        answer = self.create(writer, visibility="private")

        assert answer.status_code == 200
        assert answer.json()["url"].endswith("/ink/wash")
        assert writer.get(REPO).json()["siblings"] == []
        assert writer.get("/api/adapters/ink/wash").json()["versions"] == []
        assert writer.get("/api/adapters").json()["items"] == []
        writer.credentials()
        for path in (REPO, "/api/adapters/ink/wash", "/ink/wash"):
            assert writer.get(path).status_code == 404

    def test_says_where_it_is_if_it_exists(self, writer, wash):
        answer = self.create(writer)

        assert answer.status_code == 409
        assert answer.json()["url"].endswith("/ink/wash")

    def test_calls_it_by_small_letters_and_keeps_its_title(self, writer):
        answer = self.create(writer, "My-LoRA")

        adapter = Adapter.objects.get()
        assert (adapter.slug, adapter.title) == ("my-lora", "My-LoRA")
        assert "ink/my-lora" in answer["X-HF-Warning"]

    @pytest.mark.parametrize("organization", [None, "contributor"])
    def test_takes_the_only_team_that_can_be_meant(self, writer, organization):
        assert self.create(writer, organization=organization).json()["name"] == "ink/wash"

    def test_asks_which_of_several_teams_is_meant(self, writer, contributor):
        TeamFactory(slug="other").memberships.create(
            user=contributor, role=Role.ADMIN, joined_at="2026-01-01T00:00Z"
        )

        answer = self.create(writer, organization=None)

        assert answer.status_code == 403
        assert "ink, other" in sentence(answer)

    @pytest.mark.parametrize(
        ("change", "status", "said"),
        [
            ({"name": "a--b"}, 403, "cannot be an adapter's name"),
            ({"name": "../x"}, 403, "cannot be an adapter's name"),
            ({"name": "水墨"}, 403, "cannot be an adapter's name"),
            ({"name": 7}, 400, "name has to be a text"),
            ({"type": "dataset"}, 403, "has no datasets"),
            ({"organization": "nobody"}, 404, "no team"),
            ({"organization": "strangers"}, 403, "strangers"),
        ],
        ids=["hyphens", "a path", "Chinese", "a number", "a dataset", "no team", "another's team"],
    )
    def test_refuses(self, writer, change, status, said):
        TeamFactory(slug="strangers")

        answer = self.create(writer, **change)

        assert answer.status_code == status
        assert said in sentence(answer)
        assert not Adapter.objects.exists()

    def test_needs_a_token_that_may_upload(self, api, contributor):
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor, Scope.READ)}")

        assert self.create(api).status_code == 403


class TestManage:
    def test_deletes_what_has_no_version(self, writer, wash):
        data = {"name": "wash", "organization": "ink", "type": "model"}

        assert writer.delete("/api/repos/delete", data).status_code == 200
        assert not Adapter.objects.exists()

    def test_does_not_delete_versions(self, writer, wash):
        VersionFactory(adapter=wash, published=True)

        answer = writer.delete("/api/repos/delete", {"name": "wash", "organization": "ink"})

        assert answer.status_code == 409
        assert "withdraw" in sentence(answer)

    def test_renames_what_has_no_version(self, writer, wash):
        data = {"fromRepo": "ink/wash", "toRepo": "ink/Rinse", "type": "model"}

        assert writer.post("/api/repos/move", data).json()["name"] == "ink/rinse"
        assert Adapter.objects.get().slug == "rinse"

    @pytest.mark.parametrize(
        ("to", "status"), [("ink/taken", 409), ("ink/a--b", 400), ("nobody/x", 404), ("x", 400)]
    )
    def test_does_not_rename_to_what_cannot_be(self, writer, wash, to, status):
        AdapterFactory(team=wash.team, slug="taken")

        answer = writer.post("/api/repos/move", {"fromRepo": "ink/wash", "toRepo": to})

        assert answer.status_code == status

    def test_takes_settings_that_hold_already_and_says_why_not_to_others(self, writer, wash):
        assert writer.put(f"{REPO}/settings", {"visibility": "private"}).status_code == 200
        answer = writer.put(f"{REPO}/settings", {"visibility": "public"})
        assert (answer.status_code, "Publish a version" in sentence(answer)) == (409, True)
        VersionFactory(adapter=wash, published=True)
        assert writer.put(f"{REPO}/settings", {"private": False}).status_code == 200
        answer = writer.put(f"{REPO}/settings", {"private": True})
        assert (answer.status_code, "Withdraw" in sentence(answer)) == (409, True)
        assert writer.put(f"{REPO}/settings", {"gated": "auto"}).status_code == 400


class TestPreupload:
    def ask(self, client, *given, agent=NEW):
        announced = [
            {"path": path, "size": size, "sample": base64.b64encode(sample).decode()}
            for path, size, sample in given
        ]
        return client.post(
            f"{REPO}/preupload/main", {"files": announced}, headers={"User-Agent": agent}
        )

    def test_takes_within_a_commit_what_newer_clients_would_send_by_xet(self, writer, wash):
        given = [(NAME, 300 * 2**20, b""), ("README.md", 10, b"")]

        shown = self.ask(writer, *given).json()["files"]

        assert [one["uploadMode"] for one in shown] == ["regular", "regular"]

    def test_takes_the_largest_apart_where_all_is_too_much_for_one_commit(self, writer, wash):
        given = [(f"checkpoint-{n}/{NAME}", n * 2**20, b"") for n in (500, 300, 400)]

        shown = self.ask(writer, *given)

        assert [one["uploadMode"] for one in shown.json()["files"]] == ["lfs", "regular", "regular"]
        assert "HF_HUB_DISABLE_XET=1" in shown["X-HF-Warning"]

    def test_takes_large_files_by_lfs_from_clients_that_ask(self, writer, wash):
        given = [(NAME, 9 * 2**20, b""), ("adapter_config.json", 100, b"")]

        shown = self.ask(writer, *given, agent=OLD).json()["files"]

        assert [one["uploadMode"] for one in shown] == ["lfs", "regular"]

    def test_has_clients_leave_out_what_is_not_kept_and_says_so(self, writer, wash):
        given = [("tokenizer.json", 9, b""), ("checkpoint-5/optimizer.pt", 9, b""), (NAME, 9, b"")]

        answer = self.ask(writer, *given)

        assert [one["shouldIgnore"] for one in answer.json()["files"]] == [True, True, False]
        assert "tokenizer.json, checkpoint-5/optimizer.pt" in answer["X-HF-Warning"]

    def test_says_which_file_is_here_already(self, writer, wash):
        VersionFactory(adapter=wash, published=True, content=WEIGHTS)
        git_id = hashlib.sha1(b"blob %d\0" % len(WEIGHTS) + WEIGHTS).hexdigest()

        new = self.ask(writer, (NAME, len(WEIGHTS), WEIGHTS[:512])).json()["files"][0]
        other = self.ask(writer, (NAME, len(WEIGHTS), OTHER[:100] + b"x")).json()["files"][0]

        assert new["oid"] == git_id
        assert other["oid"] is None

    @pytest.mark.parametrize(
        ("path", "size", "status", "said"),
        [
            ("adapter_model.bin", 9, 422, "pickled"),
            ("../x.safetensors", 9, 400, "no path"),
            ("/etc/x.safetensors", 9, 400, "no path"),
            ("a\\x.safetensors", 9, 400, "no path"),
            ("con.safetensors", 9, 422, "device"),
            (NAME, 2**50, 413, "at most"),
            (NAME, -1, 400, "size"),
        ],
        ids=["a pickle", "above", "absolute", "backslash", "a device", "huge", "less than nothing"],
    )
    def test_refuses(self, writer, wash, path, size, status, said):
        answer = self.ask(writer, (path, size, b""))

        assert answer.status_code == status
        assert said in sentence(answer)

    @pytest.mark.parametrize("files", [None, "x", [7], [{"path": 7}], [{"path": "a"}] * 1001])
    def test_refuses_what_is_no_list_of_files(self, writer, wash, files):
        assert writer.post(f"{REPO}/preupload/main", {"files": files}).status_code == 400


class TestValidateYaml:
    def test_says_nothing_of_a_sound_card(self, writer):
        answer = writer.post("/api/validate-yaml", {"content": "---\na: b\n---\n"})

        assert answer.json() == {"errors": [], "warnings": []}

    def test_says_where_a_card_is_broken(self, writer):
        answer = writer.post("/api/validate-yaml", {"content": "---\na: b\nb: [\n---\n"})

        assert answer.status_code == 400
        assert "line" in answer.json()["errors"][0]["message"]


class TestCommit:
    def test_makes_a_version_of_files_that_are_in_it(
        self, writer, wash, sent, django_capture_on_commit_callbacks
    ):
        card = b"---\nbase_model: sdxl-1-0\ninstance_prompt: inkwash\n---\nIt draws."

        with django_capture_on_commit_callbacks(execute=True):
            answer = commit(writer, file_line(NAME, WEIGHTS), file_line("README.md", card))

        version = wash.versions.get()
        assert answer.status_code == 200
        assert version.sha256 == oid(WEIGHTS)
        assert version.trigger_words == ["inkwash"]
        assert [name for name, _ in sent] == ["workers.intake.check_file"]
        sha = answer.json()["commitOid"]
        assert writer.get(f"{REPO}/revision/{sha}").json()["sha"] == sha
        writer.credentials()
        assert writer.get(f"{REPO}/revision/{sha}").status_code == 404

    def test_leaves_main_to_others_as_it_is(self, writer, wash):
        published = VersionFactory(adapter=wash, published=True, content=OTHER)
        before = writer.get(REPO).json()["sha"]

        done = commit(writer, file_line(NAME, WEIGHTS)).json()["commitOid"]

        assert done != before
        writer.credentials()
        assert writer.get(REPO).json()["sha"] == before
        assert published.number == 1

    def test_of_a_configuration_can_be_asked_for_too(self, writer, wash):
        config = json.dumps(files.peft_config()).encode()

        answer = commit(writer, file_line("adapter_config.json", config))

        assert "waits for weights" in answer["X-HF-Warning"]
        sha = answer.json()["commitOid"]
        assert writer.get(f"{REPO}/revision/{sha}").status_code == 200

    def test_of_much_that_is_not_kept_are_told_as_many_remarks_as_a_header_holds(
        self, writer, wash
    ):
        others = [file_line(f"{n:03}{'x' * 90}.txt", b"x") for n in range(100)]

        answer = commit(writer, file_line(NAME, WEIGHTS), *others)

        warning = answer["X-HF-Warning"]
        assert answer.status_code == 200
        assert len(warning) < 8_000
        assert warning.isprintable()
        assert warning.endswith("remarks more.")

    def test_without_any_change_is_the_state_there_is(self, writer, wash):
        first = commit(writer, file_line(NAME, WEIGHTS)).json()["commitOid"]

        assert commit(writer).json()["commitOid"] == first

    def test_leaves_out_what_is_not_kept(self, writer, wash):
        answer = commit(writer, file_line(NAME, WEIGHTS), file_line("notes.txt", b"x"))

        assert "notes.txt" in answer["X-HF-Warning"]
        assert wash.versions.count() == 1

    def test_upon_the_newest_state_is_taken_and_upon_an_older_one_refused(self, writer, wash):
        first = commit(writer, file_line(NAME, WEIGHTS)).json()["commitOid"]
        second = commit(writer, file_line(NAME, OTHER), parentCommit=first)
        assert second.status_code == 200
        third = files.diffusers_lora("sdxl", values=files.Values(seed=9)).getvalue()

        answer = commit(writer, file_line(NAME, third), parentCommit=first)

        assert answer.status_code == 412
        assert second.json()["commitOid"] in sentence(answer)
        assert wash.versions.count() == 2

    def test_keeps_what_its_person_says_and_not_what_the_client_says(self, writer, wash):
        commit(writer, file_line(NAME, WEIGHTS), summary="Upload x with huggingface_hub")
        commit(writer, file_line(NAME, OTHER), summary="Longer", description="Twice the steps")

        changes = wash.versions.order_by("number").values_list("changes", flat=True)
        assert list(changes) == ["", "Longer\n\nTwice the steps"]

    @pytest.mark.parametrize(
        ("revision", "query", "said"),
        [("staging", "", "Only main"), ("main", "?create_pr=1", "no pull requests")],
    )
    def test_is_for_main_alone(self, writer, wash, revision, query, said):
        answer = commit(writer, file_line(NAME, WEIGHTS), revision=revision, query=query)

        assert answer.status_code == 403
        assert said in sentence(answer)
        assert nothing_is_kept()

    @pytest.mark.parametrize(
        ("lines", "status", "said"),
        [
            ([file_line("../x.safetensors", WEIGHTS)], 400, "no path"),
            ([file_line("/x.safetensors", WEIGHTS)], 400, "no path"),
            ([file_line("x.bin", WEIGHTS)], 422, "pickled"),
            ([file_line(NAME, files.pickle_stream().getvalue())], 422, "pickle"),
            ([file_line(NAME, b"")], 422, "empty"),
            ([file_line(NAME, WEIGHTS[:-9])], 422, "cut short"),
            ([file_line(NAME, WEIGHTS), file_line("README.md", b"\xff\xfe")], 422, "UTF-8"),
            ([file_line(NAME, WEIGHTS), file_line("README.md", b"x" * 2**21)], 422, "README.md"),
            ([file_line(NAME, WEIGHTS), {"key": "pickle", "value": {}}], 400, "does not know"),
            ([file_line(NAME, WEIGHTS), {"key": "file", "value": {}}], 400, "no path"),
            ([file_line(NAME, WEIGHTS), {"key": "file", "value": {"path": NAME}}], 400, "content"),
            ([{"key": "file", "value": {"path": NAME, "content": "!!"}}], 400, "no content"),
            ([{"key": "file", "value": {"path": NAME, "content": "A"}}], 400, "no base64"),
            ([file_line(NAME, WEIGHTS), {"key": "header"}], 400, "no key and value"),
            ([lfs_line(NAME, WEIGHTS)], 404, "send them first"),
            ([lfs_line(NAME, WEIGHTS, oid="0" * 64, size=-1)], 404, "send them first"),
            ([lfs_line("README.md", b"x")], 422, "by LFS"),
            ([file_line(f"{n}/{NAME}", b"x") for n in range(201)], 400, "at most"),
            ([file_line(f"{n}.txt", b"x") for n in range(2_001)], 400, "in pieces"),
        ],
        ids=[
            "above", "absolute", "a pickle's name", "a pickle", "empty", "cut short", "no UTF-8",
            "a long card", "an unknown line", "no path", "no content", "no base64", "half base64",
            "no value", "never sent", "a negative size", "a card by LFS", "too many files",
            "too many lines",
        ],
    )  # fmt: skip
    def test_refuses_and_keeps_nothing(self, writer, wash, lines, status, said):
        answer = commit(writer, *lines)

        assert answer.status_code == status, answer.content
        assert said in sentence(answer)
        assert nothing_is_kept()

    @pytest.mark.parametrize(
        "raw",
        [b"\xff\n", b"[1]\n", b"{", b'{"key": "header"}', b'"x"\n', b"[" * 10_000],
        ids=["no UTF-8", "a list", "half", "no value", "a text", "deep"],
    )
    def test_refuses_lines_that_are_none(self, writer, wash, raw):
        assert commit(writer, raw=raw).status_code == 400

    def test_refuses_more_than_it_takes_before_it_is_sent(self, writer, wash, settings):
        settings.COMMIT_BYTES = 1000

        answer = commit(writer, file_line(NAME, WEIGHTS))

        assert answer.status_code == 413
        assert "HF_HUB_DISABLE_XET=1" in sentence(answer)

    @pytest.mark.parametrize(
        ("who", "status"),
        [("stranger", 401), ("reader", 403), ("viewer", 403), ("outsider", 404)],
    )
    def test_is_for_those_who_may(self, api, wash, contributor, who, status):
        secret = {
            "stranger": lambda: "",
            "reader": lambda: token(contributor, Scope.READ),
            "viewer": lambda: token(member(wash.team, Role.VIEWER)),
            "outsider": lambda: token(member(TeamFactory(slug="others"))),
        }[who]()
        api.credentials(**({"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}))

        assert commit(api, file_line(NAME, WEIGHTS)).status_code == status
        assert nothing_is_kept()

    def test_to_what_is_published_by_others_is_not_allowed(self, api, wash):
        VersionFactory(adapter=wash, published=True)
        secret = token(member(TeamFactory(slug="others")))
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

        assert commit(api, file_line(NAME, WEIGHTS)).status_code == 403


class TestLargeFiles:
    def ask(self, client, content, transfers=("basic", "multipart"), **lies):
        one = {"oid": oid(content), "size": len(content)} | lies
        data = {"operation": "upload", "transfers": transfers, "objects": [one]}
        return client.generic(
            "POST",
            "/ink/wash.git/info/lfs/objects/batch",
            json.dumps(data),
            content_type="application/vnd.git-lfs+json",
        )

    def send(self, client, address, content):
        client.credentials()
        return client.generic("PUT", address.removeprefix("http://testserver"), content)

    def test_are_sent_in_one_piece_and_committed(self, writer, wash, contributor):
        actions = self.ask(writer, WEIGHTS).json()["objects"][0]["actions"]
        assert self.send(writer, actions["upload"]["href"], WEIGHTS).status_code == 200
        writer.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor)}")
        verified = writer.post(
            actions["verify"]["href"], {"oid": oid(WEIGHTS), "size": len(WEIGHTS)}
        )
        assert verified.status_code == 200

        assert commit(writer, lfs_line(NAME, WEIGHTS)).status_code == 200

        assert wash.versions.get().files.get().name == NAME

    def test_are_sent_in_parts(self, writer, wash, contributor, settings, monkeypatch):
        settings.PART_SIZE = 2048
        monkeypatch.setattr("hub.hfapi.large_files.IN_PARTS_FROM", 0)
        upload = self.ask(writer, WEIGHTS).json()["objects"][0]["actions"]["upload"]
        numbers = sorted((int(key) for key in upload["header"] if key.isdigit()), reverse=True)
        for number in numbers:
            piece = WEIGHTS[(number - 1) * 2048 : number * 2048]
            assert self.send(writer, upload["header"][str(number)], piece)["ETag"]
        done = writer.post(upload["href"], {"oid": oid(WEIGHTS), "parts": []})
        assert done.status_code == 200
        writer.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor)}")

        assert commit(writer, lfs_line(NAME, WEIGHTS)).status_code == 200
        assert wash.versions.get().sha256 == oid(WEIGHTS)

    def test_need_not_be_sent_again(self, writer, wash, contributor):
        actions = self.ask(writer, WEIGHTS).json()["objects"][0]["actions"]
        self.send(writer, actions["upload"]["href"], WEIGHTS)
        writer.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor)}")

        assert "actions" not in self.ask(writer, WEIGHTS).json()["objects"][0]

    def test_that_are_published_need_not_be_sent(self, writer, wash):
        VersionFactory(published=True, content=WEIGHTS)

        assert "actions" not in self.ask(writer, WEIGHTS).json()["objects"][0]
        assert commit(writer, lfs_line(NAME, WEIGHTS)).status_code == 200

    def test_of_another_team_are_asked_for_like_any(self, writer, wash):
        VersionFactory(ready=True, content=WEIGHTS)
        never_seen = self.ask(writer, OTHER).json()["objects"][0]
        keep(WEIGHTS)

        private = self.ask(writer, WEIGHTS).json()["objects"][0]

        assert private["actions"].keys() == never_seen["actions"].keys()
        assert commit(writer, lfs_line(NAME, WEIGHTS)).status_code == 409

    @pytest.mark.parametrize(
        "content", [OTHER, WEIGHTS[:-1], WEIGHTS + b"x"], ids=["others", "too few", "too many"]
    )
    def test_that_are_not_what_was_announced_are_not_kept(self, writer, wash, content):
        actions = self.ask(writer, WEIGHTS).json()["objects"][0]["actions"]

        answer = self.send(writer, actions["upload"]["href"], content)

        assert answer.status_code == 409
        assert "send" in sentence(answer)
        assert "actions" not in commit(writer, lfs_line(NAME, WEIGHTS)).content.decode()

    @pytest.mark.parametrize(
        ("lies", "said"),
        [
            ({"oid": "xyz"}, "64 hexadecimal"),
            ({"oid": "../../etc/passwd"}, "64 hexadecimal"),
            ({"size": 0}, "empty"),
            ({"size": -1}, "empty"),
            ({"size": 2**60}, "at most"),
        ],
    )
    def test_that_cannot_be_are_refused_one_by_one(self, writer, wash, lies, said):
        answer = self.ask(writer, WEIGHTS, **lies)

        assert answer.status_code == 200
        assert said in answer.json()["objects"][0]["error"]["message"]

    def test_are_not_taken_at_an_address_that_was_made_up_or_has_expired(
        self, writer, wash, monkeypatch
    ):
        href = self.ask(writer, WEIGHTS).json()["objects"][0]["actions"]["upload"]["href"]
        forged = f"{href.rpartition('/')[0]}/{signing.dumps('x', salt='other')}"
        assert self.send(writer, forged, WEIGHTS).status_code == 403
        monkeypatch.setattr("hub.hfapi.large_files.LINK_SECONDS", -1)

        answer = self.send(writer, href, WEIGHTS)

        assert answer.status_code == 403
        assert "expired" in sentence(answer)

    def test_are_not_downloaded_here(self, writer, wash):
        data = {"operation": "download", "objects": []}

        answer = writer.post("/ink/wash.git/info/lfs/objects/batch", data)

        assert "/resolve/" in sentence(answer)


class TestTags:
    @pytest.fixture
    def version(self, wash):
        return VersionFactory(adapter=wash, published=True, content=WEIGHTS)

    def test_label_a_version(self, writer, version):
        assert writer.post(f"{REPO}/tag/main", {"tag": "1.0"}).status_code == 200

        assert writer.get(f"{REPO}/revision/1.0").json()["sha"]
        version.refresh_from_db()
        assert version.label == "1.0"

    def test_can_be_deleted(self, writer, version):
        writer.post(f"{REPO}/tag/v1", {"tag": "1.0"})

        assert writer.delete(f"{REPO}/tag/1.0").status_code == 200
        assert writer.delete(f"{REPO}/tag/1.0")["X-Error-Code"] == "RevisionNotFound"

    @pytest.mark.parametrize(
        ("revision", "tag", "status"),
        [
            ("main", "v1", 409),
            ("main", "v9", 400),
            ("main", "taken", 409),
            ("main", "main", 400),
            ("main", "a b", 400),
            ("main", "0" * 40, 400),
            ("nowhere", "1.0", 404),
        ],
        ids=["its number", "another number", "taken", "main", "blank", "an id", "no revision"],
    )
    def test_refuses(self, writer, version, revision, tag, status):
        VersionFactory(adapter=version.adapter, published=True, label="taken")

        assert writer.post(f"{REPO}/tag/{revision}", {"tag": tag}).status_code == status

    def test_one_version_has_one(self, writer, version):
        writer.post(f"{REPO}/tag/main", {"tag": "1.0"})

        answer = writer.post(f"{REPO}/tag/main", {"tag": "final"})

        assert answer.status_code == 409
        assert "one label" in sentence(answer)


class TestBranches:
    @pytest.fixture
    def reviewer(self, api, wash):
        VersionFactory(adapter=wash, published=True, content=WEIGHTS)
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(member(wash.team, Role.REVIEWER))}")
        return api

    def test_are_channels(self, reviewer, wash):
        assert reviewer.post(f"{REPO}/branch/prod", {}).status_code == 201
        assert wash.channels.get().name == "prod"
        assert reviewer.post(f"{REPO}/branch/prod", {}).status_code == 409
        assert reviewer.delete(f"{REPO}/branch/prod").status_code == 200
        assert reviewer.delete(f"{REPO}/branch/prod").status_code == 404

    def test_main_stays(self, reviewer):
        assert reviewer.post(f"{REPO}/branch/main", {}).status_code == 409
        assert reviewer.delete(f"{REPO}/branch/main").status_code == 409

    def test_are_not_for_contributors(self, writer, reviewer, contributor):
        writer.credentials(HTTP_AUTHORIZATION=f"Bearer {token(contributor)}")

        assert writer.post(f"{REPO}/branch/prod", {}).status_code == 403


def test_says_what_to_do_to_clients_that_upload_by_xet(writer, wash):
    answer = writer.get(f"{REPO}/xet-write-token/main")

    assert answer.status_code == 501
    assert "HF_HUB_DISABLE_XET=1" in sentence(answer)
