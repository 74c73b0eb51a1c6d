"""
An example of every answer, made of the answer's own schema.

A field is filled in by its name where VALUES knows it, else by its type. So no example can fall
behind the schema that it stands beside, and all tell of one adapter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_HUB = "https://hub.example/api"
_ADAPTER = f"{_HUB}/adapters/studio/ink-wash"
_VERSION = f"{_ADAPTER}/versions/3"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_MOMENT = "2026-11-29T07:12:07Z"
_UUID = "5f1c8d2e-7d0a-4c65-9c36-2f9a2a7a52c1"

VALUES: Mapping[str, Any] = {
    "adapter": "studio/ink-wash", "adapters_url": f"{_HUB}/adapters?base=sdxl-1-0",
    "about": "best", "verdict": "agrees", "algorithm": "lora", "aliases": ["sdxl"],
    "autov1": "1a2b3c4d", "autov2": "9f86d08188", "autov3": "4c5e9f0a1b2c", "axis": "weight",
    "base": "sdxl-1-0",
    "base_repo": "stabilityai/stable-diffusion-xl-base-1.0",
    "best": 0.8, "by": "mei", "added_by": "mei", "moved_by": "mei",
    "blake3": _SHA256, "certainty": "sure", "change": "published", "channel": "prod",
    "changes": "Trained on twice as many pictures.", "code": "within",
    "component": "unet", "content_level": "general", "crc32": "3610a686", "default": 0.8,
    "complete_url": f"{_HUB}/uploads/{_UUID}/complete", "cursor": "WzI1MzgsNzJd:LZDvHxkL7H0J",
    "decided_by": "lora_unet_down_blocks_1_attentions_0_proj_in.lora_down.weight",
    "description": "Ink on wet paper.", "detail": "There is no adapter called studio/ink-wash.",
    "device": "cuda:0", "device_name": "NVIDIA L4", "dialect": "kohya", "dtype": "F16",
    "download_url": f"{_VERSION}/download", "downloads": 42, "family": "sdxl",
    "family_detected": "sdxl", "file_name": "ink-wash-v3-9f86d081.safetensors",
    "first_bad": 1.5, "full_listing": f"{_HUB}/adapters", "guidance": 5.0, "hash": _SHA256,
    "height": 1024, "high": 1.2, "label": "softer", "layer": "unet.mid_block.proj_in",
    "layers": 794, "licence": "apache-2.0", "low": 0.6, "measure": "structure", "mean": 0.4,
    "modality": "image", "most_tokens": 80, "name": "ink-wash", "negative": "", "next": None,
    "onset": 0.45, "page_url": "https://hub.example/studio/ink-wash", "part_size": 8_388_608,
    "part_url": f"{_HUB}/uploads/{_UUID}/parts/1", "path": "models/Lora/ink-wash.safetensors",
    "picture_url": f"{_HUB}/previews/{_SHA256}.webp", "pipeline": "StableDiffusionXLPipeline",
    "preview_url": f"{_HUB}/previews/{_SHA256}.webp", "previews_url": f"{_VERSION}/previews",
    "previous": None, "problem": "", "prompt": "a mountain at dawn, inkwash", "proof": "renders",
    "rank": 16, "rank_high": 16, "rank_low": 16, "reason": "It is good.", "repo": "studio/ink-wash",
    "report_url": f"{_VERSION}/report", "sample": "moon", "sampler": "euler", "scene": "mountain",
    "secret": "ldx_…", "seed": 1, "sentence": "It begins to show at 0.45.", "sha256": _SHA256,
    "sheet_url": f"{_VERSION}/previews/sheet", "size": 228_462_044, "slug": "ink-wash",
    "stage": "sweep", "steps": 28, "tags": ["ink", "style"], "team": "studio",
    "tensor": "lora_unet_mid_block_attentions_0_proj_in.lora_up.weight",
    "successor": "studio/ink-wash@4",
    "tensor_digest": _SHA256, "title": "Ink wash", "training_step": 500,
    "trigger_words": ["inkwash"], "usage": "inkwash, <lora:ink-wash:0.8>", "value": 0.8,
    "variant": "SDXL", "version": 3, "weight": 0.8, "weight_default": 0.8, "weight_high": 1.2,
    "weight_low": 0.6, "width": 1024, "word": "inkwash", "worst_error": 0.0004,
}  # fmt: skip
_BY_FORMAT = {"date-time": _MOMENT, "uuid": _UUID, "uri": _VERSION, "date": _MOMENT[:10]}
_BY_TYPE = {"string": "text", "integer": 1, "number": 0.5, "boolean": True}
_DEEPEST = 12  # schemas may hold themselves


def with_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Put an example beside the schema of every body and answer in JSON."""
    schemas = result["components"]["schemas"]
    for content in _in_json(result):
        if "examples" not in content:  # some of a route's own are better
            content["example"] = example(content["schema"], schemas)
    return result


def _in_json(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what is said of each body in JSON, and of each answer that is no refusal."""
    operations = [one for methods in result["paths"].values() for one in methods.values()]
    for operation in operations:
        answers = operation["responses"].items()
        good = [answer for status, answer in answers if status.startswith("2")]
        for told in (*good, operation.get("requestBody", {})):
            for kind, content in told.get("content", {}).items():
                if kind.endswith("json") and "schema" in content:
                    yield content


def example(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str = "", deep: int = 0
) -> Any:
    """Return a value that a schema allows."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas, name, deep)
    if "example" in schema:
        return schema["example"]
    if name in VALUES and fits(VALUES[name], schema):
        return VALUES[name]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return example(schema[several][0], schemas, name, deep)
    return _by_type(schema, schemas, name, deep)


def _by_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, deep: int) -> Any:
    kinds = schema.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        fields = schema.get("properties", {}) if deep < _DEEPEST else {}
        return {each: example(inner, schemas, each, deep + 1) for each, inner in fields.items()}
    if kind == "array":
        one = example(schema["items"], schemas, name.removesuffix("s"), deep + 1)
        return [one] if deep < _DEEPEST else []
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE[kind])


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether a value of the table is of the kind that a field wants."""
    if "enum" in schema:
        return value in schema["enum"]
    if value is None:
        return bool(schema.get("nullable"))
    kinds = {"string": str, "integer": int, "number": int | float, "array": list}
    wanted = kinds.get(schema.get("type", ""))
    return wanted is not None and isinstance(value, wanted)
