"""docs/sweeps.md says of every algorithm and sampler how it is swept."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.formats.peft_types import PEFT_TYPES
from registry.sweeps.samplers import SAMPLERS

PAGE = (Path(__file__).resolve().parents[2] / "docs/sweeps.md").read_text(encoding="utf-8")
AS_TRAINERS_SAY = ["LoRA", "rsLoRA", "DyLoRA", "LoRA-FA", "LoCon", "DoRA", "LoHa", "LoKr", "`diff`",
                   "`w_norm`", "GLoRA", "(IA)³", "`oft_blocks`"]  # fmt: skip


@pytest.mark.parametrize("name", [*AS_TRAINERS_SAY, *PEFT_TYPES])
def test_algorithm_has_its_row(name):
    assert any(line.startswith("|") and name in line for line in PAGE.splitlines())


@pytest.mark.parametrize("name", SAMPLERS)
def test_sampler_is_named(name):
    assert f"`{name}`" in PAGE
