"""Metadata is whatever its writer likes: it is read, or it is passed over, and never an error."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.checks.identity import altered_since_hashed, numbers_that_contradict
from registry.checks.privacy import private_metadata
from registry.formats.training import read_network, read_training, thumbnail
from registry.formats.training.places import NOISE, PLACES
from tests.reading import adapter_from
from tests.registry.checks.test_table import SOUND_LAYER, declare

KEYS = sorted(
    {key.partition("/")[0] for place in (*PLACES, *NOISE) for key in place.keys}
    | {"ss_tag_frequency", "ss_datasets", "ss_dataset_dirs", "software", "workflow", "prompt"}
    | {"modelspec.thumbnail", "ssmd_cover_images", "modelspec.usage_hint", "weight_min"}
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["learning_rate", "subsets", "tag_frequency", "r", "1_a"])
                      | st.text(), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


def read_all(metadata):
    read_network(metadata)
    thumbnail(metadata)
    facts = read_training(metadata, config={"r": metadata.get("weight_min"), "peft_type": 3})
    adapter = adapter_from(SOUND_LAYER, metadata=metadata)
    declared = declare(adapter, fit=None)
    for check in (private_metadata, numbers_that_contradict, altered_since_hashed):
        found = check(declared)
        json.dumps(dict(found.evidence) if found else {})
    return facts


@given(st.dictionaries(st.sampled_from(KEYS), st.text() | st.floats().map(str), max_size=8))
def test_any_text_is_read(metadata):
    read_all(metadata)


@given(st.dictionaries(st.sampled_from(KEYS), ANY_JSON.map(json.dumps), max_size=6))
def test_any_json_is_read(metadata):
    read_all(metadata)


@given(ANY_JSON)
def test_any_configuration_is_read(config):
    read_training({}, config=config if isinstance(config, dict) else {"r": config})


@pytest.mark.parametrize(
    "text",
    ["{" * 200_000, '{"' * 200_000, "[" * 200_000, '"image_dir": "' * 60_000, "weight " * 60_000,
     '{"a": {"b": 1' + "0" * 100_000, "<lora:" * 60_000, "\\" * 300_000, " " * 1_000_000],
)  # fmt: skip
@pytest.mark.parametrize(
    "key", ["ss_datasets", "ss_tag_frequency", "ss_training_comment", "modelspec.thumbnail"]
)
def test_hostile_metadata_takes_no_time(key, text):
    before = time.perf_counter()
    read_all({key: text})
    assert time.perf_counter() - before < 2
