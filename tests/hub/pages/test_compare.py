from __future__ import annotations

import re

import pytest

from registry.models import LayerNorms, PreviewRequest
from tests.factories import keep
from tests.hub.pages import asked_rows, rows

AT = "/compare?adapters=ink/zebra,ink/cat"


@pytest.fixture
def cat(team, person):
    return rows.shown(team, "cat", by=person, measured_best=1.0)


def layers(*norms):
    return {"main": {"norm": sum(norms), "layers": list(norms)}}


@pytest.mark.usefixtures("zebra", "cat")
class TestShow:
    def test_has_each_with_its_frames_and_curve(self, client):
        page = client.get(AT).text

        assert re.findall(r'data-name="([^"]+)"', page) == ["ink/zebra", "ink/cat"]
        assert page.count('class="frames') == 8  # two scenes each, with and without words
        assert page.count('<svg class="curve"') == 2

    def test_marks_the_facts_in_which_they_differ(self, client):
        page = client.get(AT).text

        differing = re.findall(r'<tr class="differs"><th scope="row">([^<]+?) <', page)
        assert "Best weight, as measured" in differing
        assert "Trigger words" in differing
        assert "Base model" not in differing

    def test_says_which_are_not_there_and_shows_the_others(self, client):
        page = client.get(f"{AT},ink/nothing").text

        assert "Nothing called ink/nothing is published here." in page
        assert re.findall(r'data-name="([^"]+)"', page) == ["ink/zebra", "ink/cat"]

    def test_shows_an_adapter_once(self, client):
        page = client.get("/compare?adapters=ink/zebra,ink/zebra@1").text

        assert re.findall(r'data-name="([^"]+)"', page) == ["ink/zebra"]

    def test_draws_the_norms_of_both(self, client, zebra, cat):
        for version, norms in ((zebra, (3.0, 1.0)), (cat, (6.0, 4.0, 2.0))):
            blob = keep(version.adapter.slug.encode())
            blob.change_signature = layers(*norms)
            blob.save()
            version.files.update(blob=blob)

        page = client.get(AT).text

        assert page.count('class="series') == 2
        assert "12.000" in page

    def test_draws_their_layers_by_name_and_block(self, client, zebra, cat):
        for version, place in ((zebra, 1), (cat, 2)):
            blob = keep(version.adapter.slug.encode())
            root = "down_blocks_1_attentions_0_transformer_blocks_0_attn1"
            own = {f"{root}_to_q": 3.0, f"{root}_to_k": 4.0, f"{root}_to_q_of_{place}": 1.0}
            LayerNorms.objects.create(blob=blob, parts={"unet": own, "text_encoder": {"odd": 0.5}})
            version.files.update(blob=blob)

        page = client.get(AT).text

        assert page.count('class="by-layer"') == 2
        assert "down_blocks.1" in page
        assert "5.0000" in page  # of the block: the root of 9 and 16
        table = client.get(AT.replace("/compare", "/compare/layers")).text
        assert "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q" in table
        assert table.index("attn1.to_q<") < table.index("attn1.to_k<")  # as the base has them
        assert f"{root}_to_q_of_2" in table  # no layer of the base, by its own name
        piece = client.get(
            AT.replace("/compare", "/compare/layers"), headers={"HX-Request": "true"}
        )
        assert "<html" not in piece.text

    def test_says_where_nobody_has_read_the_layers(self, client, zebra, cat):
        assert (
            "Nobody has read the layers"
            in client.get(AT.replace("/compare", "/compare/layers")).text
        )

    def test_leads_two_versions_of_one_adapter_to_what_workers_render(
        self, client, signed_in, zebra
    ):
        asked_rows.second(asked_rows.ground(zebra))
        both = "/compare?adapters=ink/zebra@1,ink/zebra@2"

        assert 'href="/ink/zebra?version=1#compare"' in signed_in.get(both).text
        assert "#compare" not in signed_in.get(AT).text
        client.logout()
        assert "#compare" not in client.get(both).text  # which strangers do not find there

    def test_offers_no_cells_to_strangers(self, client):
        assert "/compare/ask" not in client.get(AT).text


