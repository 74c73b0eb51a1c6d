"""What a version's repository says of it: the card that its README.md is written from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry.bases import repo_ids
from registry.exports import readme
from registry.exports.readme import RepoCard, Sample
from registry.formats.dialects import Dialect
from registry.models import AdapterVersion, BaseModel, PreviewCell
from registry.queries import cards, deprecations, files, imports, lineage, prepared, versions
from registry.queries.repo_files import Place

PICTURES = "images"
MOST_SAMPLES = 4

WITHOUT_CONFIG = (
    "It came without adapter_config.json, so the one here was made from its tensors, with alpha "
    "equal to the rank."
)
IN_OTHER_LAYOUT = (
    "diffusers does not read the file as it was uploaded, so what is here at the top was converted "
    "from it and compared with it; the original is in `original/`."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of some prompts, and where the pictures among them lie in the repository."""

    samples: tuple[Sample, ...]
    places: tuple[Place, ...]


def repo_of(base: BaseModel) -> str:
    """Return the id under which programs fetch a base, "" if none is known."""
    return repo_ids.of(base.repo, base.aliases)


def card(
    version: AdapterVersion, shown: Shown, *, main_file: str, converted: bool = False
) -> RepoCard:
    """Return the card of a version. Nothing in it changes by being looked at or downloaded."""
    adapter, base, weights = version.adapter, version.base, files.weights_of(version)
    deprecation = deprecations.of_version(version)
    usual = cards.weight(version)
    low = _either(version.measured_low, version.weight_low, usual)
    high = _either(version.measured_high, version.weight_high, usual)
    return RepoCard(
        team=adapter.team.slug,
        slug=adapter.slug,
        title=adapter.title,
        description=adapter.description,
        kind=adapter.kind,
        tags=tuple(adapter.tags),
        licence=adapter.licence,
        content_level=adapter.content_level,
        number=version.number,
        label=version.label,
        changes=version.changes,
        base=repo_of(base) or base.slug,
        base_title=base.title,
        family=base.family,
        modality=base.modality,
        pipeline=base.pipeline or (base.parent.pipeline if base.parent else ""),
        dialect="diffusers" if converted else weights.dialect,
        algorithm=weights.algorithm,
        rank=_rank(weights.rank_low, weights.rank_high),
        dtype=weights.dtype,
        trigger_words=tuple(version.trigger_words),
        optional_words=tuple(version.optional_words),
        negative_words=tuple(version.negative_words),
        weight=usual,
        weight_low=low,
        weight_high=high,
        main_file=main_file,
        samples=shown.samples,
        deprecated=deprecation.sentence if deprecation else "",
        remarks=(
            *_remarks(version, converted=converted),
            *(_origins(version) if main_file else ()),
        ),
    )


def card_in_lists(version: AdapterVersion) -> RepoCard:
    """Return the card without samples: what a list says of a version."""
    converted = prepared.needs_other_layout(version)
    return card(version, Shown((), ()), main_file="", converted=converted)


def _either(*numbers: float | None) -> float:
    return next(number for number in numbers if number is not None)


def _rank(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return ""
    return str(low) if low == high else f"{low} to {high}"


def _remarks(version: AdapterVersion, *, converted: bool) -> Iterator[str]:
    weights = files.weights_of(version)
    if converted:
        yield IN_OTHER_LAYOUT
    elif weights.dialect == Dialect.PEFT and files.config_of(version) is None:
        yield WITHOUT_CONFIG


def _origins(version: AdapterVersion) -> Iterator[str]:
    """Yield whence the version was imported, if it was, and what everybody may know it is from."""
    source = imports.source_of(version)
    if source is not None:
        there = f": {source.url}" if source.url else ""
        yield f"Imported from {source.name} on {source.imported_at:%Y-%m-%d}{there}"
    for one in lineage.said_of(version, by=None):
        yield readme.made_from(
            lineage.MADE[one.said.kind], one.name, url=one.said.url, weight=one.said.weight
        )


def shown_of(version: AdapterVersion) -> Shown:
    """Return what the version's newest sweep shows near the weight to use it at, row by row."""
    grid = versions.grid(version)
    cells = _best_of_each_row(list(grid.cells.all()) if grid else [], cards.weight(version))
    samples, places = [], []
    for number, cell in enumerate(cells[:MOST_SAMPLES], start=1):
        sample = Sample(cell.prompt, cell.weight, text=cell.text)
        if cell.medium == PreviewCell.Medium.PICTURE and cell.blob:
            path = f"{PICTURES}/{number}.webp"
            places.append(Place(path, cell.blob.sha256, cell.blob.size))
            sample = Sample(cell.prompt, cell.weight, path=path)
        if sample.path or sample.text:
            samples.append(sample)
    return Shown(tuple(samples), tuple(places))


def _best_of_each_row(cells: Sequence[PreviewCell], weight: float) -> list[PreviewCell]:
    best: dict[int, PreviewCell] = {}
    for cell in cells:
        if not cell.with_trigger or not (cell.blob_id or cell.text):
            continue
        known = best.get(cell.row)
        if known is None or abs(cell.weight - weight) < abs(known.weight - weight):
            best[cell.row] = cell
    return [best[row] for row in sorted(best)]
