"""A folder that follows a real hub: 500 adapters, killed, resumed, moved on, tampered with."""

from __future__ import annotations

import json
import os
import random
import signal
import time

import pytest
from django.utils import timezone

from registry.bases import catalogue
from registry.models import Role
from registry.services import channels, publishing
from tests.client import library
from tests.client.test_the_file import PYTHONS
from tests.factories import BaseFactory, member, token

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SYNC = ("sync", "loras", "--sidecars", "none")


def requests_of(said):
    return int(said.rpartition("; ")[2].split()[0])


@pytest.mark.timeout(300)
def test_500_adapters_are_mirrored_through_ten_kills(machine):
    wanted = library.as_published(library.fill(500))
    folder = machine.home / "loras"
    folder.mkdir()
    (folder / "somebody's.safetensors").write_bytes(b"not ours")
    theirs = library.tree(folder)

    chance = random.Random(500)
    here = [_here_after_a_kill(machine, wanted | theirs, chance) for _ in range(10)]
    assert here == sorted(here)  # each goes on where the last was stopped
    assert len(theirs) < here[-1]
    machine.run(*SYNC)

    assert library.tree(folder) == wanted | theirs
    assert not list((folder / ".loradex").rglob("*.part"))
    assert not list((folder / ".loradex").rglob("*.new"))
    times = _times(folder)
    said = machine.run(*SYNC)
    assert requests_of(said) == 1
    assert "0 B fetched" in said
    assert _times(folder) == times


def _here_after_a_kill(machine, wanted, chance):
    """Kill a run at a random point; return how many files are there, all of them whole."""
    folder = machine.home / "loras"
    enough = len(list(folder.glob("*.safetensors"))) + chance.randint(0, 30)
    at_work = machine.start(*SYNC)
    until = time.monotonic() + 20
    while len(list(folder.glob("*.safetensors"))) < enough and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.3))
    at_work.send_signal(signal.SIGKILL)
    at_work.communicate()
    here = library.tree(folder)
    assert here.items() <= wanted.items()
    return len(here)


