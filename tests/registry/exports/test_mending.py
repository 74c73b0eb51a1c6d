"""What a mended copy may be offered: no number is made up, and little is left out."""

from __future__ import annotations

import io

import pytest

from registry.checks.outcome import Outcome
from registry.checks.table import ARRIVAL_CHECKS, EFFECT_CHECKS, FILE_CHECKS, TRIAL_CHECKS
from registry.errors import Invalid, NotConvertible
from registry.exports import mending
from registry.exports.leaving_out import Found, left_out
from registry.exports.mending import Fault, Step
from registry.exports.preparing import Source, Wanted
from registry.formats.adapter import read_adapter
from registry.formats.header import read_header
from tests import files

CHECKS = (*ARRIVAL_CHECKS, *FILE_CHECKS, *TRIAL_CHECKS, *EFFECT_CHECKS)
SDXL = Source("0" * 64, "sdxl-1-0", "SDXL 1.0", "sdxl", "kohya", ("lora",))


def offer(*faults, source=SDXL, dtype="F16"):
    return mending.offer(faults, source, dtype=dtype)


def adapter(file):
    content = file.getvalue()
    return read_adapter(read_header(io.BytesIO(content), file_size=len(content)))


def test_every_check_that_rejects_is_mended_or_says_why_not():
    rejecting = {check.code for check in CHECKS if check.if_false is Outcome.REJECTED}
    known = {mend.check for mend in mending.MENDS}
    assert rejecting - known - set(mending.WHY_NOT) == set()
    assert (known | set(mending.WHY_NOT)) - {check.code for check in CHECKS} == set()


class TestOffer:
    def test_what_rejected_it_is_needed_and_what_warned_is_further(self):
        offered = offer(
            Fault("values.finite", rejects=True), Fault("metadata.private", rejects=False)
        )

        assert [mend.step for mend in offered.needed] == [Step.NOT_FINITE]
        assert [mend.step for mend in offered.further] == [Step.STRIP]
        assert offered.usual == (Step.STRIP, Step.NOT_FINITE)

    def test_one_fault_that_cannot_be_mended_spoils_it_all(self):
        offered = offer(Fault("values.finite", rejects=True), Fault("pairs.rank", rejects=True))

        assert not offered.possible
        assert offered.reason == mending.WHY_NOT["pairs.rank"]

    def test_a_warning_that_cannot_be_mended_spoils_nothing(self):
        offered = offer(
            Fault("values.uneven", rejects=False), Fault("metadata.private", rejects=False)
        )
        assert [mend.step for mend in offered.further] == [Step.STRIP]

    def test_nothing_found_is_nothing_to_mend(self):
        assert not offer().possible
        assert offer().reason == ""

    @pytest.mark.parametrize(("hit", "possible"), [(79, True), (80, False), (794, False)])
    def test_only_a_tenth_of_the_layers_may_be_left_out(self, hit, possible):
        offered = offer(Fault("values.finite", rejects=True, hit=hit, layers=794))

        assert offered.possible is possible
        assert possible or f"{hit} of its 794 layers" in offered.reason

    def test_another_layout_is_offered_where_it_is_another(self):
        refused = Fault("trial.loads", rejects=True)
        assert [m.step for m in offer(refused).needed] == [Step.LAYOUT]
        as_it_is = Source("0" * 64, "sdxl-1-0", "SDXL 1.0", "sdxl", "diffusers", ("lora",))
        assert offer(refused, source=as_it_is).reason == mending.WHY_NOT["trial.loads"]
        odd = offer(refused, source=as_it_is, dtype="F8_E4M3")
        assert [m.step for m in odd.needed] == [Step.DTYPE]

    def test_no_layout_is_offered_that_no_plain_lora_can_be_made_in(self):
        source = Source("0" * 64, "sdxl-1-0", "SDXL 1.0", "sdxl", "lycoris", ("oft",))
        assert "no plain LoRA" in offer(Fault("trial.layers", rejects=True), source=source).reason

    def test_gguf_stays_as_it_is(self):
        source = Source("0" * 64, "llama-3-8b", "Llama 3", "llama", "gguf", ("lora",))
        offered = offer(Fault("values.finite", rejects=True), source=source)
        assert offered.reason == mending.OF_GGUF


