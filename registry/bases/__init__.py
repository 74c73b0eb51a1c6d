"""The bases that adapters are made for: a catalogue of data, their layers, and what fits them."""

from __future__ import annotations
