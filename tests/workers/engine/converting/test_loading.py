"""What we write, put on real bases by the library that it is for; and diffusers' own converters."""

from __future__ import annotations

import json
import logging

import diffusers
import peft
import pytest
import torch
from peft.tuners.tuners_utils import BaseTunerLayer
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

from registry.bases import catalogue
from registry.checks.facts import Declared
from registry.checks.runtimes import TRAPS
from registry.formats.families import detect_family
from tests.workers.engine.converting import made
from workers.engine import skeletons
from workers.engine.converting import Conversion, convert
from workers.engine.converting.layouts import peft as peft_layout
from workers.engine.converting.translating import why_not_taken
from workers.engine.converting.weights import open_weights

PIPELINES = {
    "sd-1-5": {"requires_safety_checker": False},
    "sdxl-1-0": {"add_watermarker": False},
    "flux-1-dev": {},
    "sd3-medium": {},
}
HALF = made.ALPHA / made.RANK


@pytest.fixture(scope="module")
def skeleton():
    diffusers.utils.logging.set_verbosity(logging.CRITICAL)
    kept = {}

    def of(base):
        if base not in kept:
            kept[base] = skeletons.build(
                catalogue.entry(base).pipeline,
                catalogue.FOLDER / base / "config",
                components=made.LAYERS[base],
                options=PIPELINES[base],
            )
        return kept[base]

    return of


def injected(pipeline, base, path) -> int:
    try:
        pipeline.load_lora_weights(path.parent, weight_name=path.name, local_files_only=True)
        return sum(
            isinstance(module, BaseTunerLayer)
            for component in made.LAYERS[base]
            for module in getattr(pipeline, component).modules()
        )
    finally:
        pipeline.unload_lora_weights()


@pytest.mark.parametrize("base", PIPELINES)
def test_diffusers_puts_every_layer_of_its_own_layout_in_its_place(skeleton, tmp_path, base):
    pairs = made.pairs_of(base)
    first = next(iter(pairs))
    pairs[first] = made.pairs_of(base, rank=2)[first]  # One of another rank.
    path = made.diffusers_file(tmp_path / "source.safetensors", pairs)
    told = convert(path, None, to=Conversion("diffusers"), base=base, into=tmp_path / "to")

    assert injected(skeleton(base), base, told.files[0]) == len(pairs)


@pytest.mark.parametrize("base", ["sd-1-5", "sdxl-1-0", "flux-1-dev"])
def test_diffusers_reads_our_kohya_files_as_what_they_were_made_of(skeleton, tmp_path, base):
    pairs = made.pairs_of(base)
    path = made.diffusers_file(tmp_path / "source.safetensors", pairs)
    told = convert(path, None, to=Conversion("kohya"), base=base, into=tmp_path / "to")

    found, wanted = as_diffusers_reads(skeleton(base), told.files[0]), made.scaled(pairs, HALF)
    # It cuts joined matrices as we do, but keeps the rows that nobody trained.
    idle = {name for name, (_, up) in found.items() if not up.any()}
    assert idle.isdisjoint(made.plain(wanted))
    made.assert_same({name: found[name] for name in found.keys() - idle}, wanted)


def test_diffusers_drops_what_is_outside_of_flux_s_blocks_and_we_know(skeleton, tmp_path):
    """Its converter forgets `transformer.` before them; the trial translates them (NOT_TAKEN)."""
    pairs = made.pairs_of("flux-1-dev")
    path = made.diffusers_file(tmp_path / "source.safetensors", pairs)
    told = convert(path, None, to=Conversion("kohya"), base="flux-1-dev", into=tmp_path / "to")

    outside = {"proj_out", "norm_out.linear", "x_embedder"}
    read = skeleton("flux-1-dev").lora_state_dict(told.files[0], local_files_only=True)
    assert outside <= {name.partition(".lora_")[0] for name in read}
    assert "outside of its blocks" in why_not_taken(open_weights(told.files[0]).adapter)
    assert "flux-around-blocks" in traps_of(told.files[0])


def test_diffusers_applies_nothing_of_kohya_s_sd3_and_we_say_so(skeleton, tmp_path):
    pairs = made.pairs_of("sd3-medium")
    path = made.diffusers_file(tmp_path / "source.safetensors", pairs)
    told = convert(path, None, to=Conversion("kohya"), base="sd3-medium", into=tmp_path / "to")

    assert injected(skeleton("sd3-medium"), "sd3-medium", told.files[0]) == 0
    assert "sd3-kohya" in traps_of(told.files[0])


def test_diffusers_applies_nothing_of_flux_s_original_names_and_we_say_so(skeleton, tmp_path):
    root = "diffusion_model.double_blocks.0.img_attn.proj"
    path = made.save(
        tmp_path / "adapter.safetensors",
        {
            f"{root}.lora_A.weight": torch.ones(2, 3072),
            f"{root}.lora_B.weight": torch.ones(3072, 2),
        },
    )

    assert injected(skeleton("flux-1-dev"), "flux-1-dev", path) == 0
    assert traps_of(path) == {"flux-original-names"}


def traps_of(path) -> set[str]:
    adapter = open_weights(path).adapter
    declared = Declared(adapter, "", "", "", detect_family(adapter))
    return {trap.slug for trap in TRAPS if trap.catches(declared)}


