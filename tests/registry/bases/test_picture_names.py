"""What the trainers and hubs call the picture bases, and what a file's own word decides."""

from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.identify import identify
from tests.reading import adapter_from

CIVITAI = {
    "SD 2.0": "sd-2-1-base", "SD 2.1 768": "sd-2-1", "SD 1.5 LCM": "sd-1-5-lcm",
    "SD 1.5 Hyper": "sd-1-5-hyper", "SD 3": "sd3-medium", "SD 3.5": "sd-3-5-large",
    "SD 3.5 Large": "sd-3-5-large", "SD 3.5 Large Turbo": "sd-3-5-large-turbo",
    "SD 3.5 Medium": "sd-3-5-medium", "SDXL Lightning": "sdxl-lightning",
    "SDXL Hyper": "sdxl-hyper", "SDXL 1.0 LCM": "sdxl-lcm", "SDXL Turbo": "sdxl-turbo",
    "Stable Cascade": "stable-cascade", "Flux.1 S": "flux-1-schnell",
    "Flux.1 Krea": "flux-1-krea-dev", "Flux.1 Kontext": "flux-1-kontext-dev",
    "Flux.2 D": "flux-2-dev", "Flux.2 Klein 4B": "flux-2-klein-4b",
    "Flux.2 Klein 4B-base": "flux-2-klein-4b-base", "Flux.2 Klein 9B": "flux-2-klein-9b",
    "Flux.2 Klein 9B-base": "flux-2-klein-9b-base", "Chroma": "chroma", "Qwen": "qwen-image",
    "ZImageTurbo": "z-image-turbo", "ZImageBase": "z-image", "Krea 2": "krea-2",
    "AuraFlow": "auraflow", "Pony V7": "pony-v7", "Kolors": "kolors",
}  # fmt: skip
TRAINERS = {
    # kohya's and musubi's ss_base_model_version and modelspec.architecture
    "5-large": "sd-3-5-large", "stable-diffusion-3-medium/lora": "sd3-medium",
    "stable-diffusion-3-5-large/lora": "sd-3-5-large", "chroma/lora": "chroma",
    "sd_v2": "sd-2-1-base", "stable-diffusion-v2-512/lora": "sd-2-1-base",
    "Flux.2-klein-4b/lora": "flux-2-klein-4b", "flux_2_klein_9b": "flux-2-klein-9b",
    "Qwen-Image-Edit-2511/lora": "qwen-image-edit-2511", "qwen_image": "qwen-image",
    "Z-Image/lora": "z-image", "z_image": "z-image", "Krea-2/lora": "krea-2",
    # ai-toolkit's
    "flux2": "flux-2-dev", "flux2_klein_9b": "flux-2-klein-9b", "zimage": "z-image",
    "krea2": "krea-2", "flux.1_kontext": "flux-1-kontext-dev",
    "qwen_image_edit_plus": "qwen-image-edit-2509",
    # OneTrainer's
    "stable-cascade-v1-prior/lora": "stable-cascade", "Flux.1-fill-dev/lora": "flux-1-fill-dev",
    "Chroma1/lora": "chroma", "stable-diffusion-v3-medium/lora": "sd3-medium",
    "stable-diffusion-xl-v1-base-inpainting/lora": "sdxl-inpainting", "FLUX_DEV_1": "flux-1-dev",
    # repositories
    "black-forest-labs/FLUX.2-klein-base-4B": "flux-2-klein-4b-base",
    "Tongyi-MAI/Z-Image-Turbo": "z-image-turbo", "krea/Krea-2-Turbo": "krea-2-turbo",
    "Qwen/Qwen-Image-Edit-2509": "qwen-image-edit-2509", "fal/AuraFlow-v0.3": "auraflow",
    "stabilityai/stable-diffusion-3-medium-diffusers": "sd3-medium",
    "lodestones/Chroma1-HD": "chroma", "Kwai-Kolors/Kolors-diffusers": "kolors",
}  # fmt: skip

FLUX = {"diffusion_model.double_blocks.0.img_attn.qkv": (3072, 9216)}
SDXL = {"unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k": (2048, 1280)}
KLEIN = {"diffusion_model.single_blocks.0.linear1": (3072, 27648)}
KREA = {"diffusion_model.blocks.0.attn.wk": (6144, 1536)}


@pytest.mark.parametrize("name", CIVITAI)
def test_a_label_of_civitai_names_a_base(name):
    assert catalogue.named(name).slug == CIVITAI[name]


@pytest.mark.parametrize("name", TRAINERS)
def test_a_trainer_s_word_names_a_base(name):
    assert catalogue.named(name).slug == TRAINERS[name]


def test_a_release_of_several_sizes_names_none_of_them():
    assert catalogue.named("Flux.2") is None


@pytest.mark.parametrize(
    ("layers", "text", "slug"),
    [
        (FLUX, "chroma", "chroma"),
        (FLUX, "flux1", "flux-1-dev"),
        (FLUX, "lodestones/Chroma1-Base", "chroma-1-base"),
        (SDXL, "kolors", "kolors"),
        (SDXL, "sdxl_base_v1-0", "sdxl-1-0"),
        (KLEIN, "black-forest-labs/FLUX.2-klein-base-4B", "flux-2-klein-4b-base"),
        (KLEIN, "flux2_klein_4b", "flux-2-klein-4b"),
        (KREA, "krea/Krea-2-Turbo", "krea-2-turbo"),
    ],
)
def test_a_file_s_own_word_decides_where_shapes_cannot(layers, text, slug):
    found = identify(_adapter(layers, {"ss_base_model_version": text}))
    assert (found.base.slug, found.candidates[0].whole) == (slug, True)


@pytest.mark.parametrize(
    ("layers", "titles"),
    [
        (FLUX, {"FLUX.1 dev", "FLUX.1 schnell", "Chroma1 HD"}),
        (SDXL, {"SDXL 1.0", "Kolors"}),
        (KLEIN, {"FLUX.2 Klein 4B", "FLUX.2 Klein 4B base"}),
        (KREA, {"Krea 2 Raw", "Krea 2 Turbo"}),
    ],
    ids=["FLUX.1 or Chroma", "SDXL or Kolors", "Klein or its base", "Krea 2, raw or turbo"],
)
def test_what_shapes_leave_open_is_said(layers, titles):
    found = identify(_adapter(layers, {}))
    assert found.undecided.startswith("Shapes alone cannot tell these bases apart: ")
    told = {each.title for each in found.candidates} | {
        catalogue.entry(one.base).title for one in found.fits
    }
    assert titles <= told


def test_a_word_against_the_shapes_decides_nothing():
    found = identify(_adapter(KLEIN, {"ss_base_model_version": "sdxl_base_v1-0"}))
    assert (found.base.slug, found.claim) == ("flux-2-klein-4b", None)


def _adapter(layers, metadata):
    tensors = {}
    for root, (inputs, outputs) in layers.items():
        tensors |= {f"{root}.lora_A.weight": (8, inputs), f"{root}.lora_B.weight": (outputs, 8)}
    return adapter_from(tensors, metadata=metadata)
