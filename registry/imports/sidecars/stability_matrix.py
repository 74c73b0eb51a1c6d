"""Stability Matrix: `.cm-info.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.imports import civitai_records, saying
from registry.imports.html_text import as_markdown
from registry.imports.saying import said


def read(told: Mapping[str, Any]) -> dict[str, Any]:
    ids = {"modelId": told.get("ModelId"), "id": told.get("VersionId")}
    page = civitai_records.page_of(ids) or saying.address(told.get("SourceUrl"))
    base = saying.line(told.get("BaseModel"), most=100)
    title = saying.line(told.get("UserTitle"), most=120)
    return said(
        title=title or saying.line(told.get("ModelName"), most=120),
        description=saying.text(as_markdown(str(told.get("ModelDescription") or ""))),
        tags=saying.tags(told.get("Tags")),
        content_level="mature" if told.get("Nsfw") is True else "",
        label=saying.line(told.get("VersionName"), most=60),
        changes=saying.text(as_markdown(str(told.get("VersionDescription") or "")))[:5000],
        trigger_words=saying.words(told.get("TrainedWords")),
        bases=[base] if base else [],
        page_url=page,
        sha256=saying.digest(saying.part(told, "Hashes").get("SHA256")),
    )
