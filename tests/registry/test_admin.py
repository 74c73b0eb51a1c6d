"""Every table can be looked at in the administration, and secrets cannot."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from registry.models import Token
from tests.factories import UserFactory, VersionFactory, member, token

TABLES = sorted(admin.site._registry, key=lambda model: model._meta.model_name)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


@pytest.fixture
def root(client):
    client.force_login(UserFactory(username="root", is_superuser=True, is_staff=True))
    return client


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.model_name)
def test_a_table_is_listed(root, model):
    VersionFactory(published=True)
    token(member(VersionFactory().adapter.team))
    label = model._meta

    page = root.get(reverse(f"admin:{label.app_label}_{label.model_name}_changelist"))
    assert page.status_code == 200

    row = model.objects.first()
    if row is not None:
        at = reverse(f"admin:{label.app_label}_{label.model_name}_change", args=[row.pk])
        assert root.get(at).status_code == 200


def test_a_secret_is_not_shown(root, team):
    token(member(team))
    row = Token.objects.get()

    page = root.get(reverse("admin:registry_token_change", args=[row.pk])).text

    assert row.title in page
    assert row.digest not in page


def test_members_are_not_let_in(client, team):
    client.force_login(member(team))

    assert client.get("/admin/").status_code == 302
