"""Repositories that this hub cannot have: of other kinds, or with no team in their names."""

from __future__ import annotations

from django.urls.converters import StringConverter
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.parsing import PlainJSON
from hub.hfapi.doors import ReadingDoor
from registry.errors import NoSuchNamespace
from registry.queries.words import Scope


class RepoPath(StringConverter):
    """A revision and a path; not a number first, which is a version's on our own pages."""

    regex = r"(?!\d+(?:/|$)).+"


class Elsewhere(ReadingDoor):
    parser_classes = (FormParser, PlainJSON, MultiPartParser)
    scopes = {"POST": Scope.READ}  # noqa: RUF012  it reads, as GET would

    def get(self, request: Request, name: str, rest: str = "") -> Response:  # noqa: ARG002
        raise NoSuchNamespace(
            f"There is no {name[:80]!r} on this hub: it has models, which are called team/name."
        )

    def post(self, request: Request, name: str, rest: str = "") -> Response:
        return self.get(request, name, rest)
