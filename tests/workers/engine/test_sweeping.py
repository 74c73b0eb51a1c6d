from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from tests.workers.engine import tiny
from workers.engine import at_once, rendering
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import NAME, attached
from workers.engine.bases import Bases, BaseSource
from workers.engine.columns import Column
from workers.engine.devices import choose
from workers.engine.pictures import NoPicture
from workers.engine.rendering import NoRoom, Sample, render
from workers.engine.sweeping import AdapterRefused, Row, sweep

WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)


def quiet(done, of):
    """Nobody listens."""


def by_hand(base, scene, path, weights):
    """The usual way: set the weight, call the pipeline, again for every weight."""
    pipeline = base.pipeline
    pipeline.load_lora_weights(
        path, adapter_name="hand", local_files_only=True, use_safetensors=True
    )
    latents = []
    for weight in weights:
        pipeline.set_adapters(["hand"], [weight])
        answer = pipeline(
            "a red circle",
            num_inference_steps=scene.steps,
            guidance_scale=scene.guidance,
            width=scene.width,
            height=scene.height,
            generator=torch.Generator().manual_seed(scene.seed),
            output_type="latent",
        )
        latents.append(answer.images[0].numpy())
    pipeline.unload_lora_weights()
    return latents


def at_weights(base, scene, path, weights):
    with attached(base, AdapterSource(path)) as attachment:
        samples = [Sample("a red circle", weight) for weight in weights]
        return render(base, scene, samples, attachment=attachment, on_step=quiet)


@pytest.fixture
def files(tmp_path, shapes, unet_pairs, encoder_pairs, base):
    convolutions = tiny.pairs(
        tiny.layers_of(base.pipeline.unet, ("conv1", "conv2", "time_emb_proj", "proj_in")),
        size=0.1,
    )
    return {
        "attention": tiny.write(tmp_path / "attention", tiny.kohya(unet_pairs, alpha=2.0)),
        "text encoder too": tiny.write(tmp_path / "encoder", tiny.kohya(unet_pairs, encoder_pairs)),
        "convolutions": tiny.write(tmp_path / "locon", tiny.diffusers_new(convolutions)),
        "text encoder alone": tiny.write(tmp_path / "alone", tiny.diffusers_new({}, encoder_pairs)),
    }


class TestRender:
    @pytest.mark.parametrize(
        "kind", ["attention", "text encoder too", "convolutions", "text encoder alone"]
    )
    def test_at_once_is_what_the_loop_gives(self, base, scene, files, kind):
        expected = by_hand(base, scene, files[kind], WEIGHTS)

        found = at_weights(base, scene, files[kind], WEIGHTS)

        assert found.method == "batch"
        for shot, latent in zip(found.shots, expected, strict=True):
            assert np.abs(shot.latent - latent).max() < 1e-3
        # … and it is no proof if nothing moves.
        assert np.abs(expected[0] - expected[-1]).max() > 1e-2

    def test_halves_a_batch_that_does_not_fit(self, base, scene, files, monkeypatch):
        expected = at_weights(base, scene, files["attention"], WEIGHTS)
        roomy = rendering._Run.plain
        sizes = []

        def cramped(run, samples):
            sizes.append(len(samples))
            if len(samples) > 2:
                raise torch.OutOfMemoryError("Tried to allocate a little too much")
            return roomy(run, samples)

        monkeypatch.setattr(rendering._Run, "plain", cramped)
        found = at_weights(base, scene, files["attention"], WEIGHTS)

        assert sizes == [7, 3, 1, 1, 1, 1, 1, 1, 1]
        for one, other in zip(found.shots, expected.shots, strict=True):
            assert np.abs(one.latent - other.latent).max() < 1e-4

    def test_says_when_not_even_one_picture_fits(self, base, scene, files, monkeypatch):
        def never(run, samples):
            raise torch.OutOfMemoryError

        monkeypatch.setattr(rendering._Run, "plain", never)

        with pytest.raises(NoRoom, match="no room"):
            at_weights(base, scene, files["attention"], (0.0, 1.0))


class TestRenderOnXl:
    def test_at_once_is_what_the_loop_gives(self, tmp_path, scene):
        folder = tiny.build_xl_base(tmp_path / "xl")
        source = BaseSource("xl", "StableDiffusionXLPipeline", folder, folder, "")
        base = Bases(choose("cpu")).load(source)
        unet = tiny.pairs(tiny.layers_of(base.pipeline.unet, tiny.ATTENTION), size=0.1)
        encoders = {
            name: tiny.pairs(tiny.layers_of(getattr(base.pipeline, name), tiny.ENCODER), size=0.1)
            for name in ("text_encoder", "text_encoder_2")
        }
        tensors = tiny._lettered("unet.", unet)
        for name, halves in encoders.items():
            tensors |= tiny._lettered(f"{name}.", halves)
        path = tiny.write(tmp_path / "adapter", tensors)
        expected = by_hand(base, scene, path, WEIGHTS)

        found = at_weights(base, scene, path, WEIGHTS)

        assert found.method == "batch"
        for shot, latent in zip(found.shots, expected, strict=True):
            assert np.abs(shot.latent - latent).max() < 1e-3
        assert np.abs(expected[0] - expected[-1]).max() > 1e-2


