from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from registry.models import Role
from registry.services import gallery as hanging
from tests.factories import AdapterFactory, UserFactory, VersionFactory, member
from tests.registry.services import painted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
AT = "/api/adapters/ink/wash/gallery"
NOW = timezone.now()
SAID = (
    "a heron <lora:wash:0.8> <lora:elsewhere:1>\nNegative prompt: text\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 5.5, Seed: 18446744073709551615, Size: 64x48"
)


@pytest.fixture
def version(team):
    return VersionFactory(adapter=AdapterFactory(team=team, slug="wash"), published=True)


@pytest.fixture
def mo(api, version):
    mo = UserFactory(username="mo")
    api.force_authenticate(mo)
    return mo


def post(api, content, **told):
    file = SimpleUploadedFile("heron.png", content)
    return api.post(AT, {"file": file} | told, format="multipart")


def test_a_picture_is_hung_and_says_how_it_was_made(api, mo):
    answer = post(api, painted.png(SAID), content_level="suggestive")

    assert answer.status_code == 201
    told = answer.json()
    assert answer["Location"] == told["url"]
    assert (told["by"], told["program"], told["content_level"]) == ("mo", "webui", "suggestive")
    assert told["generation"] == {
        "prompt": "a heron <lora:wash:0.8> <lora:elsewhere:1>",
        "negative": "text",
        "seed": "18446744073709551615",
        "steps": 20,
        "guidance": 5.5,
        "sampler": "Euler a",
        "width": 64,
        "height": 48,
        "base": "",
    }
    assert told["parameters"] == SAID
    assert [(one["adapter"], one["version"], one["weight"]) for one in told["made_with"]] == [
        ("ink/wash", 1, 0.8),
        (None, None, 1.0),
    ]
    assert api.get(AT).json() == {"items": [told], "next": None}
    assert api.get(told["url"]).json() == told


def test_its_bytes_are_ours_in_two_sizes(api, mo):
    told = post(api, painted.png(SAID)).json()
    for address in (told["picture_url"], told["small_url"]):
        answer = api.get(address)
        assert answer["Content-Type"] == "image/webp"
        assert answer.content[8:12] == b"WEBP"
        assert b"heron" not in answer.content
        assert answer["Cache-Control"].startswith("private")
        again = api.get(address, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
    assert api.get(told["small_url"].replace("small", "huge")).status_code == 404


def test_it_is_corrected_and_taken_down(api, mo, team):
    VersionFactory(adapter=AdapterFactory(team=team, slug="grain"), published=True)
    at = post(api, painted.png(SAID)).json()["url"]
    made_with = [{"adapter": "ink/grain", "version": 1, "weight": 0.3}]
    told = api.patch(at, {"content_level": "mature", "made_with": made_with}).json()

    assert told["content_level"] == "mature"
    assert [one["adapter"] for one in told["made_with"]] == ["ink/grain", None]
    assert api.get(AT).json()["items"] == []
    assert api.patch(at, {"made_with": []}).status_code == 400
    assert api.patch(at, {"made_with": [{"adapter": "x", "version": 1}]}).status_code == 404
    assert api.delete(at).status_code == 204
    assert api.get(at).status_code == 404


def test_what_is_not_published_is_named_to_nobody_by_the_hub(api, mo, team):
    told = post(api, painted.png(SAID)).json()
    secret = VersionFactory(adapter=AdapterFactory(team=team, slug="a-secret"), ready=True)
    api.force_authenticate(member(team, username="ink"))
    own = post(api, painted.png("a heron <lora:wash:0.8>")).json()
    made_with = [{"adapter": f"ink/{name}", "version": 1} for name in ("wash", secret.adapter.slug)]
    assert len(api.patch(own["url"], {"made_with": made_with}).json()["made_with"]) == 2

    api.force_authenticate(mo)
    assert [one["named"] for one in api.get(own["url"]).json()["made_with"]] == ["wash"]
    assert [one["named"] for one in told["made_with"]] == ["wash", "elsewhere"]


def test_reviewers_hide_it_with_a_reason(api, mo, team):
    told = post(api, painted.png(SAID)).json()
    at = f"{AT}/{told['id']}/hidden"
    assert api.put(at, {"reason": "Mine."}).status_code == 403
    api.force_authenticate(member(team, Role.REVIEWER))
    hidden = api.put(at, {"reason": "Off topic."}).json()
    assert hidden["made_with"][0]["hidden_reason"] == "Off topic."

    api.force_authenticate(UserFactory())
    assert api.get(AT).json()["items"] == []
    assert api.get(told["small_url"]).status_code == 404
    api.force_authenticate(mo)
    assert api.get(told["url"]).json()["made_with"][0]["hidden_reason"] == "Off topic."
    api.force_authenticate(member(team, Role.REVIEWER))
    assert api.delete(at).status_code == 200
    api.force_authenticate(None)
    assert len(api.get(AT).json()["items"]) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"GIF89a", 422, "picture.unknown"),
        (painted.png(SAID)[:-30], 422, "picture.damaged"),
    ],
    ids=["a gif", "cut short"],
)
def test_what_is_no_picture_is_refused(api, mo, content, status, code):
    answer = post(api, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "heron.png" in answer.json()["detail"]


def test_the_same_again_is_a_conflict(api, mo):
    post(api, painted.png(SAID))
    answer = post(api, painted.png(SAID))
    assert (answer.status_code, answer.json()["code"]) == (409, "picture.duplicate")


def test_strangers_hang_nothing(api, version):
    assert post(api, painted.png(SAID)).status_code == 401


def test_a_page_is_the_same_number_of_queries_however_long(
    api, version, django_assert_max_num_queries
):
    for turn in range(6):
        content = painted.png(SAID + " " * turn)
        hanging.hang(version, content, by=UserFactory(), now=NOW)
    with django_assert_max_num_queries(4):  # the adapter, whether it is seen, pictures, uses
        assert len(api.get(AT).json()["items"]) == 6
