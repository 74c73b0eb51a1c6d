from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.workers.engine import tiny
from workers.engine.adapter_files import AdapterSource
from workers.engine.trials import prove_loads, try_on


@pytest.fixture
def trial(base, scene, tmp_path):
    """Try tensors on the tiny base, and return the facts."""

    def trial(tensors, trigger_words=("zq",)):
        source = AdapterSource(tiny.write(tmp_path / "adapter", tensors))
        return try_on(base, source, scene, trigger_words, on_step=lambda done, of: None)

    return trial


class TestTryOn:
    def test_says_what_a_sound_adapter_does(self, trial, unet_pairs, encoder_pairs):
        facts, blobs = trial(tiny.kohya(unet_pairs, encoder_pairs))

        assert facts["level"] == "renders"
        assert facts["injected"] == facts["in_file"] != {}
        assert facts["unmatched_layers"] == facts["loader_messages"] == []
        assert facts["error"] is None
        assert facts["saw_nan"] is False
        assert facts["change"] > 0.001
        assert facts["trigger_change"] > 0
        assert facts["seconds"] > 0
        assert set(blobs) == {"without", "with", "untriggered"}
        assert Image.open(io.BytesIO(blobs["with"])).size == (16, 16)

    def test_has_no_trigger_change_without_trigger_words(self, trial, unet_pairs):
        facts, blobs = trial(tiny.kohya(unet_pairs), trigger_words=())

        assert facts["trigger_change"] is None
        assert set(blobs) == {"without", "with"}

    def test_sees_no_change_by_an_adapter_of_zeros(self, trial, unet_pairs):
        zeros = {name: (down, up * 0) for name, (down, up) in unet_pairs.items()}

        facts, _ = trial(tiny.kohya(zeros))

        assert facts["change"] == 0
        assert facts["injected"] == {"unet": len(unet_pairs)}

    def test_sees_pictures_that_are_no_numbers(self, trial, unet_pairs):
        huge = {name: (down * 1e19, up * 1e19) for name, (down, up) in unet_pairs.items()}

        facts, blobs = trial(tiny.kohya(huge))

        assert facts["saw_nan"] is True
        assert facts["change"] is None
        assert "with" in blobs

    def test_has_an_adapter_for_another_base_as_facts(self, trial, shapes):
        wide = {
            name: (2 * out, 2 * into) if "attn2" in name else (out, into)
            for name, (out, into) in shapes[0].items()
        }

        facts, blobs = trial(tiny.kohya(tiny.pairs(wide)))

        assert "size mismatch" in facts["error"]
        assert facts["change"] is None
        assert blobs == {}

    def test_draws_only_the_base_if_nothing_arrives(self, trial):
        alien = tiny.pairs({"transformer_blocks.0.attn.to_q": (32, 32)})

        facts, blobs = trial(tiny._lettered("transformer.", alien))

        assert facts["injected"] == {}
        assert facts["change"] == 0
        assert facts["unmatched_layers"] == ["transformer.transformer_blocks.0.attn.to_q"]
        assert set(blobs) == {"without"}


class TestProveLoads:
    def test_counts_without_any_weights(self, bases, base_source, tmp_path, unet_pairs):
        source = AdapterSource(tiny.write(tmp_path / "adapter", tiny.kohya(unet_pairs)))

        facts, blobs = prove_loads(bases.skeleton(base_source), source)

        assert facts["level"] == "loads"
        assert facts["injected"] == {"unet": len(unet_pairs)}
        assert facts["change"] is facts["trigger_change"] is None
        assert blobs == {}
