"""How far an adapter's load is proved: each level says all that those before it say."""

from __future__ import annotations

PROOFS = ("fits", "loads", "renders")