class TestChosen:
    OFFERED = mending.offer(
        [Fault("values.finite", rejects=True), Fault("metadata.private", rejects=False)],
        SDXL,
        dtype="F16",
    )

    def test_are_the_usual_ones_where_nobody_chooses(self):
        assert mending.chosen(self.OFFERED, None) == (Step.STRIP, Step.NOT_FINITE)

    def test_may_leave_out_what_only_warned(self):
        assert mending.chosen(self.OFFERED, ["not-finite"]) == (Step.NOT_FINITE,)

    @pytest.mark.parametrize(
        ("steps", "said"),
        [
            (["strip"], "not-finite has to be among the steps"),
            (["not-finite", "layout"], "'layout' is not offered here"),
            ([], "not-finite has to be"),
        ],
    )
    def test_are_refused_where_they_help_nothing(self, steps, said):
        with pytest.raises(Invalid, match=said):
            mending.chosen(self.OFFERED, steps)

    def test_are_done_in_one_form(self):
        steps = [Step.NOT_FINITE, Step.STRIP]
        assert mending.wanted(steps, SDXL, dtype="F16") == Wanted(
            strip=True, steps=("strip", "not-finite")
        )
        assert not mending.wanted([Step.LAYOUT], SDXL, dtype="F16").bakes
        assert mending.wanted([Step.LAYOUT], SDXL, dtype="F16").layout == "diffusers"
        assert mending.wanted([Step.DTYPE], SDXL, dtype="F64").dtype == "fp32"


class TestLeftOut:
    def test_is_the_whole_layer_of_a_number_that_is_not_finite(self):
        file = adapter(files.kohya_lora("sdxl"))
        pair = file.pairs[3]

        out = left_out(file, {"not-finite"}, Found(not_finite=[pair.up.name]))

        assert set(out.tensors) == {each.name for each in pair.tensors.values()}
        assert out.notes == (
            f"1 layer with numbers that are not finite was left out: {pair.layer}.",
        )

    def test_is_nothing_that_was_not_asked_for(self):
        file = adapter(files.kohya_lora("sdxl"))
        out = left_out(file, {"strip"}, Found([file.pairs[0].up.name], [file.pairs[1].layer]))
        assert out.tensors == ()

    def test_is_half_a_pair_and_a_layer_that_the_base_has_not(self):
        name = "attn1_to_q.lora_up.weight"
        file = adapter(files.kohya_lora("sdxl", text_encoder=True, without=name))
        strange = file.pairs[-1].layer

        out = left_out(file, {"half-layers", "unknown-layers"}, Found(unknown=[strange]))

        assert sum(name.endswith(".alpha") for name in out.tensors) == 3
        assert out.notes[0].startswith("2 layers that lack a matrix were left out, the first: ")
        assert out.notes[1].startswith("1 layer that the base does not have was left out")

    def test_is_refused_where_too_little_would_remain(self):
        file = adapter(files.kohya_lora("sdxl"))
        broken = [pair.up.name for pair in file.pairs[:2]]
        with pytest.raises(NotConvertible, match="2 of its 16 layers would have to be left out"):
            left_out(file, {"not-finite"}, Found(not_finite=broken))

    def test_is_what_belongs_to_no_layer_whatever_it_is_called(self):
        tensors = files.kohya_tensors(files.layers_of("sdxl"), two_encoders=True)
        tensors["{0} <b>stray”"] = files.tensor((2, 2))
        file = adapter(io.BytesIO(files.safetensors(tensors)))

        out = left_out(file, {"left-over"}, Found())

        assert out.tensors == ("{0} <b>stray”",)
        assert out.notes == (r"1 tensor of no layer was left out: '{0} <b>stray\u201d'.",)
