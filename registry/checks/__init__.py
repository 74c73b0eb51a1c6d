"""Rules as rows: what must hold of a file and of its trial. Plain Python; facts in, results out."""

from __future__ import annotations
