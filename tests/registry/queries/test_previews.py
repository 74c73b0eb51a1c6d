"""Pictures by their digests: found by whoever may see one of the versions that they are of."""

from __future__ import annotations

import pytest

from registry.errors import NotFound
from registry.queries import previews
from tests.factories import (
    CellFactory,
    GridFactory,
    RequestFactory,
    SceneFactory,
    TeamFactory,
    VersionFactory,
    keep,
    member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


@pytest.fixture
def shared():
    """Return a picture at weight 0, which is the same for all adapters of a base."""
    return keep(b"RIFF the same at weight 0")


def hidden_ones(shared, scene, many):
    """Let a team have as many grids with the picture, none of them published."""
    version = VersionFactory(ready=True, base=scene.base)
    for _ in range(many):
        CellFactory(grid=GridFactory(version=version), scene=scene, blob=shared)
    return version


def test_many_that_are_hidden_do_not_stand_before_one_that_is_published(shared):
    published = VersionFactory(published=True)
    scene = SceneFactory(base=published.base)
    mine = CellFactory(grid=GridFactory(version=published), scene=scene, blob=shared)
    hidden = hidden_ones(shared, scene, previews.LOOKED_AT + 1)

    assert previews.picture(shared.sha256, by=None) == mine
    assert previews.picture(shared.sha256, by=member(TeamFactory())) == mine
    assert previews.picture(shared.sha256, by=member(hidden.adapter.team)) == mine


def test_many_that_others_asked_for_do_not_stand_before_one_of_ones_own(shared):
    version = VersionFactory(published=True)
    scene = SceneFactory(base=version.base)
    for _ in range(previews.LOOKED_AT + 1):
        grid = GridFactory(version=version, kind="asked")
        RequestFactory(version=version, grid=grid)
        CellFactory(grid=grid, scene=scene, blob=shared)
    person = member(TeamFactory())
    own = GridFactory(version=version, kind="asked")
    RequestFactory(version=version, grid=own, by=person)
    mine = CellFactory(grid=own, scene=scene, blob=shared)

    assert previews.picture(shared.sha256, by=person) == mine
    with pytest.raises(NotFound):
        previews.picture(shared.sha256, by=member(TeamFactory()))


def test_what_is_only_hidden_is_no_picture_to_a_stranger(shared):
    scene = SceneFactory()
    hidden = hidden_ones(shared, scene, 1)

    assert previews.picture(shared.sha256, by=member(hidden.adapter.team))
    with pytest.raises(NotFound):
        previews.picture(shared.sha256, by=None)
