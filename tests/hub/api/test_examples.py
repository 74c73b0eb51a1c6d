"""The examples beside the API's schemas: there is one everywhere, and each is what it says."""

from __future__ import annotations

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from hub.api.examples import example


@pytest.fixture(scope="module")
def described():
    return SchemaGenerator().get_schema(request=None, public=True)


def bodies(described):
    """Yield the name of each body or good answer in JSON, and what is said of it."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            told = {"asked": operation.get("requestBody", {})}
            told |= {s: a for s, a in operation["responses"].items() if s.startswith("2")}
            for name, one in told.items():
                content = one.get("content", {}).get("application/json")
                if content:
                    yield f"{method} {path} {name}", content


def strict(schema):
    """Return a schema of OpenAPI 3.0 in JSON Schema's words: null is a type there."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: strict(one) for name, one in schema.items() if name != "nullable"}
    return {"anyOf": [told, {"type": "null"}]} if schema.get("nullable") is True else told


def test_every_body_and_answer_has_one_that_its_schema_allows(described):
    components = strict(described["components"])
    found = dict(bodies(described))
    assert len(found) > 60
    for name, content in found.items():
        shown = [one["value"] for one in content.get("examples", {}).values()]
        for value in shown or [content["example"]]:
            schema = strict(content["schema"]) | {"components": components}
            faults = list(jsonschema.Draft202012Validator(schema).iter_errors(value))
            assert not faults, (name, faults[0].message)


def test_they_tell_of_one_adapter(described):
    page = described["paths"]["/api/adapters"]["get"]["responses"]["200"]["content"]
    [shown] = page["application/json"]["example"]["items"]
    assert (shown["team"], shown["name"], shown["trigger_words"]) == (
        "studio", "ink-wash", ["inkwash"],
    )  # fmt: skip


def test_a_schema_that_holds_itself_comes_to_an_end():
    schemas = {"Tree": {"type": "object", "properties": {"of": {"$ref": "#/x/Tree"}}}}
    assert example({"$ref": "#/x/Tree"}, schemas)["of"]["of"]
