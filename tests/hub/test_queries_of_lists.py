"""
What a page or an answer asks of the database does not grow with what is on it.

All lists of the API and all pages are asked for twice: with three of everything there may be many
of, and with nine.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.api import urls
from registry.models import GalleryPicture, Scene
from tests.browser import places
from tests.hub import grown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]

HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
VALUE = re.compile(r"'[^']*'|\b\d+\b|\bIN \([^)]*\)")
FEW, MANY = 3, 9
ADMINS = ("operations", "teams/<slug:team>/")  # beginnings of routes that contributors may not ask
NO_LISTS = {"/api/schema", "/sign-in", "/no/such-page"}


@pytest.fixture
def hub(team, settings):
    settings.IMPORT_HOSTS = ["*.example.org"]
    made = grown.begun(team)
    grown.grow(made, range(FEW))
    return made


def words(hub):
    """Return what stands for the holes in addresses: the API's, and those of the table of pages."""
    version = hub.version
    asked = version.requests.filter(state="done").first()
    return {
        "team": "ink", "name": "zebra", "number": 1, "slug": "shapes", "pk": hub.collection.pk,
        "import_id": hub.brought.pk, "request_id": asked.pk, "position": 1, "channel": "way0",
        "comment_id": version.adapter.comments.earliest("written_at").pk, "username": "mika",
        "good": "ink/zebra", "trained": "ink/zebra", "rejected": "ink/cat", "failed": "ink/lost0",
        "going_on": "ink/new0", "ready": "ink/ready0", "base": "shapes", "asked": asked.pk,
        "scene": Scene.objects.filter(team=hub.team).earliest("pk").pk,
        "picture": GalleryPicture.objects.earliest("added_at").pk,
        "import": hub.brought.pk, "collection": hub.collection.pk,
    }  # fmt: skip


def questions(hub):
    """Yield who asks, and what: each place as the table says, each route as a contributor."""
    known = words(hub)
    for one in urls.urlpatterns:
        route = str(one.pattern)
        if hasattr(one.callback.view_class, "get") and set(HOLE.findall(route)) <= set(known):
            who = "operator" if route.startswith(ADMINS) else "member"
            yield who, "/api/" + HOLE.sub(lambda hole: str(known[hole[1]]), route)
    yield from ((place.who, address) for place, address in places.known(known))


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
        b"".join(answer) if answer.streaming else answer.content
    return Counter(VALUE.sub("…", one["sql"]) for one in found.captured_queries)


def test_many_are_asked_for_as_often_as_few(hub):
    clients = {"stranger": Client(), "member": Client(), "operator": Client()}
    clients["member"].force_login(hub.by)
    clients["operator"].force_login(hub.admin)
    asked = [(who, at) for who, at in {*questions(hub)} if at not in NO_LISTS]
    few = {one: queries(clients[one[0]], one[1]) for one in asked}
    grown.grow(hub, range(FEW, MANY))

    grew = {}
    for who, at in asked:
        now = queries(clients[who], at)
        if now.total() >= few[who, at].total() + MANY - FEW:
            grew[at] = [query for query, _ in (now - few[who, at]).most_common(3)]

    assert len(asked) > 100
    assert grew == {}
