"""A copy that is mended: the file is read again, the engine writes it, and it becomes a version."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.queries import versions
from registry.services import mending
from tests import files
from tests.factories import AdapterFactory, ResultFactory, RunFactory, VersionFactory
from tests.workers.test_writing import engine, work  # noqa: F401  the engine of these tests too

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root", "sent")]


def rejected(team, by, content, code):
    adapter = AdapterFactory(slug="ink-wash", team=team)
    row = VersionFactory(adapter=adapter, rejected=True, uploaded_by=by, content=content)
    run = RunFactory(version=row, state="rejected", finished_at=timezone.now())
    ResultFactory(run=run, code=code, outcome="rejected", problem="It is broken.")
    return versions.in_sight("ink", "ink-wash", 1, by=by)


def mended(version, by):
    row = mending.ask(version, by=by, now=timezone.now())
    work(row.preparation)
    row.refresh_from_db()
    return row


def spoiled(**values):
    return files.kohya_lora("sdxl", values=files.Values(**values)).getvalue()


def test_the_layer_with_a_number_that_is_none_is_left_out(engine, team, contributor):  # noqa: F811
    row = mended(rejected(team, contributor, spoiled(nan=True), "values.finite"), contributor)

    [(asked, _, _)] = engine.calls
    without = asked["conversion"]["without"]
    assert len(without) == 3
    assert {name.partition(".")[2] for name in without} == {
        "alpha", "lora_down.weight", "lora_up.weight",
    }  # fmt: skip
    assert row.state == "done"
    assert row.notes[0].startswith("1 layer with numbers that are not finite was left out: ")
    assert row.made.changes.startswith("A mended copy of version 1. 1 layer with numbers")
    assert row.made.files.get().sha256 == row.preparation.files.get().blob_id


def test_a_layer_that_the_base_has_not_is_left_out(engine, team, contributor):  # noqa: F811
    tensors = files.kohya_tensors(files.layers_of("sdxl"), two_encoders=True)
    root = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn9_to_q"
    for tail, raw in {
        "alpha": files.number(4),
        "lora_down.weight": files.tensor((4, 640)),
        "lora_up.weight": files.tensor((640, 4)),
    }.items():
        tensors[f"{root}.{tail}"] = raw
    content = files.safetensors(tensors)

    mended(rejected(team, contributor, content, "layers.known"), contributor)

    [(asked, _, _)] = engine.calls
    assert {name.partition(".")[0] for name in asked["conversion"]["without"]} == {root}


def test_too_much_that_is_broken_is_refused_without_the_engine(engine, team, contributor):  # noqa: F811
    content = files.kohya_lora("sdxl", without="attn1_to_q.lora_up.weight").getvalue()

    row = mended(rejected(team, contributor, content, "pairs.complete"), contributor)

    assert engine.calls == []
    assert (row.state, row.made) == ("refused", None)
    assert row.reason.startswith("2 of its 16 layers would have to be left out")
    assert row.preparation.state == "refused"


def test_what_the_engine_leaves_is_read_before_it_is_a_version(engine, team, contributor):  # noqa: F811
    engine.files = {"lora.safetensors": b"no weights at all"}

    row = mended(rejected(team, contributor, spoiled(nan=True), "values.finite"), contributor)

    assert (row.state, row.preparation.state) == ("waiting", "queued")
    assert row.version.adapter.versions.count() == 1


def test_a_folder_of_several_parts_is_no_version(engine, team, contributor):  # noqa: F811
    one = files.kohya_lora("sdxl", rank=2).getvalue()
    engine.files = {"unet/adapter_model.safetensors": one, "vae/adapter_model.safetensors": one}

    row = mended(rejected(team, contributor, spoiled(nan=True), "values.finite"), contributor)

    assert row.state == "refused"
    assert row.reason


def test_a_stripped_copy_has_the_same_tensors(engine, team, contributor):  # noqa: F811
    content = files.kohya_lora("sdxl", metadata={"ss_output_name": "/home/ann/x"}).getvalue()
    version = rejected(team, contributor, content, "metadata.private")
    version.runs.first().results.update(outcome="warned")
    type(version).objects.update(state="ready", proof="fits", reason="")
    engine.files = {"x.safetensors": files.kohya_lora("sdxl").getvalue()}

    row = mended(versions.in_sight("ink", "ink-wash", 1, by=contributor), contributor)

    assert row.state == "done"
    assert engine.calls[0][0]["conversion"]["bare"] is True
