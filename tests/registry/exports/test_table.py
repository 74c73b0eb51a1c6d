from __future__ import annotations

import json
from dataclasses import replace

import pytest

from registry.exports import comfyui, invokeai
from registry.exports.prompts import example
from registry.exports.sample_cards import INK, TALE
from registry.exports.table import RUNTIMES, reasons_against, recipes_for
from tests.registry.exports import golden


@pytest.mark.parametrize(("name", "text"), list(golden.recipes()), ids=lambda value: value[:40])
def test_a_recipe_is_as_people_know_it(name, text):
    assert (golden.FOLDER / name).read_text(encoding="utf-8") == text


def test_every_runtime_has_a_golden_recipe():
    written = {path.stem.rpartition("-")[0] for path in golden.FOLDER.glob("*.txt")}
    assert written == {runtime.slug for runtime in RUNTIMES}


@pytest.mark.parametrize("card", [INK, TALE], ids=["picture", "text"])
def test_no_recipe_holds_a_token(card):
    for recipe in recipes_for(replace(card, download_url="https://hub.example/a")).values():
        for text in (recipe.usage, *(paste.text for paste in recipe.more)):
            assert "ldx_" not in text


class TestRecipesFor:
    @pytest.mark.parametrize("card", [INK, TALE], ids=["picture", "text"])
    def test_keeps_the_order_of_the_table(self, card):
        order = [runtime.slug for runtime in RUNTIMES]
        assert list(recipes_for(card)) == sorted(recipes_for(card), key=order.index)

    @pytest.mark.parametrize("runtime", RUNTIMES, ids=lambda runtime: runtime.slug)
    def test_writes_for_every_family_that_a_runtime_runs(self, runtime):
        for family in runtime.runs:
            cards = [replace(card, family=family) for card in (INK, TALE)]
            assert any(
                runtime.slug in recipes_for(card) and recipes_for(card)[runtime.slug].usage
                for card in cards
            )

    @pytest.mark.parametrize(
        ("runtime", "layout"),
        [("webui", "kohya"), ("comfyui", "kohya"), ("stable-diffusion-cpp", "kohya")],
    )
    def test_tells_of_another_layout_where_the_file_is_not_read(self, runtime, layout):
        recipe = recipes_for(replace(INK, dialect="peft"))[runtime]

        assert recipe.download_url.endswith(f"/download?layout={layout}")
        assert f"ink-wash-v3-abababab-{layout}" in recipe.usage + recipe.path
        assert any("While it is being made" in sentence for sentence in recipe.requirements)

    def test_gives_diffusers_the_layout_that_it_reads_rightly(self):
        for algorithms in (("dora",), ("loha",), ("lora", "lokr")):
            recipe = recipes_for(replace(INK, algorithms=algorithms))["diffusers"]
            assert recipe.download_url.endswith("?layout=diffusers")
        assert "?layout" not in recipes_for(INK)["diffusers"].download_url

    def test_tells_servers_of_plain_lora_made_of_other_algorithms(self):
        recipe = recipes_for(replace(TALE, algorithms=("loha",)))["vllm"]

        assert recipe.download_url.endswith("?layout=peft")
        assert "'https://hub.example/api/adapters/studio/pirate-tales/versions/2/download" in (
            recipe.more[0].text
        )
        assert "layout=peft&file=adapter_config.json" in recipe.more[0].text

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
        assert "PeftModel.from_pretrained(pipeline.unet, 'ink-wash')" in recipe.usage
        assert "'https://hub/c'" in recipe.usage

    @pytest.mark.parametrize(
        ("dialect", "algorithms"),
        [("diffusers_root", ("lora",)), ("peft", ("lora",)), ("kohya", ("loha",))],
    )
    def test_loads_by_name_what_the_hub_gives_instead(self, dialect, algorithms):
        card = replace(INK, dialect=dialect, algorithms=algorithms, by_name_in="diffusers")

        recipe = recipes_for(card)["diffusers"]

        assert "hf_hub_download(\n    'studio/ink-wash',\n" in recipe.usage
        assert "load_lora_weights('studio/ink-wash'" in recipe.more[0].text
        assert (recipe.path, recipe.requirements) == ("", ())

    @pytest.mark.parametrize("runtime", ["peft", "transformers"])
    @pytest.mark.parametrize("where", ["a 'b'", 'a "b" {c}', "C:\\base"])
    def test_writes_programs_for_texts_that_compile_whatever_was_typed(self, runtime, where):
        card = replace(TALE, base_repo=where, weight=0.5)

        compile(recipes_for(card)[runtime].usage, "recipe", "exec")

    def test_asks_vllm_for_the_step_that_holds_the_rank(self):
        for rank, step in ((1, 1), (4, 8), (24, 32), (65, 128), (257, 320), (512, 512)):
            card = replace(TALE, rank=rank, config={"r": rank})
            assert f"--max-lora-rank {step} " in recipes_for(card)["vllm"].usage

    def test_counts_ranks_of_single_layers(self):
        card = replace(TALE, config={"r": 8, "rank_pattern": {"q_proj": 40}}, rank=8)
        assert "--max-lora-rank 64 " in recipes_for(card)["vllm"].usage

    def test_gives_invokeai_bounds_that_hold_the_weight(self):
        settings = invokeai.settings(replace(INK, weight=1.4))["default_settings"]
        assert settings == {"weight": 1.4, "weight_min": 0.6, "weight_max": 1.4}
        settings = invokeai.settings(replace(INK, weight_low=0.5, weight_high=-2, weight=-3))
        assert settings["default_settings"] == {"weight": -3, "weight_min": -3, "weight_max": 0.5}

    def test_gives_invokeai_a_slider_that_is_no_point(self):
        for weight in (1.0, 2.5, -1.5):
            card = replace(INK, weight=weight, weight_low=weight, weight_high=weight)
            settings = invokeai.settings(card)["default_settings"]
            assert settings["weight_min"] < settings["weight_max"]
            assert settings["weight_min"] <= weight <= settings["weight_max"]

    def test_says_where_a_server_has_no_weights(self):
        recipe = recipes_for(replace(TALE, weight=0.7))["sglang"]
        assert "Servers apply adapters at weight 1; here 0.7 is the best." in recipe.requirements

    def test_gives_nexa_a_folder_for_pictures_and_a_file_for_texts(self):
        assert "--lora_dir loras" in recipes_for(INK)["nexa"].usage
        assert "--lora_path pirate-tales-v2-abababab-gguf.gguf" in recipes_for(TALE)["nexa"].usage


