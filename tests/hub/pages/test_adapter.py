from __future__ import annotations

import re

import pytest
from django.utils.timezone import now

from registry.models import AdapterVersion, Curve, Event
from registry.queries import recipes
from registry.services import previews
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    FileFactory,
    RunFactory,
    VersionFactory,
    member,
)
from tests.hub.pages import rows

pytestmark = pytest.mark.django_db


class TestPage:
    def test_leads_with_the_sweep(self, client, zebra):
        page = client.get("/ink/zebra").text

        assert 'id="sweep"' in page
        assert page.count('class="strip"') == 4
        assert 'min="0" max="1.2" step="0.01" value="0.8"' in page
        assert 'data-start="4"' in page  # the suggested weight is the fifth of seven

    def test_offers_the_contact_sheet_once_it_is_drawn(self, client, zebra):
        assert "previews/sheet" not in client.get("/ink/zebra").text
        grid = zebra.grids.get()
        previews.keep_sheet(grid, b"all of them", now=now())
        grid.refresh_from_db()

        page = client.get("/ink/zebra").text

        at = f"/api/adapters/ink/zebra/versions/1/previews/sheet?sha256={grid.sheet_id}"
        assert f'href="{at}"' in page
        assert "Contact sheet" in page
        shown = client.get("/ink/zebra", headers={"Accept-Language": "zh-hans"}).text
        assert "预览总图" in shown

    def test_draws_the_curve_and_tells_it_in_a_table(self, client, zebra):
        page = client.get("/ink/zebra").text

        assert '<svg class="curve"' in page
        assert 'class="band"' in page
        assert "Moved from weight 0" in page
        assert "It breaks up from 1.2 on." in page

    def test_tells_where_it_breaks_in_part(self, client, zebra):
        Curve.objects.update(first_bad=None, first_bad_in_part=1.2)

        page = client.get("/ink/zebra").text

        assert "It breaks up" not in page
        assert "From 1.2 on some scenes break up, and the others hold." in page

    def test_tells_by_which_weight_the_recipes_go_where_it_is_not_the_best(self, client, zebra):
        says = "Its uploader uses 1, and so do the recipes."
        assert says not in client.get("/ink/zebra").text
        AdapterVersion.objects.update(weight_default=0.8)
        assert "Its uploader uses" not in client.get("/ink/zebra").text
        AdapterVersion.objects.update(weight_default=1.0)

        assert says in client.get("/ink/zebra").text

    def test_shows_what_does_the_work(self, client, zebra):
        assert "What does the work" not in client.get("/ink/zebra").text
        zebra.effect = {
            "weight": 0.9, "whole": 0.5, "most": 0.7, "highest": 2.0, "visible": 0.02,
            "without_words": 0.1,
            "parts": [{"component": "unet", "effect": 0.4},
                      {"component": "text_encoder", "effect": 0.1}],
            "words": [{"word": "zebrastyle", "effect": 0.5, "declared": True},
                      {"word": "paper", "effect": 0.2, "declared": False}],
        }  # fmt: skip
        zebra.save()

        page = client.get("/ink/zebra").text

        assert "What does the work" in page
        assert "at weight 0.9 from" in page
        assert "<dt>text encoder</dt>" in page
        assert 'value="80"' in page  # the U-Net's part beside the whole
        assert "read in its file" in page
        assert "none of them" in page

    def test_has_a_recipe_for_each_runtime_that_can_and_a_reason_for_the_others(self, client):
        text = VersionFactory(
            adapter=AdapterFactory(slug="tales", team__slug="ink"),
            base=BaseFactory(slug="qwen-2-5-0-5b", family="qwen2", pipeline="Qwen2ForCausalLM"),
            published=True,
        )
        text.files.update(dialect="peft")
        FileFactory(
            version=text, role="config", name="adapter_config.json", metadata={"use_dora": True}
        )
        page = client.get("/ink/tales").text

        uses = recipes.of_version(text, "http://testserver/x")
        assert set(uses.recipes) == {"peft", "transformers", "llama-cpp", "ollama", "nexa"}
        for slug, recipe in uses.recipes.items():
            assert f'id="recipe-{slug}"' in page
            assert f'id="recipe-{slug}-{len(recipe.more)}"' in page
        assert "What cannot use it, and why" in page
        assert "vLLM does not take the file: it is DoRA." in page
        assert "It takes the file in another layout" in page  # llama.cpp does
        named = re.findall(r'id="(recipe-[^"]+)"', page)
        assert len(named) == len(set(named)) == page.count('data-copy-from="#recipe-')

    def test_names_the_level_of_load_proof(self, client, zebra):
        page = client.get("/ink/zebra").text

        assert "64 of 64 layers found in Shapes" in page
        assert "Loaded on the real weights" in page

    def test_says_why_the_proof_stopped(self, client, team, person):
        version = rows.shown(team, "loads", by=person, proof="loads")
        version.grids.all().delete()

        page = client.get("/ink/loads").text

        assert "No worker here has the weights of Shapes" in page
        assert "No pictures of this one" in page

    def test_unfolds_every_check(self, client, zebra):
        page = client.get("/ink/zebra").text

        assert page.count('<details class="check') == zebra.runs.get().results.count()

    def test_offers_words_to_copy_and_the_file(self, client, zebra):
        page = client.get("/ink/zebra").text

        assert 'data-copy="zebrastyle"' in page
        assert 'href="/api/adapters/ink/zebra/versions/1/download"' in page
        assert zebra.sha256 in page

    def test_cleans_what_people_wrote(self, client, team, person):
        adapter = AdapterFactory(
            team=team,
            slug="loud",
            created_by=person,
            title="<b>Loud</b>",
            description="<script>x()</script> [a](javascript:x()) ![p](http://e.org/p) **bold**",
        )
        VersionFactory(adapter=adapter, published=True, trigger_words=['"><script>'])

        page = client.get("/ink/loud").text

        prose = page.split('class="sheet prose"')[1].split("</section>")[0]
        assert "<strong>bold</strong>" in prose
        assert not any(word in prose for word in ("<script", "<img", 'href="javascript'))
        assert '"><script>' not in page
        assert "<b>Loud</b>" not in page

    def test_shows_an_older_version_when_asked(self, client, zebra):
        VersionFactory(adapter=zebra.adapter, base=zebra.base, published=True, label="second")

        assert "second" in client.get("/ink/zebra").text
        assert 'id="sweep"' in client.get("/ink/zebra?version=1").text

    @pytest.mark.parametrize("address", ["/ink/nothing", "/nobody/zebra", "/ink/zebra?version=9"])
    def test_knows_nothing_of_what_is_not_there(self, client, zebra, address):
        page = client.get(address)

        assert page.status_code == 404
        assert "Not found" in page.text

    def test_costs_few_queries(self, client, zebra, django_assert_max_num_queries):
        with django_assert_max_num_queries(27):
            client.get("/ink/zebra")


