from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.workers.engine import tiny
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import attached
from workers.engine.parts import UnknownPart, factor
from workers.engine.rendering import Sample, render
from workers.engine.sweeping import Row, sweep

WEIGHTS = (0.0, 0.5, 1.0)
UP = "up_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"


def quiet(done, of):
    """Nobody listens."""


class TestFactor:
    @pytest.mark.parametrize(
        ("parts", "component", "layer", "expected"),
        [
            ({}, "unet", UP, 1.0),
            ({"unet": 0.5}, "unet", UP, 0.5),
            ({"unet": 0.5}, "text_encoder", "encoder.layers.0.mlp.fc1", 1.0),
            ({"unet": 0.5, "unet.up": 0.2}, "unet", UP, 0.2),
            ({"unet.up": 0.2, "unet": 0.5}, "unet", UP, 0.2),
            ({"unet.down": 0.2}, "unet", UP, 1.0),
            ({"unet.mid": 0.3}, "unet", "mid_block.resnets.0.conv1", 0.3),
            ({"unet.up.block_0": 0.4, "unet.up": 0.1}, "unet", UP, 0.4),
            ({"unet.up.block_0.1": 0.4}, "unet", UP, 1.0),
            ({"unet.up.block_0.0": 0.4}, "unet", UP, 0.4),
            ({"transformer.blocks.1": 0.4}, "transformer", "blocks.11.attn", 1.0),
            ({"transformer.blocks.1": 0.4}, "transformer", "blocks.1.attn", 0.4),
        ],
    )
    def test_is_that_of_the_innermost_part(self, parts, component, layer, expected):
        assert factor(parts, component, layer) == expected


# Ours, and the same as diffusers takes it, at a weight of 1.
SAME = {
    "components": (
        {"unet": 0.5, "text_encoder": 1.5},
        {"unet": 0.5, "text_encoder": 1.5},
    ),
    "stretches": (
        {"unet.down": 0.2, "unet.mid": 0.7, "unet.up": 1.4, "text_encoder": 0.0},
        {"unet": {"down": 0.2, "mid": 0.7, "up": 1.4}, "text_encoder": 0.0},
    ),
    "blocks": (
        {"unet": 0.3, "unet.up.block_0.0": 1.2, "unet.up.block_0.1": 0.1},
        {"unet": {"down": 0.3, "mid": 0.3, "up": {"block_0": [1.2, 0.1]}}, "text_encoder": 1.0},
    ),
}


def times(weight, told):
    if isinstance(told, dict):
        return {name: times(weight, inside) for name, inside in told.items()}
    return [weight * one for one in told] if isinstance(told, list) else weight * told


class TestRenderInParts:
    @pytest.fixture
    def path(self, tmp_path, unet_pairs, encoder_pairs):
        return tiny.write(tmp_path / "adapter", tiny.kohya(unet_pairs, encoder_pairs))

    @pytest.mark.parametrize("case", SAME)
    def test_is_what_diffusers_makes_of_the_same_weights(self, base, scene, path, case):
        parts, told = SAME[case]
        pipeline, expected = base.pipeline, []
        pipeline.load_lora_weights(path, adapter_name="hand", local_files_only=True)
        for weight in WEIGHTS:
            pipeline.set_adapters(["hand"], [times(weight, told)])
            answer = pipeline(
                "a red circle",
                num_inference_steps=scene.steps,
                guidance_scale=scene.guidance,
                width=scene.width,
                height=scene.height,
                generator=torch.Generator().manual_seed(scene.seed),
                output_type="latent",
            )
            expected.append(answer.images[0].numpy())
        pipeline.unload_lora_weights()

        whole, found = (self.shots(base, scene, path, given) for given in ({}, parts))

        for shot, latent in zip(found, expected, strict=True):
            assert np.abs(shot.latent - latent).max() < 1e-3
        assert np.abs(found[-1].latent - whole[-1].latent).max() > 1e-2

    def test_refuses_a_part_that_the_base_lacks(self, base, scene, path):
        for part in ("unet.left", "transformer", "unet.up.block_7"):
            with pytest.raises(UnknownPart, match=part):
                self.shots(base, scene, path, {part: 0.5})

    def test_has_a_key_of_its_own(self, base, scene, path):
        source = AdapterSource(path)
        cells = {
            name: sweep(
                base,
                source,
                Row(scene, "a red circle", (0.0, 1.0), frozenset(), parts),
                on_step=quiet,
            )[0]["cells"]
            for name, parts in {"whole": {}, "half": {"unet": 0.5}}.items()
        }

        assert cells["whole"][0]["key"] == cells["half"][0]["key"]
        assert cells["whole"][1]["key"] != cells["half"][1]["key"]

    def shots(self, base, scene, path, parts):
        samples = [Sample("a red circle", weight) for weight in WEIGHTS]
        with attached(base, AdapterSource(path)) as attachment:
            return render(
                base, scene, samples, attachment=attachment, on_step=quiet, parts=parts
            ).shots
