from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from registry.bases import catalogue
from registry.bases.fit import fit
from registry.formats import configs
from registry.formats.adapter import Algorithm
from registry.formats.peft_types import PEFT_TYPES, named_in
from tests.reading import adapter_from

LAYER = "base_model.model.model.layers.0.self_attn.q_proj"
WITH_LAYERS = {name: kind for name, kind in PEFT_TYPES.items() if kind.roles}


@pytest.fixture(scope="module")
def library() -> Path:
    """Where PEFT's sources lie: they are read, since importing them takes torch and seconds."""
    found = find_spec("peft")
    if found is None or found.origin is None:
        pytest.skip("PEFT is not installed")
    return Path(found.origin).parent


def test_every_type_of_the_library_is_known(library):
    source = (library / "utils/peft_types.py").read_text(encoding="utf-8")
    theirs = set(
        re.findall(r'^    (\w+) = "\1"$', source.partition("class TaskType")[0], re.MULTILINE)
    )
    assert theirs == set(PEFT_TYPES)


def test_every_tensor_s_name_is_the_library_s(library):
    sources = "".join(path.read_text(encoding="utf-8") for path in library.glob("tuners/**/*.py"))
    for kind in WITH_LAYERS.values():
        for role in kind.roles:
            assert f'"{role}"' in sources or f"self.{role} = " in sources, role


@pytest.mark.parametrize("name", WITH_LAYERS)
@pytest.mark.parametrize("ending", ["", ".weight"])
def test_a_layer_of_each_type_is_seen(name, ending):
    tensors = {f"{LAYER}.{role}{ending}": (4, 4096) for role in WITH_LAYERS[name].roles}
    adapter = adapter_from(tensors, config={"peft_type": name})

    [pair] = adapter.pairs
    assert pair.module == "model.layers.0.self_attn.q_proj"
    assert pair.algorithm is not Algorithm.UNKNOWN
    assert not adapter.leftovers
    [found] = fit(adapter, catalogue.manifest("llama-3-1-8b")).components
    assert not found.unknown


@pytest.mark.parametrize(
    ("written", "name"),
    [("LORA", "LORA"), ("PeftType.LORA", "LORA"), ("lora", "LORA"), (None, ""), (7, "")],
)
def test_a_type_is_found_however_it_is_written(written, name):
    assert named_in({"peft_type": written})[0] == name


class TestRank:
    @pytest.mark.parametrize(
        ("config", "rank"),
        [
            ({}, None),
            ({"r": 8}, 8),
            ({"r": "8"}, None),
            ({"r": True}, None),
            ({"r": 8, "rank_pattern": {"q_proj": 16}}, 16),
            ({"r": 8, "rank_pattern": {"^model.layers.0.self_attn.q_proj": 16}}, 16),
            ({"r": 8, "rank_pattern": {"proj": 16}}, 8),
            ({"r": 8, "rank_pattern": {r"layers\.\d+\.q_proj": 16}}, None),
            ({"r": 8, "rank_pattern": {"(a+)+$": 16}}, None),
            ({"r": 8, "rank_pattern": ["q_proj"]}, None),
        ],
    )
    def test_is_what_the_configuration_surely_gives_a_layer(self, config, rank):
        assert configs.Given(config).rank("model.layers.0.self_attn.q_proj") == rank


@pytest.mark.parametrize("targets", [["q_proj"], r".*\.q_proj", "all-linear", None, [7], {}])
def test_targets_of_any_kind_are_judged(targets):
    from registry.checks.outcome import judge
    from registry.checks.table import FILE_CHECKS
    from tests.registry.checks.test_table import declare

    tensors = {f"{LAYER}.lora_A.weight": (4, 4096), f"{LAYER}.lora_B.weight": (4096, 4)}
    adapter = adapter_from(tensors, config={"target_modules": targets})
    found = {each.code: each.problem for each in judge(declare(adapter, "gpt-2"), FILE_CHECKS)}
    assert found["config.targets"] == ""
