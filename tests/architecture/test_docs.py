"""What the documentation says, held against the code; and what the code has, against the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import URLPattern

from hub.api.errors import CODE_OF
from hub.api.urls import urlpatterns
from registry import errors
from registry.checks.table import EFFECT_CHECKS, FILE_CHECKS, TRIAL_CHECKS
from registry.queries.filters.table import FILTERS

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs/checks.md").read_text(encoding="utf-8")
API = (ROOT / "docs/api.md").read_text(encoding="utf-8")

_BY_READERS = r'env\.(?:text|flag|number|words|origin|secret)\(\s*"(\w+)"'
_BY_HAND = r'environ(?:\.get\(|\[)\s*"([A-Z_]+)"'


def _read_by(*folders):
    found = set()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found |= {*re.findall(_BY_READERS, text), *re.findall(_BY_HAND, text)}
    return found - {"DJANGO_SETTINGS_MODULE"}


def _documented():
    return set(re.findall(r"^\| ([A-Z][A-Z0-9_]+) \|", CONFIGURATION, flags=re.MULTILINE))


@pytest.mark.parametrize("variable", sorted(_read_by("hub")))
def test_environment_variable_is_documented(variable):
    assert variable in _documented()


@pytest.mark.parametrize("variable", sorted(_documented()))
def test_documented_variable_is_read(variable):
    assert variable in _read_by("hub", "workers")


@pytest.mark.parametrize(
    "check", [*FILE_CHECKS, *TRIAL_CHECKS, *EFFECT_CHECKS], ids=lambda check: check.code
)
def test_check_is_documented(check):
    assert check.code in CHECKS
    assert check.claim in CHECKS


def _paths():
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            yield "/api/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))


@pytest.mark.parametrize("path", sorted(_paths()))
def test_endpoint_is_documented(path):
    assert f"`{path}`" in API


DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def _codes():
    """Yield every code that a refusal of the API may bear, as the sources have them."""
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.RegistryError):
            yield kind.code
    yield from CODE_OF.values()
    for folder in ("hub/api", "registry/services", "registry/queries"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from re.findall(r'\bcode="([a-z.-]+)"', path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", sorted(set(_codes())))
def test_code_of_a_refusal_is_documented(code):
    assert f"| `{code}` |" in API or f"`{code}`," in API


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_filter_is_documented(one):
    assert f"| `{one.name}` | `{one.example}` | {one.about}" in API
