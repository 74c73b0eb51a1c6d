"""A folder on the server, as somebody's WebUI has it, and imports of it."""

from __future__ import annotations

import json

import pytest

from tests import files
from tests.factories import BaseFactory


@pytest.fixture
def folder(settings, tmp_path):
    """Return a folder that may be imported from, empty."""
    settings.IMPORT_FOLDERS = [tmp_path / "loras"]
    settings.SCRATCH = tmp_path / "scratch"
    (tmp_path / "loras").mkdir()
    return tmp_path / "loras"


@pytest.fixture
def base(db):
    return BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", aliases=["sdxl 1.0"])


@pytest.fixture
def put(folder):
    """Return a function that puts an adapter, and sidecars by their endings, into the folder."""

    def put(stem, *, seed=0, content=None, **sidecars):
        lora = content or files.kohya_lora(values=files.Values(seed=seed)).getvalue()
        place = folder / f"{stem}.safetensors"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(lora)
        for ending, told in sidecars.get("beside", {}).items():
            text = told if isinstance(told, bytes) else json.dumps(told).encode()
            (place.parent / f"{place.stem}{ending}").write_bytes(text)
        return place

    return put
