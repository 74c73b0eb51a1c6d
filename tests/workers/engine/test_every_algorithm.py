"""
Every algorithm that reading names, on a base with the layers of Stable Diffusion 1.5.

Each is swept, and then a batch shows what one by one shows, weight 0 is the base, and weight 1 is
what the changed weights themselves draw; or it is refused, and its sentence says why. The changed
weights are worked out here in another way than where they are swept.
"""

from __future__ import annotations

import contextlib
import copy
import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pytest
import torch
from peft import get_peft_model, get_peft_model_state_dict
from safetensors.torch import load_file

from registry.formats import methods
from registry.formats.algorithms import Algorithm
from registry.formats.peft_types import PEFT_TYPES
from registry.sweeps.plan import Scene
from tests.reading import SAMPLES, needs_samples
from tests.workers.engine import tiny
from tests.workers.engine.test_peft_tensors import CONFIGS, MORE
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import attached
from workers.engine.bases import Bases, BaseSource
from workers.engine.devices import choose
from workers.engine.rendering import Sample, render
from workers.engine.sweeping import AdapterRefused, Row, sweep

PROMPT = "a red circle"
WEIGHTS = (0.0, 0.4, 1.0)
# Some of each kind: attention, feed-forward, kernels, norms; and of the text encoder.
UNET = ("attn1.to_q", "attn2.to_v", "attn1.to_out.0", "ff.net.2")
KERNELS = ("resnets.0.conv1", "proj_in", "downsamplers.0.conv")
NORMS = ("norm1", "transformer_blocks.0.norm3")
ENCODER = ("q_proj", "mlp.fc1")
SCENE = Scene("star", "", PROMPT, seed=3, steps=1, guidance=4.0, width=32, height=32)
SAME, SEEN = 3e-5, 6e-4  # of a latent, after one step

Tensors = dict[str, torch.Tensor]
# A layer's tensors by their ending, and the weight (and the bias) that it comes to at 1.
Made = tuple[Tensors, torch.Tensor | None, torch.Tensor | None]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tiny.build_sd15_base(tmp_path_factory.mktemp("sd15") / "base")
    source = BaseSource("sd15", "StableDiffusionPipeline", folder, folder, "sd15")
    return Bases(choose("cpu")).load(source)


def latents(base, weights, attachment=None):
    samples = [Sample(PROMPT, weight) for weight in weights]
    rendering = render(base, SCENE, samples, attachment=attachment, on_step=lambda done, of: None)
    return [shot.latent for shot in rendering.shots], rendering


# --- what each algorithm's tensors are, and what they come to -----------------------------------


def draw(*shape, size=0.3, seed=None):
    return torch.randn(*shape) * size


def inputs_of(weight):
    return weight[0].numel()


def lora(weight, bias) -> Made:
    down, up = draw(4, *weight.shape[1:]), draw(weight.shape[0], 4, *[1] * (weight.ndim - 2))
    change = torch.einsum("or,r...->o...", up.flatten(1), down) * 0.5
    return (
        {"lora_down.weight": down, "lora_up.weight": up, "alpha": torch.tensor(2.0)},
        (weight + change),
        bias,
    )


def lora_with_core(weight, bias) -> Made:
    kernel = weight.shape[2:]
    down, up = draw(4, weight.shape[1], 1, 1), draw(weight.shape[0], 4, 1, 1)
    core = draw(4, 4, *kernel)
    change = torch.einsum("oa,abkl,bi->oikl", up.flatten(1), core, down.flatten(1))
    return (
        {"lora_down.weight": down, "lora_mid.weight": core, "lora_up.weight": up},
        (weight + change),
        bias,
    )


def lora_with_bias(weight, bias) -> Made:
    tensors, changed, _ = lora(weight, bias)
    more = draw(weight.shape[0])
    return tensors | {"diff_b": more}, changed, more if bias is None else bias + more


def dora(weight, bias) -> Made:
    tensors, changed, _ = lora(weight, bias)
    length = changed.flatten(1).norm(dim=1)
    wanted = length * (1.3 + 0.2 * torch.rand_like(length))
    rows = [-1, *[1] * (weight.ndim - 1)]
    return (
        tensors | {"dora_scale": wanted.view(rows)},
        (changed / length.view(rows) * wanted.view(rows)),
        bias,
    )


