"""How well pictures fit their prompts, by a small CLIP of the real classes."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPProcessor,
    CLIPTokenizer,
)

from registry.sweeps.plan import Scene
from tests.workers.engine import tiny
from workers.engine import verbs
from workers.engine.adapter_files import AdapterSource
from workers.engine.devices import choose
from workers.engine.fidelity import clips
from workers.engine.last_loaded import ModelSource
from workers.engine.picture_shots import PictureShot
from workers.engine.sweeping import Row, sweep_rows
from workers.engine.texts import TextShot

SCENE = Scene("circle", "A circle", "a red circle, {trigger}", seed=1, steps=2, guidance=3,
              width=32, height=32)  # fmt: skip
ROW = Row(SCENE, "a red circle, zebrastyle", (0.0, 0.5, 1.0), frozenset())
RANDOM = np.random.default_rng(1)


def picture(side=40):
    return RANDOM.integers(0, 255, (side, side, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A CLIP as its makers save one."""
    home = tmp_path_factory.mktemp("clip")
    torch.manual_seed(0)
    tower = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 4,
             "num_hidden_layers": 2}  # fmt: skip
    words = {"vocab_size": 514, "max_position_embeddings": 24, "bos_token_id": 512,
             "eos_token_id": 513, "pad_token_id": 513}  # fmt: skip
    config = CLIPConfig(
        text_config=tower | words,
        vision_config=tower | {"image_size": 32, "patch_size": 8},
        projection_dim=16,
    )
    images = CLIPImageProcessorPil(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )
    tokenizer: CLIPTokenizer = tiny._tokenizer(home / "words")
    CLIPProcessor(images, tokenizer).save_pretrained(home)
    CLIPModel(config).save_pretrained(home)
    return home


@pytest.fixture
def clip(folder):
    return clips(choose("cpu")).load(ModelSource(folder, "0123456789abcdef"))


class TestScore:
    def test_is_the_cosine_that_the_model_gives(self, clip, folder):
        seen = picture()
        model = CLIPModel.from_pretrained(folder, local_files_only=True).eval()
        told = CLIPProcessor.from_pretrained(folder, local_files_only=True)(
            text=["a star"], images=[seen], return_tensors="pt"
        )
        with torch.inference_mode():
            cosine = model(**told).logits_per_image[0, 0] / model.logit_scale.exp()

        [score] = clip.score([seen], "a star")

        assert score == pytest.approx(float(cosine), abs=1e-5)
        assert -1 <= score <= 1

    def test_is_another_by_other_words(self, clip):
        seen = picture()

        assert clip.score([seen], "a star") != clip.score([seen], "a very large heart")

    def test_many_pictures_are_scored_as_one_is(self, clip):
        seen = [picture() for _ in range(19)]

        assert clip.score(seen, "a star") == pytest.approx(
            [clip.score([one], "a star")[0] for one in seen], abs=1e-5
        )

    def test_words_that_are_too_many_are_cut_off(self, clip):
        assert len(clip.score([picture()], "star " * 200)) == 1


class TestSee:
    KEYS = {0.0: "zero", 0.5: "half", 1.0: "one"}  # noqa: RUF012

    def shots(self):
        return {weight: PictureShot(picture(), None) for weight in self.KEYS}

    def test_holds_a_picture_against_its_prompt_without_the_trigger_words(self, clip):
        shots = self.shots()

        seen = clip.see(ROW, self.KEYS, shots)

        assert [seen[weight]["fidelity"] for weight in seen] == pytest.approx(
            clip.score([shot.picture for shot in shots.values()], "a red circle"), abs=1e-5
        )
        assert {one["fidelity_by"] for one in seen.values()} == {"0123456789ab"}

    def test_scores_no_picture_twice(self, clip, monkeypatch):
        shots = self.shots()
        first = clip.see(ROW, self.KEYS, shots)
        monkeypatch.setattr(type(clip), "_score", lambda *_: pytest.fail("scored again"))

        assert clip.see(ROW, self.KEYS, shots) == first

    def test_scores_a_cell_anew_for_other_words(self, clip):
        shots = self.shots()
        other = replace(ROW, scene=replace(SCENE, prompt="a heart"))

        first, second = (clip.see(row, self.KEYS, shots) for row in (ROW, other))

        assert first[0.0] != second[0.0]

    def test_says_nothing_of_texts_nor_of_what_no_words_asked_for(self, clip):
        said = TextShot("a text", (), {}, {})
        bare = replace(ROW, scene=replace(SCENE, prompt="{trigger}"))

        assert clip.see(ROW, self.KEYS, {0.0: said}) == {}
        assert clip.see(bare, self.KEYS, self.shots()) == {}


