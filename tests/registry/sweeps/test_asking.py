from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import PlanRefused
from registry.sweeps import asked, asking
from registry.sweeps.axes import AXES, SPOKEN, Ground
from registry.sweeps.plan import Scene, cell_key

CIRCLE = Scene(
    "circle", "A circle", "a red circle, {trigger}", seed=1, steps=20, width=96, height=96
)
STAR = Scene("star", "A star", "a red star, {trigger}", seed=2, steps=20, width=96, height=96)
GROUND = Ground(
    number=2,
    scenes=(CIRCLE, STAR),
    trigger_words=("zebra",),
    usual_weight=0.8,
    training_steps=(100, 200),
    versions={1: "", 2: "", 3: "Version 3 is for FLUX.1, not for SDXL"},
    samplers=("euler", "ddim"),
    parts=("unet.down", "unet.mid", "unet.up"),
)
# A few good values of each axis, as they come in JSON.
VALUES = {
    "weight": [-3, -0.5, 0, 0.4, 1, 1.25, 3],
    "training_step": [100, 200, "final"],
    "version": [1, 2],
    "prompt": ["red", "blue", "green"],
    "seed": [0, 7, 2**32 - 1],
    "sampler": ["", "euler", "ddim"],
    "steps": [1, 30, 60],
    "guidance": [0, 3.5, 30],
    "scene": ["circle", "star"],
    "size": [[96, 96], [144, 64], "96x144"],
    "parts": [{}, {"unet.mid": 0}, {"unet.down": 0.5, "unet.up": 2}],
}


def read(across=("weight", [0, 1]), down=None, ground=GROUND, **rest):
    plan = {"across": {"axis": across[0], "values": across[1]}, **rest}
    if down:
        plan["down"] = {"axis": down[0], "values": down[1]}
    return asking.read(plan, ground)


def cells(*axes, **rest):
    return asked.cells_of(read(*axes, **rest), GROUND)


@st.composite
def plans(draw):
    """Draw a plan that makes sense: one or two axes, and a few things said of all cells."""
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2, unique=True))
    lines = [
        {"axis": name, "values": draw(st.lists(st.sampled_from(VALUES[name][1:]), unique_by=str))}
        for name in names
    ]
    for line in lines:  # the words that are sought come first
        line["values"] = [VALUES[line["axis"]][0], *line["values"]]
    said = draw(st.lists(st.sampled_from(sorted(set(VALUES) - {"version", "prompt"}))))
    same = {name: draw(st.sampled_from(VALUES[name])) for name in said if name not in names}
    plan = {"across": lines[0], "same": same}
    return plan | ({"down": lines[1]} if lines[1:] else {})


class TestRead:
    def test_takes_every_axis_there_is(self):
        for name, values in VALUES.items():
            assert read((name, values)).across.axis == name
        assert set(VALUES) == set(AXES)

    @given(plans())
    def test_makes_the_same_plan_of_its_own_words(self, plan):
        once = asking.read(plan, GROUND)
        assert asking.read(json.loads(json.dumps(once.as_json())), GROUND) == once

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["across", "down", "same", "against", "axis", "values", *AXES, "negative"]
                    ),
                    inner | st.sampled_from([*AXES, "circle"]),
                    max_size=4,
                )
            ),
        )
    )
    def test_answers_anything_with_a_plan_or_a_refusal(self, anything):
        with suppress(PlanRefused):
            asking.read(anything, GROUND)

    @pytest.mark.parametrize(
        ("across", "saying"),
        [
            (("weight", [0, 3.5]), "The axis weight: 3.5 is no number from -3 to 3."),
            (("weight", [float("nan")]), "The axis weight: nan is no number"),
            (("weight", [True]), "The axis weight: True is no number"),
            (("weight", []), "The axis weight has 0 values; 1 to 12 are taken."),
            (("weight", [n / 10 for n in range(13)]), "has 13 values"),
            (("weight", [0.5, 0.5]), "The axis weight has 0.5 twice."),
            (("training_step", [150]), "there is no checkpoint of step 150; there are 100, 200,"),
            (("version", [9]), "there is no version 9; there are 1, 2, 3."),
            (("version", [3]), "Version 3 is for FLUX.1, not for SDXL."),
            (("prompt", ["yellow", "blue"]), "“yellow”, the first of the words,"),
            (("prompt", ["red", ""]), "'' is no text"),
            (("seed", [-1]), "-1 is no whole number from 0"),
            (("seed", [1.5]), "1.5 is no whole number"),
            (("sampler", ["unknown"]), "no sampler “'unknown'” for this base; there are euler"),
            (("steps", [61]), "61 is no whole number from 1 to 60"),
            (("guidance", ["much"]), "'much' is no number from 0 to 30"),
            (("scene", ["moon"]), "there is no scene “moon”; there are circle, star."),
            (("size", [[160, 96]]), "160 is no whole number from 64 to 144"),
            (("size", [[100, 96]]), "100 is no multiple of 16 pixels"),
            (("size", ["big"]), "'big' is no size"),
            (("parts", [{"unet.top": 1}]), "no block “unet.top”; it has unet.down"),
            (("parts", [{"unet.mid": 9}]), "9 is no number from -3 to 3"),
            (("colour", ["red"]), "“across” has no axis that this base has: weight,"),
        ],
    )  # fmt: skip
    def test_names_the_axis_that_is_at_fault(self, across, saying):
        with pytest.raises(PlanRefused) as refused:
            read(across)

        assert saying in refused.value.message
        assert refused.value.axis in {across[0], "across"}

    @pytest.mark.parametrize(
        ("plan", "axis", "saying"),
        [
            ({"down": ("weight", [0])}, "weight", "Both axes are weight"),
            ({"same": {"colour": "red"}}, "same", "no field “colour”"),
            ({"same": {"steps": 99}}, "steps", "99 is no whole number"),
            ({"same": {"prompt": "x" * 1001}}, "prompt", "at most 1000 letters"),
            ({"same": {"with_trigger": "yes"}}, "with_trigger", "true or false"),
            ({"same": {"prompt": "x"}, "down": ("scene", ["star"])}, "scene", "several scenes"),
            ({"against": 2}, "version", "not itself"),
            ({"against": 3}, "version", "for FLUX.1"),
            ({"against": 1, "same": {"training_step": 100}}, "version", "weights files alone"),
            ({"more": 1}, "", "no field “more”"),
        ],
    )
    def test_says_what_does_not_go_together(self, plan, axis, saying):
        with pytest.raises(PlanRefused, match=saying) as refused:
            read(**plan)

        assert refused.value.axis == axis

    def test_counts_what_is_rendered(self):
        weights = ("weight", [n / 10 for n in range(8)])
        assert read(weights, ("seed", list(range(8)))).cells == 64
        with pytest.raises(PlanRefused, match="72 cells; 64"):
            read(weights, ("seed", list(range(9))))
        with pytest.raises(PlanRefused, match="80 cells"):
            read(weights, ("seed", list(range(5))), against=1)

    def test_keeps_to_what_a_base_of_words_can_do(self):
        spoken = Ground(number=1, scenes=(CIRCLE,), axes=SPOKEN)
        with pytest.raises(PlanRefused, match="no axis that this base has"):
            read(("size", [[96, 96]]), ground=spoken)

    def test_knows_its_kind(self):
        assert read().kind == "asked"
        assert read(down=("training_step", [100])).kind == "steps"
        assert read(against=1).kind == "versions"


