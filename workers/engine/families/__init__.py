"""One module a family of bases: how it is loaded, prompted, denoised and decoded."""

from __future__ import annotations
