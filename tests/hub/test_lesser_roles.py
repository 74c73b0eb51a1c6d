"""
What each role does at all doors of its own team: a viewer has a say, and changes nothing.

All addresses are asked by all methods that change anything, with whatever forms and bodies want.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from registry.models import AdapterVersion, Event, Role
from tests.factories import BaseFactory, member
from tests.hub import hidden
from tests.hub.hidden import ROUTES
from tests.hub.test_as_if_it_were_not import ask, is_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root", "_unhurried")]

SAYS = {  # anyone who sees a version
    *("comment.written", "weight.voted", "weight.unvoted", "version.rated", "version.unrated"),
    *("complaint.made", "cells.asked", "picture.hung", "person.levels", "team.left"),
}
UPLOADS = SAYS | {  # and changes what is said
    *("adapter.created", "adapter.described", "adapter.changed", "version.changed"),
    *("version.redeclared", "version.labelled", "version.ancestors", "version.mend-asked"),
    *("run.started", "base.added", "checkpoint.promoted", "checkpoint.voted", "adapter.renamed"),
    *("adapter.deleted", "version.asked-again", "version.received", "checkpoint.vote_taken_back"),
    *("import.started", "import.cancelled"),  # its team's, whoever asked for it
}
REVIEWS = UPLOADS | {
    *("version.approved", "version.sent-back", "version.published", "version.withdrawn"),
    *("version.deprecated", "version.reinstated", "channel.moved", "channel.removed"),
    *("comment.hidden", "comment.shown", "picture.hidden", "picture.shown", "scene.added"),
    *("scene.changed", "complaint.settled", "base.changed", "base.removed", "base.tried-again"),
    *("version.needs-no-words", "cells.cancelled"),
}


@pytest.fixture
def _unhurried(settings):
    rates = dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    rates["sign-in"] = "10/min"
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.VIEWER, SAYS), (Role.CONTRIBUTOR, UPLOADS), (Role.REVIEWER, REVIEWS)],
)
def test_a_role_does_what_it_may_and_nothing_else(role, may, team):
    BaseFactory()
    words = hidden.things(team)
    AdapterVersion.objects.update(proof="renders")
    person = member(team, role, username="lesser")
    client = Client(raise_request_exception=False)
    client.force_login(person)

    done = set()
    for route in ROUTES:
        for method in ("post", "put", "patch", "delete"):
            if is_page(route, method):
                continue
            with transaction.atomic():
                ask(client, method, route, words)
                verbs = Event.objects.filter(by=person).values_list("verb", flat=True)
                done |= {(verb, route) for verb in verbs}
                transaction.set_rollback(True)

    assert {(verb, route) for verb, route in done if verb not in may} == set()
    assert len({verb for verb, _ in done}) >= 4  # it was asked in a way that does something
