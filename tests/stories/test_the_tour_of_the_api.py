"""docs/api.md, typed into a shell as it stands: every command has to do what is said of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from registry.models import AdapterVersion, BaseModel, VersionFile
from registry.services import bases
from tests import blueprints, files
from tests.factories import (
    AdapterFactory,
    FileFactory,
    TeamFactory,
    VersionFactory,
    keep,
    member,
    sweep,
    token,
)
from tests.hub.api.test_over_a_socket import server
from workers import housekeeping

__all__ = ["server"]

TOUR = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", TOUR, flags=re.DOTALL | re.MULTILINE)
# Whatever curl is refused ends the shell; its answers stand apart from one another.
STRICT = 'set -euo pipefail\ncurl() { command curl -sS --fail-with-body "$@" && echo; }\n'


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sent")
def test_the_tour_runs_as_it_stands(server, tmp_path):
    port, _ = server
    bases.load_catalogue()
    team = TeamFactory(slug="demo")
    _publish_what_was_rendered(team)
    _publish_dotfield(team)
    secret = token(member(team, "admin"))
    member(team, "viewer", username="mei")
    _write_what_is_sent(tmp_path)
    fill = {"HUB=http://localhost:8000": f"HUB=http://127.0.0.1:{port}", "ldx_...": secret}
    script = "".join(BLOCKS)
    for said, meant in fill.items():
        assert said in script
        script = script.replace(said, meant)
    uploading, _, watching = script.partition("AT=")
    head = "\n".join(
        line for line in uploading.splitlines() if line.startswith(("HUB=", "TOKEN=", "AUTH="))
    )

    _shell(uploading, tmp_path)
    _settle()
    _shell(f"{head}\nAT={watching}", tmp_path)

    line = AdapterVersion.objects.select_related("adapter").order_by("number")
    states = {version.adapter.slug: version.state for version in line}
    assert states == {
        **dict.fromkeys(("neon-glow", "zebra", "inkline"), "published"),
        "dotfield": "waiting",  # its second version: the checkpoint that was promoted
        "my-style": "withdrawn",
        "my-adapter": "ready",
        "my-large-style": "ready",
    }
    own = BaseModel.objects.filter(team=team).values_list("slug", "state")
    assert set(own) == {("our-shapes", "ready"), ("our-model", "making")}
    assert len(list(tmp_path.glob("neon-glow-v1-*.safetensors"))) == 1
    [sheet] = tmp_path.glob("neon-glow-v1-sheet-*.webp")
    assert sheet.read_bytes().startswith(b"RIFF")


def _publish_what_was_rendered(team):
    """Publish versions that were rendered, on a base of which a worker has the weights."""
    BaseModel.objects.filter(slug="shapes").update(weights_at="demo/base")
    for slug in ("neon-glow", "zebra", "inkline"):
        _publish_rendered(slug, team)
    housekeeping.draw_sheets()


def _publish_rendered(slug, team):
    adapter = AdapterFactory(slug=slug, team=team, title=slug.capitalize())
    shapes = BaseModel.objects.get(slug="shapes")
    sweep(VersionFactory(adapter=adapter, base=shapes, published=True, proof="renders"))


def _publish_dotfield(team):
    """Publish a version with a checkpoint of its training beside it."""
    dotfield = AdapterFactory(slug="dotfield", team=team, title="Dotfield")
    shapes = BaseModel.objects.get(slug="shapes")
    version = VersionFactory(adapter=dotfield, base=shapes, published=True)
    content = files.kohya_lora("shapes", values=files.Values(seed=450)).getvalue()
    FileFactory(version=version, role="checkpoint", name="dotfield-step00450.safetensors",
                training_step=450, blob=keep(content))  # fmt: skip


def _write_what_is_sent(folder):
    for seed, name in enumerate(("my-style", "my-large-style", "my-adapter/my-adapter")):
        content = files.kohya_lora("shapes", values=files.Values(seed=seed)).getvalue()
        path = folder / f"{name}.safetensors"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    Image.new("RGB", (96, 64), "teal").save(folder / "heron.png")
    (folder / "config.json").write_text(json.dumps(blueprints.LLAMA))


def _shell(script, folder):
    done = subprocess.run(
        ["bash", "-c", STRICT + script],
        capture_output=True, text=True, cwd=folder, timeout=100, check=False,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def _settle():
    """Do as workers would that find everything good."""
    assert VersionFile.objects.filter(blob=None).count() == 3
    AdapterVersion.objects.filter(state="waiting").update(state="ready", proof="fits")
    for version in AdapterVersion.objects.filter(state="ready"):
        version.runs.update(state="passed", finished_at=version.uploaded_at)
