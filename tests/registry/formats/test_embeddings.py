from __future__ import annotations

import pytest

from tests.reading import adapter_from

LORA = {"lora_unet_mid_block_x.lora_down.weight": (4, 768)}
LORA |= {"lora_unet_mid_block_x.lora_up.weight": (640, 4)}


def embeddings(**shapes):
    names = {name.replace("__", "."): shape for name, shape in shapes.items()}
    return adapter_from(LORA | names).embeddings


# How it is written; token, text encoder, vectors and width that must be seen.
WRITTEN = [
    ("kohya and A1111", "bundle_emb.zkw.emb_params", (3, 768), ("zkw", "text_encoder", 3, 768)),
    ("A1111, old", "bundle_emb.zkw.string_to_param.*", (3, 768), ("zkw", "text_encoder", 3, 768)),
    ("CLIP-L of two", "bundle_emb.zkw.clip_l", (2, 768), ("zkw", "text_encoder", 2, 768)),
    ("CLIP-G", "bundle_emb.zkw.clip_g", (2, 1280), ("zkw", "text_encoder_2", 2, 1280)),
    ("a token in brackets", "bundle_emb.<zkw>.clip_l", (1, 768), ("<zkw>", "text_encoder", 1, 768)),
    ("2022", "<s1>", (768,), ("<s1>", "text_encoder", 1, 768)),
    ("pivotal tuning", "clip_g", (2, 1280), ("", "text_encoder_2", 2, 1280)),
    ("pivotal tuning, old", "text_encoders_1", (2, 1280), ("", "text_encoder_2", 2, 1280)),
    ("OneTrainer's Sana", "bundle_emb.zkw.gemma", (2, 2304), ("zkw", "text_encoder", 2, 2304)),
]


@pytest.mark.parametrize(
    ("name", "shape", "seen"), [row[1:] for row in WRITTEN], ids=[row[0] for row in WRITTEN]
)
def test_an_embedding_is_a_part_of_its_adapter(name, shape, seen):
    adapter = adapter_from(LORA | {name: shape})
    [found] = adapter.embeddings
    assert (found.token, found.text_encoder, found.vectors, found.width) == seen
    assert found.name == name
    assert adapter.leftovers == ()
    assert len(adapter.pairs) == 1


def test_what_is_put_in_after_the_text_encoder_is_told_apart():
    before, after = embeddings(bundle_emb__x__clip_l=(1, 768), bundle_emb__x__clip_l_out=(1, 768))
    assert (before.after, after.after) == (False, True)
    assert before.text_encoder == after.text_encoder == "text_encoder"


@pytest.mark.parametrize(
    ("beside", "encoders"),
    [
        (["clip_l"], ["text_encoder_2", "text_encoder"]),
        (["clip_l", "clip_g"], ["text_encoder_3", "text_encoder", "text_encoder_2"]),
        ([], ["text_encoder"]),
    ],
    ids=["FLUX", "SD 3", "PixArt"],
)
def test_t5_is_the_last_of_the_text_encoders(beside, encoders):
    shapes = {"bundle_emb.x.t5": (1, 4096)} | {f"bundle_emb.x.{kind}": (1, 768) for kind in beside}
    assert [each.text_encoder for each in adapter_from(LORA | shapes).embeddings] == encoders


def test_hunyuan_video_s_clip_is_its_second():
    llama, clip = embeddings(bundle_emb__x__llama=(1, 4096), bundle_emb__x__clip_l=(1, 768))
    assert (llama.text_encoder, clip.text_encoder) == ("text_encoder", "text_encoder_2")