class TestWeightsAtOnce:
    def test_puts_scaling_back_exactly(self, base, files):
        with attached(base, AdapterSource(files["text encoder too"])) as attachment:
            layers = [layer for held in attachment.layers.values() for layer in held.values()]
            before = [layer.scaling[NAME] for layer in layers]

            with at_once.weights_at_once(attachment, (0.0, 1.0)):
                layers[0](torch.zeros(4, 3, layers[0].in_features))
                assert isinstance(layers[0].scaling[NAME], Column)
                # Code that torch compiled is not told of hooks that come and go.
                assert not any(layer._forward_pre_hooks for layer in layers)

            assert [layer.scaling[NAME] for layer in layers] == before

    def test_refuses_a_batch_that_weights_do_not_divide(self, base, files):
        with attached(base, AdapterSource(files["attention"])) as attachment:
            layer = next(iter(attachment.layers["unet"].values()))
            with (
                at_once.weights_at_once(attachment, (0.0, 0.5, 1.0)),
                pytest.raises(ValueError, match="cannot carry"),
            ):
                layer(torch.zeros(4, 3, layer.in_features))


class TestDora:
    @pytest.fixture
    def dora(self, tmp_path, base, unet_pairs):
        tensors = tiny.diffusers_new(unet_pairs)
        for name in unet_pairs:
            weight = base.pipeline.unet.get_submodule(name).weight
            tensors[f"unet.{name}.lora_magnitude_vector"] = weight.norm(dim=1).detach() * 1.1
        return tiny.write(tmp_path / "dora", tensors)

    def test_is_swept_by_the_loop(self, base, scene, dora):
        weights = (0.0, 0.5, 1.0)
        expected = by_hand(base, scene, dora, weights[1:])
        alone = render(base, scene, [Sample("a red circle", 0.0)], attachment=None, on_step=quiet)
        expected.insert(0, alone.shots[0].latent)  # by hand, magnitudes stay at a weight of 0

        found = at_weights(base, scene, dora, weights)

        assert found.method == "loop"
        assert "DoRA" in found.reason
        for shot, latent in zip(found.shots, expected, strict=True):
            assert np.abs(shot.latent - latent).max() < 1e-4

    def test_has_a_sweep_of_the_same_form(self, base, scene, dora, files):
        row = Row(scene, "a red circle", (0.0, 1.0), frozenset())

        looped, pictures = sweep(base, AdapterSource(dora), row, on_step=quiet)
        batched, _ = sweep(base, AdapterSource(files["attention"]), row, on_step=quiet)

        assert looped["method"] == "loop"
        assert looped.keys() == batched.keys()
        assert looped["cells"][1].keys() == batched["cells"][1].keys()
        assert set(pictures) == {"cell-0", "cell-1"}


