"""What each program writes into its pictures, and what is read of it."""

from __future__ import annotations

import json

import pytest

from registry.formats.generation import read
from registry.formats.generation.comments import decode
from registry.formats.generation.facts import Named

WEBUI = """a heron at dawn, inkwash <lora:ink-wash:0.8> <lora:grain:0.5:0.3>
second line
Negative prompt: text, watermark
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 18446744073709551615, \
Size: 832x1216, Model hash: 31e35c80fc, Model: sd_xl_base_1.0, \
Lora hashes: "ink-wash: 0123456789ab, grain: ba9876543210", Version: v1.10.1"""


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


GRAPH = {
    "3": node(
        "KSampler", seed=7, steps=20, cfg=6.5, sampler_name="euler", scheduler="karras",
        model=["11", 0], positive=["6", 0], negative=["7", 0], latent_image=["5", 0],
    ),
    "4": node("CheckpointLoaderSimple", ckpt_name="xl/base.safetensors"),
    "5": node("EmptyLatentImage", width=1024, height=768, batch_size=1),
    "6": node("CLIPTextEncode", text="a heron", clip=["10", 1]),
    "7": node("CLIPTextEncode", text="blurry", clip=["10", 1]),
    "10": node(
        "LoraLoader", lora_name="style\\ink-wash.safetensors", strength_model=0.8,
        strength_clip=0.4, model=["4", 0], clip=["4", 1],
    ),
    "11": node(
        "LoraLoaderModelOnly", lora_name="grain.safetensors", strength_model=-0.5, model=["10", 0]
    ),
}  # fmt: skip


class TestWebui:
    def test_reads_every_line(self):
        found = read({"parameters": WEBUI})

        assert found.program == "webui"
        assert found.prompt.startswith("a heron at dawn, inkwash <lora:ink-wash:0.8>")
        assert found.prompt.endswith("second line")
        assert found.negative == "text, watermark"
        assert (found.seed, found.steps, found.guidance) == (2**64 - 1, 28, 5.5)
        assert found.sampler == "DPM++ 2M Karras"
        assert (found.width, found.height, found.base) == (832, 1216, "sd_xl_base_1.0")
        assert found.adapters == (
            Named("ink-wash", 0.8, "0123456789ab"),
            Named("grain", 0.3, "ba9876543210"),  # the second number is of the layers that draw
        )

    def test_reads_the_same_out_of_exif(self):
        for order, mark in (("utf-16-be", b"UNICODE\0"), ("utf-16-le", b"UNICODE\0")):
            comment = decode(mark + WEBUI.encode(order))
            assert read({"UserComment": comment}) == read({"parameters": WEBUI})

    @pytest.mark.parametrize(
        ("tag", "weight"),
        [
            ("<lora:x>", 1.0),
            ("<lora:x:te=0.5:unet=0.7>", 0.7),
            ("<LORA:x:-1.5>", -1.5),
            ("<lyco:x:.5>", 0.5),
            ("<lora:x:much>", None),
        ],
    )
    def test_reads_a_weight_however_it_is_written(self, tag, weight):
        assert read({"parameters": tag}).adapters == (Named("x", weight),)

    def test_a_picture_without_settings_or_tags_says_nothing(self):
        assert read({"parameters": "Made on a rainy day."}) is None


