from __future__ import annotations

import json

import numpy as np
import pytest

from registry.bases import catalogue
from registry.checks.facts import Content
from registry.checks.spread import outliers, rank_used, summary
from registry.formats.adapter import read_adapter
from registry.formats.header import read_header
from tests import files
from tests.reading import SAMPLES, adapter_of, needs_samples
from workers.content import read_content

ADAPTER = adapter_of(files.kohya_lora("sdxl"))
LAYERS = [pair.layer for pair in ADAPTER.pairs]
DEMO = catalogue.FOLDER.parent / "demo/adapters"


def norms(seed=0, spread=0.6):
    """Return a norm for each layer as sound adapters have them: some several times the others'."""
    draws = np.random.default_rng(seed).normal(size=len(LAYERS))
    return dict(zip(LAYERS, map(float, np.exp(spread * draws)), strict=True))


class TestOutliers:
    @pytest.mark.parametrize("seed", range(20))
    def test_are_none_among_layers_that_differ_as_they_do(self, seed):
        assert outliers(ADAPTER, Content(norms=norms(seed))) == ()

    def test_are_layers_out_of_all_proportion_the_worst_first(self):
        content = Content(norms=norms() | {LAYERS[3]: 2_000.0, LAYERS[7]: 90_000.0})
        found = outliers(ADAPTER, content)
        assert [one.layer for one in found] == [LAYERS[7], LAYERS[3]]
        assert found[0].times > 10_000

    def test_are_not_layers_that_merely_lead(self):
        assert outliers(ADAPTER, Content(norms=norms() | {LAYERS[3]: 20.0})) == ()

    def test_are_not_told_of_few_layers(self):
        adapter = adapter_of(files.kohya_lora("sd1"))
        few = {pair.layer: 1.0 for pair in adapter.pairs}
        few[adapter.pairs[0].layer] = 1e6
        assert len(few) == 8
        assert outliers(adapter, Content(norms=few)) == ()

    def test_do_not_count_layers_that_change_nothing(self):
        half = norms() | dict.fromkeys(LAYERS[::2], 0.0)
        assert outliers(ADAPTER, Content(norms=half)) == ()

    @needs_samples
    def test_are_none_in_any_real_adapter(self):
        paths = [*SAMPLES.rglob("*.safetensors"), *DEMO.rglob("*.safetensors")]
        assert len(paths) > 10
        assert [path.name for path in paths if _outliers_of(path)] == []


class TestSummary:
    def test_tells_how_the_change_is_spread(self):
        content = Content(
            layers=16,
            zero_up=(LAYERS[0],),
            norms=dict.fromkeys(LAYERS, 2.0) | {LAYERS[0]: 0.0, LAYERS[1]: 4.0},
            effective_ranks=dict.fromkeys(LAYERS, 3),
            dtypes={"F16": 100, "F32": 16},
        )
        assert summary(ADAPTER, content) == {
            "dtypes": {"F16": 100, "F32": 16},
            "zero_layers": 1,
            "norm": 8.485,
            "layer_norms": [2.0, 2.0, 4.0],
            "rank_used": "effective rank 3 of 4",
        }

    def test_leaves_out_a_rank_that_nobody_measured(self):
        assert rank_used(ADAPTER, Content(layers=16)) == ""


def _outliers_of(path):
    config = path.parent / "adapter_config.json"
    settings = json.loads(config.read_text()) if config.exists() else None
    with path.open("rb") as file:
        header = read_header(file, file_size=path.stat().st_size)
        content = read_content(file, header, config=settings)
    return outliers(read_adapter(header, config=settings), content)
