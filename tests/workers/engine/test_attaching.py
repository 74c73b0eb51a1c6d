from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.workers.engine import tiny
from workers.engine.adapter_files import AdapterSource, AdapterUnreadable
from workers.engine.attaching import _Stock, attached
from workers.engine.bases import BaseSource
from workers.engine.rendering import Sample, render


def noiseless(base, scene, attachment=None, weight=1.0):
    """Return the one latent that a scene gives."""
    rendering = render(
        base,
        scene,
        [Sample("a red circle", weight)],
        attachment=attachment,
        on_step=lambda done, of: None,
    )
    return rendering.shots[0].latent


@pytest.fixture
def attach(base, tmp_path):
    """Attach tensors to the base, say what became of them, and draw."""

    def attach(tensors, *, scene=None, config=None, expected=None, **metadata):
        path = tiny.write(tmp_path / "adapter", tensors, **metadata)
        config_path = None
        if config is not None:
            config_path = tmp_path / "adapter_config.json"
            config_path.write_text(json.dumps(config), encoding="utf-8")
        source = AdapterSource(path, config_path, expected=expected or {})
        with attached(base, source) as attachment:
            latent = noiseless(base, scene, attachment) if scene else None
        return attachment, latent

    return attach


class TestAttached:
    @pytest.mark.parametrize(
        "write",
        [
            tiny.kohya,
            tiny.diffusers_new,
            tiny.diffusers_mid,
            tiny.diffusers_old,
            lambda pairs: tiny.diffusers_old(pairs, prefix=""),
            tiny.peft_files,
        ],
        ids=["kohya", "diffusers new", "diffusers mid", "diffusers old", "attn procs", "peft"],
    )
    def test_injects_every_layer_whatever_the_dialect(self, attach, unet_pairs, scene, write):
        attachment, latent = attach(write(unet_pairs), scene=scene)
        _, expected = attach(tiny.kohya(unet_pairs), scene=scene)

        assert attachment.error is None
        assert attachment.injected == {"unet": len(unet_pairs)} == attachment.in_file
        assert attachment.unmatched == ()
        assert np.abs(latent - expected).max() < 1e-4

    def test_reaches_the_text_encoder(self, attach, unet_pairs, encoder_pairs):
        both = len(unet_pairs), len(encoder_pairs)

        for write in (tiny.kohya, tiny.diffusers_new):
            attachment, _ = attach(write(unet_pairs, encoder_pairs))

            assert tuple(attachment.injected.values()) == both, attachment
            assert attachment.unmatched == ()
            assert attachment.messages == ()

    def test_leaves_the_base_as_it_was(self, attach, base, scene, unet_pairs, encoder_pairs):
        before = noiseless(base, scene)

        attach(tiny.kohya(unet_pairs, encoder_pairs), scene=scene)

        assert np.array_equal(before, noiseless(base, scene))
        assert base.is_sound

    def test_notices_a_write_to_the_base(self, bases, base_source, tmp_path, unet_pairs):
        base = bases.load(base_source)
        path = tiny.write(tmp_path / "adapter", tiny.kohya(unet_pairs))

        with attached(base, AdapterSource(path)), torch.no_grad():
            base.pipeline.unet.conv_in.bias.add_(1)

        assert not base.is_sound
        assert bases.load(base_source) is not base

    def test_is_the_base_at_weight_zero(self, base, scene, tmp_path, unet_pairs, encoder_pairs):
        before = noiseless(base, scene)
        path = tiny.write(tmp_path / "adapter", tiny.kohya(unet_pairs, encoder_pairs))

        with attached(base, AdapterSource(path)) as attachment:
            at_zero = noiseless(base, scene, attachment, weight=0.0)

        assert np.abs(before - at_zero).max() < 1e-4

    def test_says_when_names_had_to_be_changed(self, attach, unet_pairs):
        attachment, _ = attach(tiny.diffusers_old(unet_pairs, prefix=""))

        assert "unet." in attachment.messages[0]

    def test_takes_alpha_from_a_config(self, attach, unet_pairs, scene):
        config = {"lora_alpha": 8, "r": 4, "alpha_pattern": {}, "use_rslora": False}

        _, latent = attach(tiny.peft_files(unet_pairs), config=config, scene=scene)
        _, expected = attach(tiny.kohya(unet_pairs, alpha=8.0), scene=scene)

        assert np.abs(latent - expected).max() < 1e-3