def as_diffusers_reads(pipeline, path) -> made.Pairs:
    options = {"unet_config": pipeline.unet.config} if hasattr(pipeline, "unet") else {}
    read = pipeline.lora_state_dict(path, local_files_only=True, return_alphas=True, **options)
    state, alphas = read[0], read[1] or {}
    if any(".down.weight" in name for name in state):
        state = diffusers.utils.convert_unet_state_dict_to_peft(state)
        state = {name.replace(".lora_linear_layer.down.", ".lora_A.")
                 .replace(".lora_linear_layer.up.", ".lora_B."): each
                 for name, each in state.items()}  # fmt: skip
    # FLUX.1's converter works alpha into the matrices; the others return it, here one for all.
    [alpha] = set(alphas.values()) or {None}
    return {
        _known(name): (down, up * (alpha / down.shape[0] if alpha else 1.0))
        for name, (down, up) in made.lettered(state).items()
    }


def _known(name):
    """Return a layer's own name: diffusers renames encoders', and forgets FLUX.1's transformer."""
    if name.startswith("text_encoder"):
        block, _, last = name.removesuffix(".0").rpartition(".")
        return f"{block}.{_IN_ENCODER.get(last, last)}"
    return name if name.startswith(("unet.", "transformer.")) else f"transformer.{name}"


_IN_ENCODER = {"to_q": "q_proj", "to_k": "k_proj", "to_v": "v_proj", "to_out": "out_proj"}


def test_a_component_s_folder_is_put_on_it_by_peft(skeleton, tmp_path):
    pairs = made.pairs_of("flux-1-dev")
    path = made.diffusers_file(tmp_path / "source", pairs)
    convert(path, None, to=Conversion("peft"), base="flux-1-dev", into=tmp_path / "to")
    transformer = skeleton("flux-1-dev").transformer
    config = peft.PeftConfig.from_pretrained(tmp_path / "to" / "transformer")
    model = peft.inject_adapter_in_model(config, transformer, low_cpu_mem_usage=True)
    try:
        layers = [name for name, each in model.named_modules() if isinstance(each, BaseTunerLayer)]
        assert len(layers) == len([name for name in pairs if name.startswith("transformer.")])
    finally:
        skeleton("flux-1-dev").unload_lora_weights()


class TestText:
    """Small models of real classes: what the catalogue's are too large for here."""

    @pytest.mark.parametrize(
        ("base", "model", "layers"),
        [
            (
                "llama-3-2-1b",
                lambda: LlamaForCausalLM(LlamaConfig(num_hidden_layers=1, vocab_size=64)),
                {"model.layers.0.self_attn.q_proj": (2048, 2048),
                 "model.layers.0.self_attn.v_proj": (512, 2048),
                 "model.layers.0.mlp.down_proj": (2048, 8192)},
            ),
            (
                "gpt-2",
                lambda: GPT2LMHeadModel(GPT2Config(n_layer=1, vocab_size=64)),
                {"transformer.h.0.attn.c_attn": (2304, 768),
                 "transformer.h.0.mlp.c_proj": (768, 3072)},
            ),
        ],
        ids=["llama", "gpt-2"],
    )  # fmt: skip
    def test_peft_puts_a_shrunk_adapter_on_its_model(self, tmp_path, base, model, layers):
        source = peft_source(tmp_path, layers)
        told = convert(*source, to=Conversion("peft", rank=2), base=base, into=tmp_path / "to")
        with torch.device("meta"):
            skeleton = model()
        config = peft.PeftConfig.from_pretrained(tmp_path / "to")
        placed = peft.inject_adapter_in_model(config, skeleton, low_cpu_mem_usage=True)

        found = {name for name, each in placed.named_modules() if isinstance(each, BaseTunerLayer)}
        assert found == layers.keys()
        assert told.layers == len(layers)
        assert config.r == 2


def peft_source(folder, layers, **config):
    """Return weights and configuration as PEFT saves them."""
    tensors = {}
    for name, (outputs, inputs) in layers.items():
        draw = torch.Generator().manual_seed(len(name))
        tensors[f"{peft_layout.PREFIX}{name}.lora_A.weight"] = (
            torch.randn(4, inputs, generator=draw) * 0.02
        )
        tensors[f"{peft_layout.PREFIX}{name}.lora_B.weight"] = (
            torch.randn(outputs, 4, generator=draw) * 0.01
        )
    fields = {
        "peft_type": "LORA",
        "r": 4,
        "lora_alpha": 8,
        "target_modules": list(layers),
        **config,
    }
    (folder / peft_layout.CONFIG).write_text(json.dumps(fields), encoding="utf-8")
    return made.save(folder / peft_layout.WEIGHTS, tensors), folder / peft_layout.CONFIG


def test_what_peft_saves_is_what_we_wrote(tmp_path):
    source = peft_source(tmp_path, {"transformer.h.0.attn.c_attn": (2304, 768)})
    told = convert(*source, to=Conversion("peft"), base="gpt-2", into=tmp_path / "to")

    assert load_file(told.files[-1]).keys() == load_file(source[0]).keys()
