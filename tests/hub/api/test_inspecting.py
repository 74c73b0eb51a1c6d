from __future__ import annotations

import base64
import io
import json
import time

import pytest
from django.utils.translation import override

from hub.api.shapes.inspection import Inspected
from registry.models import BaseModel
from registry.services import bases
from tests import files, gguf_files
from tests.factories import VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue(db):
    bases.load_catalogue()


def beginning(file, **more):
    content = file.getvalue()
    length = int.from_bytes(content[:8], "little")
    told = {
        "name": "ink.safetensors",
        "size": len(content),
        "header": content[8 : 8 + length].decode(),
    }
    return told | more


def encoded(content):
    return base64.b64encode(content).decode()


class TestInspect:
    def test_tells_what_the_file_is(self, signed_in):
        metadata = {"ss_network_dim": "4", "ss_output_name": "ink"}
        told = beginning(files.kohya_lora("sdxl", metadata=metadata))

        seen = signed_in.post("/api/inspect", told).json()

        assert seen["dialect"] == "kohya"
        assert seen["algorithms"] == ["lora"]
        assert seen["family"] == "sdxl"
        assert seen["decided_by"].startswith("lora_unet_")
        assert seen["ranks"] == [4, 4]
        assert seen["pairs"] > 0
        assert seen["training"]["name"] == "ink"
        assert (seen["verdict"], seen["declared"], seen["base"]) == ("accepted", False, "sdxl-1-0")
        assert seen.keys() == Inspected().fields.keys()

    def test_takes_the_first_bytes_as_well_as_the_text(self, signed_in):
        content = files.kohya_lora("sdxl").getvalue()
        length = int.from_bytes(content[:8], "little")
        first = beginning(files.kohya_lora("sdxl"), header=encoded(content[: 8 + length]))

        by_bytes = signed_in.post("/api/inspect", first).json()

        by_text = signed_in.post("/api/inspect", beginning(files.kohya_lora("sdxl"))).json()
        assert by_bytes == by_text

    def test_reads_gguf_from_its_first_bytes(self, signed_in):
        content = gguf_files.lora().getvalue()
        told = {"name": "a.gguf", "size": len(content), "base": "llama-3-1-8b"}
        first = {"header": encoded(content[:4096])}

        seen = signed_in.post("/api/inspect", told | first).json()

        assert (seen["dialect"], seen["pairs"]) == ("gguf", 3)
        assert {one["outcome"] for one in seen["results"]} == {"passed"}

    def test_asks_for_more_where_a_gguf_header_goes_on(self, signed_in):
        content = gguf_files.lora().getvalue()
        told = {"name": "a.gguf", "size": len(content), "header": encoded(content[:200])}

        answer = signed_in.post("/api/inspect", told)

        assert (answer.status_code, answer.json()["code"]) == (400, "header-incomplete")

    def test_holds_it_against_the_declared_base(self, signed_in):
        told = beginning(files.kohya_lora("sd1"), base="sdxl")

        seen = signed_in.post("/api/inspect", told).json()

        assert seen["base"] == BaseModel.objects.get(family="sdxl", parent=None).slug
        assert seen["family"] == "sd1"
        assert any(one["outcome"] == "rejected" for one in seen["results"])
        assert (seen["verdict"], seen["declared"]) == ("refused", True)
        assert seen["problems"][0]["sentence"].startswith("This file fits SD 1.5")

    def test_knows_bytes_that_need_not_be_sent(self, signed_in):
        version = VersionFactory(published=True)
        told = beginning(files.kohya_lora("sdxl"), sha256=version.sha256)
        told["size"] = version.files.get().size
        with_size = signed_in.post("/api/inspect", told)
        assert with_size.json()["known"]

    @pytest.mark.parametrize(
        ("file", "code"),
        [
            (files.pickle_stream(), "file.pickle"),
            (files.torch_zip(), "file.pickle"),
            (files.checkpoint(), "file.no-adapter"),
            (files.cut_short(files.kohya_lora("sdxl")), "file.truncated"),
        ],
        ids=["a pickle", "a pickle in a ZIP", "a whole model", "a file cut short"],
    )
    def test_refuses_at_once(self, signed_in, file, code):
        content = file.getvalue()
        told = {"name": "a.safetensors", "size": len(content), "header": encoded(content)}
        answer = signed_in.post("/api/inspect", told)
        assert answer.status_code == 422
        assert answer.json()["code"] == code
        assert "a.safetensors" in answer.json()["detail"]

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ({"header": "!!!"}, "invalid"),
            ({"header": encoded(files.kohya_lora("sdxl").getvalue()[:50])}, "header-incomplete"),
            ({"size": -1}, "invalid"),
        ],
        ids=["neither JSON nor base64", "too few bytes", "a size under nothing"],
    )
    def test_does_not_understand(self, signed_in, fault, code):
        answer = signed_in.post("/api/inspect", beginning(files.kohya_lora("sdxl"), **fault))
        assert answer.status_code == 400
        assert answer.json()["code"] == code

    def test_refuses_a_header_that_is_none(self, signed_in):
        told = beginning(files.kohya_lora("sdxl"), header=json.dumps({"a": 1}))
        answer = signed_in.post("/api/inspect", told)
        assert answer.status_code == 422
        assert answer.json()["code"] == "file.header"

    def test_is_for_people_who_are_known(self, api):
        assert api.post("/api/inspect", beginning(files.kohya_lora("sdxl"))).status_code == 401

    def test_takes_little_time(self, signed_in):
        told = beginning(files.kohya_lora("sdxl", text_encoder=True), base="sdxl")
        signed_in.post("/api/inspect", told)  # manifests are read once a process
        took = []
        for _ in range(5):
            began = time.thread_time()
            signed_in.post("/api/inspect", told)
            took.append(time.thread_time() - began)
        assert min(took) < 0.1


