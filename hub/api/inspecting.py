"""Read a file's header before its weights travel."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes.inspection import Beginning, Inspected
from hub.wordings import in_words
from hub.wordings.titles import dialect_title, family_title
from registry.checks.outcome import Result
from registry.errors import Invalid
from registry.services import inspection
from registry.verdicts.shown import as_json


class Inspect(MembersDoor):
    @extend_schema(
        operation_id="inspect_file",
        request=Beginning,
        responses=answers(404, 422, ok=Inspected),
        summary="Say what a file is and what it fits, from its first bytes",
    )
    def post(self, request: MemberRequest) -> Response:
        form = Beginning(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        seen = inspection.inspect(_start(told), base=told["base"], by=request.user)
        return Response(_told(seen))


def _told(seen: inspection.Inspection) -> dict[str, Any]:
    """Return what was seen; titles and sentences are in the reader's language, words are not."""
    told = as_json(seen.verdict)
    base, dialect = seen.verdict.base, told["dialect"]
    for one in told["problems"]:
        one["sentence"] = in_words(one["sentence"])
    for one in (told, *told["families"], *told["bases"]):
        one["reason"] = in_words(one["reason"])
    for one in (told, *told["families"]):
        one["family_title"] = family_title(one["family"])
    return told | {
        "base_title": base.title if base else None,
        "dialect_title": dialect and dialect_title(dialect),
        "undecided": in_words(told["undecided"]),
        "suggested_base": seen.suggested_base,
        "results": [_judged(result) for result in seen.verdict.results],
        "known": seen.known,
    }


def _judged(result: Result) -> dict[str, Any]:
    told = asdict(result)
    return told | {name: in_words(told[name]) for name in ("claim", "problem")}


def _start(told: dict[str, Any]) -> inspection.Start:
    header = told["header"]
    is_text = header.lstrip().startswith("{")
    return inspection.Start(
        name=told["name"],
        size=told["size"],
        header=header if is_text else "",
        first_bytes=b"" if is_text else _decode(header),
        config=told["config"],
        sha256=told["sha256"],
    )


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Invalid(
            "header is neither JSON text nor base64: send the file's first bytes in base64."
        ) from error