class TestCellsOf:
    @given(plans())
    def test_fills_every_place_once(self, plan):
        plan = asking.read(plan, GROUND)
        found = asked.cells_of(plan, GROUND)

        assert len(found) == plan.cells
        assert len({(one.cell.row, one.cell.column) for one in found}) == plan.cells

    def test_takes_from_the_scene_what_nobody_said(self):
        [one, _] = cells(same={"scene": "star", "steps": 5})

        assert one.cell.scene == Scene(
            "star", "A star", "a red star, {trigger}", seed=2, steps=5, width=96, height=96
        )
        assert one.cell.prompt == "a red star, zebra"
        assert (one.version, one.training_step, one.parts) == (2, None, ())

    def test_uses_the_usual_weight_where_no_weight_is_asked_for(self):
        assert {one.cell.weight for one in cells(("seed", [1, 2]))} == {0.8}

    def test_writes_own_words_as_they_stand(self):
        [plain] = cells(("weight", [1]), same={"prompt": "a blue cat"})
        [marked] = cells(("weight", [1]), same={"prompt": "a {trigger} cat"})

        assert (plain.cell.prompt, plain.cell.with_trigger) == ("a blue cat", False)
        assert (marked.cell.prompt, marked.cell.with_trigger) == ("a zebra cat", True)
        assert plain.cell.scene.slug == "own"

    def test_leaves_trigger_words_out_where_told(self):
        [one] = cells(("weight", [1]), same={"with_trigger": False})
        assert (one.cell.prompt, one.cell.with_trigger) == ("a red circle", False)

    def test_replaces_words_of_the_prompt(self):
        found = cells(("prompt", ["red", "deep blue"]), ("scene", ["circle", "star"]))
        assert [one.cell.prompt for one in found] == [
            "a red circle, zebra", "a deep blue circle, zebra",
            "a red star, zebra", "a deep blue star, zebra",
        ]  # fmt: skip

    def test_lays_two_versions_out_with_a_row_left_for_their_difference(self):
        found = cells(("weight", [0, 1]), ("scene", ["circle", "star"]), against=1)

        assert [(one.cell.row, one.version) for one in found if one.cell.column == 0] == [
            (0, 2), (1, 1), (3, 2), (4, 1),
        ]  # fmt: skip


class TestBatches:
    @given(plans())
    def test_loses_no_cell_and_renders_those_that_differ_in_weight_together(self, plan):
        found = asked.cells_of(asking.read(plan, GROUND), GROUND)
        batches = asked.batches(found)

        assert sorted(map(repr, found)) == sorted(repr(one) for batch in batches for one in batch)
        assert len(batches) == len({one.alike for one in found})
        for batch in batches:
            weights = [one.cell.weight for one in batch]
            assert weights == sorted(set(weights))

    @given(plans())
    def test_changes_the_file_as_rarely_as_can_be(self, plan):
        batches = asked.batches(asked.cells_of(asking.read(plan, GROUND), GROUND))
        files = [(batch[0].version, batch[0].training_step) for batch in batches]

        changes = sum(one != other for one, other in pairwise(files))
        assert changes == len(set(files)) - 1

    def test_batches_weights_whichever_way_they_lie(self):
        across = asked.batches(cells(("weight", [1, 0, 0.5]), ("seed", [1, 2])))
        down = asked.batches(cells(("seed", [1, 2]), ("weight", [1, 0, 0.5])))

        assert len(across) == len(down) == 2
        assert [one.cell.row for one in down[0]] == [1, 2, 0]

    def test_cells_without_the_adapter_are_one_whatever_its_file(self):
        found = cells(("weight", [0, 1]), ("training_step", [100, "final"]))
        keys = {
            (one.cell.weight, cell_key(
                base_digest="b", adapter_digest=str(one.training_step), weight=one.cell.weight,
                scene=one.cell.scene, prompt=one.cell.prompt,
            )) for one in found
        }  # fmt: skip
        assert len(keys) == 3
