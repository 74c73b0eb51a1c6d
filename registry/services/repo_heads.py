"""The state that a commit left behind, and the one that the next commit may build upon."""

from __future__ import annotations

from datetime import datetime

from registry.errors import NoSuchRevision, ParentMoved
from registry.models import Adapter, AdapterVersion, User
from registry.queries import drafts, revisions
from registry.queries.revisions import Revision
from registry.services import repos


def of(adapter: Adapter, version: AdapterVersion | None, *, now: datetime) -> str:
    """Return the id of the adapter's state that this version is, or of that without a version."""
    adapter.refresh_from_db()
    version = AdapterVersion.objects.get(pk=version.pk) if version else None
    return repos.commit_for(adapter, Revision(version), now=now).sha


def require(adapter: Adapter, parent: str, *, by: User, now: datetime) -> None:
    """
    Return if nobody has added anything since the state that a commit was made upon.

    :raises ParentMoved: otherwise; it says what there is now
    """
    heads = {of(adapter, drafts.head(adapter, by=by), now=now)}
    try:
        found = revisions.find(adapter, revisions.MAIN, by=by)
        heads.add(repos.commit_for(adapter, found, now=now).sha)
    except NoSuchRevision:
        pass
    if parent not in heads:
        raise ParentMoved(
            f"{adapter.team.slug}/{adapter.slug} has moved on from {parent[:40]} to "
            f"{', '.join(sorted(heads))}: look at what is new, and commit upon that."
        )
