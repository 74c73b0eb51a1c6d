"""What a team may give as its base's configuration, and what is refused, by field."""

from __future__ import annotations

import json

import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from registry.bases import catalogue
from registry.bases.given import MOST_BYTES, NAMES, check, parse
from registry.errors import UploadRefused
from tests import blueprints

KINDS = ("class", "code", "extra", "json", "limit", "missing", "size")
CODES = {"", *(f"base.{kind}" for kind in KINDS)}
CONFIGS = catalogue.FOLDER.glob("*/config")


def refusal_of(files):
    """Return the code that the files are refused with, "" where they are taken."""
    try:
        check(files)
    except UploadRefused as refusal:
        return refusal.code
    return ""


def nested(depth):
    value = {}
    for _ in range(depth):
        value = {"more": value}
    return value


class TestCheck:
    def test_takes_a_language_model(self):
        built = check(blueprints.language_model())

        assert built.parts == {"model": ("transformers", "LlamaForCausalLM")}
        assert built.modality == "text"

    def test_takes_a_pipeline_and_leaves_out_what_adapters_do_not_change(self):
        built = check(blueprints.pipeline())

        assert built.parts == {
            "unet": ("diffusers", "UNet2DConditionModel"),
            "text_encoder": ("transformers", "CLIPTextModel"),
        }
        assert built.pipeline == "StableDiffusionPipeline"
        assert set(built.files) == set(blueprints.pipeline())

    def test_takes_the_configuration_of_a_picture_model_alone(self):
        built = check({"config.json": blueprints.UNET})

        assert built.parts == {"unet": ("diffusers", "UNet2DConditionModel")}
        assert set(built.files) == {"model_index.json", "unet/config.json"}

    @pytest.mark.parametrize("slug", sorted(path.parent.name for path in CONFIGS))
    def test_finds_nothing_out_of_bounds_in_the_configurations_that_we_ship(self, slug):
        folder = catalogue.FOLDER / slug / "config"
        files = {
            path.relative_to(folder).as_posix(): json.loads(path.read_text())
            for path in folder.rglob("*.json")
        }
        assert refusal_of({name: files[name] for name in files if name in NAMES}) not in {
            "base.limit",
            "base.code",
            "base.size",
            "base.json",
        }


HOSTILE = {
    "code of its own": (
        {"auto_map": {"AutoModel": "evil--modeling.Evil"}},
        "base.code",
        "auto_map",
    ),
    "code of its own, deep inside": (
        {"text_config": {"inner": {"auto_map": {"AutoModel": "x.Y"}}}},
        "base.code",
        "text_config.inner.auto_map",
    ),
    "trust in code": ({"trust_remote_code": True}, "base.code", "trust_remote_code"),
    "attention fetched from a hub": (
        {"_attn_implementation": "someone/kernels"},
        "base.code",
        "_attn_implementation",
    ),
    "a backbone from elsewhere": ({"backbone": "resnet50"}, "base.code", "backbone"),
    "a class of nobody's": ({"architectures": ["EvilForCausalLM"]}, "base.class", "architectures"),
    "a class by its path": ({"architectures": ["os.system"]}, "base.class", "architectures"),
    "a class that builds no base": (
        {"architectures": ["AutoModel"]},
        "base.class",
        "architectures",
    ),
    "no class": ({"architectures": []}, "base.class", "architectures"),
    "a class that is no word": ({"architectures": [{"a": 1}]}, "base.class", "architectures"),
    "a million layers": ({"num_hidden_layers": 10**6}, "base.limit", "num_hidden_layers"),
    "a width without end": ({"hidden_size": 10**12}, "base.limit", "hidden_size"),
    "a vocabulary without end": ({"vocab_size": 2_000_001}, "base.limit", "vocab_size"),
    "a thousand experts and one": ({"num_local_experts": 1025}, "base.limit", "num_local_experts"),
    "a negative width": ({"intermediate_size": -(10**9)}, "base.limit", "intermediate_size"),
    "a number that is none": ({"rope_theta": float("nan")}, "base.limit", "rope_theta"),
    "infinity": ({"rms_norm_eps": float("inf")}, "base.limit", "rms_norm_eps"),
    "a number of a hundred digits": ({"anything": 10**100}, "base.limit", "anything"),
    "widths in a list": ({"block_out_channels": [32, 10**7]}, "base.limit", "block_out_channels.1"),
    "a list without end": ({"layer_types": ["full"] * 2001}, "base.limit", "layer_types"),
    "a word without end": ({"hidden_act": "x" * 10_001}, "base.limit", "hidden_act"),
    "a well without ground": ({"more": nested(40)}, "base.limit", "nested deeper"),
    "too many values": (
        {"labels": {str(n): n for n in range(60_000)}},
        "base.limit",
        "50,000 values",
    ),
    "bytes without end": ({str(n): "x" * 9_999 for n in range(120)}, "base.size", "256 KiB"),
    "what JSON has not": ({"odd": {1, 2}}, "base.limit", "odd"),
}


