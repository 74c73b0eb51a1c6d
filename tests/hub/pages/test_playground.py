from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from registry.models import PreviewRequest
from tests.factories import BaseFactory, RequestFactory, UserFactory, member
from tests.hub.pages import asked_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

AT = "/ink/zebra/1/playground"
GALLERY = "/ink/zebra/1/community"
FORM = {"scene": "zebra-circle", "weight_from": "0", "weight_to": "1", "weights": "3",
        "with_trigger": "on"}  # fmt: skip


@pytest.fixture
def version(zebra):
    zebra.fit = {"components": [{"component": "unet", "in_file": 4}]}
    zebra.save()
    return asked_rows.ground(zebra)


def running(version, by, **told):
    lease = timezone.now() + settings.LEASE
    return RequestFactory(
        version=version, by=by, state="running", lease_until=lease, cells=12,
        started_at=timezone.now() - timedelta(seconds=60),
        progress={"done": 3, "of": 12, "saying": "rendering", "left": 175.0}, **told,
    )  # fmt: skip


def said(answer):
    return " ".join(answer.content.decode().split())


class TestForm:
    def test_makes_a_plan_of_what_was_typed(self, signed_in, version):
        answer = signed_in.post(AT, FORM | {
            "down": "prompt", "values": "red\nblue", "prompt": "a red cat", "seed": "7",
            "steps": "5", "guidance": "2.5", "sampler": "ddim", "size": "96x96",
            "part:unet.mid": "0.5", "part:unet.up": "1", "in_gallery": "on",
        })  # fmt: skip

        request = PreviewRequest.objects.get()
        assert answer["Location"] == f"{AT}/{request.pk}"
        assert request.in_gallery
        assert request.plan == {
            "across": {"axis": "weight", "values": [0, 0.5, 1]},
            "down": {"axis": "prompt", "values": ["red", "blue"]},
            "same": {
                "scene": "zebra-circle", "prompt": "a red cat", "seed": 7, "steps": 5,
                "guidance": 2.5, "sampler": "ddim", "size": [96, 96], "with_trigger": True,
                "parts": {"unet.mid": 0.5},
            },
            "against": None,
        }  # fmt: skip

    def test_needs_nothing_but_the_button(self, signed_in, version):
        page = signed_in.get(AT)
        form = page.context["form"]
        typed = {name: form[name].value() for name in form.fields}
        typed = {name: str(value) for name, value in typed.items() if value not in (None, "")}
        signed_in.post(AT, typed | {"scene": "zebra-circle"})
        assert PreviewRequest.objects.get().plan["across"]["values"] == [0, 0.4, 0.8, 1.2]

    @pytest.mark.parametrize(
        ("axis", "values", "kept"),
        [
            ("seed", "1, 2\n3", [1, 2, 3]),
            ("scene", "circle，square", ["circle", "square"]),
            ("size", "64x96; 96×96", [[64, 96], [96, 96]]),
            ("parts", "unet.down 0.5, unet.up=2\nunet.mid: 0",
             [{"unet.down": 0.5, "unet.up": 2.0}, {"unet.mid": 0.0}]),
            ("guidance", "1,2.5", [1.0, 2.5]),
        ],
    )  # fmt: skip
    def test_reads_the_values_of_rows(self, signed_in, version, axis, values, kept):
        signed_in.post(AT, FORM | {"down": axis, "values": values})
        assert PreviewRequest.objects.get().plan["down"] == {"axis": axis, "values": kept}

    @pytest.mark.parametrize(
        ("typed", "field", "saying"),
        [
            ({"weight_to": "5"}, "weight_to", "less than or equal to 3"),
            ({"down": "seed", "values": "x"}, "values", "is no whole number"),
            ({"down": "seed", "values": ""}, "values", "has 0 values"),
            ({"size": "999x96"}, "size", "from 64 to 768"),
            ({"down": "steps", "values": "1,2,3,4,5,6,7,8,9,10", "weights": "9"}, "values",
             "90 cells"),
        ],
    )  # fmt: skip
    def test_says_beside_the_field_what_is_wrong(self, signed_in, version, typed, field, saying):
        answer = signed_in.post(AT, FORM | typed)
        assert answer.status_code == 422
        assert saying in str(answer.context["form"].errors[field])
        assert saying in said(answer)
        assert not PreviewRequest.objects.exists()

    def test_says_when_somebody_has_asked_for_enough(self, signed_in, version, settings):
        settings.ASK_LIVING = 0
        answer = signed_in.post(AT, FORM)
        assert answer.status_code == 429
        assert "You have 0 requests in the queue" in said(answer)

    def test_says_how_many_may_be_asked_for_at_once_and_in_an_hour(
        self, signed_in, version, settings
    ):
        settings.ASK_CELLS = 5
        assert "5 cells of 5 an hour are left." in said(signed_in.get(AT))
        signed_in.post(AT, FORM)
        assert "2 cells of 5 an hour are left." in said(signed_in.get(AT))

        refused = said(signed_in.post(AT, FORM))

        assert "this plan has 3: ask again in 60 minutes, or for 2 at most." in refused
        too_many = said(signed_in.post(AT, FORM | {"weights": "6"}))
        assert "this plan has 6: ask for fewer." in too_many

    def test_leads_to_what_is_wrong(self, signed_in, version):
        page = said(signed_in.post(AT, FORM | {"down": "seed", "values": "never"}))

        assert page.count("autofocus") == 1
        assert "autofocus" in page.partition('<textarea name="values"')[2].partition(">")[0]

    def test_shows_the_blocks_again_that_were_said(self, signed_in, version):
        wrong = {"down": "seed", "values": "never", "part:unet.up": "0.5", "part:unet.mid": "0"}
        page = said(signed_in.post(AT, FORM | wrong))

        assert "<details open> <summary>Weight by block" in page

    def test_begins_with_what_was_asked_for_before(self, signed_in, version):
        asked = FORM | {
            "down": "parts", "values": "unet.down 0.5, unet.up 1\nunet.mid 0",
            "prompt": "a red cat", "seed": "7", "size": "96x96", "sampler": "ddim",
            "weight_to": "0.9",
        }  # fmt: skip
        first = signed_in.post(AT, asked)["Location"]
        like = first.rpartition("/")[2]

        page = signed_in.get(f"{AT}?like={like}").context["form"]

        typed = {name: page[name].value() for name in page.fields}
        again = signed_in.post(AT, {name: v for name, v in typed.items() if v is not None})
        plans = PreviewRequest.objects.order_by("queued_at").values_list("plan", flat=True)
        assert again.status_code == 302
        assert plans[0] == plans[1]

    @pytest.mark.parametrize("like", ["nothing", "00000000-0000-0000-0000-000000000000"])
    def test_begins_anew_where_nothing_was(self, signed_in, version, like):
        assert signed_in.get(f"{AT}?like={like}").status_code == 200

    def test_offers_only_what_there_is(self, signed_in, version):
        axes = dict(signed_in.get(AT).context["form"].fields["down"].choices)
        assert "training_step" not in axes
        asked_rows.checkpoints(version)
        asked_rows.second(version)
        axes = dict(signed_in.get(AT).context["form"].fields["down"].choices)
        assert {"training_step", "version", "parts", "sampler"} <= set(axes)

    def test_asks_of_a_base_that_writes_only_what_it_has(self, signed_in, version):
        type(version.base).objects.filter(pk=version.base_id).update(
            modality="text", pipeline="LlamaForCausalLM"
        )
        form = signed_in.get(AT).context["form"]
        assert not {"steps", "guidance", "sampler", "size", "seed"} & set(form.fields)
        assert "seed" not in dict(form.fields["down"].choices)

        signed_in.post(AT, FORM | {"prompt": "Once upon a time"})
        same = PreviewRequest.objects.get().plan["same"]
        assert set(same) == {"scene", "prompt", "with_trigger"}

    def test_asks_a_stranger_to_sign_in(self, client, version):
        assert client.get(AT)["Location"].startswith("/sign-in")

    def test_is_closed_to_people_without_a_team(self, client, version):
        client.force_login(UserFactory())
        answer = client.get(AT)
        assert answer.status_code == 403
        assert "member of a team" in said(answer)

    def test_says_why_a_version_cannot_be_rendered(self, signed_in, version):
        type(version).objects.update(proof="fits")
        answer = signed_in.get(AT)
        assert answer.status_code == 409
        assert "was never rendered" in said(answer)

    def test_lets_guests_ask_but_not_hang(self, client, version):
        guest = member(RequestFactory().version.adapter.team)
        client.force_login(guest)
        assert "in_gallery" not in client.get(AT).context["form"].fields
        assert client.post(AT, FORM | {"in_gallery": "on"}).status_code == 302
        assert not PreviewRequest.objects.get(by=guest).in_gallery


