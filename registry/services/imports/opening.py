"""The source that an import names, opened within what the operator allows."""

from __future__ import annotations

from django.conf import settings

from registry.imports.sources.source import Source
from registry.imports.sources.table import BY_KIND, Ground


def ground() -> Ground:
    """Return what this hub may import from."""
    return Ground(folders=tuple(settings.IMPORT_FOLDERS))


def opened(kind: str, text: str) -> Source:
    """
    Return the source of that kind.

    :raises SourceRefused: if this hub may not import from there
    """
    return BY_KIND[kind].open(text, ground())