class TestComfyUI:
    def test_follows_the_sampler_to_its_words(self):
        found = read({"prompt": json.dumps(GRAPH), "workflow": "{}"})

        assert (found.program, found.prompt, found.negative) == ("comfyui", "a heron", "blurry")
        assert (found.seed, found.steps, found.guidance) == (7, 20, 6.5)
        assert (found.sampler, found.base) == ("euler karras", "base")
        assert (found.width, found.height) == (1024, 768)
        assert found.adapters == (Named("ink-wash", 0.8), Named("grain", -0.5))

    def test_reads_webp_files_too(self):
        assert read({"Model": f"prompt:{json.dumps(GRAPH)}"}).prompt == "a heron"

    def test_follows_words_through_nodes_between(self):
        graph = GRAPH | {
            "6": node("ConditioningCombine", conditioning_1=["20", 0], conditioning_2=["7", 0]),
            "20": node("CLIPTextEncode", text=["21", 0]),
            "21": node("StringConstant", string="from a box of text"),
        }
        assert read({"prompt": json.dumps(graph)}).prompt == "from a box of text"

    def test_goes_no_circles(self):
        graph = GRAPH | {"6": node("Reroute", conditioning=["6", 0])}
        assert read({"prompt": json.dumps(graph)}).prompt == ""

    def test_reads_stacks_and_lists_of_adapters(self):
        graph = {
            "1": node(
                "CR LoRA Stack", lora_name_1="a.safetensors", model_weight_1=0.6, switch_1="On",
                lora_name_2="b.safetensors", model_weight_2=0.4, switch_2="Off", lora_name_3="None",
            ),
            "2": node(
                "Power Lora Loader",
                lora_1={"on": True, "lora": "c.safetensors", "strength": 0.7},
                lora_2={"on": False, "lora": "d.safetensors", "strength": 1},
            ),
            "3": node(
                "Lora Loader (LoraManager)",
                loras={"__value__": [{"name": "e", "strength": "0.25", "active": True}]},
            ),
        }  # fmt: skip
        found = read({"prompt": json.dumps(graph)})
        assert found.adapters == (Named("a", 0.6), Named("c", 0.7), Named("e", 0.25))

    def test_nan_is_not_known(self):
        text = json.dumps(GRAPH).replace("6.5", "NaN")
        assert read({"prompt": text}).guidance is None

    def test_a_graph_of_something_else_says_nothing(self):
        assert read({"prompt": json.dumps({"1": node("LoadImage", image="x.png")})}) is None


def test_invokeai_names_hashes_and_weights():
    told = {
        "positive_prompt": "a heron", "negative_prompt": "", "seed": 5, "steps": 30,
        "cfg_scale": 7.5, "scheduler": "euler", "width": 512, "height": 768,
        "model": {"name": "SDXL", "hash": "blake3:00"},
        "loras": [
            {"model": {"name": "ink", "hash": f"blake3:{'ab' * 32}"}, "weight": 0.75},
            {"lora": {"model_name": "old"}, "weight": 0.5},
        ],
    }  # fmt: skip
    found = read({"invokeai_metadata": json.dumps(told)})

    assert (found.program, found.prompt, found.base) == ("invokeai", "a heron", "SDXL")
    assert found.adapters == (Named("ink", 0.75, "ab" * 32), Named("old", 0.5))


def test_invokeai_of_old_is_read():
    told = {"model_weights": "sd15", "image": {"prompt": [{"prompt": "a heron"}], "seed": 3}}
    found = read({"sd-metadata": json.dumps(told)})
    assert (found.prompt, found.seed, found.base) == ("a heron", 3, "sd15")


def test_swarmui_goes_before_what_looks_like_webui():
    told = {
        "sui_image_params": {
            "prompt": "a heron", "seed": 9, "steps": 20, "cfgscale": 7.0, "sampler": "euler",
            "scheduler": "normal", "width": 1024, "height": 1024, "model": "Official/x",
            "loras": ["style/ink"], "loraweights": ["0.8"],
        },
        "sui_models": [{"name": "style/ink", "param": "loras", "hash": f"0x{'cd' * 32}"}],
    }  # fmt: skip
    found = read({"parameters": json.dumps(told)})

    assert (found.program, found.base, found.sampler) == ("swarmui", "x", "euler normal")
    assert found.adapters == (Named("ink", 0.8, "cd" * 32),)


@pytest.mark.parametrize(
    "loras",
    [
        {"loras": [["ink", 0.8, "0123456789"]]},
        {"loras": "[('ink', 0.8, '0123456789')]"},
        {"lora_combined_1": "ink.safetensors : 0.8"},
    ],
    ids=["rows", "as Python writes them", "combined"],
)
def test_fooocus_is_read(loras):
    told = {
        "prompt": "a heron", "negative_prompt": "text", "seed": "123", "steps": 30,
        "guidance_scale": 4.0, "sampler": "dpmpp_2m", "scheduler": "karras",
        "resolution": "(1152, 896)", "base_model": "jugger.safetensors", "version": "Fooocus v2.5",
    }  # fmt: skip
    found = read({"parameters": json.dumps(told | loras), "fooocus_scheme": "fooocus"})

    assert (found.program, found.seed, found.base) == ("fooocus", 123, "jugger")
    assert (found.width, found.height) == (1152, 896)
    assert [(one.name, one.weight) for one in found.adapters] == [("ink", 0.8)]
