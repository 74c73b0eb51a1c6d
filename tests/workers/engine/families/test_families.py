"""Every family of pictures, on a small base of its real classes: what holds of one holds of all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import peft
import pytest
import torch
from peft.tuners.lora import LoraLayer
from safetensors.torch import load_file

from tests.workers.engine import tiny
from tests.workers.engine.families.small import BASES
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import attached
from workers.engine.bases import Bases
from workers.engine.devices import choose
from workers.engine.families.diffusing import Diffusing
from workers.engine.families.protocol import Canvas
from workers.engine.families.table import FAMILIES
from workers.engine.manifests import layers_of
from workers.engine.rendering import Sample, render
from workers.engine.trials import prove_loads, try_on

WEIGHTS = (0.0, 0.6, 1.2)
PROMPT = "a red circle"
ENCODERS = ("sd", "sdxl", "sd3", "flux")
CONVOLUTIONS = [slug for slug, small in BASES.items() if small.convolution]


def quiet(done, of):
    """Nobody listens."""


def adapter(base, small, *, endings=tiny.ATTENTION, encoders=(), size=0.1):
    """Return the tensors of an adapter for the denoiser and for text encoders."""
    denoiser = getattr(base.pipeline, small.denoiser)
    tensors = tiny._lettered(f"{small.denoiser}.", tiny.pairs(linear(denoiser, endings), size=size))
    for name in encoders:
        halves = tiny.pairs(linear(getattr(base.pipeline, name), tiny.ENCODER), size=size)
        tensors |= tiny._lettered(f"{name}.", halves)
    return tensors


def linear(module, endings):
    shapes = tiny.layers_of(module, endings)
    return {name: shape for name, shape in shapes.items() if len(shape) > 1}


def by_hand(base, small, scene, path, weights, **other):
    """The usual way: set the weight, call the pipeline, again for every weight."""
    pipeline, answers = base.pipeline, []
    set_weight, unload = loaded_by_hand(pipeline, path)
    for weight in weights:
        set_weight(weight)
        arguments = {
            "num_inference_steps": scene.steps,
            "guidance_scale": scene.guidance,
            "width": scene.width,
            "height": scene.height,
            "generator": torch.Generator().manual_seed(scene.seed),
            "output_type": "latent",
        }
        answers.append(pipeline(prompt=PROMPT, **arguments | dict(small.by_hand) | other)[0])
    unload()
    return answers


def loaded_by_hand(pipeline, path):
    """Put an adapter on a pipeline as people do; return what sets its weight and what ends it."""
    if hasattr(pipeline, "load_lora_weights"):
        pipeline.load_lora_weights(
            path, adapter_name="hand", local_files_only=True, use_safetensors=True
        )
        return lambda weight: pipeline.set_adapters(
            ["hand"], [weight]
        ), pipeline.unload_lora_weights
    state = {name.removeprefix("transformer."): each for name, each in load_file(path).items()}
    layers = sorted({name.partition(".lora_")[0] for name in state})
    config = peft.LoraConfig(
        r=4,
        lora_alpha=4,
        target_modules=layers,
        use_dora=any("magnitude" in name for name in state),
    )
    model = peft.PeftModel(pipeline.transformer, config, adapter_name="hand")
    under = {f"base_model.model.{name}": each for name, each in state.items()}
    result = peft.set_peft_model_state_dict(model, under, adapter_name="hand")
    assert not result.unexpected_keys

    def set_weight(weight):
        for module in model.modules():
            if isinstance(module, LoraLayer):
                module.set_scale("hand", weight)

    return set_weight, model.unload


def latents_by_hand(base, small, scene, path, weights):
    canvas = Canvas((scene.seed,), scene.steps, scene.guidance, scene.width, scene.height)
    return [
        base.family.unpacked(base.pipeline, latents, canvas)[0].numpy()
        for latents in by_hand(base, small, scene, path, weights)
    ]


def at_weights(base, scene, source, weights=WEIGHTS):
    with attached(base, source) as attachment:
        assert attachment.error is None, attachment.error
        assert attachment.unmatched == ()
        samples = [Sample(PROMPT, weight) for weight in weights]
        return render(base, scene, samples, attachment=attachment, on_step=quiet)


def assert_same(rendering, latents):
    for shot, latent in zip(rendering.shots, latents, strict=True):
        assert np.abs(shot.latent - latent).max() < 1e-3
    # … and it is no proof if nothing moves.
    assert np.abs(latents[0] - latents[-1]).max() > 1e-3


def test_every_family_that_draws_is_tried():
    drawing = [family for family in FAMILIES if isinstance(family, Diffusing)]
    known = {pipeline for family in drawing for pipeline in family.pipelines}

    assert known == {small.pipeline for small in BASES.values()}


class TestLoad:
    def test_draws_what_the_pipeline_draws(self, base, small, scene, tmp_path):
        path = tiny.write(tmp_path / "adapter", adapter(base, small))
        expected = np.asarray(by_hand(base, small, scene, path, (1.0,), output_type="np")[0][0])
        if expected.ndim == 4:  # a film, of which three frames are shown
            expected = np.concatenate([expected[0], expected[4], expected[8]], axis=1)

        shot = at_weights(base, scene, AdapterSource(path), (1.0,)).shots[0]

        assert shot.picture.shape == expected.shape
        assert np.abs(shot.picture / 255 - expected).max() < 0.01

    def test_takes_no_pickled_weights(self, base, slug, tmp_path):
        folder = tmp_path / slug
        shutil.copytree(base.source.folder, folder)
        for path in folder.rglob("*.safetensors"):
            path.rename(path.with_suffix(".bin"))

        with pytest.raises(Exception, match="safetensors"):
            base.family.load(folder, pipeline=base.source.pipeline, dtype=torch.float32)

    @pytest.mark.parametrize("slug", ["sd3"])
    def test_does_without_a_part_that_was_left_out(self, base, small, scene, tmp_path):
        folder = tmp_path / "without-t5"
        shutil.copytree(base.source.folder, folder)
        index = json.loads((folder / "model_index.json").read_text())
        index |= {"text_encoder_3": [None, None], "tokenizer_3": [None, None]}
        (folder / "model_index.json").write_text(json.dumps(index))

        lean = replace(base.source, folder=folder, config_folder=folder)
        shot = render(
            Bases(choose("cpu")).load(lean),
            scene,
            [Sample(PROMPT, 0.0)],
            attachment=None,
            on_step=quiet,
        ).shots[0]

        assert shot.is_finite

    def test_gives_a_picture_for_each_prompt_and_seed(self, base, scene):
        samples = [
            Sample("a red circle", 1.0),
            Sample("a blue square on white", 1.0, seed=scene.seed + 1),
        ]

        together = render(base, scene, samples, attachment=None, on_step=quiet).shots
        alone = render(base, scene, samples[1:], attachment=None, on_step=quiet).shots

        assert np.abs(together[1].latent - alone[0].latent).max() < 1e-3
        assert np.abs(together[0].latent - together[1].latent).max() > 1e-3
        same = replace(samples[1], seed=None)
        other = render(base, scene, [same], attachment=None, on_step=quiet).shots[0]
        assert np.abs(other.latent - alone[0].latent).max() > 1e-3


class TestSkeleton:
    def test_has_the_layers_of_the_full_model(self, base):
        skeleton = Bases(choose("cpu")).skeleton(base.source)

        for component in base.family.adapted:
            empty = getattr(skeleton.pipeline, component)
            full = getattr(base.pipeline, component)
            assert dict(layers_of(empty)) == dict(layers_of(full))
            assert all(weight.is_meta for weight in empty.parameters())

    def test_takes_an_adapter(self, base, small, tmp_path):
        tensors = adapter(base, small, encoders=base.family.prompt_encoders)
        source = AdapterSource(tiny.write(tmp_path / "adapter", tensors))

        facts, _ = prove_loads(Bases(choose("cpu")).skeleton(base.source), source)

        assert facts["error"] is None
        assert sum(facts["injected"].values()) == len(tensors) // 2


class TestTrial:
    def test_counts_every_layer_and_sees_the_change(self, base, small, scene, tmp_path):
        tensors = adapter(base, small, encoders=base.family.prompt_encoders, size=0.3)
        source = AdapterSource(tiny.write(tmp_path / "adapter", tensors))

        facts, blobs = try_on(base, source, scene, ("zq",), on_step=quiet)

        assert facts["error"] is None
        assert facts["injected"] == facts["in_file"]
        assert sum(facts["injected"].values()) == len(tensors) // 2
        assert facts["unmatched_layers"] == []
        told = [message for message in facts["loader_messages"] if "has no loader" not in message]
        assert told == []
        assert facts["change"] > 0
        assert set(blobs) == {"without", "with", "untriggered"}


class TestSweep:
    def test_at_once_is_what_the_loop_gives(self, base, small, scene, tmp_path):
        path = tiny.write(tmp_path / "adapter", adapter(base, small))

        found = at_weights(base, scene, AdapterSource(path))

        assert found.method == "batch"
        assert_same(found, latents_by_hand(base, small, scene, path, WEIGHTS))

    def test_weight_zero_is_the_base(self, base, small, scene, tmp_path):
        source = AdapterSource(tiny.write(tmp_path / "adapter", adapter(base, small)))
        before = render(base, scene, [Sample(PROMPT, 0.0)], attachment=None, on_step=quiet)

        found = at_weights(base, scene, source)
        after = render(base, scene, [Sample(PROMPT, 0.0)], attachment=None, on_step=quiet)

        assert np.abs(found.shots[0].latent - before.shots[0].latent).max() < 1e-3
        assert np.array_equal(after.shots[0].latent, before.shots[0].latent)
        assert base.is_sound

    def test_any_linear_layer_may_be_changed(self, base, small, scene, tmp_path):
        denoiser = getattr(base.pipeline, small.denoiser)
        names = [name for name, layer in layers_of(denoiser) if layer.kind == "linear"]
        tensors = adapter(base, small, endings=tuple(names), size=0.03)
        path = tiny.write(tmp_path / "adapter", tensors)

        found = at_weights(base, scene, AdapterSource(path))

        # Z-Image joins the patches of all samples into one row before its first layers.
        assert found.method == ("loop" if base.source.slug == "z-image" else "batch")
        assert_same(found, latents_by_hand(base, small, scene, path, WEIGHTS))

    def test_rank_stabilised_is_swept_by_its_own_scale(self, base, small, scene, tmp_path):
        tensors = adapter(base, small)
        stabilised = {
            f"{small.denoiser}.r": 4,
            f"{small.denoiser}.lora_alpha": 4,
            f"{small.denoiser}.use_rslora": True,
            f"{small.denoiser}.target_modules": list(tiny.ATTENTION),
        }
        plain = {name: 2 * half if "lora_B" in name else half for name, half in tensors.items()}
        path = tiny.write(tmp_path / "plain", plain)

        source = tiny.write(
            tmp_path / "adapter", tensors, lora_adapter_metadata=json.dumps(stabilised)
        )
        found = at_weights(base, scene, AdapterSource(source))

        assert found.method == "batch"
        assert_same(found, latents_by_hand(base, small, scene, path, WEIGHTS))

    def test_dora_falls_back_to_the_loop(self, base, small, scene, tmp_path):
        tensors = adapter(base, small)
        tensors |= magnitudes(base, small, tensors)
        path = tiny.write(tmp_path / "adapter", tensors)

        found = at_weights(base, scene, AdapterSource(path))

        assert found.method == "loop"
        assert "DoRA" in found.reason
        # By hand, its magnitudes stay at a weight of 0; that cell is all adapters', so not by us.
        alone = render(base, scene, [Sample(PROMPT, 0.0)], attachment=None, on_step=quiet)
        by_hand = latents_by_hand(base, small, scene, path, WEIGHTS[1:])
        assert_same(found, [alone.shots[0].latent, *by_hand])

    @pytest.mark.parametrize("slug", CONVOLUTIONS)
    def test_convolutions_may_be_changed(self, base, small, scene, tmp_path):
        tensors = adapter(base, small, endings=(*tiny.ATTENTION, small.convolution))
        assert any(half.ndim > 2 for half in tensors.values())
        path = tiny.write(tmp_path / "adapter", tensors)

        found = at_weights(base, scene, AdapterSource(path))

        assert found.method == "batch"
        assert_same(found, latents_by_hand(base, small, scene, path, WEIGHTS))

    @pytest.mark.parametrize("slug", ENCODERS)
    def test_text_encoders_may_be_changed(self, base, small, scene, tmp_path):
        tensors = adapter(base, small, encoders=base.family.prompt_encoders)
        path = tiny.write(tmp_path / "adapter", tensors)

        found = at_weights(base, scene, AdapterSource(path))

        assert found.method == "batch"
        assert_same(found, latents_by_hand(base, small, scene, path, WEIGHTS))

    @pytest.mark.parametrize("slug", ENCODERS)
    @pytest.mark.parametrize("table", ["token_embedding", "position_embedding"])
    def test_embeddings_may_be_changed(self, base, small, scene, tmp_path, table):
        (shape,) = tiny.layers_of(base.pipeline.text_encoder, (table,)).values()
        ((down, up),) = tiny.pairs({table: shape}, size=0.5).values()
        layer = f"text_encoder.text_model.embeddings.{table}"
        tensors = adapter(base, small, encoders=("text_encoder",)) | {
            f"{layer}.lora_embedding_A": up.T,  # a row of the table is an input to it
            f"{layer}.lora_embedding_B": down.T,
        }
        path = tiny.write(tmp_path / "adapter", tensors)

        found = at_weights(base, scene, AdapterSource(path))

        assert found.method == "batch"
        assert_same(found, latents_by_hand(base, small, scene, path, WEIGHTS))


def magnitudes(base, small, tensors: Mapping[str, torch.Tensor]):
    denoiser = getattr(base.pipeline, small.denoiser)
    names = {name.partition(".lora_")[0] for name in tensors}
    return {
        f"{name}.lora_magnitude_vector": 1.1
        * denoiser.get_submodule(name.partition(".")[2]).weight.detach().norm(dim=1)
        for name in names
    }
