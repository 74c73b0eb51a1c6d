from __future__ import annotations

import json
import re
import tomllib

import pytest

from registry.bases import catalogue, page, repo_ids
from registry.formats.families import Family

ENTRIES = catalogue.entries()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
class TestEntry:
    def test_is_of_a_family_that_detection_knows(self, entry):
        assert entry.family in set(Family)

    def test_has_layers_of_its_own_or_of_its_parent(self, entry):
        assert catalogue.manifest(entry.slug)

    def test_has_a_parent_that_is_there_and_has_none_itself(self, entry):
        parent = catalogue.entry(entry.parent) if entry.parent else None
        assert bool(parent) == bool(entry.parent)
        assert not (parent and parent.parent)

    def test_has_aliases_in_lower_case_that_are_its_alone(self, entry):
        for alias in entry.aliases:
            assert alias == catalogue.normal(alias)
            assert catalogue.named(alias) is entry

    def test_is_called_by_the_repositories_that_it_names(self, entry):
        for repo in entry.repos:
            assert repo_ids.is_id(repo)
            assert repo.lower() in entry.aliases
            assert repo_ids.spelled(repo.lower()) == repo
        assert len(entry.aliases) == len(set(entry.aliases))

    def test_knows_checkpoints_by_their_whole_hash(self, entry):
        for sha256 in entry.checkpoints:
            assert re.fullmatch("[0-9a-f]{64}", sha256)
            assert catalogue.named(sha256) is catalogue.named(sha256[:10]) is entry

    def test_says_what_it_is(self, entry):
        assert entry.title
        assert entry.licence
        assert entry.pipeline
        assert entry.modality in {"image", "video", "text", "audio", "multimodal"}

    def test_has_scenes_with_a_place_for_trigger_words(self, entry):
        for scene in entry.scenes:
            # What hears or sees is given a sample, and some of it no prompt at all.
            assert "{trigger}" in scene["prompt"] or scene.get("sample")
            assert scene.get("width", 0) % 8 == scene.get("height", 0) % 8 == 0


class TestNamed:
    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("sdxl", "sdxl-1-0"),
            ("SDXL 1.0", "sdxl-1-0"),
            ("sdxl_base_v1-0", "sdxl-1-0"),
            ("stable-diffusion-xl-v1-base/lora", "sdxl-1-0"),
            ("stabilityai/stable-diffusion-xl-base-1.0", "sdxl-1-0"),
            ("Pony", "pony-v6"),
            ("Illustrious", "illustrious-xl"),
            ("sd_v1", "sd-1-5"),
            ("SD 1.5", "sd-1-5"),
            ("stable-diffusion-v1/lora", "sd-1-5"),
            ("runwayml/stable-diffusion-v1-5", "sd-1-5"),
            ("sd_v2_v", "sd-2-1"),
            ("Flux.1 D", "flux-1-dev"),
            ("flux-1-dev/lora", "flux-1-dev"),
            ("bigscience/bloom-560m", "bloom-560m"),
            ("GPT2", "gpt-2"),
            ("meta-llama/Llama-3.1-8B", "llama-3-1-8b"),
            ("shapes", "shapes"),
        ],
    )
    def test_finds_a_base_by_any_of_its_names(self, name, slug):
        assert catalogue.named(name).slug == slug

    @pytest.mark.parametrize("name", ["", "sd", "./models/paligemma-3b", "sdxl-refiner"])
    def test_does_not_guess(self, name):
        assert catalogue.named(name) is None


def test_children_have_their_parents_layers():
    assert catalogue.manifest("pony-v6") is catalogue.manifest("sdxl-1-0")


def test_no_base_is_no_base():
    assert catalogue.entry("nope") is None
    assert catalogue.manifest("nope") is None


@pytest.mark.parametrize("path", sorted(catalogue.FOLDER.glob("*/config/**/*.json")), ids=str)
def test_a_configuration_is_json_without_a_path_of_someone_s_machine(path):
    assert "_name_or_path" not in json.loads(path.read_text())


class TestReading:
    def test_refuses_a_field_that_no_base_has(self, tmp_path, monkeypatch):
        (tmp_path / "odd").mkdir()
        (tmp_path / "odd/base.toml").write_text('title = "Odd"\ncolour = "blue"\n')
        monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
        with pytest.raises(ValueError, match="colour"):
            catalogue.entries.__wrapped__()

    def test_refuses_a_proof_that_is_none(self, tmp_path, monkeypatch):
        text = 'title = "Odd"\nfamily = "sd1"\nmodality = "image"\nproof = "looks"\n'
        assert tomllib.loads(text)
        (tmp_path / "odd").mkdir()
        (tmp_path / "odd/base.toml").write_text(text)
        monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
        with pytest.raises(ValueError, match="looks"):
            catalogue.entries.__wrapped__()


def test_the_page_of_bases_is_what_the_catalogue_says():
    assert page.PAGE.read_text(encoding="utf-8") == page.write_page(), (
        "run python -m registry.bases.page"
    )