class TestReasonsAgainst:
    def test_names_the_family_that_a_runtime_has_no_bases_of(self):
        against = reasons_against(replace(INK, family="shapes"))
        assert against["webui"] == "Stable Diffusion WebUI has no bases of the family Shapes."
        assert against["vllm"] == "vLLM has no bases of the family Shapes."
        assert "diffusers" not in against

    def test_names_the_names_that_a_runtime_does_not_read(self):
        against = reasons_against(replace(INK, dialect="peft", layouts=()))

        assert against["webui"] == (
            "Stable Diffusion WebUI does not take the file: its tensors have PEFT's names."
        )
        assert "comfyui" in against

    @pytest.mark.parametrize(
        ("config", "runtime", "reason"),
        [
            ({"use_dora": True}, "vllm", "it is DoRA"),
            ({"use_dora": True}, "sglang", "it is DoRA"),
            ({"modules_to_save": ["embed_tokens"]}, "vllm", "modules_to_save: embed_tokens"),
            ({"modules_to_save": ["score"]}, "tgi", "modules_to_save: score"),
            ({"modules_to_save": ["lm_head"]}, "llama-cpp", "modules_to_save: lm_head"),
            ({"lora_bias": True}, "vllm", "its matrices have biases"),
            ({"bias": "all"}, "lorax", "it changes biases"),
            ({"init_lora_weights": "pissa"}, "vllm", "its start changed the base's own weights"),
            ({"init_lora_weights": "olora"}, "vllm", "its start changed the base's own weights"),
            ({"alora_invocation_tokens": [1, 2]}, "vllm", "activated by words"),
            ({"layer_replication": [[0, 4]]}, "vllm", "doubles layers"),
            ({"use_qalora": True}, "vllm", "groups of a quantised base"),
            ({"r": 1024}, "vllm", "its rank is 1024, and 512 is the most"),
            ({"trainable_token_indices": [5]}, "sglang", "adds to the vocabulary"),
            ({"target_modules": "model.*_proj"}, "sglang", "told by a pattern"),
            ({"use_rslora": True}, "sglang", "by the root of its rank"),
            ({"target_modules": ["k_proj", "q_proj"]}, "sglang", "wants the first and the last"),
            ({"target_modules": ["up_proj"]}, "sglang", "joins gate_proj and up_proj"),
            ({"alpha_pattern": {"v_proj": 2}}, "sglang", "its layers differ in alpha"),
            ({"alpha_pattern": {"v_proj": 2}}, "tgi", "its layers differ in alpha"),
            ({"rank_pattern": {"v_proj": 2}}, "tgi", "its layers differ in rank"),
            ({"rank_pattern": {"v_proj": 2}}, "lorax", "its layers differ in rank"),
            ({"layers_to_transform": [0, 1]}, "lorax", "it changes some blocks alone"),
        ],
        ids=str,
    )
    def test_finds_what_a_server_would_refuse(self, config, runtime, reason):
        card = replace(TALE, config=TALE.config | config, layouts=("gguf",))
        assert runtime not in recipes_for(card)
        assert reason in reasons_against(card)[runtime]

    @pytest.mark.parametrize(
        "config",
        [
            {"modules_to_save": ["classifier", "score"]},
            {"modules_to_save": None},
            {"init_lora_weights": "gaussian"},
            {"init_lora_weights": True},
            {"use_rslora": True},
            {"bias": "none"},
        ],
        ids=str,
    )
    def test_finds_nothing_where_vllm_takes_it(self, config):
        card = replace(TALE, config=TALE.config | config)
        assert "vllm" in recipes_for(card)

    def test_gives_what_reads_no_dotted_names_of_unets_kohya_s(self):
        dotted = replace(INK, dialect="diffusers")
        whole = replace(dotted, has_text_encoder=True)

        assert "layout=kohya" in recipes_for(dotted)["invokeai"].usage.replace("%3D", "=")
        for runtime in ("webui", "comfyui", "comfy-cli", "swarmui"):
            for card in (dotted, replace(dotted, dialect="hybrid")):
                assert "layout=kohya" in recipes_for(card)[runtime].download_url
            assert recipes_for(replace(INK, dialect="kohya"))[runtime].download_url.endswith(
                "/download"
            )
        assert recipes_for(dotted)["stable-diffusion-cpp"].download_url.endswith("/download")
        for card in (whole, replace(whole, family="sd1"), replace(whole, dialect="diffusers_old")):
            assert "layout=kohya" in recipes_for(card)["stable-diffusion-cpp"].download_url
        for family in ("flux1", "z-image"):
            card = replace(whole, family=family, layouts=())
            assert {"invokeai", "stable-diffusion-cpp", "comfyui"} <= set(recipes_for(card))

    @pytest.mark.parametrize("runtime", ["webui", "invokeai"])
    @pytest.mark.parametrize("dialect", ["bfl", "lycoris", "omi"])
    def test_gives_what_knows_kohya_s_names_alone_of_unets_kohya_s(self, runtime, dialect):
        card = replace(INK, dialect=dialect)

        assert recipes_for(card)[runtime].download_url.endswith("?layout=kohya")
        assert "kohya's names alone" in reasons_against(replace(card, layouts=()))[runtime]
        for other in ("comfyui", "stable-diffusion-cpp"):
            assert recipes_for(card)[other].download_url.endswith("/download")
        flux = replace(card, family="flux1")
        assert recipes_for(flux)[runtime].download_url.endswith("/download")

    def test_says_of_sd_3_that_forge_alone_reads_it(self):
        for dialect, address in (
            ("kohya", "/download"),
            ("bfl", "/download"),
            ("diffusers", "?layout=kohya"),
        ):
            recipe = recipes_for(replace(INK, family="sd3", dialect=dialect))["webui"]
            assert recipe.download_url.endswith(address)
            assert recipe.requirements[-1].startswith("It works in Forge alone")

    def test_says_of_names_wrapped_by_peft_that_they_are_mended_or_in_the_way(self):
        for runtime, layout in (("diffusers", "diffusers"), ("webui", "kohya"), ("nexa", "kohya")):
            recipe = recipes_for(replace(INK, family="flux1", dialect="diffusers_peft"))[runtime]
            assert recipe.download_url.endswith(f"?layout={layout}")
        card = replace(INK, family="z-image", dialect="diffusers_peft", layouts=())
        recipe = recipes_for(card)["diffusers"]
        assert recipe.download_url.endswith("/download")
        assert 'name.replace(".base_model.model.", ".", 1)' in recipe.usage
        against = reasons_against(card)
        for runtime in ("comfyui", "invokeai", "stable-diffusion-cpp"):
            assert "PEFT's “base_model.model.” stands inside its names" in against[runtime]

    def test_gives_diffusers_no_names_that_begin_with_lycoris(self):
        assert recipes_for(replace(INK, dialect="lycoris"))["diffusers"].download_url.endswith(
            "?layout=diffusers"
        )
        against = reasons_against(replace(INK, family="z-image", dialect="lycoris", layouts=()))
        assert "begin with “lycoris_”" in against["diffusers"]

    def test_gives_what_does_not_know_xlabs_names_kohya_s(self):
        recipes = recipes_for(replace(INK, family="flux1", dialect="xlabs"))

        for runtime in ("webui", "comfyui", "comfy-cli", "swarmui", "stable-diffusion-cpp", "nexa"):
            assert recipes[runtime].download_url.endswith("?layout=kohya")
        assert recipes["invokeai"].download_url.endswith("/download")

    def test_gives_comfyui_magnitudes_by_the_name_that_it_knows(self):
        card = replace(INK, family="flux1", dialect="diffusers", algorithms=("dora",))

        assert recipes_for(card)["comfyui"].download_url.endswith("?layout=kohya")
        assert "Forge does not" in reasons_against(card)["webui"]

    def test_says_what_forge_passes_over(self):
        said = recipes_for(replace(INK, algorithms=("lora", "oft")))["webui"].requirements

        assert "It does not work in Forge, which passes over OFT." in said
        assert not any("Forge" in each for each in recipes_for(INK)["webui"].requirements)

    @pytest.mark.parametrize("runtime", ["sglang", "tgi", "lorax"])
    def test_has_layers_of_several_scales_written_at_one_for_servers(self, runtime):
        for config in ({"alpha_pattern": {"v_proj": 2}}, {"target_modules": "model.*_proj"}):
            card = replace(TALE, config=TALE.config | config)
            its_own = "alpha_pattern" not in config and runtime != "sglang"
            found = recipes_for(card)[runtime].download_url

            assert found.endswith("/download" if its_own else "/download?layout=peft")

    @pytest.mark.parametrize("runtime", ["sglang", "tgi", "lorax"])
    def test_finds_ranks_that_differ_in_whatever_layout(self, runtime):
        for card in (
            replace(TALE, rank_low=8),
            replace(TALE, algorithms=("loha",), dialect="kohya"),
        ):
            assert runtime not in recipes_for(card)
            assert "one for all" in reasons_against(card)[runtime]
            assert "vllm" in recipes_for(card)

    @pytest.mark.parametrize(
        ("algorithm", "taken"),
        [
            ("lora", {"webui", "comfyui", "invokeai", "stable-diffusion-cpp", "diffusers", "nexa"}),
            ("dora", {"comfyui", "invokeai"}),
            ("loha", {"webui", "comfyui", "invokeai", "stable-diffusion-cpp"}),
            ("ia3", {"webui", "invokeai"}),
            ("boft", {"webui", "comfyui"}),
            ("glora", {"comfyui"}),
            ("peft", set()),
        ],
    )
    def test_knows_which_algorithms_a_runtime_applies(self, algorithm, taken):
        card = replace(INK, algorithms=(algorithm,), layouts=())
        known = {"webui", "comfyui", "invokeai", "stable-diffusion-cpp", "diffusers", "nexa"}
        assert set(recipes_for(card)) & known == taken

    def test_wants_the_configuration_that_alpha_is_in(self):
        against = reasons_against(replace(TALE, config_url="", layouts=()))
        assert "adapter_config.json is missing" in against["peft"]

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


