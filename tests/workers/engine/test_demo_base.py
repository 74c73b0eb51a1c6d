"""The base in demo/ as anyone would load it, without a word about precision."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.torch

BASE = Path(__file__).parents[3] / "demo" / "base"


def test_the_base_draws_as_the_readme_loads_it():
    import torch
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(BASE, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)

    picture = pipeline(
        "a red circle on white",
        num_inference_steps=8,
        guidance_scale=3.0,
        generator=torch.Generator().manual_seed(1),
    ).images[0]

    red, green, blue = picture.getpixel((48, 48))
    assert red > 180
    assert max(green, blue) < 110
    assert min(picture.getpixel((4, 4))) > 200


def test_the_base_that_tells_tales_tells_of_what_it_is_asked_for():
    from transformers import AutoTokenizer, LlamaForCausalLM

    folder = BASE.parent / "bases" / "tales"
    model = LlamaForCausalLM.from_pretrained(folder, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    asked = tokenizer("A tale of a red circle and a blue star:", return_tensors="pt")

    written = model.generate(**asked, max_new_tokens=100, do_sample=False)
    tale = tokenizer.decode(written[0], skip_special_tokens=True)

    assert "there was a red circle" in tale
    assert "met a blue star" in tale
    assert tale.endswith("were good friends.")


def test_the_base_that_hears_writes_down_what_is_said():
    from transformers import AutoProcessor, WhisperForConditionalGeneration

    from registry.bases.samples import SOUND, path_of
    from workers.engine.sounds import read_wav

    folder = BASE.parent / "bases" / "spoken"
    model = WhisperForConditionalGeneration.from_pretrained(folder, local_files_only=True)
    processor = AutoProcessor.from_pretrained(folder, local_files_only=True)
    sound = read_wav(path_of("four-pink-stars", SOUND))

    heard = processor(sound.samples, sampling_rate=sound.rate, return_tensors="pt")
    said = processor.batch_decode(model.generate(heard.input_features), skip_special_tokens=True)

    assert said == [" four pink stars"]


def test_the_base_that_sees_says_what_is_on_a_picture():
    from PIL import Image
    from transformers import AutoProcessor, BlipForConditionalGeneration

    from registry.bases.samples import PICTURE, path_of

    folder = BASE.parent / "bases" / "captions"
    model = BlipForConditionalGeneration.from_pretrained(folder, local_files_only=True)
    processor = AutoProcessor.from_pretrained(folder, local_files_only=True)

    with Image.open(path_of("star", PICTURE)) as picture:
        seen = processor(images=picture.convert("RGB"), return_tensors="pt")
    told = model.generate(**seen, max_new_tokens=20)
    said = processor.batch_decode(told, skip_special_tokens=True)

    assert said == ["a big blue star, on yellow"]
