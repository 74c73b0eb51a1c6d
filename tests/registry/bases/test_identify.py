from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.identify import identify
from registry.verdicts.verdict import Seen, verdict_of
from tests.reading import adapter_from

WAN = {"ss_base_model_version": "wan_2.1"}  # ai-toolkit writes it for every size
SDXL = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k"


def kohya(*layers, metadata=None):
    shapes = {}
    for name, outputs, inputs in layers:
        shapes[f"{name}.lora_down.weight"] = (4, inputs)
        shapes[f"{name}.lora_up.weight"] = (outputs, 4)
    return adapter_from(shapes, metadata=metadata or {})


def peft(*layers, base=""):
    shapes = {}
    for name, outputs, inputs in layers:
        shapes[f"base_model.model.model.{name}.lora_A.weight"] = (4, inputs)
        shapes[f"base_model.model.model.{name}.lora_B.weight"] = (outputs, 4)
    return adapter_from(shapes, config={"base_model_name_or_path": base, "r": 4})


def sdxl(metadata=None):
    return kohya((SDXL, 1280, 2048), metadata=metadata)


class TestFamily:
    def test_that_names_and_shapes_show_is_decided_by_their_tensor(self):
        found = identify(sdxl())
        assert found.detection.family == "sdxl"
        assert found.detection.decided_by == f"{SDXL}.lora_down.weight"

    def test_that_names_leave_open_is_narrowed_by_the_layers_of_the_bases(self):
        # Llama 3.2 1B is the only base of its width; Mistral, Qwen and Gemma have such names too.
        found = identify(peft(("layers.3.mlp.down_proj", 2048, 8192)))
        assert found.detection.family == "llama"
        assert "llama-3-2-1b" in [each.base for each in found.candidates]

    def test_is_unknown_where_no_base_has_the_layers_and_no_rule_the_names(self):
        found = identify(kohya(("lora_unet_down_blocks_1_x", 8, 8)))
        assert (found.detection.family, found.candidates, found.base) == ("unknown", (), None)

    def test_is_not_made_out_of_a_layout_that_nobody_knows(self):
        found = identify(adapter_from({"w_a_000": (2, 768), "w_b_000": (768, 2)}))
        assert (found.detection.family, found.fits) == ("unknown", ())


