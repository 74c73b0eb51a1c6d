from __future__ import annotations

import pytest
from django.core.management import call_command
from django.urls import URLPattern

from hub.api.urls import urlpatterns


def test_the_description_is_valid_and_nothing_in_it_is_guessed(tmp_path):
    to = str(tmp_path / "schema.yml")
    call_command("spectacular", validate=True, fail_on_warn=True, file=to)


@pytest.mark.django_db
def test_the_description_is_served(api):
    answer = api.get("/api/schema", HTTP_ACCEPT="application/json")
    assert answer.status_code == 200
    paths = answer.json()["paths"]
    assert "/api/adapters" in paths
    assert "/api/adapters/{team}/{name}/versions/{number}/download" in paths


def test_every_door_is_described(tmp_path):
    to = tmp_path / "schema.yml"
    call_command("spectacular", file=str(to))
    described = to.read_text().count("operationId:")
    methods = ("get", "put", "post", "patch", "delete")
    doors = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)]
    offered = sum(
        hasattr(pattern.callback.view_class, method)
        for pattern in doors
        if pattern.name and pattern.name != "api-schema"
        for method in methods
    )
    assert described == offered
