"""Days and times are written in one way on all pages of a language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

NOON = datetime(2026, 11, 29, 14, 5, tzinfo=UTC)
WRITTEN = re.compile(r"\|date:\"[^\"]*H:i\"")


@pytest.mark.parametrize(
    ("language", "form", "written"),
    [
        ("en", "DATETIME_FORMAT", "Nov. 29, 2026, 14:05"),
        ("en", "SHORT_DATETIME_FORMAT", "2026-11-29 14:05"),
        ("en", "SHORT_DATE_FORMAT", "2026-11-29"),
        ("zh-hans", "DATETIME_FORMAT", "2026年11月29日 14:05"),
        ("zh-hans", "SHORT_DATETIME_FORMAT", "2026-11-29 14:05"),
    ],
)
def test_a_time_has_one_form_in_each_language(language, form, written):
    with override(language):
        said = Template(f'{{{{ at|date:"{form}" }}}}').render(Context({"at": NOON}))
    assert said == written


def test_no_template_has_a_form_of_its_own():
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    assert [one.name for one in templates if WRITTEN.search(one.read_text())] == []
