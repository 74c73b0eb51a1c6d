"""The adapters that we ship for the demo, read whole: each is judged as its card says."""

from __future__ import annotations

import json

import pytest

from registry.bases import catalogue
from registry.checks.outcome import Outcome, judge
from registry.checks.table import FILE_CHECKS
from registry.formats.adapter import read_adapter
from registry.formats.header import read_header
from tests.registry.checks.test_table import declare
from workers.content import read_content

FOLDERS = sorted((catalogue.FOLDER.parent / "demo/adapters").glob("*/card.json"))
REASONS = {
    "blank-start": "values.nonzero",
    "cracked-glaze": "values.finite",
    "lost-traveller": "base.matches",
}


@pytest.mark.parametrize("card", FOLDERS, ids=lambda card: card.parent.name)
def test_a_demo_adapter_is_judged_as_its_card_says(card):
    told = json.loads(card.read_text())
    config = card.parent / "adapter_config.json"
    for path in card.parent.glob("*.safetensors"):
        with path.open("rb") as file:
            header = read_header(file, file_size=path.stat().st_size)
            settings = json.loads(config.read_text()) if config.exists() else None
            adapter = read_adapter(header, config=settings)
            content = read_content(file, header, config=settings)

        results = judge(declare(adapter, told["base"], content=content), FILE_CHECKS)

        rejected = [result.code for result in results if result.outcome is Outcome.REJECTED]
        assert rejected[:1] == ([REASONS[told["slug"]]] if told["slug"] in REASONS else [])
        assert not rejected or told["expected"] == "rejected"
