"""What tests in every room may ask for."""

from __future__ import annotations

import importlib

import pytest
from celery import signature
from rest_framework.test import APIClient

from registry import jobs
from registry.queries.facets import kept
from tests import factories


class Client(APIClient):
    """Speaks JSON, and closes the files that a test was sent and did not read."""

    default_format = "json"

    def __init__(self):
        super().__init__()
        self.answers = []

    def request(self, **kwargs):
        answer = super().request(**kwargs)
        self.answers.append(answer)
        return answer


@pytest.fixture
def api():
    """Return a client of the API; `api.force_authenticate(user)` signs somebody in."""
    client = Client()
    yield client
    for answer in client.answers:
        answer.close()


@pytest.fixture(autouse=True)
def _fresh_shelf():
    """Forget what another test had published: rows of factories tell nobody that they came."""
    kept.forget()


@pytest.fixture
def blob_root(settings, tmp_path):
    """Return the folder of a store of this test's own, empty."""
    settings.BLOBS_AT = tmp_path / "blobs"
    return settings.BLOBS_AT


@pytest.fixture
def sent(monkeypatch):
    """
    Return the jobs sent, as (name, run id), in a list that grows. None leaves the process.

    Jobs go out on commit: ask for `django_db(transaction=True)`, or wrap the act in
    `django_capture_on_commit_callbacks(execute=True)`.
    """
    sent = []
    monkeypatch.setattr(jobs, "_send", lambda name, run_id: sent.append((name, run_id)))
    return sent


@pytest.fixture
def run_jobs_at_once(monkeypatch):
    """Run each job in this process as soon as it is sent, instead of sending it."""

    def run(name, run_id):
        importlib.import_module(name.rpartition(".")[0])
        signature(name, kwargs={"run_id": str(run_id)}).apply(throw=True)

    monkeypatch.setattr(jobs, "_send", run)


@pytest.fixture
def team(db):
    """Return the team `ink`."""
    return factories.TeamFactory(slug="ink")


@pytest.fixture
def contributor(team):
    """Return a person who may upload for the team `ink`."""
    return factories.member(team, username="contributor")
