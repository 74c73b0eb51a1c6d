"""Lists, as programs ask for them that think in tags."""

from __future__ import annotations

import pytest

from tests import files
from tests.factories import AdapterFactory, BaseFactory, TeamFactory, VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
MODELS = "/api/models"


@pytest.fixture
def _library(team, blob_root):
    """Adapters of three kinds: two of SDXL, one for a language model."""
    sdxl = BaseFactory(aliases=["sdxl", "stabilityai/stable-diffusion-xl-base-1.0"])
    tales = BaseFactory(
        slug="tales", family="llama", modality="text", pipeline="LlamaForCausalLM",
        aliases=["loradex/tales"],
    )  # fmt: skip
    wash = AdapterFactory(team=team, slug="wash", tags=["ink", "paper"], licence="Apache 2.0")
    VersionFactory(adapter=wash, base=sdxl, published=True, downloads=3)
    VersionFactory(adapter=wash, base=sdxl, published=True, downloads=1)
    fox = AdapterFactory(team=team, slug="fox", kind="character", title="Red fox 狐")
    VersionFactory(adapter=fox, base=sdxl, published=True, downloads=2)
    pirate = AdapterFactory(team=TeamFactory(slug="sea"), slug="pirate", kind="task")
    spoken = VersionFactory(
        adapter=pirate, base=tales, published=True, content=files.peft_lora().getvalue()
    )
    spoken.files.update(dialect="peft")
    VersionFactory(adapter__team=team, adapter__slug="hidden", base=sdxl, ready=True)


def names(answer):
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()]


@pytest.mark.usefixtures("_library")
class TestModels:
    def test_lists_what_is_published_once_each_the_newest_first(self, api):
        assert names(api.get(MODELS)) == ["sea/pirate", "ink/fox", "ink/wash"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("filter=lora", ["sea/pirate", "ink/fox", "ink/wash"]),
            ("filter=lora&filter=ink", ["ink/wash"]),
            ("filter=ink,paper", ["ink/wash"]),
            (
                "filter=base_model:adapter:stabilityai/stable-diffusion-xl-base-1.0",
                ["ink/fox", "ink/wash"],
            ),
            ("filter=base_model:loradex/tales", ["sea/pirate"]),
            ("filter=base_model:adapter:nobody/nothing", []),
            ("filter=base_model:finetune:loradex/tales", []),
            ("filter=license:apache-2.0", ["ink/wash"]),
            ("filter=template:sd-lora", ["ink/fox", "ink/wash"]),
            ("filter=template:diffusion-lora", []),
            ("filter=diffusers", ["ink/fox", "ink/wash"]),
            ("filter=peft", ["sea/pirate"]),
            ("filter=gguf", []),
            ("filter=dataset:squad", []),
            ("filter=character", ["ink/fox"]),
            ("filter=sdxl", ["ink/fox", "ink/wash"]),
            ("pipeline_tag=text-generation", ["sea/pirate"]),
            ("pipeline_tag=text-to-image", ["ink/fox", "ink/wash"]),
            ("author=sea", ["sea/pirate"]),
            ("author=nobody", []),
            ("search=狐", ["ink/fox"]),
            ("search=ink/fo", ["ink/fox"]),
            ("search=wash&author=sea", []),
            ("inference=warm", []),
            ("gated=true", []),
            ("gated=false", ["sea/pirate", "ink/fox", "ink/wash"]),
            ("sort=downloads", ["ink/wash", "ink/fox", "sea/pirate"]),
            ("sort=downloads&direction=1", ["sea/pirate", "ink/fox", "ink/wash"]),
            ("author=%00&search=%00", ["sea/pirate", "ink/fox", "ink/wash"]),
        ],
    )
    def test_narrows_and_sorts(self, api, query, found):
        assert names(api.get(f"{MODELS}?{query}")) == found

    @pytest.mark.parametrize("sort", ["", "createdAt", "lastModified", "downloads", "likes"])
    @pytest.mark.parametrize("direction", ["-1", "1"])
    def test_pages_follow_one_another(self, api, sort, direction):
        query = {"sort": sort, "direction": direction}
        whole = names(api.get(MODELS, query))

        answer, found = api.get(MODELS, query | {"limit": 1}), []
        while True:
            found += names(answer)
            if "Link" not in answer:
                break
            answer = api.get(answer["Link"].split(">")[0].lstrip("<"))

        assert found == whole
        assert len(found) == 3

    def test_a_downloads_count_is_of_all_versions(self, api):
        [wash] = api.get(MODELS, {"filter": "ink"}).json()

        assert wash["downloads"] == 4

    @pytest.mark.parametrize(
        "query",
        ["sort=x", "direction=2", "limit=0", "expand=x", "num_parameters=min:1B", "apps=vllm"],
    )
    def test_refuses_what_nobody_knows(self, api, query):
        answer = api.get(f"{MODELS}?{query}")

        assert answer.status_code == 400
        assert answer["X-Error-Message"] == answer.json()["error"]

    @pytest.mark.parametrize("sort", ["", "downloads"])
    @pytest.mark.parametrize("place", ["x", "[1, 2]", '["2026", "x"]', "[true, null]", "null"])
    def test_refuses_a_cursor_of_another_list(self, api, sort, place):
        import base64

        cursor = base64.urlsafe_b64encode(place.encode()).decode()

        assert api.get(MODELS, {"sort": sort, "cursor": cursor}).status_code == 400

    def test_a_page_costs_as_many_queries_however_long_it_is(
        self, api, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(5):
            api.get(MODELS)

    def test_fields_come_when_asked_for(self, api):
        [plain] = api.get(MODELS, {"author": "sea"}).json()
        [full] = api.get(MODELS, {"author": "sea", "full": "True"}).json()
        [chosen] = api.get(f"{MODELS}?author=sea&expand=sha&expand=cardData").json()

        assert "cardData" not in plain
        assert {"lora", "peft", "base_model:adapter:loradex/tales"} <= set(plain["tags"])
        assert full["siblings"][0] == {"rfilename": "README.md"}
        assert set(chosen) == {"_id", "id", "modelId", "sha", "cardData"}

    def test_tags_are_told_by_kind(self, api):
        told = api.get("/api/models-tags-by-type").json()

        assert [one["id"] for one in told["pipeline_tag"]] == ["text-generation", "text-to-image"]
        assert [one["id"] for one in told["license"]] == ["license:apache-2.0"]