class TestWorkflow:
    @pytest.mark.parametrize("family", comfyui.LOOKS)
    def test_is_loaded_as_it_is_run(self, family):
        """Follow each link of the canvas: it says what the API format says."""
        recipe = recipes_for(replace(INK, family=family))["comfyui"]
        prompt, canvas = (json.loads(paste.text) for paste in recipe.more[1:])
        nodes = {node["id"]: node for node in canvas["nodes"]}
        assert {str(number) for number in nodes} == set(prompt["prompt"])
        for name, node in prompt["prompt"].items():
            drawn = nodes[int(name)]
            assert drawn["type"] == node["class_type"]
            for slot in drawn["inputs"]:
                number, source, out, target, _, kind = canvas["links"][slot["link"] - 1]
                assert (number, target) == (slot["link"], int(name))
                assert node["inputs"][slot["name"]] == [str(source), out]
                given = nodes[source]["outputs"][out]
                assert given["type"] == kind == slot["type"]
                assert number in given["links"]

    def test_samples_through_the_adapter(self):
        prompt = json.loads(recipes_for(INK)["comfyui"].more[1].text)["prompt"]
        assert prompt["3"]["inputs"]["model"] == ["10", 0]
        assert prompt["6"]["inputs"]["text"] == "a mountain at dawn, ink wash, sumi-e"
        assert prompt["10"] == json.loads(recipes_for(INK)["comfyui"].usage)["10"]
