"""What stands beside a version: others, where it comes from, downloads, likes; its story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from hub.pages import fetched
from registry.models import DownloadCount
from tests.factories import VersionFactory
from tests.hub.pages import asked_rows, rows

TENSOR = "lora_unet_mid_block_attn2_to_k.lora_down.weight"


@pytest.fixture
def second(zebra):
    return asked_rows.second(
        zebra, parent=zebra, changes="Softer.", trigger_words=["zebrastyle", "soft"]
    )


@pytest.mark.usefixtures("second")
class TestVersions:
    def test_say_what_their_maker_and_what_the_hub_found_to_have_changed(self, client):
        page = client.get("/ink/zebra").text

        versions = page.split('id="versions"')[1].split("</section>")[0]
        assert "Softer." in versions
        assert "zebrastyle, soft" in versions
        assert "Base model" not in versions  # which did not change
        assert "/compare?adapters=ink/zebra@2,ink/zebra@1" in versions

    def test_are_a_tree_under_their_base(self, client):
        page = client.get("/ink/zebra?version=2").text

        tree = page.split('class="tree"')[1].split("</ol>")[0]
        assert tree.index("Shapes") < tree.index("Version 1") < tree.index("version 2")


class TestDownloads:
    def test_are_drawn_day_by_day_and_told_by_weeks(self, client, zebra):
        today = timezone.now().astimezone(UTC).date()
        for days, count in ((0, 3), (1, 6), (100, 50)):
            DownloadCount.objects.create(
                version=zebra, day=today - timedelta(days=days), client="hub", downloads=count
            )

        page = client.get("/ink/zebra").text

        part = page.split('id="downloads"')[1].split("</section>")[0]
        assert part.count("<rect") == 2
        assert 'height="60.0"' in part
        assert 'height="120.0"' in part
        assert "Hub client 9" in part
        assert part.count("<tr>") == 1 + 13  # weeks of ninety days

    def test_of_weeks_are_all_of_them(self, zebra):
        now = datetime(2026, 11, 29, 12, tzinfo=UTC)
        for days in range(90):
            DownloadCount.objects.create(
                version=zebra, day=now.date() - timedelta(days=days), client="hub", downloads=1
            )

        told = fetched.of_adapter(zebra.adapter, [zebra], now=now)

        assert sum(week.downloads for week in told.weeks) == told.lately == 90
        assert told.weeks[0].last == now.date()


class TestSimilar:
    def test_shows_those_that_share_something(self, client, zebra):
        other = VersionFactory(base=zebra.base, published=True, adapter__tags=["stripes"])

        page = client.get("/ink/zebra").text

        part = page.split('id="similar"')[1].split("</section>")[0]
        assert other.adapter.title in part
        assert "#stripes" in part

    def test_is_left_out_where_there_are_none(self, client, zebra):
        assert 'id="similar"' not in client.get("/ink/zebra").text


class TestStory:
    def test_says_first_how_it_fits_and_what_showed_it(self, client, zebra):
        zebra.detection = {"decided_by": TENSOR, "reason": "reads text of 128 numbers a token"}
        zebra.save()

        report = client.get("/ink/zebra").text.split('id="report"')[1]

        assert "Fits Shapes: 64 of 64 layers found there" in report
        assert f"because of <code>{TENSOR}</code>: reads text of 128" in report

    def test_names_the_first_layer_that_the_base_lacks(self, client, team, person):
        version = rows.rejected(team, "cat", by=person)
        part = {
            "component": "unet", "applied": 60, "in_file": 64, "in_base": 64,
            "unknown": ["mid.to_z"], "mismatched": [],
        }  # fmt: skip
        version.fit = {"base": "shapes", "applied": 60, "total": 64, "components": [part]}
        version.save()
        client.force_login(person)

        page = client.get("/ink/cat").text

        assert "Does not fit Shapes: only 60 of 64 layers" in page
        assert "The first that the base has no place for: mid.to_z." in page