def dora_by_inputs(weight, bias) -> Made:
    tensors, changed, _ = lora(weight, bias)
    length = changed.transpose(0, 1).flatten(1).norm(dim=1)
    wanted = length * (1.3 + 0.2 * torch.rand_like(length))
    columns = [1, -1, *[1] * (weight.ndim - 2)]
    return (
        tensors | {"dora_scale": wanted.view(columns)},
        (changed / length.view(columns) * wanted.view(columns)),
        bias,
    )


def loha(weight, bias) -> Made:
    outputs, inputs = weight.shape[0], inputs_of(weight)
    tensors = {
        "hada_w1_a": draw(outputs, 4), "hada_w1_b": draw(4, inputs),
        "hada_w2_a": draw(outputs, 4), "hada_w2_b": draw(4, inputs),
        "alpha": torch.tensor(2.0),
    }  # fmt: skip
    one = sum(torch.outer(tensors["hada_w1_a"][:, r], tensors["hada_w1_b"][r]) for r in range(4))
    two = sum(torch.outer(tensors["hada_w2_a"][:, r], tensors["hada_w2_b"][r]) for r in range(4))
    return tensors, weight + (one * two * 0.5).reshape(weight.shape), bias


def loha_with_cores(weight, bias) -> Made:
    outputs, inputs = weight.shape[:2]
    tensors = {
        "hada_w1_a": draw(4, outputs), "hada_w1_b": draw(4, inputs), "hada_t1": draw(4, 4, 3, 3),
        "hada_w2_a": draw(4, outputs), "hada_w2_b": draw(4, inputs), "hada_t2": draw(4, 4, 3, 3),
    }  # fmt: skip
    one, two = (
        torch.einsum(
            "abkl,ao,bi->oikl",
            tensors[f"hada_t{n}"], tensors[f"hada_w{n}_a"], tensors[f"hada_w{n}_b"],
        )
        for n in (1, 2)
    )  # fmt: skip
    return tensors, weight + one * two, bias