class TestStates:
    def test_tells_a_rejected_one_why_and_what_to_do(self, signed_in, team, person):
        rows.rejected(team, "cat", by=person)

        page = signed_in.get("/ink/cat").text

        assert page.count("The file is for SD 1.5, not for Shapes") == 2  # banner and check
        assert "Declare the base it was trained on" in page
        assert page.count("Declare another base") == 1
        assert page.index("Declare another base") < page.index("Upload a better one")
        assert "It names sd_v1." in page

    def test_hides_a_rejected_one_from_strangers(self, client, team, person):
        rows.rejected(team, "cat", by=person)

        assert client.get("/ink/cat").status_code == 404

    def test_follows_a_run_that_goes_on(self, signed_in, team, person):
        rows.going_on(team, "new", by=person)

        page = signed_in.get("/ink/new").text

        assert 'hx-trigger="every 2s"' in page
        assert "3 / 14" in page

    def test_lets_a_failed_run_be_tried_again(self, signed_in, team, person, sent):
        version = rows.going_on(
            team, "lost", by=person, state="failed", reason="Its worker died.", finished_at=now()
        )

        page = signed_in.get("/ink/lost")
        assert "Its worker died." in page.text
        assert "Validate it again" in page.text
        versions = page.text.partition('id="versions"')[2].partition("</section>")[0]
        assert "Validation failed" in versions
        assert "Waiting for validation" not in versions

        signed_in.post("/ink/lost/1/again")
        assert version.runs.living().count() == 1


LIVE = "/ink/new/1/live"
HTMX = {"HX-Request": "true"}