class TestAsked:
    def test_waits_with_its_place_and_can_be_cancelled(self, signed_in, version, person):
        RequestFactory(version=version)
        request = RequestFactory(version=version, by=person)
        page = said(signed_in.get(f"{AT}/{request.pk}"))
        assert "1 thing goes first" in page

        signed_in.post(f"{AT}/{request.pk}/cancel")
        assert "cancelled before anything was rendered" in said(signed_in.get(f"{AT}/{request.pk}"))

    def test_says_that_no_worker_is_there_and_draws_no_bar(self, signed_in, version, person):
        RequestFactory(version=version, by=person, cells=3)
        page = said(signed_in.get(f"{AT}/{PreviewRequest.objects.get().pk}"))

        assert "No gpu worker is there to take it" in page
        assert "<progress" not in page

    def test_tells_how_far_it_is(self, signed_in, version, person):
        request = running(version, person)
        live = signed_in.get(f"{AT}/{request.pk}/live", headers={"HX-Request": "true"})
        assert "3 / 12" in said(live)
        assert "about 3 minutes left" in said(live)

    def test_shows_the_whole_page_once_it_has_ended(self, signed_in, version, person):
        request = asked_rows.asked(version, person)
        live = signed_in.get(f"{AT}/{request.pk}/live", headers={"HX-Request": "true"})
        assert live["HX-Refresh"] == "true"
        page = said(signed_in.get(f"{AT}/{request.pk}"))
        assert page.count("<img") >= 6
        assert "Show it in the gallery" in page

    def test_tells_what_all_its_cells_have_in_common(self, signed_in, version, person):
        same = {"seed": 7, "size": [96, 96], "parts": {"unet.up": 0.5}, "scene": "zebra-circle"}
        done = asked_rows.asked(version, person)
        done.plan = done.plan | {"same": same}
        done.save()

        page = said(signed_in.get(f"{AT}/{done.pk}"))

        for told in ("<dt>Seed</dt><dd>7</dd>", "<dd>96×96</dd>", "<dd>Up blocks × 0.5</dd>"):
            assert told in page
        assert f"{AT}?like={done.pk}" in page

    def test_says_why_it_failed(self, signed_in, version, person):
        request = RequestFactory(
            version=version, by=person, state="failed", finished_at=timezone.now(),
            reason="heun is no sampler for this base.",
        )  # fmt: skip
        page = said(signed_in.get(f"{AT}/{request.pk}"))
        assert "heun is no sampler for this base." in page

    def test_keeps_what_a_cancelled_one_rendered(self, signed_in, version, person):
        request = asked_rows.asked(version, person, state="cancelled")
        request.grid.cells.filter(row=1).delete()
        page = said(signed_in.get(f"{AT}/{request.pk}"))
        assert "What was rendered before stays here" in page
        assert page.count('class="hole"') == 3

    def test_hangs_in_the_gallery_at_a_click_and_is_taken_down(
        self, signed_in, client, version, person
    ):
        request = asked_rows.asked(version, person)
        page = said(signed_in.get(GALLERY))
        assert "Nothing hangs here yet" in page

        signed_in.post(f"{AT}/{request.pk}/gallery", {"in_gallery": "1"})
        assert str(request.pk) in said(signed_in.get(GALLERY))
        signed_in.post(f"{AT}/{request.pk}/gallery")
        assert str(request.pk) not in said(signed_in.get(GALLERY))

    def test_is_nobody_elses(self, client, version, person):
        request = asked_rows.asked(version, person)
        for path in ("", "/live"):
            assert client.get(f"{AT}/{request.pk}{path}").status_code == 404
        client.force_login(member(version.adapter.team))
        for path in ("cancel", "gallery"):
            assert client.post(f"{AT}/{request.pk}/{path}").status_code == 404


