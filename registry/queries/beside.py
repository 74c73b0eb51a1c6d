"""What lies beside a version's file in a folder: sidecar files, and the preview picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from registry.exports.sidecars.particulars import Particulars
from registry.models import AdapterVersion, Blob, PreviewCell
from registry.queries import cards, files, lineage, previews
from registry.queries.civitai.bases import label_of


def particulars(
    version: AdapterVersion,
    *,
    page_url: str,
    download_url: str,
    picture_url: Callable[[PreviewCell], str],
    of: tuple[str, Blob] | None = None,
) -> Particulars:
    """
    Return what sidecars tell of a version; `of` names another file than its weights, and its bytes.

    :raises NotFound: if the version has no weights file
    """
    weights = files.weights_of(version)
    card = cards.card(version, weights, download_url)
    blob = weights.blob
    if of is not None:
        name, blob = of
        stem = name.rpartition(".")[0]
        card = replace(card, file_name=name, stem=stem, sha256=blob.sha256)
    cell = _picture(version)
    adapter = version.adapter
    return Particulars(
        card=card,
        size=blob.size if blob else weights.size,
        autov1=blob.autov1 if blob else "",
        autov3=blob.autov3 if blob else "",
        crc32=blob.crc32 if blob else "",
        blake3=blob.blake3 if blob else "",
        dtype=weights.dtype if of is None else "",
        algorithms=weights.algorithm,
        label=version.label,
        description=adapter.description,
        changes=version.changes,
        tags=tuple(adapter.tags),
        licence=adapter.licence,
        content_level=adapter.content_level,
        optional_words=tuple(version.optional_words),
        negative_words=tuple(version.negative_words),
        base_label=label_of(version.base),
        at=version.published_at or version.uploaded_at,
        page_url=page_url,
        picture_url=picture_url(cell) if cell else "",
        picture_width=cell.width if cell else 0,
        picture_height=cell.height if cell else 0,
        made_from=lineage.in_words(version),
    )


def _picture(version: AdapterVersion) -> PreviewCell | None:
    grid = version.grids.sweeps().prefetch_related("cells").first()
    return previews.best_cell(grid, weight=cards.weight(version)) if grid else None
