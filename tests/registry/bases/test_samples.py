"""The sounds and pictures that scenes give to bases."""

from __future__ import annotations

import pytest

from registry.bases import catalogue, samples


def test_there_are_sounds_and_pictures():
    assert len(samples.names(samples.SOUND)) >= 2
    assert len(samples.names(samples.PICTURE)) >= 2


def test_a_sample_is_found_by_its_kind():
    slug = samples.names(samples.PICTURE)[0]

    assert samples.path_of(slug, samples.PICTURE).is_file()
    with pytest.raises(LookupError, match=f"no sample sound called '{slug}'"):
        samples.path_of(slug, samples.SOUND)


def test_every_scene_names_a_sample_that_is_there():
    named = {
        scene["sample"]
        for entry in catalogue.entries()
        for scene in entry.scenes
        if scene.get("sample")
    }

    assert named <= samples.samples().keys()


def test_the_page_of_samples_names_each():
    page = (samples.FOLDER / "README.md").read_text(encoding="utf-8")

    for slug in samples.samples():
        assert f"| `{slug}` |" in page