def lokr(weight, bias) -> Made:
    outputs, inputs = weight.shape[0], weight.shape[1]
    first, second = draw(4, 2), draw(outputs // 4, inputs // 2, *weight.shape[2:])
    rows = [torch.cat([first[a, b] * second for b in range(2)], dim=1) for a in range(4)]
    return (
        {"lokr_w1": first, "lokr_w2": second, "alpha": torch.tensor(7.0)},
        (weight + torch.cat(rows)),
        bias,
    )


def lokr_decomposed(weight, bias) -> Made:
    outputs, inputs = weight.shape[0], inputs_of(weight)
    left, right, first = draw(outputs // 4, 2), draw(2, inputs // 2), draw(4, 2)
    second = sum(torch.outer(left[:, r], right[r]) for r in range(2))
    rows = [torch.cat([first[a, b] * second for b in range(2)], dim=1) for a in range(4)]
    return {
        "lokr_w1": first, "lokr_w2_a": left, "lokr_w2_b": right, "alpha": torch.tensor(1.0),
    }, weight + 0.5 * torch.cat(rows).reshape(weight.shape), bias  # fmt: skip


def lokr_with_magnitudes(weight, bias) -> Made:
    tensors, changed, _ = lokr(weight, bias)
    length = changed.norm(dim=1, keepdim=True)
    return tensors | {"dora_scale": length * 1.4}, changed * 1.4, bias


def full(weight, bias) -> Made:
    change = draw(*weight.shape, size=0.1)
    return {"diff": change}, weight + change, bias


def norm(weight, bias) -> Made:
    change, shift = draw(*weight.shape), draw(*weight.shape)
    return {"w_norm": change, "b_norm": shift}, weight + change, bias + shift


def norm_as_difference(weight, bias) -> Made:
    change, shift = draw(*weight.shape), draw(*weight.shape)
    return {"diff": change, "diff_b": shift}, weight + change, bias + shift


def bias_alone(weight, bias) -> Made:
    change = draw(weight.shape[0])
    return {"diff_b": change}, weight, change if bias is None else bias + change


def glora(weight, bias) -> Made:
    inputs, outputs = weight.shape[1], weight.shape[0]
    tensors = {
        "a1.weight": draw(inputs, 4), "a2.weight": draw(4, inputs),
        "b1.weight": draw(outputs, 4), "b2.weight": draw(4, inputs),
        "alpha": torch.tensor(2.0),
    }  # fmt: skip
    through = weight @ (tensors["a1.weight"] @ tensors["a2.weight"])
    added = tensors["b1.weight"] @ tensors["b2.weight"]
    return tensors, weight + 0.5 * (through + added), bias


def glora_of_2023(weight, bias) -> Made:
    tensors, changed, _ = glora(weight, bias)
    turned = {"a1.weight": "a2.weight", "a2.weight": "a1.weight",
              "b1.weight": "b2.weight", "b2.weight": "b1.weight"}  # fmt: skip
    return {turned.get(name, name): one for name, one in tensors.items()}, changed, bias


def ia3_on_outputs(weight, bias) -> Made:
    share = draw(weight.shape[0])
    return (
        {"weight": share, "on_input": torch.tensor(0)},
        (torch.diag(1 + share) @ weight.flatten(1)).reshape(weight.shape),
        bias,
    )


def ia3_on_inputs(weight, bias) -> Made:
    share = draw(weight.shape[1])
    return (
        {"weight": share, "on_input": torch.tensor(1)},
        (weight.flatten(1) @ torch.diag(1 + share)).reshape(weight.shape),
        bias,
    )


def _cayley(block):
    skew, one = block - block.T, torch.eye(len(block))
    return (one + skew) @ torch.linalg.inv(one - skew)


def oft(weight, bias) -> Made:
    blocks = draw(weight.shape[0] // 8, 8, 8)
    turn = torch.block_diag(*[_cayley(block).T for block in blocks])
    return (
        {"oft_blocks": blocks, "alpha": torch.tensor(0.0)},
        (turn @ weight.flatten(1)).reshape(weight.shape),
        bias,
    )


def oft_held_back(weight, bias) -> Made:
    """A rotation that alpha holds back, and rows that are rescaled."""
    blocks = draw(weight.shape[0] // 8, 8, 8)
    skew = blocks - blocks.transpose(1, 2)
    most = 0.05 * weight.shape[0]
    assert skew.norm() > most
    turns = [_cayley(block * float(most / skew.norm())).T for block in blocks]
    rescale = 1 + draw(weight.shape[0], *[1] * (weight.ndim - 1))
    changed = (torch.block_diag(*turns) @ weight.flatten(1)).reshape(weight.shape)
    return {
        "oft_blocks": blocks, "alpha": torch.tensor(0.05), "rescale": rescale
    }, changed * rescale, bias  # fmt: skip


def boft(weight, bias) -> Made:
    outputs = weight.shape[0]
    blocks = draw(2, outputs // 4, 4, 4)
    changed = weight.flatten(1)
    for stage, apart in enumerate((2, 4)):
        # In a group of 2·apart rows, row j and row j + apart become neighbours.
        order = [
            group * 2 * apart + half * apart + j
            for group in range(outputs // (2 * apart))
            for j in range(apart)
            for half in range(2)
        ]
        turn = torch.block_diag(*[_cayley(block) for block in blocks[stage]])
        moved = turn @ changed[order]
        changed = torch.empty_like(changed)
        changed[order] = moved
    return {"oft_blocks": blocks, "alpha": torch.tensor(0.0)}, changed.reshape(weight.shape), bias


class Case(NamedTuple):
    """An algorithm as trainers of pictures write it: on which layers, made how."""

    algorithm: Algorithm
    make: Callable[[torch.Tensor, torch.Tensor | None], Made]
    layers: tuple[str, ...] = UNET
    method: str = "batch"
    metadata: Mapping[str, str] = {}


CASES = {
    "LoRA": Case(Algorithm.LORA, lora),
    "DyLoRA": Case(Algorithm.LORA, lora, metadata={"ss_network_module": "networks.dylora"}),
    "LoRA-FA": Case(Algorithm.LORA, lora, metadata={"ss_network_module": "networks.lora_fa"}),
    "LoRA and biases": Case(Algorithm.LORA, lora_with_bias, (*UNET, *KERNELS)),
    "LoCon": Case(Algorithm.LOCON, lora, (*UNET, *KERNELS)),
    "LoCon with a core": Case(Algorithm.LOCON, lora_with_core, ("resnets.0.conv1",)),
    "DoRA": Case(Algorithm.DORA, dora, method="loop"),
    "DoRA, a magnitude an input": Case(Algorithm.DORA, dora_by_inputs, ("ff.net.2",)),
    "LoHa": Case(Algorithm.LOHA, loha, (*UNET, *KERNELS)),
    "LoHa with cores": Case(Algorithm.LOHA, loha_with_cores, ("resnets.0.conv1",)),
    "LoKr": Case(Algorithm.LOKR, lokr, (*UNET, *KERNELS)),
    "LoKr, decomposed": Case(Algorithm.LOKR, lokr_decomposed, (*UNET, *KERNELS)),
    "LoKr with magnitudes": Case(Algorithm.LOKR, lokr_with_magnitudes),
    "full": Case(Algorithm.FULL, full, (*UNET, *KERNELS)),
    "biases alone": Case(Algorithm.FULL, bias_alone),
    "norms": Case(Algorithm.NORM, norm, NORMS),
    "norms as differences": Case(Algorithm.NORM, norm_as_difference, NORMS),
    "GLoRA": Case(Algorithm.GLORA, glora, ("attn1.to_q", "ff.net.2")),
    "GLoRA of 2023": Case(Algorithm.GLORA, glora_of_2023, ("attn1.to_q", "ff.net.2")),
    "(IA)³ on outputs": Case(Algorithm.IA3, ia3_on_outputs, (*UNET, "proj_in")),
    "(IA)³ on inputs": Case(Algorithm.IA3, ia3_on_inputs, (*UNET, "proj_in")),
    "OFT": Case(Algorithm.OFT, oft, (*UNET, *KERNELS)),
    "OFT, held back": Case(Algorithm.OFT, oft_held_back, (*UNET, *KERNELS)),
    "BOFT": Case(Algorithm.BOFT, boft, (*UNET, "proj_in")),
}  # fmt: skip


def written(base, case, component="unet", endings=None):
    """Return a file's tensors, and each layer's weight and bias as they come to at 1."""
    torch.manual_seed(1)
    tensors, changed = {}, {}
    prefix = "lora_unet_" if component == "unet" else "lora_te_text_model_"
    for name, module in getattr(base.pipeline, component).named_modules():
        if name.endswith(endings or case.layers) and isinstance(
            getattr(module, "weight", None), torch.nn.Parameter
        ):
            made, weight, bias = case.make(module.weight.detach(), module.bias)
            bare = name.removeprefix("text_model.").replace(".", "_")
            tensors |= {f"{prefix}{bare}.{end}": one for end, one in made.items()}
            changed[component, name] = weight.detach(), None if bias is None else bias.detach()
    assert changed
    return tensors, changed


@contextlib.contextmanager
def merged(base, changed) -> Iterator[None]:
    """Have the base's weights be the changed ones for as long as the block runs."""
    before = {}
    for (component, name), (weight, bias) in changed.items():
        module = getattr(base.pipeline, component).get_submodule(name)
        before[module] = module.weight, module.bias
        module.weight = torch.nn.Parameter(weight, requires_grad=False)
        if bias is not None:
            module.bias = torch.nn.Parameter(bias, requires_grad=False)
    base.encoded.clear()  # which were read by the weights before
    try:
        yield
    finally:
        base.encoded.clear()
        for module, (weight, bias) in before.items():
            module.weight, module.bias = weight, bias


def assert_swept(base, source, *, method, expected, count):
    plain, _ = latents(base, (0.0,))
    with attached(base, source) as attachment:
        assert attachment.error is None, attachment.error
        assert attachment.unmatched == ()
        assert sum(attachment.injected.values()) == count
        found, rendering = latents(base, WEIGHTS, attachment)
        alone = [latents(base, (weight,), attachment)[0][0] for weight in WEIGHTS[1:]]
    assert rendering.method == method, rendering.reason
    for one, other in zip(found[1:], alone, strict=True):
        assert np.abs(one - other).max() < SAME
    assert np.abs(found[0] - plain[0]).max() < SAME
    assert np.abs(found[-1] - expected).max() < SAME
    assert np.abs(found[-1] - plain[0]).max() > SEEN
    assert np.abs(found[1] - plain[0]).max() > SEEN / 4
    again, _ = latents(base, (0.0,))
    assert np.array_equal(again[0], plain[0])
    assert base.is_sound


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_is_swept_as_its_weights_draw(base, tmp_path, case):
    tensors, changed = written(base, case)
    path = tiny.write(tmp_path / "adapter", tensors, **case.metadata)
    with merged(base, changed):
        expected, _ = latents(base, (0.0,))

    assert_swept(
        base, AdapterSource(path), method=case.method, expected=expected[0], count=len(changed)
    )


@pytest.mark.parametrize("name", ["LoHa", "LoKr", "full", "OFT", "norms"])
def test_is_swept_in_the_text_encoder_too(base, tmp_path, name):
    case = CASES[name]
    endings = ("layer_norm1",) if name == "norms" else ENCODER
    tensors, changed = written(base, case)
    more, there = written(base, case, "text_encoder", endings)
    path = tiny.write(tmp_path / "adapter", tensors | more)
    with merged(base, changed | there):
        expected, _ = latents(base, (0.0,))

    assert_swept(
        base,
        AdapterSource(path),
        method="batch",
        expected=expected[0],
        count=len(changed) + len(there),
    )


def test_of_several_algorithms_is_swept_whole(base, tmp_path):
    tensors, changed = {}, {}
    for name, endings in {"LoRA": UNET[:1], "LoHa": UNET[1:2], "norms": NORMS}.items():
        more, there = written(base, CASES[name], "unet", endings)
        tensors, changed = tensors | more, changed | there
    path = tiny.write(tmp_path / "adapter", tensors)
    with merged(base, changed):
        expected, _ = latents(base, (0.0,))

    assert_swept(
        base, AdapterSource(path), method="batch", expected=expected[0], count=len(changed)
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_is_counted_on_a_skeleton(base, tmp_path, case):
    tensors, changed = written(base, case)
    source = AdapterSource(tiny.write(tmp_path / "adapter", tensors))

    with attached(Bases(choose("cpu")).skeleton(base.source), source) as attachment:
        assert attachment.error is None, attachment.error
        assert attachment.injected == {"unet": len(changed)}


# --- what only PEFT writes ----------------------------------------------------------------------

SETTINGS = {
    **MORE,
    "ROAD": {"group_size": 16},
    "SHIRA": {"r": 4},
    "IA3": {"feedforward_modules": []},
}
LOOPED = {"LILY"}  # routes by what the whole batch has
WITHOUT_LAYERS = {"ADAPTION_PROMPT", "CARTRIDGE", "CPT", "MULTITASK_PROMPT_TUNING", "PREFIX_TUNING",
                  "PROMPT_TUNING", "P_TUNING", "SHADOW", "UNILORA", "XLORA", "POLY"}  # fmt: skip
# ADAMSS needs a library that is not ours, FRoD layers of one size, tokens a table of words.
NOT_MADE_HERE = {"ADAMSS", "FROD", "TRAINABLE_TOKENS"}
PUT_ON = sorted(set(PEFT_TYPES) - WITHOUT_LAYERS - NOT_MADE_HERE)


def saved_by_peft(base, folder, name):
    """Return the file that PEFT saves of a trained adapter, and the UNet that wears it."""
    config = CONFIGS[name](target_modules=["to_q", "to_v"], **SETTINGS.get(name, {}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        model = get_peft_model(copy.deepcopy(base.pipeline.unet), config).eval()
    size = 0.02 if name == "RANDLORA" else 0.15
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.add_(torch.randn_like(weight) * size)
    path = tiny.write(folder / "adapter_model.safetensors", get_peft_model_state_dict(model))
    fields = {
        key: sorted(value) if isinstance(value, set) else value
        for key, value in config.to_dict().items()
    }
    (folder / "adapter_config.json").write_text(json.dumps(fields, default=str))
    return AdapterSource(path, folder / "adapter_config.json"), model.get_base_model()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", PUT_ON)
def test_of_peft_is_swept_as_peft_draws_it(base, tmp_path, name):
    source, wearing = saved_by_peft(base, tmp_path, name)
    own, base.pipeline.unet = base.pipeline.unet, wearing
    try:
        expected, _ = latents(base, (0.0,))
    finally:
        base.pipeline.unet = own

    assert_swept(
        base,
        source,
        method="loop" if name in LOOPED else "batch",
        expected=expected[0],
        count=len(tiny.layers_of(own, ("to_q", "to_v"))),
    )


# --- what is refused, and what it is told -------------------------------------------------------


def one_layer(base, **tensors):
    name = next(iter(tiny.layers_of(base.pipeline.unet, ("attn1.to_q",))))
    return {f"lora_unet_{name.replace('.', '_')}.{end}": one for end, one in tensors.items()}


def refusal(base, path, config=None):
    row = Row(SCENE, PROMPT, (0.0, 1.0), frozenset())
    with pytest.raises(AdapterRefused) as refused:
        sweep(base, AdapterSource(path, config), row, on_step=lambda done, of: None)
    return str(refused.value)


@pytest.mark.parametrize(
    ("tensors", "sentence"),
    [
        ({"oft_diag": draw(4, 8, 8)}, "with oft_diag, and it is not known"),
        ({"oft_blocks.0": draw(4, 8, 8)}, "with oft_blocks.0, and it is not known"),
        ({"boft_R": draw(2, 4, 8, 8), "boft_s": draw(32, 1)}, "boft"),
        ({"ia3_l": draw(32, 1)}, "with ia3_l, and it is not known"),
        ({"vera_lambda_b": draw(32), "vera_lambda_d": draw(4)}, "adapter_config.json"),
        ({"hra_u": draw(32, 4)}, "adapter_config.json"),
        ({"lora_E": draw(4, 1), "lora_A": draw(4, 32), "lora_B": draw(32, 4)}, "adalora"),
        ({"diff": draw(32, 16)}, "has another shape"),
        ({"hada_w1_a": draw(32, 4), "hada_w1_b": draw(4, 32), "hada_w2_a": draw(32, 4)}, "lacks"),
        (
            {"diff": draw(32, 32), "reshape_weight": torch.tensor([32, 32])},
            "with reshape_weight, and it is not known",
        ),
    ],
)
def test_is_refused_with_the_reason(base, tmp_path, tensors, sentence):
    path = tiny.write(tmp_path / "adapter", one_layer(base, **tensors))

    assert sentence in refusal(base, path)


@pytest.mark.parametrize("name", sorted(WITHOUT_LAYERS))
def test_of_peft_without_layers_is_refused(base, tmp_path, name):
    name_of_layer = next(iter(tiny.layers_of(base.pipeline.unet, ("attn1.to_q",))))
    roles = PEFT_TYPES[name].roles or ("prompt_embeddings",)
    tensors = {f"base_model.model.{name_of_layer}.{role}": draw(4, 32) for role in roles}
    path = tiny.write(tmp_path / "adapter", tensors)
    config = tmp_path / "adapter_config.json"
    config.write_text(json.dumps({"peft_type": name, "target_modules": ["to_q"]}))

    assert len(refusal(base, path, config)) > 40


def test_every_algorithm_has_its_case():
    by_peft = {Algorithm.VERA, Algorithm.ADALORA, Algorithm.PEFT}
    swept = {case.algorithm for case in CASES.values()}
    assert set(Algorithm) - {Algorithm.UNKNOWN} == swept | by_peft
    assert set(PEFT_TYPES) == {*PUT_ON, *WITHOUT_LAYERS, *NOT_MADE_HERE}
    assert {"VERA", "ADALORA"} <= set(PUT_ON)
    assert methods.method_of([Algorithm.LORA], (), {}, CASES["DyLoRA"].metadata) == "dylora"


# --- the oldest naming of diffusers ---------------------------------------------------------------

OLDEST = SAMPLES / "adapters/catundchat-sd15.safetensors"


@needs_samples
def test_the_oldest_naming_is_injected_completely(tmp_path):
    from registry.bases.catalogue import FOLDER

    config = FOLDER / "sd-1-5" / "config"
    source = BaseSource("sd-1-5", "StableDiffusionPipeline", None, config, "")

    with attached(Bases(choose("cpu")).skeleton(source), AdapterSource(OLDEST)) as attachment:
        assert attachment.error is None
        assert attachment.injected == attachment.in_file == {"unet": 128}
        assert attachment.unmatched == ()


@needs_samples
def test_the_oldest_naming_is_swept(base, tmp_path):
    """The file itself, cut to the size of the small base that has the same layers."""
    shapes = tiny.layers_of(base.pipeline.unet, tiny.ATTENTION)
    cut = {}
    for name, one in load_file(OLDEST).items():
        block, _, rest = name.partition(".processor.")
        projection = rest.partition("_lora")[0]
        layer = f"{block}.{projection}" + (".0" if projection == "to_out" else "")
        outputs, inputs = shapes[layer]
        cut[name] = one[:, :inputs] if ".down." in name else one[:outputs] * 40
    source = AdapterSource(tiny.write(tmp_path / "adapter", cut))
    with attached(base, source) as attachment:
        assert attachment.injected == {"unet": 128} == attachment.in_file
        found, rendering = latents(base, WEIGHTS, attachment)
        alone = [latents(base, (weight,), attachment)[0][0] for weight in WEIGHTS]

    assert rendering.method == "batch"
    for one, other in zip(found, alone, strict=True):
        assert np.abs(one - other).max() < SAME
    assert np.abs(found[0] - found[-1]).max() > SEEN
