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


def fields_of(root, person):
    at = reverse("admin:registry_user_change", args=[person.pk])
    form = root.get(at).context["adminform"].form
    said = {name: form[name].value() for name in form.fields}
    return at, {name: one for name, one in said.items() if one not in (None, False, "", [])}


def verbs(team):
    return list(team.events.order_by("pk").values_list("verb", "by__username", "detail__user"))


def save(root, person, **changes):
    at, said = fields_of(root, person)
    for name in ("last_login", "date_joined"):
        moment = said.pop(name, None)
        if moment:
            said |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}
    answer = root.post(at, {name: one for name, one in (said | changes).items() if one})
    assert answer.status_code == 302, answer.context["adminform"].errors


def test_closing_an_account_and_opening_it_again_stand_in_the_teams_log(root, team):
    ada = member(team, username="ada")

    save(root, ada, is_active="")
    save(root, ada, is_active="on")
    save(root, ada, first_name="Ada")

    ada.refresh_from_db()
    assert (ada.is_active, ada.first_name) == (True, "Ada")
    assert verbs(team) == [
        ("team.account-closed", "root", "ada"),
        ("team.account-reopened", "root", "ada"),
    ]


def test_the_account_of_a_member_is_closed_and_never_deleted(root, team):
    ada = member(team, username="ada")

    at = reverse("admin:registry_user_delete", args=[ada.pk])
    assert root.post(at, {"post": "yes"}).status_code == 403

    picked = {"action": "delete_selected", "_selected_action": [ada.pk], "post": "yes"}
    assert root.post(reverse("admin:registry_user_changelist"), picked).status_code == 403
    assert team.memberships.filter(user=ada).exists()
