from __future__ import annotations

import pytest

from workers.engine import requests

ROW = {
    "scene": {
        "slug": "star",
        "prompt": "a star",
        "seed": 1,
        "steps": 2,
        "guidance": 4,
        "width": 64,
        "height": 64,
        "sampler": "euler_a",
    },
    "weights": [0, 1],
}


class TestRow:
    def test_has_the_factors_of_parts(self):
        row = requests.row(ROW | {"parts": {"unet": 0.5, "unet.down": "0.25"}})

        assert row.parts == {"unet": 0.5, "unet.down": 0.25}

    def test_has_none_where_none_are_given(self):
        assert requests.row(ROW).parts == {}

    def test_has_the_sampler_of_its_scene(self):
        assert requests.row(ROW).scene.sampler == "euler_a"

    @pytest.mark.parametrize(
        "parts", [["unet"], "unet", {"unet": "half"}, {"unet": None}, {"unet": "inf"}]
    )
    def test_refuses_parts_that_are_no_factors(self, parts):
        with pytest.raises(requests.BadFields, match="parts"):
            requests.row(ROW | {"parts": parts})
