"""What cards say of bases: the repository that servers know, and what a pipeline loads."""

from __future__ import annotations

import pytest

from registry.models import BaseModel
from registry.queries import cards
from tests.factories import BaseFactory, VersionFactory

NAMED = "base_model_name_or_path"


def base(**fields):
    return BaseModel(**{"slug": "x", "aliases": [], "repo": ""} | fields)


class TestRepoOf:
    @pytest.mark.parametrize(
        ("fields", "named", "repo"),
        [
            ({"repo": "Acme/Llama"}, None, "Acme/Llama"),
            ({"repo": "Acme/Llama"}, "acme/llama", "Acme/Llama"),
            ({"repo": "Acme/Llama"}, "output/checkpoint-500", "Acme/Llama"),
            ({"repo": "Acme/Llama"}, "../Acme/Llama", "Acme/Llama"),
            (
                {"repo": "Acme/Llama", "aliases": ["qwen/qwen2.5-0.5b-instruct"]},
                "qwen/Qwen2.5-0.5b-instruct",
                "Qwen/Qwen2.5-0.5B-Instruct",
            ),
            ({"aliases": ["a name", "acme/llama"]}, None, "acme/llama"),
            ({}, "Acme/Llama", "Acme/Llama"),
            ({}, "/home/mei/llama", ""),
            ({}, 7, ""),
        ],
        ids=str,
    )
    def test_is_what_the_configuration_names_if_the_base_is_called_so(self, fields, named, repo):
        assert cards.repo_of(base(**fields), {NAMED: named}) == repo


@pytest.mark.django_db
class TestLoadedFrom:
    @pytest.mark.parametrize(
        ("fields", "place"),
        [
            ({"slug": "flux-1-schnell"}, "black-forest-labs/FLUX.1-schnell"),
            ({"slug": "pony-v6", "parent": "sdxl-1-0"}, "stabilityai/stable-diffusion-xl-base-1.0"),
            ({"slug": "shapes", "weights_at": "demo/base"}, "demo/base"),
            (
                {"slug": "sd-1-5", "weights_at": "/weights/sd"},
                "stable-diffusion-v1-5/stable-diffusion-v1-5",
            ),
            ({"slug": "unheard-of"}, ""),
        ],
        ids=str,
    )
    def test_is_its_own_repository_or_that_of_whom_it_descends_from(self, fields, place):
        parent = fields.get("parent")
        made = BaseFactory(**fields | ({"parent": BaseFactory(slug=parent)} if parent else {}))
        version = VersionFactory(published=True, base=made)
        assert cards.card(version, version.files.get(), "https://hub/x").base_at == place
