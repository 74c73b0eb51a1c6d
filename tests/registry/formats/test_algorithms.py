from __future__ import annotations

import pytest

from registry.formats.adapter import Algorithm
from tests.reading import adapter_from

DOWN, UP = (4, 768), (640, 4)
M = "lora_unet_mid_block_x"
ALGORITHMS = [
    ("LoRA", {"lora_down.weight": (4, 6), "lora_up.weight": (8, 4)}, Algorithm.LORA, 4, (8, 6)),
    (
        "LoRA on a 1×1 convolution",
        {"lora_down.weight": (4, 6, 1, 1), "lora_up.weight": (8, 4, 1, 1)},
        Algorithm.LORA,
        4,
        (8, 6, 1, 1),
    ),
    (
        "LoCon",
        {"lora_down.weight": (4, 6, 3, 3), "lora_up.weight": (8, 4, 1, 1)},
        Algorithm.LOCON,
        4,
        (8, 6, 3, 3),
    ),
    (
        "LoCon with a core",
        {
            "lora_down.weight": (4, 6, 1, 1),
            "lora_mid.weight": (4, 4, 3, 3),
            "lora_up.weight": (8, 4, 1, 1),
        },
        Algorithm.LOCON,
        4,
        (8, 6, 3, 3),
    ),
    (
        "DoRA",
        {"lora_down.weight": (4, 6), "lora_up.weight": (8, 4), "dora_scale": (8, 1)},
        Algorithm.DORA,
        4,
        (8, 6),
    ),
    (
        "LoHa",
        {
            "hada_w1_a": (8, 4),
            "hada_w1_b": (4, 6),
            "hada_w2_a": (8, 4),
            "hada_w2_b": (4, 6),
        },
        Algorithm.LOHA,
        4,
        (8, 6),
    ),
    (
        "LoHa with cores",
        {
            "hada_w1_a": (4, 8),
            "hada_w1_b": (4, 6),
            "hada_w2_a": (4, 8),
            "hada_w2_b": (4, 6),
            "hada_t1": (4, 4, 3, 3),
            "hada_t2": (4, 4, 3, 3),
        },
        Algorithm.LOHA,
        4,
        (8, 6, 3, 3),
    ),
    ("LoKr", {"lokr_w1": (2, 3), "lokr_w2": (4, 2)}, Algorithm.LOKR, None, (8, 6)),
    (
        "LoKr, decomposed",
        {"lokr_w1": (2, 3), "lokr_w2_a": (4, 2), "lokr_w2_b": (2, 2)},
        Algorithm.LOKR,
        2,
        (8, 6),
    ),
    ("a full difference", {"diff": (8, 6)}, Algorithm.FULL, None, (8, 6)),
    ("a normalisation", {"w_norm": (8,), "b_norm": (8,)}, Algorithm.NORM, None, (8,)),
    ("IA3", {"weight": (8,), "on_input": ()}, Algorithm.IA3, None, ()),
    ("OFT", {"oft_blocks": (4, 2, 2), "alpha": ()}, Algorithm.OFT, None, ()),
    ("BOFT", {"oft_blocks": (2, 4, 2, 2)}, Algorithm.BOFT, None, ()),
]


class TestAlgorithms:
    @pytest.mark.parametrize(
        ("tails", "algorithm", "rank", "shape"),
        [row[1:] for row in ALGORITHMS],
        ids=[row[0] for row in ALGORITHMS],
    )
    def test_show_in_what_a_layer_has(self, tails, algorithm, rank, shape):
        adapter = adapter_from({f"{M}.{tail}": size for tail, size in tails.items()})
        [pair] = adapter.pairs
        assert adapter.leftovers == ()
        assert (pair.algorithm, pair.rank, pair.shape) == (algorithm, rank, shape)
        assert pair.missing == ()

    def test_know_dora_as_peft_spells_it(self):
        root = "base_model.model.model.layers.0.self_attn.q_proj"
        shapes = {
            f"{root}.lora_A.weight": DOWN,
            f"{root}.lora_B.weight": UP,
            f"{root}.lora_magnitude_vector": (640,),
        }
        assert adapter_from(shapes).algorithms == (Algorithm.DORA,)

    @pytest.mark.parametrize(
        ("gone", "missing"),
        [("lora_up", "up"), ("lora_down", "down"), ("hada_w2_b", "hada_w2_b")],
    )
    def test_miss_what_is_not_there(self, gone, missing):
        tails = next(row[1] for row in ALGORITHMS if any(gone in tail for tail in row[1]))
        kept = {f"{M}.{tail}": size for tail, size in tails.items() if gone not in tail}
        [pair] = adapter_from(kept).pairs
        assert pair.missing == (missing,)
