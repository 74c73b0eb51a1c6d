"""A member wants to see more than the sweep shows: asks, looks, and hangs it in the gallery."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from registry import blobs
from registry.models import BaseModel
from registry.services import bases, steps
from tests.factories import AdapterFactory, FileFactory, TeamFactory, VersionFactory, keep, member
from tests.hub.pages.rows import picture
from tests.workers.test_gpu import FakeEngine
from workers import gpu, housekeeping

DEMO = Path(__file__).resolve().parents[2] / "demo"
DOTFIELD = sorted((DEMO / "adapters/dotfield").glob("*.safetensors"))


class Engine(FakeEngine):
    """Draws what the weight says."""

    def sweep(self, fields):
        self.pictures = (picture(w) for w in fields["weights"] if w not in fields["skip"])
        return super().sweep(fields)


@pytest.fixture
def version(db, blob_root):
    """A version of the demo's adapter with checkpoints, proved and published."""
    bases.load_catalogue()
    shapes = BaseModel.objects.get(slug="shapes")
    bases.place_weights(shapes, weights_at=str(DEMO / "base"))
    *earlier, last = [path.read_bytes() for path in DOTFIELD]
    adapter = AdapterFactory(team=TeamFactory(slug="studio"), slug="dotfield")
    version = VersionFactory(
        adapter=adapter, base=shapes, published=True, proof="renders", content=last,
        trigger_words=["dotfield"], fit={"components": [{"component": "unet", "in_file": 32}]},
    )  # fmt: skip
    for path, content in zip(DOTFIELD, earlier, strict=False):
        step = int(path.stem.rpartition("step")[2])
        FileFactory(
            version=version, role="checkpoint", name=path.name, training_step=step,
            blob=keep(content),
        )  # fmt: skip
    return version


@pytest.fixture
def painter(version):
    return member(version.adapter.team, username="painter")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("run_jobs_at_once")
def test_a_member_asks_for_cells(api, client, version, painter, monkeypatch):
    engine = Engine()
    monkeypatch.setattr(gpu, "engine", lambda: engine)

    # A member types a prompt and a few weights on the page, and a worker renders them.
    client.force_login(painter)
    page = "/studio/dotfield/1/playground"
    typed = {"scene": "circle", "prompt": "a red star, {trigger}", "weight_from": "0",
             "weight_to": "1", "weights": "3", "down": "seed", "values": "7, 8"}  # fmt: skip
    asked = client.post(page, typed)
    shown = client.get(asked["Location"]).content.decode()
    assert shown.count("<img") == 6
    assert [fields["weights"] for _, fields in engine.calls] == [[0, 0.5, 1]] * 2

    # Others see it once it hangs in the gallery, and not before.
    api.force_authenticate(None)
    previews = "/api/adapters/studio/dotfield/versions/1/previews"
    assert api.get(previews, {"kind": "asked"}).json()["grid"] is None
    client.post(f"{asked['Location']}/gallery", {"in_gallery": "1"})
    grid = api.get(previews, {"kind": "asked"}).json()["grid"]
    assert grid["axes"]["down"] == {"axis": "seed", "values": [7, 8]}
    assert api.get(grid["cells"][0]["picture_url"]).status_code == 200
    assert 'class="hung"' in client.get("/studio/dotfield/1/community").content.decode()

    # The housekeeper puts all of it on one captioned sheet.
    housekeeping.draw_sheets()
    sheet = api.get(previews, {"kind": "asked"}).json()["grid"]["sheet_url"]
    assert api.get(sheet).status_code == 200

    # The hub itself shows every training step, when nobody else waits.
    housekeeping.ask_for_steps()
    grid = api.get(previews, {"kind": "steps"}).json()["grid"]
    assert grid["axes"]["down"]["values"] == [50, 100, 200, 300, "final"]
    assert len(grid["cells"]) == 5 * len(steps.WEIGHTS)


@pytest.mark.torch
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("run_jobs_at_once")
def test_a_real_worker_renders_them(api, version, painter, monkeypatch):
    pytest.importorskip("diffusers")
    from workers.engine_link import EngineChild

    api.force_authenticate(painter)
    with EngineChild("cpu", threads=1) as engine:
        monkeypatch.setattr(gpu, "engine", lambda: engine)
        asked = {
            "same": {"scene": "circle", "steps": 4, "sampler": "ddim", "guidance": 3},
            "across": {"axis": "weight", "values": [0, 1]},
        }
        at = "/api/adapters/studio/dotfield/versions/1/requests"
        stepped = api.post(at, asked | {"down": {"axis": "training_step", "values": [50, "final"]}})
        shares = [{}, {"unet.up": 0, "unet.down": 0, "unet.mid": 0}]
        parted = api.post(at, asked | {"down": {"axis": "parts", "values": shares}})

    early, late = rows_of(api, stepped)
    assert apart(early[0], late[0]) == 0  # without the adapter, a step is as good as another
    assert 0 < apart(early[0], early[1]) < apart(late[0], late[1])  # it has learnt meanwhile
    whole, nothing = rows_of(api, parted)
    assert apart(whole[1], late[1]) == 0  # a cell that the hub has is that cell
    assert 0 < apart(nothing[0], nothing[1]) < apart(whole[0], whole[1])  # the text encoder's part


def rows_of(api, answer):
    """Return the pictures of a request that is done, row by row."""
    told = api.get(answer["Location"]).json()
    assert told["state"] == "done", told["reason"]
    rows = {}
    for cell in told["grid"]["cells"]:
        rows.setdefault(cell["row"], []).append(cell["sha256"])
    return rows.values()


def apart(one, other):
    pictures = []
    for sha256 in (one, other):
        with blobs.default().open(sha256) as file:
            image = Image.open(io.BytesIO(file.read())).convert("RGB")
            pictures.append(np.asarray(image, dtype=float))
    return np.abs(pictures[0] - pictures[1]).mean()
