"""Whatever names and shapes a sound header holds, it is answered, and soon."""

from __future__ import annotations

import io
import json
import time
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bases import catalogue
from registry.bases.fit import best_fits, fit
from registry.checks.outcome import judge
from registry.checks.table import FILE_CHECKS
from registry.formats.adapter import read_adapter
from registry.formats.dialects import DOTTED_PREFIXES, FLAT_PREFIXES, TAILS
from registry.formats.errors import NotAnAdapter
from registry.formats.families import detect_family
from registry.formats.header import parse_header, read_header
from tests import files
from tests.reading import adapter_from
from tests.registry.checks.test_table import declare
from workers.content import read_content

PREFIXES = ["", *(row[0] for row in FLAT_PREFIXES), *(row[0] for row in DOTTED_PREFIXES)]
MODULES = ["mid_block", "down_blocks.0.attn2.to_k", "double_blocks_0_img_attn_qkv", "h.0", "x",
           "model.layers.0.self_attn.q_proj", "joint_blocks_0_x", "1", "", "."]  # fmt: skip
TAILED = [f".{tail}" for tail in TAILS] + [
    ":down", ":up", ".processor.to_k_lora.down.weight", ".processor.qkv_lora1.up.weight",
    ".lora_A.default.weight", ".weight", "", ".alpha.alpha",
]  # fmt: skip
NAMES = st.one_of(
    st.builds("{}{}{}".format, *map(st.sampled_from, (PREFIXES, MODULES, TAILED))),
    st.builds("{}:{}:{}".format, st.sampled_from(["unet", "text_encoder"]),
              st.integers(0, 10**6), st.sampled_from(["down", "up"])),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=12),
)  # fmt: skip
SHAPES = st.lists(st.integers(0, 6), max_size=5).map(tuple)
# Tensors of one layer that were never meant to meet, and of layers that have nothing in common.
LAYERS = st.dictionaries(
    st.sampled_from(sorted(TAILS)).map("lora_unet_mid_block_x.{}".format),
    SHAPES,
    min_size=1,
    max_size=8,
)
TABLES = st.one_of(LAYERS, st.dictionaries(NAMES.filter(bool), SHAPES, min_size=1, max_size=8))
CONFIGS = st.dictionaries(
    st.sampled_from(["r", "lora_alpha", "alpha_pattern", "peft_type", "modules_to_save",
                     "base_model_name_or_path", "use_rslora", "unet.lora_alpha"]),
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                 lambda inner: st.lists(inner, max_size=2)
                 | st.dictionaries(st.text(max_size=5), inner, max_size=2)),
    max_size=3,
)  # fmt: skip


@settings(max_examples=300)
@given(TABLES, CONFIGS)
def test_any_names_and_shapes_are_judged(table, config):
    with suppress(NotAnAdapter):
        adapter = adapter_from(table, config=config)
        detect_family(adapter)
        one_by_one = best_fits(adapter, catalogue.manifests())
        assert catalogue.index().fits(adapter) == one_by_one
        for result in judge(declare(adapter, "sd-1-5"), FILE_CHECKS):
            assert result.problem == "" or result.problem.isprintable()


@settings(max_examples=200)
@given(TABLES, CONFIGS, st.sampled_from(["F16", "F32", "BF16", "U8", "F8_E4M3"]))
def test_any_numbers_are_looked_at(table, config, dtype):
    tensors = {name: files.tensor(shape, dtype=dtype) for name, shape in table.items()}
    raw = files.safetensors(tensors)
    header = read_header(io.BytesIO(raw), file_size=len(raw))
    with suppress(NotAnAdapter):
        json.dumps(dict(read_content(io.BytesIO(raw), header, config=config).norms))


def seconds_for(header: dict) -> float:
    raw = json.dumps(header).encode()
    end = max((entry["data_offsets"][1] for name, entry in header.items() if "__" not in name))
    began = time.process_time()
    adapter = read_adapter(parse_header(raw, file_size=8 + len(raw) + end))
    detect_family(adapter)
    judge(declare(adapter, "sdxl-1-0"), FILE_CHECKS)
    return time.process_time() - began


def table_of(names) -> dict:
    return {
        name: {"dtype": "F16", "shape": [1, 1], "data_offsets": [2 * place, 2 * place + 2]}
        for place, name in enumerate(names)
    }


class TestLongHeaders:
    """No header that we take keeps the web process busy."""

    def test_of_twenty_thousand_layers(self):
        names = [f"lora_unet_down_blocks_{n}.lora_down.weight" for n in range(20_000)]
        assert seconds_for(table_of(names)) < 2

    def test_of_twenty_thousand_strange_names(self):
        names = [f"{'transformer_blocks_' * 20}{n}.attn.processor.x" for n in range(15_000)]
        assert seconds_for(table_of(names)) < 2

    def test_of_a_million_tags(self):
        tags = json.dumps({"1_a": {f"t{n}": 1 for n in range(300_000)}})
        header = {"__metadata__": {"ss_tag_frequency": tags[: 4 * 1024 * 1024]}}
        assert seconds_for(header | table_of(["lora_unet_x.lora_down.weight"])) < 2

    def test_of_names_that_make_patterns_go_back_and_forth(self):
        names = [f"{'down_blocks_0_attentions_0_' * 18}{n}.lora_A.weight" for n in range(5_000)]
        assert seconds_for(table_of(names)) < 2

    def test_of_long_names_without_end(self):
        names = [f"layers.{'1.' * 240}{n}" for n in range(5_000)]
        with suppress(NotAnAdapter):
            assert seconds_for(table_of(names)) < 2


def test_fit_of_a_file_against_a_base_it_has_nothing_in_common_with():
    adapter = adapter_from({"base_model.model.x.lora_A.weight": (4, 8)})
    assert fit(adapter, catalogue.manifest("shapes")).components[0].in_base == 0
