from __future__ import annotations

import pytest

from registry.formats.resizing import may_be_cut


def signature(*norms, part="main"):
    return {part: {"norm": 1.0, "layers": sorted(norms, reverse=True)}}


WHOLE = signature(1.0, 0.8, 0.6, 0.5)


class TestMayBeCut:
    def test_where_each_layer_has_lost_a_little(self):
        assert may_be_cut(WHOLE, signature(0.98, 0.79, 0.57, 0.5))

    @pytest.mark.parametrize(
        "other",
        [
            signature(0.98, 0.85, 0.57, 0.5),
            signature(0.98, 0.79, 0.3, 0.2),
            signature(0.98, 0.79, 0.57),
            signature(0.98, 0.79, 0.57, 0.5, part="text_encoder"),
            {},
        ],
        ids=["one has grown", "much is lost", "a layer is missing", "another part", "unknown"],
    )
    def test_not_where(self, other):
        assert not may_be_cut(WHOLE, other)

    def test_not_of_so_few_layers_that_it_is_chance(self):
        assert not may_be_cut(signature(1.0, 0.8), signature(0.99, 0.79))