class TestSweep:
    def test_sends_a_picture_a_weight(self, base, scene, files):
        row = Row(scene, "a red circle", WEIGHTS, frozenset())

        answer, blobs = sweep(base, AdapterSource(files["attention"]), row, on_step=quiet)

        assert [cell["weight"] for cell in answer["cells"]] == list(WEIGHTS)
        for cell in answer["cells"]:
            picture = Image.open(io.BytesIO(blobs[cell["blob"]]))
            assert picture.format == "WEBP"
            assert picture.size == (cell["width"], cell["height"]) == (16, 16)

    def test_measures_each_step_and_the_way_from_zero(self, base, scene, files):
        row = Row(scene, "a red circle", WEIGHTS, frozenset())

        cells = sweep(base, AdapterSource(files["attention"]), row, on_step=quiet)[0]["cells"]

        assert cells[0]["from_zero"] is None
        assert cells[0]["from_previous"] is None
        assert cells[1]["from_zero"] == cells[1]["from_previous"]
        assert all(cell["from_zero"]["latent"] > 0 for cell in cells[1:])

    def test_shares_the_cell_at_weight_zero_among_adapters(self, base, scene, files):
        row = Row(scene, "a red circle", (0.0, 1.0), frozenset())
        one = replace(AdapterSource(files["attention"]), tensor_digest="one")
        other = replace(AdapterSource(files["convolutions"]), tensor_digest="other")

        first = sweep(base, one, row, on_step=quiet)[0]["cells"]
        steps = []
        second = sweep(base, other, row, on_step=lambda done, of: steps.append(done))[0]["cells"]

        assert first[0]["key"] == second[0]["key"]
        assert first[1]["key"] != second[1]["key"]
        assert steps == [1, 2, 3]  # one run, and in it only weight 1

    def test_renders_nothing_twice_when_a_row_comes_again_with_more_weights(
        self, base, scene, files
    ):
        source = replace(AdapterSource(files["attention"]), tensor_digest="one")
        first = Row(scene, "a red circle", (0.0, 1.0), frozenset())
        more = Row(scene, "a red circle", (0.0, 0.5, 1.0), frozenset({0.0, 1.0}))
        whole = sweep(base, AdapterSource(files["attention"]), replace(more, skip=frozenset()),
                      on_step=quiet)[0]["cells"]  # fmt: skip
        sweep(base, source, first, on_step=quiet)
        steps = []

        found, blobs = sweep(base, source, more, on_step=lambda done, of: steps.append(done))

        assert steps == [1, 2, 3]  # one run, and in it only weight 0.5
        assert set(blobs) == {"cell-1"}
        for cell, expected in zip(found["cells"][1:], whole[1:], strict=True):
            for name in ("from_zero", "from_previous"):
                assert cell[name] == pytest.approx(expected[name], abs=1e-3)

    def test_asks_for_pictures_that_it_has_no_more_and_renders_none_of_them(
        self, base, scene, files
    ):
        source = replace(AdapterSource(files["attention"]), tensor_digest="one")
        first = Row(scene, "a red circle", (0.0, 1.0), frozenset())
        answer, blobs = sweep(base, source, first, on_step=quiet)
        kept = {cell["weight"]: blobs[cell["blob"]] for cell in answer["cells"]}
        base.memory.clear()  # as in a child that has just been started
        base.recent.clear()
        known = frozenset({0.0, 1.0})
        again = Row(scene, "a red circle", (0.0, 0.5, 1.0), known, at_hand=known)
        steps = []

        wanted = sweep(base, source, again, on_step=lambda done, of: steps.append(done))
        assert wanted == ({"wanted": [0.0, 1.0]}, {})
        assert steps == []
        found, sent = sweep(
            base, source, replace(again, at_hand=frozenset(), given=kept),
            on_step=lambda done, of: steps.append(done),
        )  # fmt: skip

        assert steps == [1, 2, 3]  # one run, and in it only weight 0.5
        assert set(sent) == {"cell-1"}
        expected = answer["cells"][1]["from_zero"]
        distances = found["cells"][2]["from_zero"]
        assert distances == {name: pytest.approx(expected[name]) for name in ("pixel", "ssim")}

    def test_puts_no_adapter_on_where_all_is_known(self, base, scene, files):
        source = replace(AdapterSource(files["attention"]), tensor_digest="one")
        row = Row(scene, "a red circle", (0.0, 1.0), frozenset({0.0, 1.0}))
        expected = sweep(base, source, row, on_step=quiet)[0]["cells"]
        gone = replace(source, path=source.path.with_name("gone"))

        found = sweep(base, gone, row, on_step=quiet)[0]["cells"]

        assert [one["from_zero"] for one in found] == [one["from_zero"] for one in expected]

    def test_refuses_what_is_no_picture(self, base, scene, files):
        source = replace(AdapterSource(files["attention"]), tensor_digest="one")
        row = Row(scene, "a red circle", (0.0, 1.0), frozenset({0.0}), given={0.0: b"RIFF"})

        with pytest.raises(NoPicture, match="no picture"):
            sweep(base, source, row, on_step=quiet)

    def test_measures_cells_that_it_need_not_send(self, base, scene, files):
        whole = Row(scene, "a red circle", (0.0, 1.0), frozenset())
        rest = Row(scene, "a red circle", (0.0, 1.0), frozenset({0.0}))

        expected, _ = sweep(base, AdapterSource(files["attention"]), whole, on_step=quiet)
        base.memory.clear()  # as in a child that has just been started
        found, blobs = sweep(base, AdapterSource(files["attention"]), rest, on_step=quiet)

        assert set(blobs) == {"cell-1"}
        assert found["cells"][0]["blob"] is None
        for measure, distance in found["cells"][1]["from_zero"].items():
            assert distance == pytest.approx(expected["cells"][1]["from_zero"][measure], abs=1e-3)

    def test_keeps_the_base_clear_of_infinity(self, base, scene, tmp_path, unet_pairs):
        huge = {name: (down * 1e19, up * 1e19) for name, (down, up) in unet_pairs.items()}
        source = AdapterSource(tiny.write(tmp_path / "huge", tiny.kohya(huge)))
        row = Row(scene, "a red circle", (0.0, 1.0), frozenset())

        cells = sweep(base, source, row, on_step=quiet)[0]["cells"]

        assert [cell["saw_nan"] for cell in cells] == [False, True]

    def test_refuses_an_adapter_of_which_nothing_arrives(self, base, scene, tmp_path):
        alien = tiny.pairs({"transformer.h.0.attn.c_attn": (96, 32)})
        source = AdapterSource(tiny.write(tmp_path / "alien", tiny.peft_files(alien)))
        row = Row(scene, "a red circle", (0.0, 1.0), frozenset())

        with pytest.raises(AdapterRefused):
            sweep(base, source, row, on_step=quiet)