class TestPuttingAside:
    def test_goes_on_with_what_was_put_aside(self, client, zebra, cat):
        client.get("/compare?adapters=ink/zebra")

        answer = client.get("/compare?add=ink/cat@1")

        assert answer["Location"] == "/compare?adapters=ink/zebra,ink/cat@1"

    def test_keeps_six_at_most(self, client):
        client.cookies["compare"] = "|".join(f"ink:a{n}" for n in range(9))

        assert client.get("/compare")["Location"].count("ink/") == 6

    def test_forgets_what_is_taken_out(self, client, zebra, cat):
        client.get(AT)

        client.get("/compare?adapters=ink/zebra")

        assert client.cookies["compare"].value == "ink:zebra"

    def test_teaches_whoever_has_chosen_nothing(self, client):
        assert "Nothing is chosen yet" in client.get("/compare").text

    def test_is_offered_on_cards_and_on_pages(self, client, zebra):
        assert 'data-compare="ink/zebra"' in client.get("/").text
        assert 'data-compare="ink/zebra@1"' in client.get("/ink/zebra").text


ASK = "/compare/ask?adapters=ink/zebra,ink/cat"
PLAN = {"weight_from": "0.5", "weight_to": "1", "weights": "2", "prompt": "a {trigger} fish"}


class TestAsking:
    @pytest.fixture(autouse=True)
    def _grounds(self, zebra, cat, sent):
        asked_rows.ground(zebra)
        cat.base.refresh_from_db()

    def test_asks_each_for_the_same(self, signed_in):
        answer = signed_in.post(ASK, PLAN | {"with_trigger": "on", "seed": "7"})

        one, other = PreviewRequest.objects.order_by("version__adapter__slug")
        assert one.plan["across"] == other.plan["across"] == {"axis": "weight", "values": [0.5, 1]}
        assert one.plan["same"] == other.plan["same"]
        assert one.plan["same"]["seed"] == 7
        assert str(other.pk) in answer["Location"]

    def test_shows_them_aligned_while_they_wait(self, signed_in):
        page = signed_in.post(ASK, PLAN, follow=True).text

        assert 'hx-trigger="every 2s"' in page
        assert page.index("/ink/zebra/1/playground/") < page.index("/ink/cat/1/playground/")

    def test_asks_for_none_where_one_is_over_the_quota(self, signed_in, settings):
        settings.ASK_CELLS = 3

        answer = signed_in.post(ASK, PLAN)

        assert answer.status_code == 429
        assert "cells an hour" in answer.text
        assert not PreviewRequest.objects.exists()

    def test_names_the_adapter_that_cannot(self, signed_in, cat):
        cat.proof = "fits"
        cat.save()

        answer = signed_in.post(ASK, PLAN)

        assert answer.status_code == 422
        assert not PreviewRequest.objects.exists()

    def test_puts_a_refusal_beside_its_field(self, signed_in):
        answer = signed_in.post(ASK, PLAN | {"weights": "40"})

        assert answer.status_code == 422
        assert "errorlist" in answer.text

    def test_asks_strangers_to_sign_in(self, client):
        assert client.get(ASK)["Location"].startswith("/sign-in")


class TestAsked:
    def test_lays_the_cells_of_each_in_a_row(self, client, zebra, cat, person):
        one = asked_rows.asked(asked_rows.ground(zebra), person, in_gallery=True)
        other = asked_rows.asked(cat, person, in_gallery=True)

        page = client.get(f"/compare/asked?requests={one.pk},{other.pk}").text

        assert page.count("<img") == 2 * len(asked_rows.WEIGHTS)
        assert "aria-busy" not in page

    def test_hides_what_is_not_shown_to_strangers(self, client, zebra, person):
        one = asked_rows.asked(asked_rows.ground(zebra), person)

        assert client.get(f"/compare/asked?requests={one.pk},nonsense").status_code == 404


class TestDifferentBases:
    def test_are_each_shown_on_a_scene_of_their_own(self, client, zebra, cat):
        page = client.get(AT).text

        first = page.split('name="scene"')[1]
        assert "Each on its own first scene" in first

    def test_are_not_told_so_where_they_share_one(self, client, zebra, cat):
        shared = zebra.grids.get().cells.get(row=0, column=0).scene
        cat.grids.get().cells.filter(row__in=[0, 1]).update(scene=shared)

        assert "Each on its own" not in client.get(AT).text

    def test_that_write_have_their_texts_aligned(self, client, zebra, cat):
        cat.grids.get().cells.update(medium="text", blob=None, text="four pink stars")

        page = client.get(AT).text

        assert "data-said" in page
        assert page.count("four pink stars") == 4 * len(rows.WEIGHTS)
