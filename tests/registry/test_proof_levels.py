from __future__ import annotations

from registry.models.bases import Proof
from registry.proof_levels import PROOFS


def test_rows_have_the_levels_that_rules_know():
    assert tuple(Proof.values) == PROOFS
