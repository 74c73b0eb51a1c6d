from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="adapters are converted with torch")

from registry.bases import catalogue
from workers.engine.converting.names import Names

pytestmark = pytest.mark.torch


@pytest.mark.parametrize(
    ("base", "name", "swapped"),
    [
        ("flux-1-dev", "final_layer_adaLN_modulation_1", True),
        ("sd3-medium", "joint_blocks_23_context_block_adaLN_modulation_1", True),
        ("sd3-medium", "joint_blocks_0_x_block_adaLN_modulation_1", False),
        ("hunyuan-video", "final_layer_adaLN_modulation_1", True),
        ("hunyuan-video", "txt_in_individual_token_refiner_blocks_0_adaLN_modulation_1", False),
        ("mochi-1", "final_layer_mod", True),
        ("hunyuan-dit", "final_layer_adaLN_modulation_1", True),
        ("lumina-2", "layers_0_adaLN_modulation_1", False),
    ],
)
def test_a_layer_s_halves_are_swapped_where_the_original_code_has_shift_first(base, name, swapped):
    [place] = Names(catalogue.manifest(base)).find("transformer", name)
    assert place.swapped is swapped


@pytest.mark.parametrize(
    ("base", "layer", "name"),
    [
        ("hunyuan-video", "transformer_blocks.0.ff.net.0.proj", "double_blocks_0_img_mlp_fc1"),
        ("hunyuan-video", "transformer_blocks.0.norm1.linear", "double_blocks_0_img_mod_linear"),
        ("hunyuan-video", "single_transformer_blocks.0.norm.linear",
         "single_blocks_0_modulation_linear"),
        ("wan-2-1-14b", "blocks.0.attn2.to_out.0", "blocks_0_cross_attn_o"),
    ],
)  # fmt: skip
def test_the_makers_own_name_comes_before_what_others_made_of_it(base, layer, name):
    joints = Names(catalogue.manifest(base)).joints("transformer")
    assert next(joint.name for joint in joints if joint.layers == (layer,)) == name
