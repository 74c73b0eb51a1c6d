from __future__ import annotations

import pytest

from tests.reading import adapter_from

ROOT = "lora_unet_mid_block_x"
LORA = {"lora_down.weight": (4, 6), "lora_up.weight": (8, 4)}
TUCKER = {
    "lora_down.weight": (4, 6, 1, 1),
    "lora_mid.weight": (4, 4, 3, 3),
    "lora_up.weight": (8, 4, 1, 1),
}
LOHA = {
    f"hada_w{n}_{half}": shape for n in (1, 2) for half, shape in (("a", (8, 4)), ("b", (4, 6)))
}
LOHA_WITH_CORES = {
    f"hada_w{n}_{half}": shape for n in (1, 2) for half, shape in (("a", (4, 8)), ("b", (4, 6)))
} | {"hada_t1": (4, 4, 3, 3), "hada_t2": (4, 4, 3, 3)}
LOKR = {"lokr_w1_a": (2, 2), "lokr_w1_b": (2, 3), "lokr_w2_a": (4, 2), "lokr_w2_b": (2, 2)}
LOKR_WITH_A_CORE = {"lokr_w1": (7, 3), "lokr_w2_a": (2, 4), "lokr_w2_b": (2, 2),
                    "lokr_t2": (2, 2, 3, 3)}  # fmt: skip
GLORA = {"a1.weight": (6, 2), "a2.weight": (2, 6), "b1.weight": (8, 2), "b2.weight": (2, 6)}
GLORA_OF_2023 = {"a1.weight": (2, 6), "a2.weight": (6, 2), "b1.weight": (2, 6), "b2.weight": (8, 2)}
HIRA = {"hira_A": (4, 6), "hira_B": (8, 4)}
ADALORA = {"lora_A": (4, 6), "lora_B": (8, 4), "lora_E": (4, 1)}
SOUND = [LORA, TUCKER, LOHA, LOHA_WITH_CORES, LOKR, LOKR_WITH_A_CORE, GLORA, GLORA_OF_2023, HIRA,
         ADALORA]  # fmt: skip
NAMES = ["LoRA", "Tucker", "LoHa", "LoHa with cores", "LoKr", "LoKr with a core", "GLoRA",
         "GLoRA of 2023", "HiRA", "AdaLoRA"]  # fmt: skip


def torn(tails):
    [pair] = adapter_from({f"{ROOT}.{tail}": shape for tail, shape in tails.items()}).pairs
    return pair.torn


@pytest.mark.parametrize("tails", SOUND, ids=NAMES)
def test_a_sound_layer_is_not_torn(tails):
    assert torn(tails) is None


@pytest.mark.parametrize("tails", SOUND, ids=NAMES)
def test_one_wrong_rank_tears_it(tails):
    for tail, shape in tails.items():
        inner = [place for place, size in enumerate(shape) if size in {2, 4} and place < 2]
        changed = [tails | {tail: (*shape[:at], 5, *shape[at + 1 :])} for at in inner]
        assert not changed or any(torn(each) for each in changed), tail


@pytest.mark.parametrize("shape", [(4,), (), (0, 6)])
def test_a_matrix_that_is_none_tears_it(shape):
    found = torn(LORA | {"lora_down.weight": shape})
    assert {found.first, found.second} == {"down", "up"}


def test_half_a_pair_is_another_fault():
    assert torn({"lora_down.weight": (4, 6)}) is None
