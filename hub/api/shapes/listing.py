"""
The list of adapters, spelled out by hand from plain rows: this is what runtimes ask for all day.

ListedAdapter (shapes/adapters.py) describes it; a test holds the two against each other.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from rest_framework.request import Request

from hub.api import addresses
from registry.queries import files


class Listing:
    """Writes rows for one request, whose addresses they bear."""

    def __init__(self, request: Request | HttpRequest) -> None:
        self._adapters = addresses.at(request, "api-adapters")
        self._pages = addresses.whole(request, reverse("browse"))
        pictures = reverse("api-picture", args=["-"])
        self._picture = addresses.whole(request, pictures).replace("/-.webp", "/{}.webp")

    def write(self, row: dict[str, Any]) -> dict[str, Any]:
        team, name, number = row["adapter__team__slug"], row["adapter__slug"], row["number"]
        version = f"{self._adapters}/{team}/{name}/versions/{number}"
        picture = row["picture"]
        return {
            "team": team,
            "name": name,
            "title": row["adapter__title"],
            "kind": row["adapter__kind"],
            "tags": row["adapter__tags"],
            "base": row["base__slug"],
            "family": row["base__family"],
            "version": number,
            "trigger_words": row["trigger_words"],
            "weight": weight_of(row),
            "sha256": row["sha256"],
            "size": row["size"],
            "file_name": files.unique_name(
                f"{name}-v{number}", sha256=row["sha256"], dialect=row["dialect"] or ""
            ),
            "proof": row["proof"],
            "published_at": row["published_at"],
            "deprecated": {"since": row["deprecated_at"], "reason": row["deprecation"]}
            if row["deprecated_at"]
            else None,
            "download_url": f"{version}/download",
            "preview_url": self._picture.format(picture) if picture else None,
            "previews_url": f"{version}/previews",
            "url": version,
            "page_url": f"{self._pages}{team}/{name}?version={number}",
        }


def weight_of(row: dict[str, Any]) -> dict[str, Any]:
    low, high = row["weight_low"], row["weight_high"]
    best = row["measured_best"]
    return {
        "low": low if row["measured_low"] is None else row["measured_low"],
        "high": high if row["measured_high"] is None else row["measured_high"],
        "default": row["usual"],
        "best": best,
        "claimed": {"low": low, "high": high, "best": row["weight_default"]},
        "measured": {"low": row["measured_low"], "high": row["measured_high"], "best": best},
        "community": _community(row),
    }


def _community(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["voted_best"] is None:
        return None
    told = {name: row[f"voted_{name}"] for name in ("low", "high", "best")}
    return told | {"votes": row["votes"]}
