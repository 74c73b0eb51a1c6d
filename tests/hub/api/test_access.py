"""
Who may do what to a version that is ready but not published: every role at every door.

What a person may not see answers 404, as if it were not there; what they may see but not do, 403.
"""

from __future__ import annotations

import hashlib

import pytest
from django.utils import timezone

from registry.models import AdapterVersion
from registry.services import previews, uploads
from tests import files
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    RunFactory,
    TeamFactory,
    UserFactory,
    VersionFactory,
    member,
    sweep,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

ROLES = ("stranger", "outsider", "viewer", "contributor", "reviewer", "admin")
VERSION = "/api/adapters/ink/ink-wash/versions/1"
SEES = (404, 404, 200, 200, 200, 200)

#          door, method, what each of ROLES is answered
DOORS = {
    "adapter": ("get", "/api/adapters/ink/ink-wash", SEES),
    "version": ("get", VERSION, SEES),
    "report": ("get", f"{VERSION}/report", SEES),
    "previews": ("get", f"{VERSION}/previews", SEES),
    "curve": ("get", f"{VERSION}/curve", SEES),
    "contact sheet": ("get", f"{VERSION}/previews/sheet", SEES),
    "download": ("get", f"{VERSION}/download", SEES),
    "picture": ("get", "/api/previews/{picture}.webp", SEES),
    "by hash": ("get", "/api/by-hash/{sha256}", SEES),
    "publish": ("post", f"{VERSION}/publish", (401, 404, 403, 403, 200, 200)),
    "withdraw": ("post", f"{VERSION}/withdraw", (401, 404, 403, 403, 409, 409)),
    "validate": ("post", f"{VERSION}/validate", (401, 404, 403, 409, 409, 409)),
    "add a version": (
        "post",
        "/api/adapters/ink/ink-wash/versions",
        (401, 403, 403, 400, 400, 400),
    ),
    "open an upload": ("post", "/api/uploads", (401, 403, 403, 201, 201, 201)),
    # An upload is its sender's alone, whatever one's role.
    "see an upload": ("get", "/api/uploads/{upload}", (401, 404, 404, 404, 404, 404)),
    "send a part": ("put", "/api/uploads/{upload}/parts/1", (401, 404, 404, 404, 404, 404)),
    "ask for a part's address": (
        "get",
        "/api/uploads/{upload}/parts/1/url",
        (401, 404, 404, 404, 404, 404),
    ),
    "complete an upload": (
        "post",
        "/api/uploads/{upload}/complete",
        (401, 404, 404, 404, 404, 404),
    ),
    "drop an upload": ("delete", "/api/uploads/{upload}", (401, 404, 404, 404, 404, 404)),
}

CASES = [
    pytest.param(door, role, status, id=f"{role}: {door}")
    for door, (_, _, statuses) in DOORS.items()
    for role, status in zip(ROLES, statuses, strict=True)
]

BODY = {
    "withdraw": {"reason": "It was a mistake."},
    "open an upload": {"team": "ink", "name": "a.safetensors", "size": 9, "sha256": "0" * 64},
}


@pytest.fixture
def world():
    """Make a version that is ready, by somebody else, and an upload of theirs."""
    team = TeamFactory(slug="ink")
    author = member(team, "contributor")
    BaseFactory(slug="sdxl-1-0", family="sdxl")
    version = VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team), ready=True)
    AdapterVersion.objects.update(uploaded_by=author)
    RunFactory(version=version, state="passed", finished_at=timezone.now())
    content = files.kohya_lora("sdxl", rank=2).getvalue()
    upload = uploads.open_upload(
        team=team,
        name="other.safetensors",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=author,
        now=timezone.now(),
    )
    grid = sweep(version)
    previews.keep_sheet(grid, b"all of them", now=timezone.now())
    picture = grid.cells.first().blob_id
    return {"upload": upload.pk, "picture": picture, "sha256": version.sha256, "team": team}


def sign_in(api, role, team):
    if role == "outsider":
        api.force_authenticate(member(TeamFactory(slug="others"), "admin"))
    elif role != "stranger":
        api.force_authenticate(member(team, role))


@pytest.mark.parametrize(("door", "role", "status"), CASES)
def test_access(api, world, door, role, status):
    method, path, _ = DOORS[door]
    sign_in(api, role, world["team"])

    answer = getattr(api, method)(path.format(**world), BODY.get(door))

    assert answer.status_code == status, getattr(answer, "content", "")
    if status >= 400:
        assert answer.json()["code"]
        assert answer.json()["detail"].endswith((".", ")"))


def test_its_author_may_publish_it(api, world):
    author = AdapterVersion.objects.get().uploaded_by
    api.force_authenticate(author)
    assert api.post(f"{VERSION}/publish").status_code == 200


def test_one_who_left_the_team_may_no_longer(api, world):
    author = AdapterVersion.objects.get().uploaded_by
    author.memberships.all().delete()
    api.force_authenticate(author)
    assert api.post(f"{VERSION}/publish").status_code == 404


def test_a_withdrawn_version_is_still_there_for_whoever_pinned_it(api):
    version = VersionFactory(adapter__slug="ink-wash", adapter__team__slug="ink", withdrawn=True)
    api.force_authenticate(UserFactory())
    assert api.get(f"{VERSION}/download").status_code == 200
    assert api.get(f"/api/by-hash/{version.sha256}").status_code == 200
    assert api.get("/api/adapters").json()["items"] == []
