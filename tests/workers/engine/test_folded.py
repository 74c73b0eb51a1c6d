from __future__ import annotations

import pytest
import torch
from peft import LoraConfig, inject_adapter_in_model
from torch import nn

from workers.engine.attaching import NAME
from workers.engine.columns import Column
from workers.engine.families.protocol import NotByRow
from workers.engine.folded import FOLDED, fold

SCALES = (0.0, 0.5, -1.0, 2.0)
LINEAR = lambda: nn.Linear(6, 10)  # noqa: E731
KINDS = {
    "linear": (LINEAR, (8, 5, 6)),
    "linear, no bias": (lambda: nn.Linear(6, 10, bias=False), (4, 6)),
    "one dimension": (lambda: nn.Conv1d(6, 10, 3), (4, 6, 9)),
    "two dimensions": (lambda: nn.Conv2d(6, 10, 3, stride=2, padding=1), (8, 6, 9, 7)),
    "two dimensions, 1 x 1": (lambda: nn.Conv2d(6, 10, 1), (4, 6, 5, 5)),
    "three dimensions": (lambda: nn.Conv3d(6, 10, 3), (4, 6, 3, 4, 5)),
}


def wearing(make, **config):
    """Return a layer of PEFT's with a random adapter on it."""
    torch.manual_seed(3)
    config = LoraConfig(r=3, target_modules=["0"], init_lora_weights=False, **config)
    model = inject_adapter_in_model(config, nn.Sequential(make()), adapter_name=NAME)
    layer = model.eval()[0]
    layer.scaling[NAME] = Column(torch.tensor(SCALES))
    return layer


@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_gives_what_the_layer_gives_as_it_is(kind):
    make, shape = KINDS[kind]
    layer, rows = wearing(make), torch.randn(shape)
    given, plain = rows.clone(), layer.get_base_layer()(rows)
    expected = layer(rows)

    unfold = fold(layer)
    found = layer(rows)

    assert type(layer) in FOLDED.values()
    assert found.shape == expected.shape
    assert torch.allclose(found, expected, atol=1e-5)
    assert torch.equal(rows, given)
    assert torch.equal(found[:: len(SCALES)], plain[:: len(SCALES)])  # a weight of 0 is the base
    assert (found[1] - plain[1]).abs().max() > 1e-2
    unfold()
    assert type(layer) in FOLDED
    assert torch.equal(layer(rows), expected)


@torch.inference_mode()
def test_answer_in_any_order_of_memory_is_added_to():
    turned = torch.randn(6, 5, 4).transpose(0, 2)
    flat, picture = wearing(LINEAR), torch.randn(4, 6, 5, 5).to(memory_format=torch.channels_last)
    convolution = wearing(KINDS["two dimensions"][0])
    expected = flat(turned), convolution(picture)

    fold(flat), fold(convolution)

    assert torch.allclose(flat(turned), expected[0], atol=1e-5)
    assert torch.allclose(convolution(picture), expected[1], atol=1e-5)


def test_one_row_of_numbers_goes_by_one_weight():
    layer = wearing(LINEAR)
    layer.scaling[NAME] = Column(torch.tensor([0.5]))
    row = torch.randn(6)
    expected = layer(row)

    fold(layer)

    assert torch.allclose(layer(row), expected, atol=1e-5)


def test_rows_that_are_not_the_samples_are_refused():
    layer = wearing(LINEAR)
    fold(layer)

    with pytest.raises(NotByRow, match="3 rows cannot carry 4 weights"):
        layer(torch.randn(3, 6))


def other_numbers(layer):
    layer.lora_B[NAME].to(torch.float64)


def another_adapter(layer):
    layer.update_layer("another", 3, 3, config=LoraConfig(r=3))
    layer.set_adapter([NAME, "another"])


def switched_off(layer):
    layer.enable_adapters(enabled=False)


@pytest.mark.parametrize("change", [other_numbers, another_adapter, switched_off])
def test_what_more_is_done_to_a_layer_leaves_it_as_it_is(change):
    layer = wearing(LINEAR)
    change(layer)

    fold(layer)

    assert type(layer) in FOLDED


@pytest.mark.parametrize(
    "layer", [wearing(LINEAR, lora_bias=True), wearing(lambda: nn.Embedding(6, 10))]
)
def test_biases_and_tables_are_left_as_they_are(layer):
    before = type(layer)

    unfold = fold(layer)

    assert type(layer) is before
    unfold()
    assert type(layer) is before
