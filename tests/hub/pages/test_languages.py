"""
Every sentence that pages show is there in every language.

To add one: `manage.py makemessages -l zh_Hans --no-obsolete --no-location`, translate, and
`manage.py compilemessages`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from hub.pages.claims import CLAIMS
from registry.checks.table import EFFECT_CHECKS, FILE_CHECKS, TRIAL_CHECKS

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "hub" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
MARKED = re.compile(r"""\b(?:_|n?gettext)\((u?"(?:\\.|[^"\\])*"|u?'(?:\\.|[^'\\])*')""")
HOLES = re.compile(r"%\(\w+\)s|\{\w+\}")


def in_code():
    for path in [*ROOT.glob("hub/**/*.py"), *ROOT.glob("registry/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if getattr(called, "id", None) in MARKS and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def in_templates():
    for path in ROOT.glob("templates/**/*.html"):
        for text in MARKED.findall(templatize(path.read_text(encoding="utf-8"))):
            yield ast.literal_eval(text)


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


def test_every_sentence_is_in_the_catalogue(catalogue):
    missing = {*in_code(), *in_templates()} - {entry.msgid for entry in catalogue}

    assert missing == set()


def test_no_sentence_is_untranslated(catalogue):
    left = [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy]

    assert left == []


def test_translations_leave_the_same_holes(catalogue):
    for entry in catalogue:
        for said in [entry.msgstr, *entry.msgstr_plural.values()]:
            if said:
                assert set(HOLES.findall(said)) == set(HOLES.findall(entry.msgid)), entry.msgid


def test_what_is_compiled_is_what_is_written(catalogue):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    written = {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in catalogue}
    assert {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in compiled} == written


def test_every_claim_of_a_check_can_be_translated():
    assert set(CLAIMS) >= {check.claim for check in (*FILE_CHECKS, *TRIAL_CHECKS, *EFFECT_CHECKS)}


@pytest.mark.django_db
class TestChoice:
    def test_follows_the_browser(self, client, zebra):
        page = client.get("/ink/zebra", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text

        assert '<html lang="zh-hans"' in page
        assert "建议权重" in page
        assert "每一层都存在于底模中" in page  # a check's claim

    def test_is_changed_by_a_button_and_goes_back(self, client, zebra):
        answer = client.post("/language/setlang/", {"language": "zh-hans", "next": "/ink/zebra"})

        assert answer["Location"] == "/ink/zebra"
        assert "加载验证" in client.get("/ink/zebra").text
