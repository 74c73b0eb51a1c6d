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
    return as_json(seen.verdict) | {
        "suggested_base": seen.suggested_base,
        "results": [asdict(result) for result in seen.verdict.results],
        "known": seen.known,
    }


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
