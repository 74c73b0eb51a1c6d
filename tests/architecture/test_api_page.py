"""docs/api.md, held against what the API says of itself: its statuses, codes and routes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import URLPattern
from drf_spectacular.generators import SchemaGenerator

from hub.api.errors import CODE_OF, STATUS_OF
from hub.api.urls import urlpatterns
from registry import errors

API = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text(encoding="utf-8")
LINES = re.findall(r"^```(?:sh|console)\n(.*?)^```$", API, flags=re.DOTALL | re.MULTILINE)


def rows_of(heading):
    """Return the cells of the table that begins with these words."""
    table = API.partition(f"\n| {heading} |\n")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[1:]]


def statuses(text):
    return {int(one) for one in re.findall(r"\b[45]\d\d\b", text)}


DOCUMENTED = set().union(*(statuses(row[0]) for row in rows_of("status | means")))


@pytest.fixture(scope="module")
def answered():
    """Return every status of a refusal that the API's description has."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"].values()
    found = {status for path in paths for one in path.values() for status in one["responses"]}
    return {int(status) for status in found if int(status) >= 400}


def test_every_status_that_the_description_has_is_in_the_table(answered):
    assert answered - DOCUMENTED == set()


def test_every_status_in_the_table_is_answered(answered):
    assert (
        DOCUMENTED - answered - {*STATUS_OF.values(), *(kind.status_code for kind in CODE_OF)}
        == set()
    )


def _kinds():
    known = {code: kind for kind in STATUS_OF if (code := getattr(kind, "code", ""))}
    every = (kind for kind in vars(errors).values() if isinstance(kind, type))
    refusals = {one.code: one for one in every if issubclass(one, errors.RegistryError)}
    return known | refusals


@pytest.mark.parametrize(
    ("code", "said"),
    [(row[0].strip("`"), row[1]) for row in rows_of("code | means") if len(row) == 2],
)
def test_a_code_is_answered_with_the_status_that_is_said(code, said):
    kind = _kinds().get(code)
    if kind is None or not statuses(said):
        return
    status = next(STATUS_OF[each] for each in kind.mro() if each in STATUS_OF)
    assert statuses(said) == {status}


def _asked():
    """Return the paths that examples ask, with x where a variable stands that is told nowhere."""
    told, found = {}, set()
    for line in "".join(LINES).splitlines():
        if assigned := re.match(r'^([A-Z]\w*)="?((?:\$|http)[^"(]*)"?$', line):
            told[assigned[1]] = assigned[2]
        for address in re.findall(r'"(\$[^"]*)"|\s(\$[A-Z]\w*/\S*)', line):
            path = "".join(address)
            for _ in range(3):
                path = re.sub(r"\$([A-Z]\w*)", lambda name: told.get(name[1], "x"), path)
            path = re.sub(r"\$\(.*", "x", path).removeprefix("http://localhost:8000")
            found.add(path.partition("?")[0])
    return found


@pytest.mark.parametrize(
    "route",
    [str(one.pattern) for one in urlpatterns if isinstance(one, URLPattern) and one.name],
)
def test_a_route_has_a_line_to_ask_it_by(route):
    pattern = re.sub(r"<path:\w+>", ".+", f"/api/{route}")
    pattern = re.sub(r"<\w+:\w+>", "[^/]+", pattern)
    assert any(re.fullmatch(pattern, path) for path in _asked()), (
        "write a curl line for it into docs/api.md: in a `sh` block it is run, in a `console` "
        "block it is only shown"
    )
