"""
Text that was chosen to do harm stands on every page, in every file and header, and does none.

All that people and files write is filled with it past all checks, as rows of another day may be;
then every address is asked, and what comes is read as a browser, a spreadsheet or a mail would.
"""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser

import pytest
from django.db.models import CharField, JSONField, TextField
from django.test import Client

from registry.models import (
    Adapter,
    AdapterVersion,
    BaseModel,
    Collection,
    CollectionItem,
    Comment,
    Complaint,
    Event,
    GalleryPicture,
    Import,
    ImportItem,
    PictureUse,
    Preparation,
    PreviewCell,
    PreviewGrid,
    PreviewRequest,
    Result,
    SavedSearch,
    Scene,
    Source,
    Team,
    Token,
    Upload,
    UploadDraft,
    User,
    ValidationRun,
    VersionFile,
    WeightVote,
)
from tests.factories import UserFactory
from tests.hub import hidden
from tests.hub.hidden import ROUTES, address, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]

HARM = (
    "=cmd|'/c calc'!A1\"'><xss onload=pwn()>&lt;{{7*7}}{% now %}]]></script><!-- \r\n"
    "X-Pwned: yes\u202ejavascript:pwn() [l](javascript:pwn()) ![i](//evil.example/i) ${x}`"
)
# Fields that people and files write, model by model; others are the hub's own words.
WRITTEN = {
    Adapter: ("title", "description", "licence", "tags"),
    AdapterVersion: (
        "label", "changes", "reason", "trigger_words", "optional_words", "negative_words",
        "sample_prompts", "training",
    ),
    BaseModel: ("title", "licence", "licence_url", "reason"),
    Collection: ("title", "description"),
    CollectionItem: ("note",),
    Comment: ("text", "hidden_reason"),
    Complaint: ("reason", "note"),
    Event: ("detail",),
    GalleryPicture: ("generation", "program"),
    Import: ("source", "name", "reason"),
    ImportItem: ("key", "reason", "fields"),
    PictureUse: ("name", "hidden_reason"),
    Preparation: ("reason", "notes"),
    PreviewCell: ("text", "parameters"),
    PreviewGrid: ("engine", "device"),
    PreviewRequest: ("reason",),
    Result: ("problem", "claim"),
    SavedSearch: ("title",),
    Scene: ("title", "prompt", "negative"),
    Source: ("asked", "name", "key", "url", "record", "fields"),
    Team: ("title", "description", "licence"),
    Token: ("title",),
    Upload: ("name",),
    UploadDraft: ("about",),
    User: ("display_name", "first_name"),
    ValidationRun: ("reason",),
    VersionFile: ("name", "metadata"),
    WeightVote: ("note",),
}  # fmt: skip


def harmful(field, value):
    """Return a value of a field, as long as it may be and of its shape, full of harm."""
    if isinstance(field, JSONField):
        return in_words(value)
    if isinstance(field, CharField | TextField):
        return HARM[: field.max_length or 2000]
    longest = field.base_field.max_length or 2000
    return [HARM[:longest], HARM[3:longest]]


def in_words(value):
    """Return JSON of the same shape, with harm for each text in it."""
    if isinstance(value, dict):
        return {name: in_words(each) for name, each in value.items()} | more(value)
    if isinstance(value, list):
        return [in_words(each) for each in value]
    return HARM if isinstance(value, str) else value


def more(value):
    """Return a further entry for what has entries of any name."""
    return (
        {HARM: HARM} if not value or all(isinstance(each, str) for each in value.values()) else {}
    )


@pytest.fixture
def words(team):
    words = hidden.things(team)
    for model, names in WRITTEN.items():
        fields = {field.name: field for field in model._meta.fields}
        for row in model.objects.all():
            chosen = [name for name in names if name in fields]
            for name in chosen:
                setattr(row, name, harmful(fields[name], getattr(row, name)))
            model.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in chosen})
    AdapterVersion.objects.update(state="published", published_at=hidden.NOW)
    return words


