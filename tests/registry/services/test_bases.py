"""Where the weights of a base lie, as an operator says it."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from registry.models import BaseModel
from registry.services import bases

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    return BaseModel.objects.create(
        slug="big",
        title="Big",
        family="sdxl",
        pipeline="StableDiffusionXLPipeline",
        proof_needed="loads",
        defaults={"steps": 28, "guidance": 6.0, "width": 1024, "height": 768},
    )


@pytest.fixture
def folder(tmp_path, settings):
    settings.BASES_AT = tmp_path
    (tmp_path / "big" / "unet").mkdir(parents=True)
    index = {"_class_name": "StableDiffusionXLPipeline"}
    (tmp_path / "big" / "model_index.json").write_text(json.dumps(index))
    (tmp_path / "big" / "unet" / "diffusion_pytorch_model.safetensors").touch()
    return tmp_path / "big"


@pytest.fixture
def of_text(base, folder):
    """Return a function that makes the base one of text, and its folder too."""

    def make(pipeline):
        base.modality, base.pipeline = "text", pipeline
        base.save()
        (folder / "model_index.json").unlink()
        (folder / "config.json").write_text(json.dumps({"architectures": [pipeline]}))
        (folder / "model.safetensors").touch()

    return make


class TestPlaceWeights:
    def test_asks_that_adapters_render(self, base, folder, capsys):
        call_command("place_weights", "big", "big")

        base.refresh_from_db()
        assert (base.weights_at, base.proof_needed) == ("big", "renders")
        assert bases.weights_folder(base) == folder
        assert "Big" in capsys.readouterr().out

    def test_asks_that_adapters_for_text_render_too(self, base, of_text):
        of_text("LlamaForCausalLM")

        call_command("place_weights", "big", "big")

        base.refresh_from_db()
        assert (base.weights_at, base.proof_needed) == ("big", "renders")
        assert bases.weights_folder(base)
        assert all(scene.passage and scene.most_tokens for scene in base.scenes.all())

    @pytest.mark.parametrize(
        ("pipeline", "asked"),
        [("BertForMaskedLM", "{mask}"), ("T5ForConditionalGeneration", "translate")],
    )
    def test_asks_each_class_what_it_can_answer(self, base, of_text, pipeline, asked):
        of_text(pipeline)

        call_command("place_weights", "big", "big")

        assert any(asked in scene.prompt for scene in base.scenes.all())

    def test_asks_no_more_of_a_class_that_is_not_swept_than_before(self, base, of_text, capsys):
        of_text("BertModel")

        call_command("place_weights", "big", "big")

        base.refresh_from_db()
        assert (base.weights_at, base.proof_needed) == ("big", "loads")
        assert not base.scenes.exists()
        assert "A BertModel is not swept" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            (None, "no readable config.json"),
            ('{"architectures": ["GPT2LMHeadModel"]}', "GPT2LMHeadModel"),
            ('{"architectures": ["LlamaForCausalLM"]}', "no safetensors files"),
        ],
    )
    def test_refuses_weights_of_another_model_of_text(self, base, folder, config, said):
        base.modality, base.pipeline = "text", "LlamaForCausalLM"
        base.save()
        if config:
            (folder / "config.json").write_text(config)

        with pytest.raises(CommandError, match=said):
            call_command("place_weights", "big", "big")

    def test_takes_an_absolute_folder(self, base, folder):
        call_command("place_weights", "big", str(folder))

        base.refresh_from_db()
        assert bases.weights_folder(base) == folder

    def test_shows_a_base_without_scenes_on_three_plain_ones_and_an_unusual_one(self, base):
        bases.place_weights(base, weights_at="big")

        first, second, third, last = base.scenes.order_by("position")
        assert [scene.counts for scene in (first, second, third, last)] == [*[True] * 3, False]
        assert (first.steps, first.guidance, first.width, first.height) == (28, 6.0, 1024, 768)
        assert "{trigger}" in first.prompt
        assert first.seed != second.seed

    def test_leaves_the_scenes_of_a_base_as_they_are(self, base):
        bases.set_scenes(base, [{"slug": "own", "title": "Own", "prompt": "own"}])

        bases.place_weights(base, weights_at="big")

        assert [scene.slug for scene in base.scenes.all()] == ["own"]

    def test_gives_a_child_its_parents_numbers(self, base):
        child = BaseModel.objects.create(slug="child", title="Child", family="sdxl", parent=base)

        bases.place_weights(child, weights_at="child")

        assert {scene.steps for scene in child.scenes.all()} == {28}


class TestUnfitWeights:
    def test_names_a_base_that_is_not_known(self):
        with pytest.raises(CommandError, match="no base called huge"):
            call_command("place_weights", "huge", "huge")

    def test_names_a_folder_without_an_index(self, base, folder):
        (folder / "model_index.json").unlink()

        with pytest.raises(CommandError, match=r"no readable model_index\.json"):
            call_command("place_weights", "big", "big")

    def test_names_a_pipeline_of_another_kind(self, base, folder):
        (folder / "model_index.json").write_text(json.dumps({"_class_name": "FluxPipeline"}))

        with pytest.raises(CommandError, match="holds a FluxPipeline"):
            call_command("place_weights", "big", "big")

    def test_refuses_weights_that_are_no_safetensors_files(self, base, folder):
        for path in folder.rglob("*.safetensors"):
            path.rename(path.with_suffix(".bin"))

        with pytest.raises(CommandError, match="no safetensors"):
            call_command("place_weights", "big", "big")

        base.refresh_from_db()
        assert base.weights_at == ""
