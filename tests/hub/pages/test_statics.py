from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.test import override_settings


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "hub.pages.statics.StaticFiles"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_modules_name_each_other_by_their_digests(collected):
    modules = [*collected.glob("js/**/*.????????????.js")]
    named = [
        (module, name)
        for module in modules
        for name in re.findall(r'(?:from |new URL\()"(\./[^"]+)"', module.read_text())
    ]

    assert len(named) > 10
    for module, name in named:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name)
        assert (module.parent / name).is_file()
