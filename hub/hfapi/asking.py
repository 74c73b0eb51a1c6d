"""What a request asks for, in its address: flags, fields and pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from rest_framework.request import Request

from hub.api import addresses
from registry.errors import Invalid

# What `expand` may name. What the hub has nothing to say of is left out of the answer.
FIELDS = frozenset(
    {
        "author", "baseModels", "cardData", "childrenModelCount", "config", "createdAt", "disabled",
        "downloads", "downloadsAllTime", "evalResults", "gated", "gguf", "inference",
        "inferenceProviderMapping", "lastModified", "library_name", "likes", "mask_token",
        "model-index", "pipeline_tag", "private", "resourceGroup", "safetensors", "sha", "siblings",
        "spaces", "tags", "transformersInfo", "trendingScore", "usedStorage", "widgetData",
        "xetEnabled", "gitalyUid",
    }
)  # fmt: skip
ALWAYS = ("_id", "id", "modelId")


def flag(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in {"1", "true", "yes", "on"}


def expand(request: Request) -> list[str]:
    """:raises Invalid: if a field is named that there is not"""
    named = [*request.query_params.getlist("expand"), *request.query_params.getlist("expand[]")]
    for name in named:
        if name not in FIELDS:
            raise Invalid(f"expand names {name[:40]!r}: it may name {', '.join(sorted(FIELDS))}.")
    return named


def only(shown: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Return the fields that were named, all if none was."""
    if not fields:
        return dict(shown)
    if "downloadsAllTime" in fields:
        shown = {**shown, "downloadsAllTime": shown.get("downloads", 0)}
    return {name: shown[name] for name in (*ALWAYS, *fields) if name in shown}


def number(request: Request, name: str, otherwise: int, *, most: int) -> int:
    """:raises Invalid: if it is no number from 1 on; more than `most` is `most`"""
    text = request.query_params.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) > 0):
        raise Invalid(f"{name} is {text[:20]!r}: write a number from 1 to {most}.")
    return min(int(text), most)


def cursor(request: Request) -> str:
    """:raises Invalid: if the cursor is none that we gave out"""
    word = request.query_params.get("cursor", "")
    try:
        return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
    except (ValueError, binascii.Error) as error:
        raise Invalid("That cursor is not one that this hub gave out: start again.") from error


def next_page(request: Request, last: str) -> dict[str, str]:
    """Return the Link field that leads to what comes after `last`."""
    query = request.query_params.copy()
    query["cursor"] = base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")
    pairs = [(name, value) for name, values in query.lists() for value in values]
    address = addresses.whole(request, f"{request.path}?{urlencode(pairs)}")
    return {"Link": f'<{address}>; rel="next"'}