class TestTitles:
    def test_says_what_people_call_a_family_a_base_and_a_naming(self, signed_in):
        seen = signed_in.post("/api/inspect", beginning(files.kohya_lora("sd1"))).json()

        assert (seen["family"], seen["family_title"]) == ("sd1", "Stable Diffusion 1")
        assert seen["families"][0]["family_title"] == "Stable Diffusion 1"
        assert (seen["base"], seen["base_title"]) == ("sd-1-5", "SD 1.5")
        assert (seen["dialect"], seen["dialect_title"]) == ("kohya", "kohya")

    def test_says_nothing_of_a_base_where_none_is_likely(self, signed_in):
        halves = {"lora_down.weight": (4, 8), "lora_up.weight": (8, 4)}
        content = files.safetensors(
            {f"lora_unet_nowhere.{half}": files.tensor(shape) for half, shape in halves.items()}
        )

        seen = signed_in.post("/api/inspect", beginning(io.BytesIO(content))).json()

        assert (seen["base"], seen["base_title"]) == (None, None)
        assert seen["family_title"] == "unknown"

    def test_speaks_the_language_that_is_asked_for_and_keeps_words(self, signed_in):
        told = beginning(files.kohya_lora("sdxl"), base="sd-1-5")
        english = signed_in.post("/api/inspect", told).json()

        with override(None):  # what a request speaks stays on until the next
            asked = {"Accept-Language": "zh-CN"}
            chinese = signed_in.post("/api/inspect", told, headers=asked).json()

        for one, other in zip(english["problems"], chinese["problems"], strict=True):
            assert one["code"] == other["code"]
            assert one["sentence"] != other["sentence"]
        assert english["reason"] != chinese["reason"]
        assert english["results"][0]["claim"] != chinese["results"][0]["claim"]
        words = ("verdict", "family", "dialect", "base", "decided_by", "fit")
        assert [english[word] for word in words] == [chinese[word] for word in words]