@pytest.mark.parametrize(("fields", "code", "named"), HOSTILE.values(), ids=HOSTILE)
def test_refuses_by_naming_the_field(fields, code, named):
    with pytest.raises(UploadRefused) as refusal:
        check(blueprints.language_model(**fields))

    assert refusal.value.code == code
    assert "config.json" in str(refusal.value)
    assert named in str(refusal.value)


INCOMPLETE = {
    "nothing": ({}, "base.missing"),
    "a part without its index": ({"unet/config.json": blueprints.UNET}, "base.missing"),
    "a file out of the folder": ({"../config.json": blueprints.LLAMA}, "base.extra"),
    "a part that the index leaves out": (
        blueprints.pipeline() | {"prior/config.json": blueprints.UNET},
        "base.extra",
    ),
    "a text encoder that is not given": (
        {name: each for name, each in blueprints.pipeline().items() if "text" not in name},
        "base.missing",
    ),
    "no part that adapters change": (
        blueprints.pipeline(index={"unet": [None, None]}),
        "base.class",
    ),
    "a part of another library": (
        blueprints.pipeline(index={"unet": ["os", "system"]}),
        "base.class",
    ),
    "a part of a pipeline's own module": (
        blueprints.pipeline(index={"unet": ["my_pipeline", "UNet2DConditionModel"]}),
        "base.class",
    ),
    "a part that is no pair of words": (blueprints.pipeline(index={"unet": "UNet"}), "base.class"),
    "a part of another class than the index says": (
        blueprints.pipeline(unet={"_class_name": "UNet3DConditionModel"}),
        "base.class",
    ),
    "a list where an object should be": ({"config.json": [1]}, "base.json"),
    "two bases at once": (
        blueprints.language_model() | {"unet/config.json": blueprints.UNET},
        "base.extra",
    ),
}


@pytest.mark.parametrize(("files", "code"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_refuses_what_makes_no_base(files, code):
    with pytest.raises(UploadRefused) as refusal:
        check(files)
    assert refusal.value.code == code


class TestParse:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"{", "not JSON"),
            (b"[1]", "not a JSON object"),
            (b'{"a": 1, "a": 2}', "'a' stands there twice"),
            (b'{"a": NaN}', "NaN is no number"),
            (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
            (b'{"a": ' + b"1" * 5_000 + b"}", "not JSON"),
            (b"\xff\xfe\x00", "not JSON"),
            (b" " * (MOST_BYTES + 1), "256 KiB"),
        ],
        ids=[
            "cut short",
            "a list",
            "a field twice",
            "no number",
            "deep",
            "long number",
            "bytes",
            "size",
        ],
    )
    def test_refuses_bytes_that_are_no_plain_object(self, content, said):
        with pytest.raises(UploadRefused, match=said):
            parse("config.json", content)

    def test_returns_the_fields(self):
        assert parse("config.json", json.dumps(blueprints.LLAMA).encode()) == blueprints.LLAMA


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=12), inner, max_size=5)
    ),
    max_leaves=20,
)


@example(st.dictionaries(st.sampled_from(sorted(blueprints.LLAMA)), _JSON))
def test_answers_any_fields_with_a_base_or_a_refusal(fields):
    assert refusal_of(blueprints.language_model(**fields)) in CODES


@example(st.dictionaries(st.sampled_from(sorted(blueprints.INDEX)), _JSON))
def test_answers_any_index_likewise(fields):
    assert refusal_of(blueprints.pipeline(index=fields)) in CODES