class TestAttachedToTheWrongBase:
    def test_names_layers_that_are_not_in_the_base(self, attach, unet_pairs):
        name, halves = next(iter(unet_pairs.items()))
        elsewhere = name.replace("down_blocks.1", "down_blocks.7")

        attachment, _ = attach(tiny.diffusers_new({**unet_pairs, elsewhere: halves}))

        assert attachment.error is None
        assert attachment.unmatched == (f"unet.{elsewhere}".removesuffix(".0"),)
        assert attachment.in_file["unet"] == attachment.injected["unet"] + 1

    def test_counts_layers_that_the_loader_dropped(self, attach, unet_pairs):
        attachment, _ = attach(tiny.kohya(unet_pairs), expected={"unet": 40, "text_encoder": 2})

        assert attachment.in_file == {"unet": 40, "text_encoder": 2}
        assert attachment.injected == {"unet": len(unet_pairs)}

    def test_keeps_the_loaders_error_as_a_fact(self, attach, shapes):
        wide = {
            name: (2 * out, 2 * into) if "attn2" in name else (out, into)
            for name, (out, into) in shapes[0].items()
        }

        attachment, _ = attach(tiny.kohya(tiny.pairs(wide)))

        assert "size mismatch" in attachment.error
        assert attachment.is_empty

    def test_is_usable_after_an_error(self, attach, base, scene, shapes, unet_pairs):
        before = noiseless(base, scene)
        attach(tiny.kohya(tiny.pairs(dict.fromkeys(shapes[0], (8, 8)))))

        attachment, _ = attach(tiny.kohya(unet_pairs))

        assert attachment.injected == {"unet": len(unet_pairs)}
        assert np.array_equal(before, noiseless(base, scene))

    def test_hears_what_the_loader_says_of_an_alien_file(self, attach):
        alien = tiny.pairs({"transformer.h.0.attn.c_attn": (96, 32)})

        attachment, _ = attach(tiny.peft_files(alien))

        assert attachment.is_empty
        assert attachment.error or attachment.messages
        assert attachment.injected == {}

    def test_hears_of_a_missing_half(self, attach, unet_pairs):
        tensors = tiny.diffusers_new(unet_pairs)
        missing = next(name for name in tensors if "lora_A" in name)
        del tensors[missing]

        attachment, _ = attach(tensors)

        assert any("missing" in message for message in attachment.messages)


class TestAttachedFile:
    def test_sees_what_is_no_number(self, attach, unet_pairs):
        tensors = {name: tensor.clone() for name, tensor in tiny.kohya(unet_pairs).items()}
        next(iter(tensors.values()))[0, 0] = float("nan")

        attachment, _ = attach(tensors)

        assert not attachment.is_finite

    def test_refuses_a_file_that_is_no_safetensors_file(self, base, tmp_path):
        path = tmp_path / "adapter"
        path.write_bytes(b"\x80\x04pickle")

        with pytest.raises(AdapterUnreadable), attached(base, AdapterSource(path)):
            pass


class TestAttachedToASkeleton:
    def test_injects_the_same_layers(self, bases, base_source, tmp_path, unet_pairs, encoder_pairs):
        skeleton = bases.skeleton(base_source)
        path = tiny.write(tmp_path / "adapter", tiny.kohya(unet_pairs, encoder_pairs))

        for _ in range(2):  # The skeleton is kept, so it must come clean out of it.
            with attached(skeleton, AdapterSource(path)) as attachment:
                assert attachment.injected == {
                    "unet": len(unet_pairs),
                    "text_encoder": len(encoder_pairs),
                }
        assert skeleton.is_sound
        assert all(weight.is_meta for weight in skeleton.pipeline.unet.parameters())


CONFIGS = Path(__file__).resolve().parents[3] / "bases"


class TestAttachedToAFullSizeSkeleton:
    """Bases of billions of parameters, of which nobody here has the weights."""

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("slug", "pipeline", "component", "endings"),
        [
            ("sd-1-5", "StableDiffusionPipeline", "unet", tiny.ATTENTION),
            ("sdxl-1-0", "StableDiffusionXLPipeline", "unet", ("attn2.to_k", "attn2.to_v")),
            ("flux-1-dev", "FluxPipeline", "transformer", ("attn.to_q", "attn.to_k")),
        ],
    )
    def test_injects_every_layer(self, bases, tmp_path, slug, pipeline, component, endings):
        config = CONFIGS / slug / "config"
        skeleton = bases.skeleton(BaseSource(slug, pipeline, None, config, ""))
        shapes = tiny.layers_of(getattr(skeleton.pipeline, component), endings)
        tensors = tiny._lettered(f"{component}.", tiny.pairs(shapes, rank=1))
        path = tiny.write(tmp_path / "adapter", tensors)

        with attached(skeleton, AdapterSource(path)) as attachment:
            assert attachment.error is None
            assert attachment.injected == {component: len(shapes)}
            assert attachment.unmatched == ()
        assert skeleton.is_sound


def test_an_error_that_lists_every_layer_is_told_by_its_start():
    error = "Target modules {" + ", ".join(f"'layers.{n}'" for n in range(500)) + "} not found."
    told = _Stock(in_file={}, carrying={}, unmatched=(), error=error).summary
    assert told.startswith("ends in an error (Target modules {'layers.0', ")
    assert len(told) < 250
