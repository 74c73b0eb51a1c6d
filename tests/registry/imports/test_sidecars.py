"""Each sidecar as its program writes it, and as the hub writes it itself: read back the same."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import SourceRefused
from registry.exports import headers as written_headers
from registry.exports.sidecars import table as written
from registry.imports import headers
from registry.imports.saying import FIELDS, LISTS, WEIGHTS
from registry.imports.sidecars.table import SIDECARS
from tests.registry.exports.test_sidecars import CARD, TOLD

BY_KIND = {one.kind: one for one in SIDECARS}


def read(kind, told):
    content = told if isinstance(told, bytes) else json.dumps(told).encode()
    return BY_KIND[kind].statement(content, name=f"x{BY_KIND[kind].ending}").says


def round_trip(kind, told=TOLD):
    return read(kind, written.BY_KIND[kind].content(told))


class TestRoundTrip:
    def test_every_kind_that_is_written_is_read(self):
        assert set(BY_KIND) == set(written.BY_KIND)

    @pytest.mark.parametrize("kind", BY_KIND)
    def test_names_are_the_same(self, kind):
        ours, theirs = BY_KIND[kind], written.BY_KIND[kind]
        assert ours.name(CARD.file_name) == theirs.name(TOLD)

    @pytest.mark.parametrize("kind", BY_KIND)
    def test_keeps_the_words(self, kind):
        assert round_trip(kind)["trigger_words"] == ["inkwash", "brush strokes"]

    @pytest.mark.parametrize("kind", sorted(set(BY_KIND) - {"stability-matrix"}))
    def test_keeps_the_weight(self, kind):
        assert round_trip(kind)["weight_default"] == 0.8

    @pytest.mark.parametrize("kind", sorted(set(BY_KIND) - {"stability-matrix"}))
    def test_keeps_the_range(self, kind):
        found = round_trip(kind)
        assert (found["weight_low"], found["weight_high"]) == (0.6, 1.0)

    @pytest.mark.parametrize("kind", sorted(set(BY_KIND) - {"webui"}))
    def test_keeps_title_and_base(self, kind):
        found = round_trip(kind)
        assert found["title"] == "Ink wash 水墨"
        assert found["bases"]

    @pytest.mark.parametrize("kind", sorted(set(BY_KIND) - {"webui", "swarm"}))
    def test_keeps_the_digest(self, kind):
        assert round_trip(kind)["sha256"] == CARD.sha256

    @pytest.mark.parametrize("kind", sorted(set(BY_KIND) - {"webui"}))
    def test_keeps_the_tags(self, kind):
        assert round_trip(kind)["tags"] == ["ink", "水墨"]

    @pytest.mark.parametrize("kind", BY_KIND)
    def test_keeps_the_description(self, kind):
        assert round_trip(kind)["description"].startswith("Ink on *wet* paper.")

    @pytest.mark.parametrize("kind", sorted(set(BY_KIND) - {"webui", "swarm"}))
    def test_keeps_label_and_changes(self, kind):
        found = round_trip(kind)
        assert (found["label"], found["changes"]) == ("v3", "More ink.")

    def test_keeps_what_only_webui_has(self):
        found = round_trip("webui")
        assert found["optional_words"] == ["wet paper"]
        assert found["negative_words"] == ["photo", "blurry"]
        assert found["page_url"] == TOLD.page_url

    @pytest.mark.parametrize("level", ["general", "suggestive", "mature", "explicit"])
    def test_keeps_the_content_level(self, level):
        told = replace(TOLD, content_level=level)
        for kind in ("civitai", "lora-manager", "rgthree"):
            assert round_trip(kind, told)["content_level"] == level, kind

    def test_keeps_what_is_baked_into_a_header(self):
        found = headers.read(written_headers.baked(CARD, layout="kohya", said={}))
        assert found["name"] == "ink-wash"
        assert found["bases"] == ["sdxl-1-0"]
        assert found["trigger_words"] == ["inkwash", "brush strokes"]
        assert [found[f"weight_{end}"] for end in ("low", "default", "high")] == [0.6, 0.8, 1.0]


class TestAsProgramsWrite:
    def test_webui_writes_zero_for_no_weight(self):
        assert read("webui", {"preferred weight": 0, "activation text": "a, b,"}) == {
            "trigger_words": ["a", "b"]
        }

    def test_lora_manager_keeps_json_within_json(self):
        told = {"usage_tips": '{"strength":0.7,"strength_min":0.5,"strength_max":0.9}'}
        assert read("lora-manager", told) == {
            "weight_low": 0.5, "weight_default": 0.7, "weight_high": 0.9
        }  # fmt: skip

    def test_lora_manager_goes_before_what_civitai_says(self):
        told = {
            "model_name": "As I call it",
            "base_model": "Unknown",
            "civitai": {"model": {"name": "As it is there"}, "baseModel": "Pony", "nsfwLevel": 5},
        }
        found = read("lora-manager", told)
        assert (found["title"], found["bases"]) == ("As I call it", ["Pony"])
        assert found["content_level"] == "mature"

    def test_civitai_helper_keeps_the_version_as_it_came(self):
        told = {
            "id": 12,
            "modelId": 3,
            "trainedWords": ["one, two", "three"],
            "description": "<p>New <b>eyes</b>.</p><ul><li>one</li></ul>",
            "model": {
                "name": "Eyes",
                "tags": ["Character", "eyes"],
                "allowCommercialUse": "{Image,Rent}",
                "allowDerivatives": True,
            },
            "files": [{"type": "Model", "hashes": {"SHA256": "AB" * 32}}],
        }
        found = read("civitai", told)
        assert found["page_url"] == "https://civitai.com/models/3?modelVersionId=12"
        assert (found["kind"], found["tags"]) == ("character", ["character", "eyes"])
        assert found["changes"] == "New **eyes**.\n\n- one"
        assert found["trigger_words"] == ["one, two", "three"]
        assert found["sha256"] == "ab" * 32
        assert found["licence"] == (
            "Civitai, commercial use: Image, Rent; credit needed; derivatives allowed"
        )

    def test_stability_matrix_has_a_name_of_its_users(self):
        told = {"ModelName": "Ink", "UserTitle": "My ink", "ModelId": 1, "VersionId": 2}
        found = read("stability-matrix", told)
        assert found["title"] == "My ink"
        assert found["page_url"] == "https://civitai.com/models/1?modelVersionId=2"

    def test_rgthree_counts_words(self):
        told = {"trainedWords": [{"word": "ink", "count": 7}, {"word": "wash", "user": True}, 3]}
        assert read("rgthree", told) == {"trigger_words": ["ink", "wash"]}

    def test_swarm_writes_modelspec(self):
        told = {"modelspec.title": "Ink", "modelspec.trigger_phrase": "inkwash", "other": 1}
        assert read("swarm", told) == {"title": "Ink", "trigger_words": ["inkwash"]}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
KEYS = sorted(
    {key for one in written.SIDECARS for key in one.write(TOLD)}
    | {"model", "files", "images", "settings", "civitai", "raw", "usage_tips", "trainedWords"}
)


class TestHostile:
    @pytest.mark.parametrize("kind", BY_KIND)
    @pytest.mark.parametrize(
        "content",
        [b"", b"null", b"[]", b"{", b"[" * 100_000, b"\xff", b'{"a":1}' + b" " * (5 << 20)],
        ids=["nothing", "null", "list", "half", "deep", "bytes", "long"],
    )
    def test_refuses_what_is_no_record(self, kind, content):
        with pytest.raises(SourceRefused):
            BY_KIND[kind].statement(content, name="x")

    @pytest.mark.parametrize("kind", BY_KIND)
    @given(told=st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=6))
    def test_says_only_what_can_be_kept(self, kind, told):
        sound(BY_KIND[kind].read(told))

    @given(told=st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=6))
    def test_reads_any_version_of_civitai(self, told):
        sound(BY_KIND["lora-manager"].read({"civitai": told, "usage_tips": json.dumps(told)}))

    def test_leads_to_no_address_that_runs_something(self):
        told = {"ModelDescription": '<a href="javascript:alert(1)">x</a><script>y</script>'}
        assert read("stability-matrix", told)["description"] == "x"
        assert "page_url" not in read("rgthree", {"links": ["javascript:alert(1)"]})


def sound(says):
    assert set(says) <= set(FIELDS)
    for name, value in says.items():
        if name in LISTS:
            assert 0 < len(value) <= 30
            assert all(isinstance(one, str) and 0 < len(one) <= 200 for one in value)
        elif name in WEIGHTS:
            assert -10 <= value <= 10
        else:
            assert 0 < len(value) <= 20_000
            assert "\0" not in value
