"""What may be asked for, what is refused at once, and what a wish's key depends on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.errors import Invalid
from registry.exports import preparing
from registry.exports.preparing import Source, Wanted

SOURCE = Source(
    sha256="a" * 64,
    base="sdxl-1-0",
    base_title="Stable Diffusion XL",
    family="sdxl",
    dialect="kohya",
    algorithms=("lora",),
)


class TestRead:
    def test_nothing_asked_is_the_file_as_it_was_uploaded(self):
        assert preparing.read({}).is_as_uploaded
        assert preparing.read({"layout": "original", "bake": "0"}).is_as_uploaded

    def test_reads_every_option(self):
        given = {"layout": "kohya", "dtype": "bf16", "bake": "1", "strip": "true"}
        assert preparing.read(given) == Wanted("kohya", "bf16", bake=True, strip=True)

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"layout": "../x"}, "layout is '../x': write one of original, kohya, diffusers"),
            ({"layout": "kohya\0"}, "layout is"),
            ({"dtype": "int4"}, "dtype is 'int4': write one of fp16, bf16, fp32."),
            ({"bake": "perhaps"}, "bake is 'perhaps': write 1 or 0."),
            ({"strip": "x" * 9000}, "strip is"),
        ],
    )
    def test_names_the_option_that_makes_no_sense(self, given, sentence):
        with pytest.raises(Invalid, match=r": write ") as refusal:
            preparing.read(given)
        assert str(refusal.value).startswith(sentence)
        assert len(str(refusal.value)) < 200


class TestObstacle:
    def test_is_none_for_what_the_engine_may_try(self):
        assert preparing.obstacle(Wanted("diffusers"), SOURCE) == ""

    @pytest.mark.parametrize(
        ("wanted", "of", "said"),
        [
            (Wanted("gguf"), {}, "family SDXL are not written in GGUF's layout"),
            (Wanted("kohya"), {"base": ""}, "The layers of Stable Diffusion XL have no names"),
            (Wanted("kohya"), {"algorithms": ("oft",)}, "It is oft, of which no plain LoRA"),
            (
                Wanted("gguf"),
                {"family": "llama", "algorithms": ("dora",)},
                "no place for its magnitudes",
            ),
            (Wanted(dtype="fp32"), {"dialect": "gguf"}, "A GGUF file is kept as it is"),
        ],
    )
    def test_says_why_it_cannot_be_had(self, wanted, of, said):
        assert said in preparing.obstacle(wanted, replace(SOURCE, **of))

    def test_never_stands_before_the_file_as_it_is(self):
        assert preparing.obstacle(Wanted(), replace(SOURCE, base="", algorithms=("oft",))) == ""


@pytest.mark.parametrize(
    ("of", "needed"),
    [
        ({}, False),
        ({"dialect": "diffusers"}, False),
        ({"dialect": "diffusers_root"}, True),
        ({"dialect": "cloneofsimo"}, True),
        ({"dialect": "peft"}, True),
        ({"algorithms": ("lokr",)}, True),
        ({"algorithms": ("dora",)}, True),  # diffusers drops kohya's magnitudes
        ({"algorithms": ("dora",), "dialect": "diffusers"}, False),
        ({"family": "sd3"}, True),
        ({"algorithms": ("oft",)}, False),  # … and it cannot be made
        ({"family": "llama", "dialect": "peft"}, False),
    ],
)
def test_diffusers_needs_another_layout_where_it_would_drop_something(of, needed):
    assert preparing.needed_for_diffusers(replace(SOURCE, **of)) is needed


class TestKey:
    def test_is_the_same_for_the_same_bytes_and_wish(self):
        one = preparing.key_of(Wanted("kohya"), SOURCE, {"a": "b"})
        assert one == preparing.key_of(Wanted("kohya"), replace(SOURCE), {"a": "b"})

    def test_differs_by_all_that_the_result_depends_on(self):
        wanted = [
            (Wanted("kohya"), SOURCE, {}),
            (Wanted("diffusers"), SOURCE, {}),
            (Wanted("kohya", "fp32"), SOURCE, {}),
            (Wanted("kohya", strip=True), SOURCE, {}),
            (Wanted("kohya"), replace(SOURCE, sha256="b" * 64), {}),
            (Wanted("kohya"), replace(SOURCE, config_sha256="c" * 64), {}),
            (Wanted("kohya"), replace(SOURCE, base="pony-v6"), {}),
            (Wanted("kohya"), SOURCE, {"modelspec.title": "x"}),
        ]
        assert len({preparing.key_of(*one) for one in wanted}) == len(wanted)
