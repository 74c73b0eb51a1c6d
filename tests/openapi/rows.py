"""Something of everything, so that what is asked of the API by chance finds something there."""

from __future__ import annotations

from django.utils import timezone

from registry.models import PreviewRequest, Role
from registry.services import invitations, robots, searches, upload_drafts, uploads
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    ImportFactory,
    SceneFactory,
    SourceFactory,
    TeamFactory,
    UserFactory,
    VersionFactory,
    member,
    sweep,
    token,
)
from tests.openapi import said_and_shown


def make():
    """Return who asks, their token, and the names that find these rows in addresses."""
    team = TeamFactory(slug="ink")
    person = member(team, "admin", username="admin-of-ink")
    base = BaseFactory(slug="sdxl-1-0", aliases=["stabilityai/sdxl"])
    ink = AdapterFactory(slug="ink-wash", team=team, tags=["ink"], created_by=person)
    version = VersionFactory(adapter=ink, base=base, published=True)
    grid = sweep(version)
    VersionFactory(adapter=ink, base=base, ready=True)
    asked = PreviewRequest.objects.create(
        version=version,
        kind="asked",
        plan={"across": {"axis": "weight", "values": [0, 1]}, "same": {}},
        cells=2,
        by=person,
        queued_at=timezone.now(),
    )
    upload = uploads.open_upload(
        name="x.safetensors", size=100, sha256="0" * 64, team=team, by=person, now=timezone.now()
    )
    scene = SceneFactory(base=base, team=team)
    planned = ImportFactory(team=team, by=person)
    SourceFactory(version=version, by=person)
    draft = upload_drafts.begin({"title": "Ink"}, [], by=person, now=timezone.now())
    invitation, invited = invitations.invite(
        team=team, role=Role.VIEWER, by=person, now=timezone.now()
    )
    wanted = robots.Wanted(title="Farm", role=Role.VIEWER)
    robot, _ = robots.make(team, wanted, by=person, now=timezone.now())
    saved = searches.save(title="Ink", query="tags=ink", by=person, now=timezone.now())
    names = {
        "invitation_id": str(invitation.pk),
        "token_id": str(robot.pk),
        "secret": invited,
        "team": "ink",
        "name": "ink-wash",
        "number": 1,
        "slug": "sdxl-1-0",
        "scene_id": scene.pk,
        "request_id": str(asked.pk),
        "upload_id": str(upload.pk),
        "import_id": str(planned.pk),
        "position": 1,
        "draft_id": str(draft.pk),
        "search_id": saved.pk,
        "sha256": grid.cells.exclude(blob=None).first().blob_id,
        "value": version.sha256,
        "a": "ink/ink-wash@1",
        "b": "ink/ink-wash",
        "username": UserFactory(username="somebody").username,
    }
    names |= said_and_shown.make(version, by=person)
    return person, token(person), names