def _times(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.safetensors")}


def test_a_killed_run_goes_on_in_the_middle_of_a_file(machine):
    [version] = library.fill(1, size=60_000_000)
    folder = machine.home / "loras"
    part = folder / ".loradex" / "parts" / f"{version.sha256}.part"
    at_work = machine.start(*SYNC)
    until = time.monotonic() + 20
    while time.monotonic() < until and not (part.exists() and part.stat().st_size > 1_000_000):
        time.sleep(0.001)
    at_work.kill()
    at_work.communicate()
    # Wherever that was: a part that ends in the middle of things.
    whole = part if part.exists() else folder / library.file_name(version)
    content = whole.read_bytes()[:30_000_001]
    part.write_bytes(content)
    (folder / library.file_name(version)).unlink(missing_ok=True)
    before = version.downloads

    said = machine.run(*SYNC)

    assert library.tree(folder) == library.as_published([version])
    assert "fetched" in said
    version.refresh_from_db()
    assert version.downloads == before + 1  # a range that goes on counts for no download


class TestFollowing:
    @pytest.fixture
    def versions(self, machine):
        return library.fill(3)

    @pytest.fixture
    def reviewer(self, versions):
        return member(versions[0].adapter.team, Role.REVIEWER)

    def publish_next(self, version, reviewer):
        after = library.publish(version.adapter, version.base, reviewer, number=2)
        type(after).objects.filter(pk=after.pk).update(state="ready")
        return publishing.publish(after, by=reviewer, now=timezone.now())

    def test_what_is_published_comes_and_what_it_replaces_goes_if_asked(
        self, machine, versions, reviewer
    ):
        machine.run(*SYNC)
        after = self.publish_next(versions[0], reviewer)
        assert f"+ {library.file_name(after)}" in machine.run("diff", "loras", code=1)

        said = machine.run(*SYNC)
        assert f"+ {library.file_name(after)}" in said
        assert "1 files no longer wanted (--delete removes them)" in said
        folder = machine.home / "loras"
        assert library.tree(folder) == library.as_published([*versions, after])

        assert f"- {library.file_name(versions[0])}" in machine.run(*SYNC, "--delete")
        assert library.tree(folder) == library.as_published([*versions[1:], after])
        assert "0 files to write" in machine.run("diff", "loras")

    def test_a_file_by_the_adapters_name_is_replaced(self, machine, versions, reviewer):
        machine.run(*SYNC, "--names", "adapter")
        after = self.publish_next(versions[0], reviewer)
        machine.run("sync", "loras")  # as it was asked for the first time
        there = library.tree(machine.home / "loras")
        assert there["ink--a000.safetensors"] == after.sha256
        assert len(there) == 3

    def test_what_is_withdrawn_goes_only_if_asked(self, machine, versions, reviewer):
        machine.run(*SYNC)
        publishing.withdraw(versions[0], reason="Bad.", by=reviewer, now=timezone.now())
        folder = machine.home / "loras"
        machine.run(*SYNC)
        assert len(library.tree(folder)) == 3
        machine.run(*SYNC, "--delete")
        assert library.tree(folder) == library.as_published(versions[1:])

    def test_nothing_is_emptied_by_mistake(self, machine, versions, reviewer):
        machine.run(*SYNC)
        for version in versions:
            publishing.withdraw(version, reason="Bad.", by=reviewer, now=timezone.now())
        said = machine.run(*SYNC, "--delete", code=6)
        assert "--allow-empty" in said
        assert len(library.tree(machine.home / "loras")) == 3
        machine.run(*SYNC, "--delete", "--allow-empty")
        assert library.tree(machine.home / "loras") == {}

    def test_a_dry_run_writes_nothing(self, machine, versions):
        said = machine.run(*SYNC, "--dry-run")
        assert said.count("+ a00") == 3
        assert not (machine.home / "loras").exists()


class TestTampering:
    @pytest.fixture
    def folder(self, machine):
        self.versions = library.fill(3)
        machine.run(*SYNC)
        return machine.home / "loras"

    def test_is_noticed_and_mended(self, machine, folder):
        name = library.file_name(self.versions[1])
        assert "3 files, 0 faults" in machine.run("verify", "loras")
        (folder / name).write_bytes(b"something else")

        assert f"! {name} has other bytes" in machine.run("verify", "loras", code=1)
        assert f"! {name}" in machine.run(*SYNC)

        assert library.tree(folder) == library.as_published(self.versions)
        machine.run("verify", "loras")

    def test_is_noticed_even_where_size_and_time_are_the_same(self, machine, folder):
        path = folder / library.file_name(self.versions[1])
        before = path.stat()
        content = path.read_bytes()
        path.write_bytes(content[:-1] + b"!")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

        machine.run("verify", "loras", code=1)
        machine.run(*SYNC, "--check")

        assert path.read_bytes() == content

    def test_a_file_that_is_gone_comes_back(self, machine, folder):
        (folder / library.file_name(self.versions[0])).unlink()
        assert "is gone" in machine.run("verify", "loras", code=1)
        machine.run(*SYNC)
        assert library.tree(folder) == library.as_published(self.versions)

    def test_files_of_others_in_the_way_are_left_alone(self, machine, folder):
        name = library.file_name(self.versions[0])
        (machine.home / "other").mkdir()
        (machine.home / "other" / name).write_bytes(b"somebody's own")

        said = machine.run("sync", "other", "--sidecars", "none", code=1)

        assert f"{name} is not ours" in said
        assert (machine.home / "other" / name).read_bytes() == b"somebody's own"
        machine.run("sync", "other", "--delete", code=1)
        assert (machine.home / "other" / name).read_bytes() == b"somebody's own"

    def test_the_same_bytes_put_there_by_others_are_not_fetched_again(self, machine, folder):
        (machine.home / "other").mkdir()
        for path in folder.glob("*.safetensors"):
            (machine.home / "other" / path.name).write_bytes(path.read_bytes())
        assert "0 B fetched" in machine.run("sync", "other", "--sidecars", "none")

    def test_a_lost_record_is_made_again_from_the_bytes(self, machine, folder):
        (folder / ".loradex" / "state.json").unlink()
        assert "0 B fetched" in machine.run(*SYNC)
        (folder / ".loradex" / "state.json").write_text("{")
        assert "cannot be read" in machine.run(*SYNC, code=2)


class TestChannels:
    def test_a_moved_channel_is_followed(self, machine):
        versions = library.fill(2)
        adapter = versions[0].adapter
        reviewer = member(adapter.team, Role.REVIEWER)
        second = library.publish(adapter, versions[0].base, reviewer, number=2)
        now = timezone.now()
        channels.move(adapter, "prod", to=versions[0], by=reviewer, now=now)
        follow = ("sync", "loras", "--channel", "prod", "--sidecars", "none", "--delete")

        machine.run(*follow)
        assert library.tree(machine.home / "loras") == library.as_published(versions[:1])

        channels.move(adapter, "prod", to=second, by=reviewer, now=now)
        machine.run(*follow)
        assert library.tree(machine.home / "loras") == library.as_published([second])


class TestLock:
    def test_pins_versions_whatever_is_published_later(self, machine):
        versions = library.fill(3)
        reviewer = member(versions[0].adapter.team, Role.REVIEWER)
        machine.run("lock", "--team", "ink")
        lock = (machine.home / "adapters.lock").read_text()
        assert lock.count("\n") > 3  # a line an adapter
        assert machine.run("diff", "adapters.lock").strip() == "The lock is up to date."

        after = library.publish(versions[0].adapter, versions[0].base, reviewer, number=2)
        publishing.withdraw(versions[1], reason="Bad.", by=reviewer, now=timezone.now())
        said = machine.run("diff", "adapters.lock", code=1)
        assert said.splitlines() == ["~ ink/a000: v1 → v2", "- ink/a001@v1"]

        locked = ("sync", "loras", "--locked", "adapters.lock", "--sidecars", "none", "--delete")
        machine.run(*locked)
        folder = machine.home / "loras"
        assert library.tree(folder) == library.as_published(versions)  # the withdrawn one, too
        assert requests_of(machine.run(*locked)) == 0
        machine.run("verify", "loras", "--locked", "adapters.lock")

        machine.run("lock")  # the same query, anew
        assert "a000@v1 is here and not locked" in machine.run(
            "verify", "loras", "--locked", "adapters.lock", code=1
        )
        machine.run(*locked)
        assert library.tree(folder) == library.as_published([after, versions[2]])
        machine.run("lock", "-o", "again.lock", "--team", "ink")
        assert (machine.home / "again.lock").read_text() == (
            machine.home / "adapters.lock"
        ).read_text()

    def test_is_not_passed_over_by_a_later_sync_of_the_query(self, machine):
        versions = library.fill(2)
        machine.run("lock")
        reviewer = member(versions[0].adapter.team, Role.REVIEWER)
        after = library.publish(versions[0].adapter, versions[0].base, reviewer, number=2)
        machine.run(*SYNC, "--locked", "adapters.lock")
        machine.run(*SYNC, "--delete")
        assert library.tree(machine.home / "loras") == library.as_published([after, versions[1]])


class TestOtherCommands:
    def test_login_keeps_the_token_for_its_owner_alone(self, machine):
        [version] = library.fill(1)
        secret = token(member(version.adapter.team))
        machine.run("login", machine.address, said=secret + "\n")
        config = machine.home / "config.json"
        assert config.stat().st_mode & 0o077 == 0
        assert secret in config.read_text()
        assert secret not in machine.run("login", machine.address, said="ldx_wrong-token\n", code=4)

    def test_search_info_and_pull(self, machine):
        versions = library.fill(3)
        assert machine.run("search", "A", "2").splitlines()[0].startswith("ink/a002@v1")
        assert versions[1].sha256 in machine.run("info", "ink/a001")
        machine.run("pull", "ink/a001@v1")
        name = library.file_name(versions[1])
        assert library.tree(machine.home)[name] == versions[1].sha256
        assert "here already" in machine.run("pull", "ink/a001")
        (machine.home / name).write_bytes(b"other")
        machine.run("pull", "ink/a001", code=6)
        machine.run("pull", "ink/a001", "--force")
        assert library.tree(machine.home)[name] == versions[1].sha256

    def test_pull_follows_a_channel(self, machine):
        [version] = library.fill(1)
        reviewer = member(version.adapter.team, Role.REVIEWER)
        library.publish(version.adapter, version.base, reviewer, number=2)
        channels.move(version.adapter, "prod", to=version, by=reviewer, now=timezone.now())
        machine.run("pull", "ink/a000@prod", "-o", "x.safetensors")
        assert library.tree(machine.home)["x.safetensors"] == version.sha256

    def test_what_is_not_there_or_not_allowed_is_said_in_a_sentence(self, machine):
        library.fill(1)
        assert "There is no adapter called ink/nothing." in machine.run(
            "info", "ink/nothing", code=3
        )
        assert "has no channel called 'prod'" in machine.run("pull", "ink/a000@prod", code=3)
        assert "write team/name" in machine.run("info", "nothing", code=2)
        machine.token = "ldx_unknown"
        assert "unknown, revoked or expired" in machine.run("search", code=4)
        machine.address = "http://127.0.0.1:9"
        assert "is no hub's address" in machine.run("--url", "ftp://x", "search", code=2)


def vllm_resolves(folder, base_model_name, lora_name):
    """Say what vLLM's filesystem resolver does: the base's name has to be the server's, exactly."""
    path = folder / lora_name / "adapter_config.json"
    if not path.exists():
        return False
    config = json.loads(path.read_text())
    named = config["base_model_name_or_path"] == base_model_name
    return config["peft_type"] == "LORA" and named


class TestFoldersOfVllm:
    def test_hold_what_a_server_loads_with_the_base_as_it_calls_it(self, machine):
        folder = machine.home / "adapters"
        llama, _ = library.fill(2)
        library.make_peft(llama, b'{"peft_type": "LORA", "r": 8, "base_model_name_or_path": "x"}')
        follow = ("sync", "adapters", "--layout", "vllm", "--base-name", "llama-8b")

        said = machine.run(*follow, code=1)

        assert "ink/a001 v1 is no PEFT folder" in said
        at = folder / "ink--a000--v1"
        assert library.tree(folder).keys() == {
            "ink--a000--v1/adapter_model.safetensors",
            "ink--a000--v1/adapter_config.json",
        }
        assert json.loads((at / "adapter_config.json").read_text()) == {
            "peft_type": "LORA",
            "r": 8,
            "base_model_name_or_path": "llama-8b",
        }
        before = library.tree(folder)
        machine.run(*follow, code=1)
        assert library.tree(folder) == before
        machine.run("sync", "adapters", "--base-name", "llama-70b", code=1)
        assert "llama-70b" in (at / "adapter_config.json").read_text()

    @pytest.mark.parametrize(
        ("named", "served"),
        [
            (None, "meta-llama/Llama-3.1-8B"),
            ("meta-llama/llama-3.1-8b-instruct", "meta-llama/Llama-3.1-8B-Instruct"),
            ("acme/llama-3.1-8b-of-ours", "meta-llama/Llama-3.1-8B"),
        ],
        ids=str,
    )
    def test_are_found_by_a_server_that_nobody_told_of(self, machine, named, served):
        [llama] = library.fill(1)
        llama.base = BaseFactory(
            slug="llama-3-1-8b", family="llama", aliases=catalogue.entry("llama-3-1-8b").aliases
        )
        llama.save()
        config = {"peft_type": "LORA", "r": 8, "base_model_name_or_path": named}
        library.make_peft(llama, json.dumps(config).encode())

        machine.run("sync", "adapters", "--layout", "vllm")

        folder = machine.home / "adapters"
        assert vllm_resolves(folder, served, "ink--a000--v1")
        assert not vllm_resolves(folder, served.lower(), "ink--a000--v1")
        before = library.tree(folder)
        machine.run("sync", "adapters")
        assert library.tree(folder) == before

    def test_go_as_a_whole(self, machine):
        [version] = library.fill(1)
        library.make_peft(version, b'{"peft_type": "LORA"}')
        machine.run("sync", "adapters", "--layout", "vllm")
        reviewer = member(version.adapter.team, Role.REVIEWER)
        publishing.withdraw(version, reason="Bad.", by=reviewer, now=timezone.now())
        machine.run("sync", "adapters", "--delete", "--allow-empty")
        assert [path.name for path in (machine.home / "adapters").iterdir()] == [".loradex"]


def test_ctrl_c_leaves_whole_files_and_a_clear_word(machine):
    wanted = library.as_published(library.fill(120))
    at_work = machine.start(*SYNC, "--jobs", "2")
    until = time.monotonic() + 20
    while time.monotonic() < until and not list((machine.home / "loras").glob("*.safetensors")):
        time.sleep(0.01)
    at_work.send_signal(signal.SIGINT)
    _, said = at_work.communicate(timeout=20)

    assert at_work.returncode == 130
    assert said.strip() == "loradex: stopped; the same command goes on from here."
    here = library.tree(machine.home / "loras")
    assert 0 < len(here) < 120
    assert here.items() <= wanted.items()
    # Each of the two at work may have put its file in place and not have written it down yet.
    told = machine.run("verify", "loras")
    assert any(f"{len(here) - unwritten} files, 0 faults" in told for unwritten in range(3))
    machine.run(*SYNC)
    assert library.tree(machine.home / "loras") == wanted


@pytest.mark.parametrize("python", PYTHONS[:1])
def test_a_folder_is_kept_by_the_oldest_python_that_is_here(machine, python):
    wanted = library.as_published(library.fill(3))
    machine.python = python
    machine.run(*SYNC)
    machine.run(*SYNC)
    machine.run("verify", "loras")
    assert library.tree(machine.home / "loras") == wanted
