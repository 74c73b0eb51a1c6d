"""Adapters that diffusers does not take: tried and drawn all the same, and said."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from registry.bases.catalogue import FOLDER
from registry.checks.runtimes import TRAPS
from registry.formats.adapter import AdapterFile, Algorithm, Dialect, Pair
from tests.files import named
from tests.reading import SAMPLES, adapter_of, needs_samples
from tests.workers.engine import tiny
from tests.workers.engine.converting.test_dialects import TestFlux as _Flux
from tests.workers.engine.converting.test_dialects import written
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import attached
from workers.engine.bases import BaseSource
from workers.engine.converting.translating import why_not_taken
from workers.engine.rendering import Sample, render
from workers.engine.trials import prove_loads, try_on

FLUX = _Flux.FUSED
ALONE = "Diffusers alone does not take this file"
CONFIG = FOLDER / "sd-1-5" / "config"


@pytest.fixture
def drawn(base, scene, tmp_path):
    """Attach tensors, and return what became of them and the latent that the scene gives."""

    def drawn(tensors):
        path = tiny.write(tmp_path / "adapter", tensors)
        with attached(base, AdapterSource(path)) as attachment:
            rendering = render(
                base, scene, [Sample("a red circle", 1.0)], attachment=attachment,
                on_step=lambda done, of: None,
            )  # fmt: skip
        return attachment, rendering.shots[0].latent

    return drawn


def whole(unet_pairs):
    """Return the changes that pairs make, as whole differences."""
    return {
        f"lora_unet_{name.replace('.', '_')}.diff": up @ down
        for name, (down, up) in unet_pairs.items()
    }


def loha(unet_pairs):
    """Return the same changes as products number by number with ones."""
    tensors = {}
    for name, (down, up) in unet_pairs.items():
        layer = f"lora_unet_{name.replace('.', '_')}"
        tensors |= {
            f"{layer}.hada_w1_a": up, f"{layer}.hada_w1_b": down,
            f"{layer}.hada_w2_a": torch.ones(up.shape[0], 4) / 4,
            f"{layer}.hada_w2_b": torch.ones(4, down.shape[1]),
        }  # fmt: skip
    return tensors


def lokr(unet_pairs):
    """Return the same changes as Kronecker products with a one."""
    tensors = {}
    for name, (down, up) in unet_pairs.items():
        layer = f"lora_unet_{name.replace('.', '_')}"
        tensors |= {f"{layer}.lokr_w1": torch.ones(1, 1), f"{layer}.lokr_w2_a": up,
                    f"{layer}.lokr_w2_b": down}  # fmt: skip
    return tensors


def lycoris(unet_pairs):
    return {name.replace("lora_unet_", "lycoris_"): each
            for name, each in tiny.kohya(unet_pairs).items()}  # fmt: skip


def bundled(unet_pairs):
    return tiny.kohya(unet_pairs) | {"bundle_emb.pirate.string_to_param.*": torch.ones(1, 32)}


@pytest.mark.parametrize("write", [whole, loha, lokr, lycoris, bundled])
def test_draws_what_other_runtimes_draw(drawn, unet_pairs, write):
    attachment, latent = drawn(write(unet_pairs))
    _, wanted = drawn(tiny.kohya(unet_pairs))

    assert attachment.error is None
    assert attachment.injected == {"unet": len(unet_pairs)} == attachment.in_file
    assert attachment.unmatched == ()
    assert attachment.messages[0].startswith(ALONE)
    assert np.abs(latent - wanted).max() < 0.02 * np.abs(wanted).max()


def test_draws_with_the_magnitudes_that_diffusers_drops(drawn, base, unet_pairs):
    """A magnitude of what the rows are anyway changes nothing; twice that changes the picture."""
    tensors = tiny.kohya(unet_pairs)
    modules = dict(base.pipeline.unet.named_modules())
    for name, (down, up) in unet_pairs.items():
        rows = (modules[name].weight + up @ down).detach().norm(dim=1, keepdim=True)
        tensors[f"lora_unet_{name.replace('.', '_')}.dora_scale"] = rows
    attachment, latent = drawn(tensors)
    _, plain = drawn(tiny.kohya(unet_pairs))
    doubled = {name: each * 2 if "dora" in name else each for name, each in tensors.items()}

    assert "dora_scale" in attachment.messages[0]
    assert np.abs(latent - plain).max() < 1e-3 * np.abs(plain).max()
    assert np.abs(drawn(doubled)[1] - plain).max() > 0.05 * np.abs(plain).max()


def test_counts_layers_that_the_base_lacks(drawn, unet_pairs):
    name, pair = next(iter(unet_pairs.items()))
    elsewhere = name.replace("down_blocks.1", "down_blocks.7")
    attachment, _ = drawn(tiny.diffusers_old({**unet_pairs, elsewhere: pair}, prefix=""))

    assert attachment.unmatched == (f"unet.{elsewhere}".removesuffix(".0"),)
    assert attachment.in_file["unet"] == attachment.injected["unet"] + 1


def test_translates_what_the_loader_turned_out_not_to_take(drawn, unet_pairs):
    """Stable Diffusion's own block names, where the loader's arithmetic goes wrong."""
    tensors = {
        name.replace("_mid_block_attentions_0_", "_middle_block_1_"): each
        for name, each in tiny.kohya(unet_pairs).items()
    }
    attachment, latent = drawn(tensors)
    _, wanted = drawn(tiny.kohya(unet_pairs))

    assert attachment.injected == {"unet": len(unet_pairs)}
    assert attachment.error is None
    assert attachment.messages[0].startswith(f"{ALONE}: it loses layers")
    assert np.abs(latent - wanted).max() < 1e-3 * np.abs(wanted).max()


def test_leaves_to_the_loader_what_it_cannot_translate(drawn, unet_pairs):
    tensors = {
        f"lora_unet_{name.replace('.', '_')}.{tail}": each
        for name, (down, up) in unet_pairs.items()
        for tail, each in {"a1.weight": up.T @ up, "a2.weight": down @ down.T, "b1.weight": up,
                           "b2.weight": down}.items()
    }  # fmt: skip
    attachment, _ = drawn(tensors)

    assert attachment.is_empty
    assert "has another shape" in attachment.messages[0]


def test_loads_on_a_skeleton_without_decomposing_anything(bases, base_source, tmp_path, unet_pairs):
    skeleton = bases.skeleton(base_source)
    path = tiny.write(tmp_path / "adapter", whole(unet_pairs))
    facts, _ = prove_loads(skeleton, AdapterSource(path))

    assert facts["injected"] == facts["in_file"] == {"unet": len(unet_pairs)}
    assert facts["error"] is None


def test_says_what_it_sees_that_is_no_number(base, scene, tmp_path, unet_pairs):
    tensors = {name: each.clone() for name, each in whole(unet_pairs).items()}
    next(iter(tensors.values()))[0, 0] = float("nan")
    path = tiny.write(tmp_path / "adapter", tensors)
    facts, _ = try_on(base, AdapterSource(path), scene, (), on_step=lambda done, of: None)

    assert facts["saw_nan"]


@needs_samples
@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("catundchat-sd15", {"unet": 128}),
        ("cloneofsimo-analog_svd_rank4", {"unet": 144, "text_encoder": 48}),
        ("cloneofsimo-lora_disney", {"unet": 144, "text_encoder": 48}),
    ],
)
def test_real_files_load_whole_and_the_trap_is_told(bases, name, layers):
    path = SAMPLES / f"adapters/{name}.safetensors"
    adapter = adapter_of(named(path.read_bytes(), path.name))
    source = BaseSource("sd-1-5", "StableDiffusionPipeline", None, CONFIG, "")
    facts, _ = prove_loads(bases.skeleton(source), AdapterSource(path))

    assert facts["injected"] == layers
    assert facts["unmatched_layers"] == []
    assert facts["loader_messages"][0].startswith(ALONE)
    assert [trap for trap in TRAPS if trap.shows(adapter)]


@pytest.mark.parametrize(
    ("down", "up", "sentence"),
    [
        ("diffusion_model.{}.lora_A.weight", "diffusion_model.{}.lora_B.weight", "passed over"),
        ("transformer.{}.lora_down.weight", "transformer.{}.lora_up.weight", "an error"),
        ("base_model.model.{}.lora_A.weight", "base_model.model.{}.lora_B.weight", "an error"),
    ],
    ids=["ai-toolkit", "OneTrainer", "fal, a few layers"],
)
def test_flux_under_its_original_names_loads_whole(bases, tmp_path, down, up, sentence):
    source = BaseSource("flux-1-dev", "FluxPipeline", None, FOLDER / "flux-1-dev" / "config", "")
    path = tiny.write(tmp_path / "adapter", written(FLUX, down, up))
    facts, _ = prove_loads(bases.skeleton(source), AdapterSource(path))

    assert facts["injected"] == {"transformer": 5}  # One matrix is three layers there.
    assert facts["unmatched_layers"] == []
    assert sentence in facts["loader_messages"][0]


class TestWhyNotTaken:
    def test_is_nothing_of_what_diffusers_takes(self):
        for dialect in (Dialect.KOHYA, Dialect.DIFFUSERS, Dialect.DIFFUSERS_MID):
            assert why_not_taken(_adapter(dialect, Algorithm.LORA)) == ""

    def test_shows_wherever_a_trap_does(self):
        """
        What the checks warn of, the trial works round, told in advance or by what came of it. Traps
        of one family show by what came of it alone.
        """
        for trap in TRAPS:
            if trap.families:
                continue
            seen = [
                adapter
                for dialect in Dialect
                for algorithm in Algorithm
                if trap.shows(adapter := _adapter(dialect, algorithm))
            ]
            assert all(why_not_taken(adapter) for adapter in seen), trap.slug


def _adapter(dialect, algorithm):
    return AdapterFile(dialect, (Pair("l", "unet", "m", "m", algorithm, 4, None),))
