"""What kind of program asks, by what it calls itself. The kind is all that is kept of it."""

from __future__ import annotations

import re

from rest_framework.request import Request

from registry.queries.words import ClientKind

KINDS = (  # the first that matches; programs name themselves first and what they stand on after
    (ClientKind.LORADEX, re.compile(r"^loradex")),
    (ClientKind.HUB, re.compile(r"\b(hf_hub|hf-hub|huggingface_hub|huggingface)/", re.IGNORECASE)),
    (ClientKind.CIVITAI, re.compile(r"civitai|lora.?manager|stability.?matrix", re.IGNORECASE)),
    (ClientKind.BROWSER, re.compile(r"^Mozilla/")),
)
LONGEST = 500  # letters that are looked at


def kind_of(request: Request, *, door: ClientKind = ClientKind.OTHER) -> ClientKind:
    """
    Return what asks. `door` is what comes through it, if it does not say better.

    What speaks Civitai often calls itself a browser, and no page of ours leads there.
    """
    said = str(request.META.get("HTTP_USER_AGENT", ""))[:LONGEST]
    kind = next((kind for kind, names in KINDS if names.search(said)), ClientKind.OTHER)
    silent = {ClientKind.OTHER}
    if door is ClientKind.CIVITAI:
        silent.add(ClientKind.BROWSER)
    return door if kind in silent else kind