class TestLive:
    def test_answers_with_the_piece_alone(self, signed_in, team, person):
        rows.going_on(team, "new", by=person)

        page = signed_in.get(LIVE, headers=HTMX)

        assert page.text.lstrip().startswith("<section")
        assert "no-store" in page["Cache-Control"]

    def test_shows_the_rows_that_are_rendered_already(self, signed_in, team, person):
        version = rows.going_on(team, "new", by=person)
        rows.paint(version, rows=1, rendered_at=None)

        page = signed_in.get(LIVE, headers=HTMX).text

        assert page.count("<img") == len(rows.WEIGHTS)
        assert "Rendered so far" in signed_in.get("/ink/new").text

    def test_asks_for_the_whole_page_once_the_run_has_ended(self, signed_in, team, person):
        version = rows.going_on(team, "new", by=person)
        version.runs.update(state="passed", finished_at=now())

        assert signed_in.get(LIVE, headers=HTMX)["HX-Refresh"] == "true"

    def test_hides_it_from_strangers(self, client, team, person):
        rows.going_on(team, "new", by=person)

        assert client.get(LIVE, headers=HTMX).status_code == 404


class TestPublishing:
    @pytest.fixture
    def ready(self, team, person):
        adapter = AdapterFactory(team=team, slug="ready", created_by=person)
        return VersionFactory(adapter=adapter, ready=True, uploaded_by=person)

    def test_is_offered_to_who_may(self, signed_in, client, ready, team):
        assert "Publish</button>" in signed_in.get("/ink/ready").text

        client.force_login(member(team))
        assert "Publish</button>" not in client.get("/ink/ready").text

    def test_publishes(self, signed_in, ready, person):
        signed_in.post("/ink/ready/1/publish")

        assert AdapterVersion.objects.get(pk=ready.pk).state == "published"
        assert Event.objects.get(verb="version.published").by == person

    def test_refuses_who_may_not(self, client, ready, team):
        client.force_login(member(team))

        answer = client.post("/ink/ready/1/publish")

        assert answer.status_code == 403
        assert "Reviewer" in answer.text

    def test_asks_strangers_to_sign_in(self, client, ready):
        assert client.post("/ink/ready/1/publish").status_code == 401

    def test_says_what_is_too_early(self, signed_in, team, person):
        rows.going_on(team, "new", by=person)

        page = signed_in.post("/ink/new/1/publish", follow=True)

        assert "still being validated" in page.text

    def test_withdraws_with_a_reason(self, signed_in, zebra):
        signed_in.post("/ink/zebra/1/withdraw", {"reason": "A better one is coming."})

        page = signed_in.get("/ink/zebra?version=1").text
        assert "This version was withdrawn." in page
        assert "A better one is coming." in page


def test_a_run_that_waits_says_so(signed_in, team, person):
    adapter = AdapterFactory(team=team, slug="queued", created_by=person)
    RunFactory(version=VersionFactory(adapter=adapter, uploaded_by=person))

    assert "Waiting for a worker to take it." in signed_in.get("/ink/queued").text


class TestAnswers:
    @pytest.fixture
    def said(self, zebra):
        """Return the page's version as one that says something, without a prompt."""
        cells = zebra.grids.get().cells
        cells.update(medium="text", blob=None, text="four pink stars", parameters={"prompt": ""})
        return zebra

    @pytest.mark.parametrize(
        ("sample", "tag"), [("four-pink-stars", "<audio"), ("moon", "<img")], ids=["heard", "seen"]
    )
    def test_has_what_the_base_was_given(self, client, said, sample, tag):
        said.base.scenes.update(sample=sample)

        page = client.get("/ink/zebra").text

        assert f"{tag}" in page.split('class="given"')[1].split("</p>")[0]
        assert f"/samples/{sample}" in page

    def test_may_be_downloaded_as_a_table(self, client, said):
        page = client.get("/ink/zebra").text

        assert 'href="/api/adapters/ink/zebra/versions/1/previews/sheet"' in page
        assert "All answers as a table (CSV)" in page

    def test_has_no_empty_prompt(self, client, said):
        assert "<q></q>" not in client.get("/ink/zebra").text


class TestWithoutAVersion:
    def test_is_shown_to_its_team_with_what_to_do(self, client, team, contributor):
        adapter = AdapterFactory(team=team, slug="wash", title="Ink wash")
        client.force_login(contributor)

        page = client.get("/ink/wash")

        assert page.status_code == 200
        assert "It has no version yet" in page.content.decode()
        assert f"/upload?adapter=ink/{adapter.slug}" in page.content.decode()

    def test_does_not_keep_the_form_of_its_first_upload_from_opening(
        self, client, team, contributor
    ):
        AdapterFactory(team=team, slug="wash", title="Ink wash")
        client.force_login(contributor)

        assert "Ink wash" in client.get("/upload?adapter=ink/wash").content.decode()

    def test_is_not_there_for_others(self, client, team):
        AdapterFactory(team=team, slug="wash")

        assert client.get("/ink/wash").status_code == 404