class Page(HTMLParser):
    """What a browser would make of a page that it should not."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.wrong = []

    def handle_starttag(self, tag, attrs):
        if "xss" in tag:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            plain = (value or "").strip().lower()
            if name.startswith("on") or "{{" in name or "xss" in name:
                self.wrong.append(f"<{tag} {name}={plain[:60]}>")
            led = name in {"href", "src", "action", "formaction", "poster", "data", "hx-get"}
            if led and plain.startswith(("javascript:", "data:text", "//evil", "vbscript:")):
                self.wrong.append(f"<{tag} {name}={plain[:60]}>")
        if tag in {"script", "style"} and dict(attrs).get("src") is None and not allowed(attrs):
            self.wrong.append(f"<{tag}> inline")


def allowed(attrs):
    """Say whether a script of a page is data."""
    return dict(attrs).get("type") in {"application/json", "importmap", "speculationrules"}


def faults(answer):
    """Yield what is wrong with an answer."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    body = said(answer)
    if answer.status_code >= 500 and answer.status_code != 501:  # said on purpose
        yield f"{answer.status_code}"
    yield from faults_of_headers(answer, kind)
    for name, cookie in answer.cookies.items():
        if cookie["samesite"] not in {"Lax", "Strict"}:
            yield f"cookie {name} goes with what other sites ask"
    if kind == "text/html":
        page = Page()
        page.feed(body.decode())
        yield from page.wrong
    elif kind.endswith("json") and body:
        json.loads(body)
    elif kind == "text/csv":
        for row in csv.reader(io.StringIO(body.decode())):
            yield from (f"a cell is run: {cell[:30]}" for cell in row if cell.startswith("=cmd"))


def faults_of_headers(answer, kind):
    for name, value in answer.headers.items():
        if "\r" in value or "\n" in value or name.lower() == "x-pwned":
            yield f"header {name}"
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "may be sniffed"
    if answer.headers.get("X-Frame-Options") != "DENY":
        yield "may be framed"
    rules = answer.headers.get("Content-Security-Policy", "")
    if "unsafe" in rules or "default-src 'none'" not in rules:
        yield f"no strict policy: {rules[:60]}"
    held = answer.headers.get("Content-Disposition", "attachment")
    if kind not in KINDS and not held.startswith("attachment"):
        yield f"{kind} opens in the browser"


KINDS = {
    *("text/html", "application/json", "application/problem+json", "image/webp", "audio/wav", ""),
    *("text/plain", "application/yaml", "application/vnd.oai.openapi", "text/x-python"),
}


def test_no_text_does_harm_on_any_page(words):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="ada"))
    wrong, shown = [], 0
    for route in ROUTES:
        at = address(route, words)
        answer = client.get(at)
        wrong.extend((at, fault) for fault in faults(answer))
        shown += "xss onload" in said(answer).decode(errors="replace")

    assert wrong == []
    assert shown > 60  # it stands there, in letters


@pytest.mark.parametrize(
    ("method", "at", "status", "more"),
    [
        ("get", "/no/such/page/at/all", 404, {}),
        ("get", "/api/no-such", 404, {}),
        ("get", "/api/v1/no-such", 404, {}),
        ("get", "/static/no-such.js", 404, {}),
        ("get", "/health/live", 200, {}),
        ("get", "/admin/", 302, {}),
        ("get", "/sign-in?next=//evil.example", 200, {}),
        ("delete", "/teams", 403, {}),
        ("post", "/sign-in", 403, {}),  # without its token
        ("post", "/language/setlang/", 403, {}),
        ("get", "/", 400, {"HTTP_HOST": "evil.example"}),
        ("get", "/api/adapters", 400, {"HTTP_HOST": "evil.example"}),
        ("get", "/?q=<xss>&tags=%00", 400, {}),
        ("get", "/<xss onload=pwn()>/x", 404, {}),
        ("get", "/api/adapters?sort=<xss>", 400, {}),
    ],
)
def test_no_refusal_does_harm_either(db, method, at, status, more):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    answer = getattr(client, method)(at, **more)

    assert answer.status_code == status
    assert list(faults(answer)) == []


def test_no_other_site_can_frame_ask_or_lead_on(db, settings):
    client = Client(HTTP_ORIGIN="https://evil.example")
    for at in ("/", "/api/adapters", "/api/account", "/api/models"):
        assert "Access-Control-Allow-Origin" not in client.get(at).headers

    client.force_login(UserFactory())
    there = client.get("/api/v1/models")  # may be asked from any page …
    assert there["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in there  # … but not as somebody
    assert client.get("/api/v1/me").status_code == 401

    led = client.post("/language/setlang/", {"language": "en", "next": "//evil.example/"})
    assert led["Location"] == "/"
