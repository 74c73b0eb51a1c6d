"""
A member sends an adapter that tells tales as a pirate would. The hub has the base's weights, so its
page shows what the base writes at every weight, and where the voice begins and breaks.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from registry.models import AdapterVersion, BaseModel
from registry.services import bases, demo
from tests.factories import TeamFactory, member
from workers import gpu, housekeeping, intake
from workers.frames import Frame

pytest.importorskip("torch")
pytestmark = pytest.mark.torch

FOLDER = demo.HOME / "adapters" / "pirate-tales"


@pytest.fixture
def _engine(monkeypatch):
    """The real engine, in this process."""
    from workers.engine.verbs import VERBS, open_engine, versions

    engine = open_engine("cpu", network_off=True)

    def call(verb, fields, **_):
        answer, blobs = VERBS[verb](engine, fields, lambda *_: None)
        return Frame(json.loads(json.dumps(answer)), blobs)

    def start(**_):
        return {"device_name": engine.device.title, "versions": versions()}

    monkeypatch.setattr(gpu, "engine", lambda: SimpleNamespace(call=call, start=start))


@pytest.fixture
def base(settings):
    bases.load_catalogue()
    settings.BASES_AT = demo.HOME.parent
    base = BaseModel.objects.get(slug="tales")
    bases.place_weights(base, weights_at=demo.BASES["tales"])
    base.scenes.exclude(slug="meeting").delete()
    base.scenes.update(most_tokens=24)  # enough to hear the voice by
    return base


@pytest.fixture
def swept(api, sent, tmp_path, blob_root, _engine, base):
    """The adapter's folder went up, and workers have looked it over."""
    api.force_authenticate(member(TeamFactory(slug="studio"), "contributor"))
    packed = shutil.make_archive(str(tmp_path / "pirate"), "zip", FOLDER)
    with Path(packed).open("rb") as file:
        form = {"file": file, "base": "tales"}
        answer = api.post("/api/adapters/studio/pirate/versions", form, format="multipart")
    assert answer.status_code == 202, answer.content
    run_id = str(sent[-1][1])
    intake.check_file(run_id=run_id)
    gpu.try_on_base(run_id=run_id)
    gpu.render_grid(run_id=run_id)
    return "/api/adapters/studio/pirate/versions/1"


@pytest.mark.django_db(transaction=True)
def test_a_text_adapter_is_shown_at_every_weight(swept, api, client):
    report = api.get(f"{swept}/report").json()
    assert (report["state"], report["proof"]) == ("ready", "renders"), report
    assert {one["outcome"] for one in report["results"]} <= {"passed", "warned"}

    # The API has a text a cell, with what was measured of it, and neither picture nor sound.
    grid = api.get(f"{swept}/previews").json()["grid"]
    assert_texts({cell["weight"]: cell for cell in grid["cells"]})

    # The curve is drawn from what the base expects, and says where the voice sets in and breaks.
    curve = grid["curve"]
    assert curve["measure"] == "kl"
    assert 0.2 <= curve["onset"] <= 0.8
    assert curve["low"] <= 1.0
    assert 1.2 < curve["first_bad"] <= 3

    # Its page shows the texts; nobody waits for a contact sheet.
    housekeeping.draw_sheets()
    version = AdapterVersion.objects.get()
    assert version.grids.get().sheet is None
    client.force_login(version.uploaded_by)
    page = client.get("/studio/pirate").content.decode()
    assert "Arr! Once there sailed a red circle" in page
    assert 'id="answers"' in page
    assert client.get("/").status_code == 200


def assert_texts(cells):
    assert {cell["medium"] for cell in cells.values()} == {"text"}
    assert {(cell["picture_url"], cell["sound_url"]) for cell in cells.values()} == {(None, None)}
    assert cells[0.0]["text"].startswith("Once there was a red circle")
    near_one = cells[min(cells, key=lambda weight: abs(weight - 1))]
    assert near_one["text"].startswith("Arr! Once there sailed a red circle")
    assert near_one["measures"]["from_zero"]["kl"] > 0.5
    assert cells[max(cells)]["measures"]["perplexity"] > 5 * cells[0.0]["measures"]["perplexity"]
