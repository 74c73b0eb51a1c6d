"""Files that were made to harm, with the one verdict that each deserves."""

from __future__ import annotations