class TestBases:
    def test_with_the_same_layers_are_all_named_and_said_to_be_undecided(self):
        found = identify(sdxl())
        assert {"sdxl-1-0", "pony-v6", "illustrious-xl"} <= {each.base for each in found.candidates}
        assert found.candidates[0].base == "sdxl-1-0"
        assert found.undecided.startswith("Shapes alone cannot tell these bases apart: SDXL 1.0, ")
        assert all(each.whole and each.source == "layers" for each in found.candidates)

    @pytest.mark.parametrize(
        ("key", "text", "slug"),
        [
            ("ss_sd_model_name", "ponyDiffusionV6XL_v6StartWithThisOne.safetensors", "pony-v6"),
            ("ss_base_model_version", "illustrious", "illustrious-xl"),
            ("modelspec.architecture", "stable-diffusion-xl-v1-base/lora", "sdxl-1-0"),
        ],
    )
    def test_are_told_apart_by_metadata_with_the_source_shown(self, key, text, slug):
        found = identify(sdxl({key: text}))
        first = found.candidates[0]
        assert (first.base, first.source, first.whole) == (slug, key, True)
        assert text in first.reason
        assert found.claim.source == key

    def test_a_child_named_says_more_than_its_parent_named(self):
        metadata = {
            "ss_base_model_version": "sdxl_base_v1-0",
            "ss_sd_model_name": "pony.safetensors",
        }
        assert identify(sdxl(metadata)).base.slug == "pony-v6"

    def test_a_base_named_says_more_than_its_family_named(self):
        metadata = {
            "ss_base_model_version": "flux1",
            "modelspec.architecture": "flux-1-schnell/lora",
        }
        layer = ("lora_unet_double_blocks_0_img_mlp_0", 12288, 3072)
        assert identify(kohya(layer, metadata=metadata)).base.slug == "flux-1-schnell"

    def test_a_later_release_named_says_more_than_the_first_that_musubi_always_names(self):
        metadata = {
            "ss_base_model_version": "qwen_image_edit",
            "modelspec.architecture": "Qwen-Image-Edit-2511/lora",
        }
        layer = ("lora_unet_transformer_blocks_59_attn_to_q", 3072, 3072)
        seen = verdict_of(kohya(layer, metadata=metadata), Seen("a.safetensors"))
        assert seen.identification.base.slug == "qwen-image-edit-2511"
        assert seen.identification.detection.variant == "Qwen-Image-Edit 2511"
        assert "base.claimed" not in [one.code for one in seen.problems]

    def test_of_layers_that_many_have_come_in_the_order_in_which_they_are_known(self):
        layers = [(f"layers.{n}.self_attn.q_proj", 4096, 4096) for n in range(32)]
        named = [each.base for each in identify(peft(*layers)).candidates]
        assert named.index("llama-2-7b") < named.index("codellama-7b")
        assert named.index("llama-3-1-8b") < named.index("yi-6b")

    def test_of_a_first_text_encoder_of_several_are_not_stable_diffusion_1(self):
        layer = "text_model_encoder_layers_0_mlp_fc1"
        one = identify(kohya((f"lora_te_{layer}", 3072, 768)))
        of_several = identify(kohya((f"lora_te1_{layer}", 3072, 768)))
        assert (one.detection.family, of_several.detection.family) == ("sd1", "unknown")
        assert "sdxl" in of_several.undecided

    def test_are_not_those_that_metadata_name_against_the_shapes(self):
        found = identify(sdxl({"ss_base_model_version": "sd_v1"}))
        assert (found.base.slug, found.claim) == ("sdxl-1-0", None)

    def test_are_those_of_the_right_size_where_metadata_name_the_family_by_another(self):
        wide = identify(kohya(("lora_unet_blocks_0_self_attn_q", 5120, 5120), metadata=WAN))
        narrow = identify(kohya(("lora_unet_blocks_0_self_attn_q", 1536, 1536), metadata=WAN))
        assert (wide.base.slug, narrow.base.slug) == ("wan-2-1-14b", "wan-2-1-1-3b")

    def test_that_have_most_layers_are_named_where_none_has_them_all(self):
        strange = "lora_unet_mid_block_attentions_0_transformer_blocks_0_nowhere"
        found = identify(kohya((SDXL, 1280, 2048), (strange, 8, 8)))
        first = found.candidates[0]
        assert (first.base, first.whole) == ("sdxl-1-0", False)
        assert first.reason == "1 of 2 layers are in it, in these shapes"

    def test_of_peft_are_named_by_its_configuration(self):
        q_proj = ("layers.0.self_attn.q_proj", 4096, 4096)
        found = identify(peft(q_proj, base="/data/models/Llama-3.1-8B-Instruct-bnb-4bit"))
        assert found.base.slug == "llama-3-1-8b"
        assert found.candidates[0].source == "base_model_name_or_path"


def test_every_base_is_found_among_its_own_candidates():
    for entry in catalogue.entries():
        manifest = catalogue.manifest(entry.slug)
        component, layers = next(iter(manifest.components.items()))
        named = [(name, layer) for name, layer in layers.items() if layer.kind == "linear"][:40]
        prefix = {"model": "base_model.model."}.get(component, f"{component}.")
        shapes = {}
        for name, layer in named:
            shapes[f"{prefix}{name}.lora_A.weight"] = (2, layer.shape[1])
            shapes[f"{prefix}{name}.lora_B.weight"] = (layer.shape[0], 2)
        found = identify(adapter_from(shapes))
        fitting = {one.base for one in found.fits} | {each.base for each in found.candidates}
        assert entry.slug in fitting or entry.parent in fitting, entry.slug
