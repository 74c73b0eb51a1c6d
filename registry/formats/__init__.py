"""Files as they are: headers, dialects, families, training facts, hashes. No weights, no Django."""

from __future__ import annotations