class TestAdapterPage:
    def test_shows_training_steps_or_asks_for_them(self, signed_in, version):
        asked_rows.checkpoints(version)
        assert "Render all training steps" in said(signed_in.get("/ink/zebra"))

        answer = signed_in.post("/ink/zebra/1/steps")
        request = PreviewRequest.objects.get()
        assert answer["Location"] == f"{AT}/{request.pk}"
        assert request.kind == "steps"
        assert "They are being rendered" in said(signed_in.get("/ink/zebra"))

        request.delete()
        asked_rows.steps(version)
        page = said(signed_in.get("/ink/zebra"))
        assert "Training step" in page
        assert ">the end<" in page

    def test_holds_two_versions_against_each_other(self, signed_in, version, person):
        other = asked_rows.second(version)
        page = said(signed_in.get("/ink/zebra?version=1"))
        assert "Two versions on the same scenes" in page

        signed_in.post("/ink/zebra/1/compare", {"against": str(other.number)})
        request = PreviewRequest.objects.get()
        assert (request.kind, request.plan["against"]) == ("versions", 2)

        asked_rows.compared(version, other, person, in_gallery=True)
        page = said(signed_in.get("/ink/zebra?version=1"))
        assert "data-wipe" in page
        assert page.count("small-curve") >= 2
        assert "A comparison is being rendered" in page

    def test_says_why_two_versions_cannot_be_compared(self, signed_in, version):
        flux = BaseFactory(slug="flux-1-dev", family="flux", title="FLUX.1")
        asked_rows.second(version, base=flux)
        page = said(signed_in.get("/ink/zebra?version=1"))
        assert "no base takes both" in page
        answer = signed_in.post("/ink/zebra/1/compare", {"against": "2"}, follow=True)
        assert "no base takes both" in said(answer)

    def test_shows_a_stranger_the_gallery_and_no_buttons(self, client, version, person):
        asked_rows.asked(version, person, in_gallery=True)
        asked_rows.checkpoints(version)
        page = said(client.get(GALLERY)) + said(client.get("/ink/zebra"))
        assert "Gallery" in page
        assert "playground/" in page
        assert "Render all training steps" not in page
        assert "Try it in the playground" not in page
