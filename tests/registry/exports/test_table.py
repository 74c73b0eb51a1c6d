from __future__ import annotations

import json
from dataclasses import replace

import pytest

from registry.exports import comfyui
from registry.exports.card import Card
from registry.exports.prompts import example
from registry.exports.table import RUNTIMES, reasons_against, recipes_for

INK = Card(
    team="studio",
    slug="ink-wash",
    title="Ink wash",
    version=3,
    stem="studio--ink-wash-v3",
    sha256="ab" * 32,
    base="sdxl-1-0",
    family="sdxl",
    trigger_words=("ink wash", "sumi-e"),
    weight=0.8,
    weight_low=0.6,
    weight_high=1.0,
    download_url="https://hub.example/api/adapters/studio/ink-wash/versions/3/download",
    file_name="studio--ink-wash-v3.safetensors",
    dialect="kohya",
    scene="a mountain at dawn, {trigger}",
)


def test_webui_gets_trigger_words_and_a_tag():
    recipe = recipes_for(INK)["webui"]

    assert recipe.path == "models/Lora/studio--ink-wash-v3.safetensors"
    assert recipe.usage == "ink wash, sumi-e, <lora:studio--ink-wash-v3:0.8>"


def test_comfyui_gets_nodes_of_its_api_format():
    recipe = recipes_for(INK)["comfyui"]

    assert recipe.path == "ComfyUI/models/loras/studio--ink-wash-v3.safetensors"
    assert json.loads(recipe.usage) == {
        "10": {
            "class_type": "LoraLoader",
            "inputs": {
                "lora_name": "studio--ink-wash-v3.safetensors",
                "strength_model": 0.8,
                "strength_clip": 0.8,
                "model": ["4", 0],
                "clip": ["4", 1],
            },
            "_meta": {"title": "Ink wash"},
        },
        "11": {
            "class_type": "CLIPTextEncode",
            "inputs": {"text": "a mountain at dawn, ink wash, sumi-e", "clip": ["10", 1]},
            "_meta": {"title": "Prompt"},
        },
    }
    assert recipe.usage == json.dumps(comfyui.nodes(INK), indent=2, ensure_ascii=False)


def test_diffusers_gets_a_program():
    recipe = recipes_for(INK)["diffusers"]

    assert recipe.language == "python"
    assert recipe.path == "studio--ink-wash-v3.safetensors"
    assert recipe.usage == (
        "import urllib.request\n"
        "\n"
        "from diffusers import StableDiffusionXLPipeline\n"
        "\n"
        "urllib.request.urlretrieve("
        "'https://hub.example/api/adapters/studio/ink-wash/versions/3/download', "
        "'studio--ink-wash-v3.safetensors')\n"
        "\n"
        "pipeline = StableDiffusionXLPipeline.from_pretrained("
        "'stabilityai/stable-diffusion-xl-base-1.0')\n"
        "pipeline.load_lora_weights("
        "\".\", weight_name='studio--ink-wash-v3.safetensors', adapter_name='ink_wash')\n"
        "pipeline.set_adapters(['ink_wash'], [0.8])\n"
        "\n"
        "picture = pipeline('a mountain at dawn, ink wash, sumi-e').images[0]\n"
        "picture.save('ink-wash.png')"
    )


class TestRecipesFor:
    def test_keeps_the_order_of_the_table(self):
        assert list(recipes_for(INK)) == [runtime.slug for runtime in RUNTIMES]

    @pytest.mark.parametrize("runtime", RUNTIMES, ids=lambda runtime: runtime.slug)
    def test_writes_for_every_family_that_a_runtime_runs(self, runtime):
        for family in runtime.runs:
            assert recipes_for(replace(INK, family=family))[runtime.slug].usage

    @pytest.mark.parametrize("dialect", ["kohya", "diffusers", "diffusers_root", "peft"])
    @pytest.mark.parametrize(
        "words", [(), ("it's",), ('"quoted"', "{brace}", "back\\slash", "水墨")], ids=len
    )
    def test_writes_programs_that_compile_whatever_was_typed(self, dialect, words):
        card = replace(INK, dialect=dialect, trigger_words=words, slug="x", base_at="a 'b'")

        compile(recipes_for(card)["diffusers"].usage, "recipe", "exec")

    def test_puts_a_prefix_where_the_loader_looks_for_one(self):
        usage = recipes_for(replace(INK, dialect="diffusers_root"))["diffusers"].usage

        assert '"unet." + name' in usage

    def test_loads_pefts_own_files_by_peft(self):
        recipe = recipes_for(replace(INK, dialect="peft", config_url="https://hub/c"))["diffusers"]

        assert recipe.path == "ink-wash/adapter_model.safetensors"
        assert "PeftModel.from_pretrained(pipeline.unet, folder)" in recipe.usage
        assert "'https://hub/c'" in recipe.usage


class TestReasonsAgainst:
    def test_names_the_family_that_a_runtime_has_no_bases_of(self):
        assert reasons_against(replace(INK, family="shapes")) == {
            "webui": "Stable Diffusion WebUI has no bases of the family shapes.",
            "comfyui": "ComfyUI has no bases of the family shapes.",
        }

    def test_names_the_names_that_a_runtime_does_not_read(self):
        against = reasons_against(replace(INK, dialect="peft"))

        assert set(against) == {"webui", "comfyui"}
        assert "PEFT" in against["webui"]

    @pytest.mark.parametrize("family", ["sdxl", "shapes", "llama", "unknown"])
    def test_leaves_no_runtime_unsaid(self, family):
        card = replace(INK, family=family)

        assert {*recipes_for(card), *reasons_against(card)} == {
            runtime.slug for runtime in RUNTIMES
        }


class TestExample:
    @pytest.mark.parametrize(
        ("scene", "words", "prompt"),
        [
            ("a hill {trigger}", ("ink",), "a hill ink"),
            ("a hill, {trigger}", (), "a hill"),
            ("a hill", ("ink",), "ink, a hill"),
            ("", ("ink", "wash"), "ink, wash"),
            ("", (), "your prompt"),
        ],
    )
    def test_is_the_scene_with_the_trigger_words(self, scene, words, prompt):
        assert example(replace(INK, scene=scene, trigger_words=words)) == prompt
