from __future__ import annotations

import pytest

from registry.models import ImportToken
from tests.factories import member

pytestmark = pytest.mark.django_db
SECRET = "hf_verySecret"
AT = "/api/teams/ink/import-tokens"


@pytest.fixture(autouse=True)
def _allowed(settings):
    settings.IMPORT_HOSTS = ["civitai.com"]


@pytest.fixture
def admin(team):
    return member(team, "admin", username="boss")


@pytest.fixture
def of_admin(client, admin):
    client.force_login(admin)
    return client


class TestPage:
    def test_keeps_and_forgets_and_never_shows(self, of_admin):
        answer = of_admin.post(
            "/teams/ink/tokens/imports", {"host": "civitai.com", "secret": SECRET}
        )

        assert answer["Location"] == "/teams/ink/tokens#import-tokens"
        page = of_admin.get("/teams/ink/tokens").content.decode()
        assert "<b>civitai.com</b>" in page
        assert SECRET not in page
        of_admin.post("/teams/ink/tokens/imports/drop", {"host": "civitai.com"})
        assert not ImportToken.objects.exists()

    def test_says_why_not_and_forgets_what_was_typed(self, of_admin):
        answer = of_admin.post("/teams/ink/tokens/imports", {"host": "a.org", "secret": SECRET})

        assert answer.status_code == 422
        page = answer.content.decode()
        assert "may not import from a.org" in page
        assert 'value="a.org"' in page
        assert SECRET not in page

    def test_is_for_admins(self, signed_in):
        said = {"host": "civitai.com", "secret": SECRET}
        assert signed_in.post("/teams/ink/tokens/imports", said).status_code == 403
        assert signed_in.post("/teams/ink/tokens/imports/drop", said).status_code == 403

    def test_is_not_there_where_nothing_may_be_imported(self, of_admin, settings):
        settings.IMPORT_HOSTS = []
        assert "import-tokens" not in of_admin.get("/teams/ink/tokens").content.decode()


class TestApi:
    def test_keeps_lists_and_forgets_and_never_tells(self, api, admin):
        api.force_authenticate(admin)
        kept = api.put(f"{AT}/civitai.com", {"secret": SECRET}, format="json")
        listed = api.get(AT)

        assert kept.status_code == 200
        assert [one["host"] for one in listed.json()["items"]] == ["civitai.com"]
        assert SECRET not in (kept.content + listed.content).decode()
        assert api.delete(f"{AT}/civitai.com").status_code == 204
        assert api.delete(f"{AT}/civitai.com").status_code == 404

    def test_is_for_admins(self, api, person):
        api.force_authenticate(person)
        assert api.get(AT).status_code == 403
        assert api.put(f"{AT}/civitai.com", {"secret": SECRET}, format="json").status_code == 403

    def test_is_not_shown_by_the_administration(self, client, admin, of_admin):
        admin.is_staff = admin.is_superuser = True
        admin.save()
        of_admin.post("/teams/ink/tokens/imports", {"host": "civitai.com", "secret": SECRET})
        row = ImportToken.objects.get()

        page = client.get(f"/admin/registry/importtoken/{row.pk}/change/").content.decode()
        assert "civitai.com" in page
        assert row.sealed not in page
