from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.fit import best_fits, fit
from registry.formats.families import detect_family
from tests import files
from tests.reading import adapter_from, adapter_of

BASES = {"shapes": "shapes", "sd1": "sd-1-5", "sd2": "sd-2-1", "sdxl": "sdxl-1-0"}
BLOCK = "mid_block_attentions_0_transformer_blocks_0"


def fitted(shapes, base):
    return fit(adapter_from(shapes), catalogue.manifest(base))


class TestFit:
    @pytest.mark.parametrize("family", BASES)
    @pytest.mark.parametrize("write", [files.kohya_lora, files.diffusers_lora])
    def test_is_whole_on_the_base_of_its_family(self, family, write):
        adapter = adapter_of(write(family, text_encoder=True))
        found = fit(adapter, catalogue.manifest(BASES[family]))
        assert (found.unknown, found.mismatched) == ((), ())
        assert found.whole

    @pytest.mark.parametrize(
        ("family", "base"), [("llama", "llama-3-1-8b"), ("gpt2", "gpt-2"), ("bloom", "bloom-560m")]
    )
    @pytest.mark.parametrize("prefix", ["base_model.model.", ""])
    def test_is_whole_for_text(self, family, base, prefix):
        adapter = adapter_of(files.peft_lora(family, prefix=prefix))
        assert fit(adapter, catalogue.manifest(base)).whole

    @pytest.mark.parametrize("write", [files.kohya_lora, files.diffusers_lora])
    def test_is_whole_on_flux_in_both_of_its_namings(self, write):
        assert fit(adapter_of(write("flux1")), catalogue.manifest("flux-1-dev")).whole

    def test_counts_by_component(self):
        adapter = adapter_of(files.kohya_lora("sdxl", text_encoder=True))
        found = fit(adapter, catalogue.manifest("sdxl-1-0"))
        assert {each.component: (each.applied, each.in_file) for each in found.components} == {
            "text_encoder": (8, 8),
            "text_encoder_2": (8, 8),
            "unet": (16, 16),
        }

    def test_tells_layers_of_another_shape(self):
        found = fit(adapter_of(files.kohya_lora("sd1")), catalogue.manifest("sd-2-1"))
        assert found.mismatched == (
            f"lora_unet_{BLOCK}_attn2_to_k: file (1280, 768), base (1280, 1024)",
            f"lora_unet_{BLOCK}_attn2_to_v: file (1280, 768), base (1280, 1024)",
        )
        assert found.mismatches[0].told("SD 2.1") == (
            f"lora_unet_{BLOCK}_attn2_to_k takes 768 inputs where SD 2.1 has 1024"
        )

    def test_tells_layers_that_are_not_there(self):
        adapter = adapter_of(files.peft_lora("gpt2"))
        found = fit(adapter, catalogue.manifest("sd-1-5"))
        assert found.applied == 0
        assert found.unknown == (
            "base_model.model.transformer.h.0.attn.c_attn",
            "base_model.model.transformer.h.11.mlp.c_fc",
        )

    @pytest.mark.parametrize(
        ("down", "up", "told"),
        [
            ((4, 640), (1280, 4), "takes 640 inputs where SD 1.5 has 768"),
            ((4, 768), (640, 4), "gives 640 outputs where SD 1.5 has 1280"),
            ((4, 768, 1, 1), (1280, 4, 1, 1), "has the shape"),
        ],
        ids=["inputs", "outputs", "a kernel"],
    )
    def test_compares_every_dimension(self, down, up, told):
        root = f"lora_unet_{BLOCK}_attn2_to_k"
        found = fitted({f"{root}.lora_down.weight": down, f"{root}.lora_up.weight": up}, "sd-1-5")
        assert told in found.mismatches[0].told("SD 1.5")

    def test_takes_half_a_pair_for_as_much_as_it_shows(self):
        root = f"lora_unet_{BLOCK}_attn2_to_k"
        assert fitted({f"{root}.lora_up.weight": (1280, 4)}, "sd-1-5").whole
        assert fitted({f"{root}.lora_up.weight": (640, 4)}, "sd-1-5").mismatched

    @pytest.mark.parametrize(
        "tails",
        [
            {"hada_w1_a": (320, 4), "hada_w1_b": (4, 2880), "hada_w2_a": (320, 4),
             "hada_w2_b": (4, 2880)},
            {"lokr_w1": (10, 10), "lokr_w2": (32, 32, 3, 3)},
            {"lora_down.weight": (4, 320, 3, 3), "lora_up.weight": (320, 4, 1, 1)},
            {"diff": (320, 320, 3, 3)},
        ],
        ids=["LoHa, its kernel flattened", "LoKr", "LoCon", "a full difference"],
    )  # fmt: skip
    def test_knows_the_shapes_of_each_algorithm(self, tails):
        root = "lora_unet_down_blocks_0_resnets_0_conv1"
        assert fitted({f"{root}.{tail}": size for tail, size in tails.items()}, "sd-1-5").whole

    @pytest.mark.parametrize(
        ("right", "wrong"),
        [
            ({"oft_blocks": (4, 80, 80)}, {"oft_blocks": (4, 64, 64)}),
            ({"oft_blocks": (2, 4, 80, 80)}, {"oft_blocks": (2, 4, 64, 64)}),
            ({"oft_R.weight": (10, 2016)}, {"oft_R.weight": (12, 2016)}),
            ({"boft_R": (1, 80, 8, 8), "boft_s": (320, 1)}, {"boft_s": (640, 1)}),
            ({"ia3_l": (320, 1)}, {"ia3_l": (640, 1)}),
            ({"ia3_l": (1, 640)}, {"ia3_l": (1, 320)}),
            ({"weight": (640,), "on_input": ()}, {"weight": (1280,), "on_input": ()}),
            (
                {"a1.weight": (640, 4), "a2.weight": (4, 640), "b1.weight": (320, 4),
                 "b2.weight": (4, 640)},
                {"a1.weight": (640, 4), "a2.weight": (4, 640), "b1.weight": (640, 4),
                 "b2.weight": (4, 640)},
            ),
            ({"vera_lambda_b": (320,), "vera_lambda_d": (8,)}, {"vera_lambda_b": (640,)}),
            ({"hira_A": (4, 640), "hira_B": (320, 4)}, {"hira_A": (4, 320), "hira_B": (320, 4)}),
            ({"hra_u": (640, 8)}, {"hra_u": (320, 8)}),
            ({"diff_b": (320,)}, {"diff_b": (640,)}),
        ],
        ids=["OFT", "BOFT", "PEFT's OFT", "PEFT's BOFT", "(IA)³ on outputs", "(IA)³ on inputs",
             "LyCORIS' (IA)³", "GLoRA", "VeRA", "HiRA", "HRA", "a bias"],
    )  # fmt: skip
    def test_refutes_a_base_by_whatever_tells_outputs_or_inputs(self, right, wrong):
        root = "lora_unet_up_blocks_3_resnets_1_conv_shortcut"  # 640 in, 320 out, no kernel
        assert fitted({f"{root}.{tail}": size for tail, size in right.items()}, "sd-1-5").whole
        found = fitted({f"{root}.{tail}": size for tail, size in wrong.items()}, "sd-1-5")
        assert len(found.mismatched) == 1
        assert "None" not in found.mismatches[0].told("SD 1.5")

    def test_knows_that_oft_may_count_a_kernel_with_the_inputs(self):
        root = "lora_unet_down_blocks_0_resnets_0_conv1"  # 320 in, 320 out, 3 by 3
        assert fitted({f"{root}.oft_R.weight": (45, 2016)}, "sd-1-5").whole
        assert fitted({f"{root}.oft_R.weight": (46, 2016)}, "sd-1-5").mismatched

    def test_knows_norms(self):
        root = "lora_unet_down_blocks_0_resnets_0_norm1"
        assert fitted({f"{root}.w_norm": (320,), f"{root}.b_norm": (320,)}, "sd-1-5").whole

    def test_knows_that_peft_turns_embeddings_round(self):
        root = "base_model.model.transformer.wte"
        shapes = {f"{root}.lora_embedding_A": (4, 50257), f"{root}.lora_embedding_B": (768, 4)}
        assert fitted(shapes, "gpt-2").whole

    def test_of_nothing_is_not_whole(self):
        assert not fitted({"w_a_000": (2, 768)}, "sd-1-5").whole


class TestBestFits:
    @pytest.mark.parametrize("family", BASES)
    def test_finds_the_base(self, family):
        adapter = adapter_of(files.kohya_lora(family, text_encoder=True))
        found = best_fits(adapter, catalogue.manifests())
        own = [each.base for each in found if not catalogue.entry(each.base).parent]
        assert own == [BASES[family]]

    def test_finds_none_for_half_a_fit(self):
        shapes = {
            f"lora_unet_{BLOCK}_attn2_to_k.lora_down.weight": (4, 768),
            f"lora_unet_{BLOCK}_attn2_to_v.lora_down.weight": (4, 2048),
        }
        assert best_fits(adapter_from(shapes), catalogue.manifests()) == ()


def test_a_joined_matrix_may_come_in_parts():
    shapes = {}
    for number, outputs in enumerate((3072, 3072, 3072, 12288)):
        root = f"transformer.single_blocks.0.linear1.{number}"
        shapes[f"{root}.lora_down.weight"] = (4, 3072)
        shapes[f"{root}.lora_up.weight"] = (outputs, 4)
    adapter = adapter_from(shapes)
    assert detect_family(adapter).family == "flux1"
    assert fit(adapter, catalogue.manifest("flux-1-dev")).whole
