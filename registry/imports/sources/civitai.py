"""
A model of Civitai, or of whatever answers as it does: all its versions, or one.

`https://host/models/{id}` with or without `?modelVersionId=`, and the API's own addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from registry.errors import SourceRefused
from registry.formats.quoting import shown
from registry.imports import civitai_records, saying
from registry.imports.offers import MOST_PICTURES, Offer, OfferedFile, OfferedPicture
from registry.imports.saying import Statement
from registry.imports.sources.remote import Remote, file_name, identifier, origin_of, path_of
from registry.imports.web.client import Web

ADAPTERS = ("LORA", "LoCon", "DoRA")
MOST_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class CivitaiSource(Remote):
    """A model, or (0: all) one version of it."""

    model: int = 0
    version: int = 0

    def start(self, place: str, count: int) -> bytes:  # noqa: ARG002
        """Return nothing: each look would count as a download there, and hashes are told."""
        return b""

    def offers(self) -> Iterator[Offer]:
        api = f"{self.origin}/api/v1"
        number = self.model or self._model_of(f"{api}/model-versions/{self.version}")
        model = self.web.json(f"{api}/models/{number}")
        if not isinstance(model, Mapping):
            raise SourceRefused(f"{self.name} does not answer as Civitai does.")
        versions = saying.parts(model, "modelVersions", most=MOST_VERSIONS)
        for version in reversed(versions):  # the oldest becomes version 1
            if not self.version or version.get("id") == self.version:
                yield self._offer(version, model, number)

    def again(self, key: str) -> Offer | None:
        _, model, version = key.split("/")
        narrowed = replace(self, model=int(model), version=int(version))
        return next(narrowed.offers(), None)

    def _model_of(self, address: str) -> int:
        told = self.web.json(address)
        number = told.get("modelId") if isinstance(told, Mapping) else None
        if type(number) is not int:
            raise SourceRefused(f"{self.name} does not say which model the version is of.")
        return number

    def _offer(self, version: Mapping[str, Any], model: Mapping[str, Any], number: int) -> Offer:
        own = version.get("id")
        page = f"{self.origin}/models/{number}?modelVersionId={own}"
        says = civitai_records.read({**version, "modelId": number}, model) | {"page_url": page}
        record = {
            "version": dict(version),
            "model": {key: value for key, value in model.items() if key != "modelVersions"},
        }
        weights = _weights(saying.parts(version, "files"))
        refusal = _refusal(model, weights)
        return Offer(
            key=f"models/{number}/{own}",
            files=(self._file(weights, version, stem=f"{number}-{own}"),),
            statements=(Statement(self.name, says, record),),
            pictures=tuple(_pictures(saying.parts(version, "images"))),
            group=f"civitai:{number}",
            url=page,
            refusal=refusal,
        )

    def _file(
        self, file: Mapping[str, Any], version: Mapping[str, Any], *, stem: str
    ) -> OfferedFile:
        size = file.get("sizeKB")
        otherwise = f"{self.origin}/api/download/models/{version.get('id')}"
        told = file.get("downloadUrl") or version.get("downloadUrl")
        return OfferedFile(
            name=file_name(file.get("name"), otherwise=f"{stem}.safetensors"),
            place=saying.address(told) or otherwise,
            size=round(size * 1024) if isinstance(size, int | float) and 0 < size < 1e9 else 0,
            sha256=saying.digest(saying.part(file, "hashes").get("SHA256")),
        )


def is_meant(url: str) -> bool:
    """Say whether an address looks like one of Civitai's."""
    parts = path_of(url)
    starts = (["models"], ["api", "v1"], ["api", "download", "models"])
    return any(parts[: len(start)] == start and len(parts) > len(start) for start in starts)


def opened(text: str, web: Web) -> CivitaiSource:
    """
    Return the model or version that an address names.

    :raises SourceRefused: if it names none
    """
    parts = path_of(text)
    query = parse_qs(urlsplit(text).query)
    chosen = identifier(query["modelVersionId"][0], "a version") if "modelVersionId" in query else 0
    origin = origin_of(text, web)
    match parts:
        case ["models", number, *_] | ["api", "v1", "models", number]:
            return CivitaiSource(web, origin, identifier(number, "a model"), chosen)
        case ["api", "v1", "model-versions", number] | ["api", "download", "models", number]:
            return CivitaiSource(web, origin, 0, identifier(number, "a version"))
    raise SourceRefused(
        f"{shown(text)} names no model: write its page, as https://host/models/123."
    )


def _weights(files: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the file of weights: the primary one, but safetensors before all else."""
    models = [each for each in files if each.get("type") in {"Model", "Pruned Model", None}]
    ranked = sorted(
        models,
        key=lambda each: (
            saying.part(each, "metadata").get("format") not in {"SafeTensor", "GGUF"},
            each.get("primary") is not True,
        ),
    )
    return ranked[0] if ranked else {}


def _refusal(model: Mapping[str, Any], weights: Mapping[str, Any]) -> str:
    kind = model.get("type")
    if kind not in ADAPTERS:
        return f"It is a {shown(str(kind)[:40])}, and no adapter."
    if not weights:
        return "It has no file of weights."
    if saying.part(weights, "metadata").get("format") == "PickleTensor":
        return "It is there as pickled weights alone, which can run code when they are opened."
    return ""


def _pictures(images: Sequence[Mapping[str, Any]]) -> Iterator[OfferedPicture]:
    still = [each for each in images if each.get("type", "image") == "image"]
    for each in still[:MOST_PICTURES]:
        if address := saying.address(each.get("url")):
            level = civitai_records.level_of(each)
            yield OfferedPicture(address, level, dict(saying.part(each, "meta")))
