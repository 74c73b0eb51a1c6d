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
    (
        "LoKr with a core",
        {"lokr_w1": (2, 3), "lokr_w2_a": (2, 4), "lokr_w2_b": (2, 2), "lokr_t2": (2, 2, 3, 3)},
        Algorithm.LOKR,
        2,
        (8, 6, 3, 3),
    ),
    (
        "LoKr, both factors decomposed",
        {"lokr_w1_a": (2, 1), "lokr_w1_b": (1, 3), "lokr_w2_a": (4, 2), "lokr_w2_b": (2, 2)},
        Algorithm.LOKR,
        2,
        (8, 6),
    ),
    (
        "LoKr with DoRA's magnitude",
        {"lokr_w1": (2, 3), "lokr_w2": (4, 2), "dora_scale": (8, 1)},
        Algorithm.LOKR,
        None,
        (8, 6),
    ),
    ("a full difference of a bias", {"diff_b": (8,)}, Algorithm.FULL, None, (8, None)),
    ("a normalisation's difference", {"diff": (8,), "diff_b": (8,)}, Algorithm.NORM, None, (8,)),
    (
        "LoRA with a bias's difference and a new shape, as ComfyUI has them",
        {
            "lora_down.weight": (4, 6),
            "lora_up.weight": (8, 4),
            "diff_b": (8,),
            "reshape_weight": (2,),
        },
        Algorithm.LORA,
        4,
        (8, 6),
    ),
    ("IA3", {"weight": (8,), "on_input": ()}, Algorithm.IA3, None, (8,)),
    ("IA3 on a kernel", {"weight": (1, 8, 1, 1), "on_input": ()}, Algorithm.IA3, None, (8,)),
    ("PEFT's IA3 on outputs", {"ia3_l": (8, 1)}, Algorithm.IA3, None, (8, None)),
    ("PEFT's IA3 on inputs", {"ia3_l": (1, 6)}, Algorithm.IA3, None, (None, 6)),
    ("OFT", {"oft_blocks": (4, 2, 2), "alpha": ()}, Algorithm.OFT, None, (8, None)),
    ("OFT, rescaled", {"oft_blocks": (4, 2, 2), "rescale": (8, 1)}, Algorithm.OFT, None, (8, None)),
    ("OFT's first name", {"oft_diag": (4, 2, 2)}, Algorithm.OFT, None, (8, None)),
    (
        "kohya's OFT on FLUX's joined matrices",
        {f"oft_blocks.{part}": (4, 2, 2) for part in range(3)} | {"alpha": ()},
        Algorithm.OFT,
        None,
        (24, None),
    ),
    ("PEFT's OFT", {"oft_R.weight": (3, 6)}, Algorithm.OFT, None, (None, 12)),
    (
        "OneTrainer's OFT, scaled",
        {"oft_R.weight": (3, 6), "oft_R.scaled_oft": ()},
        Algorithm.OFT,
        None,
        (None, 12),
    ),
    ("PEFT's OFT, one block for all", {"oft_R.weight": (1, 6)}, Algorithm.OFT, None, ()),
    ("BOFT", {"oft_blocks": (2, 4, 2, 2)}, Algorithm.BOFT, None, (8, None)),
    (
        "PEFT's BOFT",
        {"boft_R": (1, 3, 2, 2), "boft_s": (8, 1)},
        Algorithm.BOFT,
        None,
        (8, 6),
    ),
    (
        "GLoRA",
        {"a1.weight": (6, 2), "a2.weight": (2, 6), "b1.weight": (8, 2), "b2.weight": (2, 6)},
        Algorithm.GLORA,
        2,
        (8, 6),
    ),
    (
        "GLoRA of 2023",
        {"a1.weight": (2, 6), "a2.weight": (6, 2), "b1.weight": (2, 6), "b2.weight": (8, 2)},
        Algorithm.GLORA,
        2,
        (8, 6),
    ),
    (
        "VeRA",
        {"vera_lambda_b": (8,), "vera_lambda_d": (4,)},
        Algorithm.VERA,
        4,
        (8, None),
    ),
    ("HiRA", {"hira_A": (4, 6), "hira_B": (8, 4)}, Algorithm.PEFT, 4, (8, 6)),
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