class TestClips:
    def test_are_loaded_once(self, folder):
        holding = clips(choose("cpu"))
        source = ModelSource(folder, "a")

        assert holding.load(source) is holding.load(ModelSource(folder, "a"))
        assert holding.load(source) is not holding.load(ModelSource(folder, "b"))

    @pytest.mark.parametrize("left_out", ["model.safetensors", "tokenizer.json", "config.json"])
    def test_that_cannot_be_loaded_are_said_once_and_done_without(
        self, folder, tmp_path, caplog, left_out
    ):
        for file in folder.iterdir():
            if file.is_file() and file.name != left_out:
                (tmp_path / file.name).write_bytes(file.read_bytes())
        holding = clips(choose("cpu"))

        with caplog.at_level(logging.WARNING):
            assert holding.load(ModelSource(tmp_path, "a")) is None
            assert holding.load(ModelSource(tmp_path, "a")) is None

        assert caplog.text.count(f"The CLIP in {tmp_path} cannot be loaded") == 1

    def test_one_whose_weights_are_not_all_there_is_done_without(self, folder, tmp_path):
        for file in folder.glob("*.json"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
        weights = load_file(folder / "model.safetensors")
        save_file({k: v for k, v in weights.items() if "visual" not in k},
                  tmp_path / "model.safetensors", {"format": "pt"})  # fmt: skip

        assert clips(choose("cpu")).load(ModelSource(tmp_path, "a")) is None

    def test_pickles_are_not_read(self, folder, tmp_path):
        for file in folder.glob("*.json"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
        model = CLIPModel.from_pretrained(folder, local_files_only=True)
        torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")

        assert clips(choose("cpu")).load(ModelSource(tmp_path, "a")) is None


class TestSweep:
    @pytest.fixture
    def source(self, base, tmp_path):
        unet = tiny.pairs(tiny.layers_of(base.pipeline.unet, tiny.ATTENTION), size=0.1)
        return AdapterSource(tiny.write(tmp_path / "adapter", tiny.kohya(unet)),
                             tensor_digest="a")  # fmt: skip

    def test_says_it_of_each_cell(self, base, source, clip):
        [(answer, _)] = sweep_rows(base, source, [ROW], on_step=lambda *_: None, see=clip.see)

        assert all(-1 <= cell["measures"]["fidelity"] <= 1 for cell in answer["cells"])
        assert all("detail" in cell["measures"] for cell in answer["cells"])

    def test_says_nothing_where_no_clip_is_named(self, base, source):
        [(answer, _)] = sweep_rows(base, source, [ROW], on_step=lambda *_: None)

        assert not any("fidelity" in cell["measures"] for cell in answer["cells"])

    def test_is_asked_for_over_the_pipe(self, base_source, source, folder):
        engine = verbs.open_engine("cpu", network_off=True)
        told = {
            "base": {"slug": "tiny", "pipeline": base_source.pipeline,
                     "folder": str(base_source.folder)},
            "adapter": {"path": str(source.path)},
            "scene": {"slug": "circle", "prompt": SCENE.prompt, "seed": 1, "steps": 1,
                      "guidance": 1, "width": 32, "height": 32},
            "weights": [0, 1],
            "clip": {"folder": str(folder), "digest": "0123456789abcdef"},
        }  # fmt: skip

        answer, _ = verbs.sweep(engine, told, lambda *_: None)

        assert {cell["measures"]["fidelity_by"] for cell in answer["cells"]} == {"0123456789ab"}
