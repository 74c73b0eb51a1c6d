"""Norms of each layer, by name: kept as a file is checked, and of those from before, later."""

from __future__ import annotations

import pytest

from registry.models import LayerNorms
from registry.queries import layer_norms
from tests.factories import VersionFactory
from tests.files import kohya_lora
from workers import housekeeping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


def test_are_read_once_of_a_file_from_before():
    version = VersionFactory(published=True)
    housekeeping.read_layers()

    [part] = layer_norms.of_versions([version])
    names = [layer.name for block in part.blocks for layer in block.layers]
    assert part.name == "unet"
    assert len(names) == 16
    assert "mid_block.attentions.0.transformer_blocks.0.attn1.to_q" in names
    assert [block.name for block in part.blocks] == ["down_blocks.1", "mid_block"]
    assert all(layer.norms[0] > 0 for block in part.blocks for layer in block.layers)
    assert layer_norms.unread(most=9) == []


def test_what_cannot_be_read_is_not_tried_for_ever():
    version = VersionFactory(published=True)
    version.files.update(size=12)
    housekeeping.read_layers()
    assert LayerNorms.objects.get().parts == {}
    assert layer_norms.of_versions([version]) == ()


def test_a_rejected_file_is_left_alone():
    VersionFactory(rejected=True)
    assert layer_norms.unread(most=9) == []


def test_two_versions_are_laid_on_each_other_by_name():
    one = VersionFactory(published=True)
    other = VersionFactory(
        published=True, content=kohya_lora("sdxl", without="mid_block", rank=2).getvalue()
    )
    housekeeping.read_layers()

    [part] = layer_norms.of_versions([one, other])
    middle = part.blocks[1].layers[0]
    assert middle.norms[0] is not None
    assert middle.norms[1] is None


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("down_blocks.1.attentions.0.proj_in", "down_blocks.1"),
        ("mid_block.attentions.0.proj_in", "mid_block"),
        ("text_model.encoder.layers.11.mlp.fc1", "text_model.encoder.layers.11"),
        ("model.layers.3.self_attn.q_proj", "model.layers.3"),
        ("conv_in", "conv_in"),
        ("time_embedding.linear_1", "time_embedding"),
    ],
)
def test_a_block_is_what_its_name_says(name, block):
    assert layer_norms.block_of(name) == block
