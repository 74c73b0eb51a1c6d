"""What shows the families of models that read pictures and write text."""

from __future__ import annotations

from registry.formats.family_rules.rule import Rule

RULES: tuple[Rule, ...] = ()
