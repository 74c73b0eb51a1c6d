"""Each sidecar against the keys that its program reads."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from registry.exports.card import Card
from registry.exports.sidecars.particulars import Particulars
from registry.exports.sidecars.table import BY_KIND, SIDECARS

CARD = Card(
    team="ink",
    slug="ink-wash",
    title="Ink wash 水墨",
    version=3,
    stem="ink-wash-v3-337293d2",
    sha256="337293d2de4c0d7c0f155ccb4c1470d9a7da4cb2ed594432a5d11f474461df59",
    base="sdxl-1-0",
    family="sdxl",
    trigger_words=("inkwash", "brush strokes"),
    weight=0.8,
    weight_low=0.6,
    weight_high=1.0,
    download_url="https://hub/api/adapters/ink/ink-wash/versions/3/download",
    file_name="ink-wash-v3-337293d2.safetensors",
    dialect="kohya",
)
TOLD = Particulars(
    card=CARD,
    size=2048,
    autov1="dd744339",
    autov3="c1cb0e15d1f4",
    crc32="db238da2",
    blake3="121890c414a535f76108c0db5c6025ebb1b41a6eaa9c6569ae58e04dc2cf791e",
    dtype="F16",
    algorithms="lora",
    label="",
    description="Ink on *wet* paper.\n\n<script>alert(1)</script>",
    changes="More ink.",
    tags=("ink", "水墨"),
    licence="Apache-2.0",
    content_level="general",
    optional_words=("wet paper",),
    negative_words=("photo", "blurry"),
    base_label="SDXL 1.0",
    at=datetime(2026, 11, 29, 8, tzinfo=UTC),
    page_url="https://hub/ink/ink-wash?version=3",
    picture_url="https://hub/api/previews/aa.webp",
    picture_width=768,
    picture_height=512,
)
HASHES = {
    "AutoV1": "DD744339",
    "AutoV2": "337293D2DE",
    "AutoV3": "C1CB0E15D1F4",
    "SHA256": TOLD.card.sha256.upper(),
    "CRC32": "DB238DA2",
    "BLAKE3": TOLD.blake3.upper(),
}
CIVITAI = {
    "id": None,
    "modelId": None,
    "name": "v3",
    "description": "<p>More ink.</p>",
    "baseModel": "SDXL 1.0",
    "publishedAt": "2026-11-29T08:00:00+00:00",
    "trainedWords": ["inkwash", "brush strokes"],
    "nsfwLevel": 1,
    "model": {
        "name": "Ink wash 水墨",
        "type": "LORA",
        "nsfw": False,
        "poi": False,
        "description": "<p>Ink on *wet* paper.</p><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        "tags": ["ink", "水墨"],
        "allowNoCredit": False,
        "allowCommercialUse": ["Image", "RentCivit", "Rent", "Sell"],
        "allowDerivatives": True,
        "allowDifferentLicense": True,
    },
    "files": [
        {
            "name": "ink-wash-v3-337293d2.safetensors",
            "sizeKB": 2.0,
            "type": "Model",
            "primary": True,
            "metadata": {"format": "SafeTensor", "fp": "fp16"},
            "hashes": HASHES,
            "downloadUrl": CARD.download_url,
        }
    ],
    "images": [
        {
            "url": "https://hub/api/previews/aa.webp",
            "nsfwLevel": 1,
            "width": 768,
            "height": 512,
            "type": "image",
            "hash": "",
            "meta": None,
        }
    ],
    "downloadUrl": CARD.download_url,
    "settings": {"strength": 0.8, "minStrength": 0.6, "maxStrength": 1.0},
    "extensions": {"loradex": {"name": "ink/ink-wash", "version": 3}},
}
GOLDEN = {
    "webui": (
        "ink-wash-v3-337293d2.json",
        {
            "description": TOLD.description,
            "sd version": "SDXL",
            "activation text": "inkwash, brush strokes",
            "preferred weight": 0.8,
            "negative text": "photo, blurry",
            "notes": "Weight 0.8, from 0.6 to 1. Trigger words: inkwash, brush strokes.\n"
            "Optional words: wet paper.\nhttps://hub/ink/ink-wash?version=3",
        },
    ),
    "civitai": ("ink-wash-v3-337293d2.civitai.info", CIVITAI),
    "lora-manager": (
        "ink-wash-v3-337293d2.metadata.json",
        {
            "file_name": "ink-wash-v3-337293d2",
            "model_name": "Ink wash 水墨",
            "file_path": "ink-wash-v3-337293d2.safetensors",
            "size": 2048,
            "modified": 1795939200.0,
            "sha256": CARD.sha256,
            "base_model": "SDXL 1.0",
            "preview_url": "ink-wash-v3-337293d2.preview.png",
            "preview_nsfw_level": 1,
            "notes": "Weight 0.8, from 0.6 to 1. Trigger words: inkwash, brush strokes.",
            "from_civitai": False,
            "civitai": CIVITAI,
            "tags": ["ink", "水墨"],
            "modelDescription": CIVITAI["model"]["description"],
            "favorite": False,
            "exclude": False,
            "usage_tips": '{"strength": 0.8, "strength_min": 0.6, "strength_max": 1.0}',
            "trainedWords": ["inkwash", "brush strokes"],
            "autov3": "c1cb0e15d1f4",
        },
    ),
    "stability-matrix": (
        "ink-wash-v3-337293d2.cm-info.json",
        {
            "ModelId": None,
            "ModelName": "Ink wash 水墨",
            "ModelDescription": CIVITAI["model"]["description"],
            "Nsfw": False,
            "Tags": ["ink", "水墨"],
            "ModelType": "LORA",
            "VersionId": None,
            "VersionName": "v3",
            "VersionDescription": "<p>More ink.</p>",
            "AuthorUsername": "ink",
            "BaseModel": "SDXL 1.0",
            "RemoteFileName": "ink-wash-v3-337293d2.safetensors",
            "RemoteFileId": None,
            "FileMetadata": {"format": "SafeTensor", "fp": "fp16"},
            "ImportedAt": "2026-11-29T08:00:00+00:00",
            "Hashes": {name: HASHES[name] for name in ("SHA256", "CRC32", "BLAKE3")},
            "TrainedWords": ["inkwash", "brush strokes"],
            "Stats": None,
            "UserTitle": None,
            "ThumbnailImageUrl": "https://hub/api/previews/aa.webp",
            "InferenceDefaults": None,
            "Source": None,
            "SourceUrl": "https://hub/ink/ink-wash?version=3",
        },
    ),
    "rgthree": (
        "ink-wash-v3-337293d2.safetensors.rgthree-info.json",
        {
            "name": "Ink wash 水墨 - v3",
            "file": "ink-wash-v3-337293d2.safetensors",
            "type": "LORA",
            "baseModel": "SDXL 1.0",
            "trainedWords": [
                {"word": "inkwash", "user": True},
                {"word": "brush strokes", "user": True},
            ],
            "images": [{"url": "https://hub/api/previews/aa.webp"}],
            "links": ["https://hub/ink/ink-wash?version=3"],
            "sha256": CARD.sha256,
            "strength": 0.8,
            "strengthMin": 0.6,
            "strengthMax": 1.0,
            "raw": {"civitai": CIVITAI},
        },
    ),
    "swarm": (
        "ink-wash-v3-337293d2.swarm.json",
        {
            "modelspec.sai_model_spec": "1.0.1",
            "modelspec.title": "Ink wash 水墨",
            "modelspec.author": "ink",
            "modelspec.usage_hint": "Weight 0.8, from 0.6 to 1. "
            "Trigger words: inkwash, brush strokes.",
            "modelspec.lora_default_weight": "0.8",
            "modelspec.trigger_phrase": "inkwash, brush strokes",
            "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
            "modelspec.implementation": "https://github.com/Stability-AI/generative-models",
            "modelspec.description": TOLD.description,
            "modelspec.date": "2026-11-29",
            "modelspec.license": "Apache-2.0",
            "modelspec.tags": "ink, 水墨",
        },
    ),
}


@pytest.mark.parametrize("sidecar", SIDECARS, ids=lambda sidecar: sidecar.kind)
def test_a_sidecar_says_what_its_program_reads(sidecar):
    name, fields = GOLDEN[sidecar.kind]
    assert sidecar.name(TOLD) == name
    assert json.loads(sidecar.content(TOLD)) == fields


@pytest.mark.parametrize("sidecar", SIDECARS, ids=lambda sidecar: sidecar.kind)
@pytest.mark.parametrize(
    "bare",
    [
        {"card": replace(CARD, trigger_words=(), family="ours", weight_low=0.8, weight_high=0.8)},
        {"picture_url": "", "tags": (), "licence": "", "description": "", "changes": ""},
        {"autov1": "", "autov3": "", "crc32": "", "blake3": "", "dtype": "F16, F32"},
        {"card": replace(CARD, title="\ud800 lone"), "description": "\ud800"},
    ],
    ids=["no words, no family", "no texts", "no hashes", "half a character"],
)
def test_whatever_is_missing_it_is_still_json(sidecar, bare):
    assert isinstance(json.loads(sidecar.content(replace(TOLD, **bare))), dict)


def test_no_program_is_sent_to_ask_civitai_for_our_numbers():
    for sidecar in SIDECARS:
        text = sidecar.content(TOLD).decode()
        assert '"modelId": 3' not in text
        assert "civitai.com" not in text


def test_a_script_in_a_description_stays_a_text_where_programs_show_html():
    for kind in ("civitai", "lora-manager", "stability-matrix", "rgthree"):
        assert "<script" not in BY_KIND[kind].content(TOLD).decode()
