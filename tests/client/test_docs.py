"""docs/client.md, typed into a shell as it stands; and a push in all its ways."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from registry.models import AdapterVersion, Scope, Upload
from registry.services import bases
from tests import files
from tests.client import library
from tests.factories import AdapterFactory, TeamFactory, VersionFactory, member, token

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGE = (Path(__file__).resolve().parents[2] / "docs/client.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def demo(machine):
    """Return the team `demo` with one adapter, and a machine whose person may publish for it."""
    bases.load_catalogue()
    team = TeamFactory(slug="demo")
    neon = AdapterFactory(slug="neon-glow", team=team, title="Neon glow")
    VersionFactory(adapter=neon, base__slug="shapes", published=True, proof="renders")
    machine.token = token(member(team, "reviewer", username="rhea"))
    for seed, name in enumerate(("my-style", "my-adapter/my-adapter")):
        path = machine.home / f"{name}.safetensors"
        path.parent.mkdir(exist_ok=True)
        content = files.kohya_lora("shapes", values=files.Values(seed=seed)).getvalue()
        path.write_bytes(content)
    return team


def test_the_page_runs_as_it_stands(machine, demo):
    script = "".join(BLOCKS).replace("http://localhost:8000", machine.address)
    assert script.count("ldx_...") == 1
    script = script.replace("ldx_...", machine.token)
    environment = machine.environment()
    del environment["LORADEX_URL"], environment["LORADEX_TOKEN"]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=machine.home, env=environment, input="\n",
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    [version] = AdapterVersion.objects.filter(adapter__slug="neon-glow")
    assert library.tree(machine.home)["neon.safetensors"] == version.sha256
    assert set(library.tree(machine.home / "pinned")) == {library.file_name(version)}
    assert AdapterVersion.objects.filter(adapter__slug="my-style").get().state == "waiting"
    assert AdapterVersion.objects.filter(adapter__slug="my-adapter").get().state == "waiting"


class TestPush:
    def test_says_of_a_version_what_it_was_told(self, machine, demo):
        said = machine.run(
            *("push", "my-style.safetensors", "demo/my-style", "--base", "shapes"),
            *("--title", "My style", "--tag", "Ink", "--trigger-word", "inky, wash"),
            *("--weight-low", "0", "--weight-high", "0.9", "--weight-default", "0.5"),
        )
        assert "demo/my-style@v1 has come in" in said
        version = AdapterVersion.objects.select_related("adapter").get(adapter__slug="my-style")
        assert (version.adapter.title, version.adapter.tags) == ("My style", ["ink"])
        assert version.trigger_words == ["inky, wash"]
        assert (version.weight_low, version.weight_high, version.weight_default) == (0, 0.9, 0.5)

    def test_sends_only_what_is_missing(self, machine, demo, loradex, monkeypatch):
        path = machine.home / "my-style.safetensors"
        assert path.stat().st_size > 2 * 8192
        for name, value in machine.environment().items():
            monkeypatch.setenv(name, value)
        hub = loradex.Hub(machine.address, machine.token)
        begun = loradex.Push(hub, path, team="demo", jobs=1)._opened()
        hub.put(f"/api/uploads/{begun['id']}/parts/1", path.read_bytes()[:8192])
        sent = []
        monkeypatch.setattr(loradex.Hub, "put", lambda _, at, data: sent.append(at))

        again = loradex.Hub(machine.address, machine.token)
        loradex.Push(again, path, team="demo", jobs=1).run()

        assert Upload.objects.count() == 1
        assert sent == [
            f"/api/uploads/{begun['id']}/parts/{number}" for number in range(2, begun["parts"] + 1)
        ]

    def test_of_the_same_bytes_is_refused_in_a_sentence(self, machine, demo):
        push = ("push", "my-style.safetensors", "demo/my-style", "--base", "shapes")
        machine.run(*push)
        assert "already version 1 of demo/my-style" in machine.run(*push, code=6)

    def test_waits_no_longer_than_asked(self, machine, demo):
        push = ("push", "my-style.safetensors", "demo/my-style", "--base", "shapes")
        assert "still being validated" in machine.run(*push, "--wait", "1", code=7)

    def test_needs_a_token_that_may(self, machine, demo):
        machine.token = token(member(demo), Scope.READ)
        said = machine.run("push", "my-style.safetensors", "demo/x", "--base", "shapes", code=4)
        assert "This token may not upload" in said

    def test_packs_a_folder_alike_each_time(self, loradex, machine, tmp_path):
        folder = machine.home / "some"
        (folder / ".git").mkdir(parents=True)
        (folder / ".git" / "config").write_text("secret")
        (folder / "a.safetensors").write_bytes(b"1")
        packed = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            packed.append(loradex.pack(folder, tmp_path / name).read_bytes())
        assert packed[0] == packed[1]
        assert b"secret" not in packed[0]
