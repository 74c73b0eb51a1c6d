"""What is known of versions taken together: many by their hashes, two beside each other, counts."""

from __future__ import annotations

from typing import ClassVar

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import Door
from hub.api.parsing import number_in
from hub.api.people import MayRead, WithinScope, person
from hub.api.schema import answers, in_address
from hub.api.shapes import facts as shapes
from registry.queries import adapters, comparing, files, statistics
from registry.queries.words import Scope


class ByHashes(Door):
    """Many hashes at once. It only reads; it is a POST because addresses are short."""

    permission_classes = (MayRead, WithinScope)
    scopes: ClassVar = {"POST": Scope.READ}
    is_repeatable = False

    @extend_schema(
        operation_id="find_by_hashes",
        request=shapes.Hashes,
        responses=answers(ok=shapes.FoundFiles),
        summary="Find the versions of many files by their hashes, in any of six spellings",
    )
    def post(self, request: Request) -> Response:
        form = shapes.Hashes(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data["hashes"]
        found = files.by_hashes(given, by=person(request))
        at = addresses.whole(request, reverse("api-adapters"))
        items = [
            {
                "hash": value,
                "team": (team := row["version__adapter__team__slug"]),
                "name": (name := row["version__adapter__slug"]),
                "version": row["version__number"],
                "state": row["version__state"],
                "file": row["name"],
                "role": row["role"],
                "sha256": row["sha256"],
                "size": row["size"],
                "url": f"{at}/{team}/{name}/versions/{row['version__number']}",
            }
            for value, row in found.items()
        ]
        unknown = [each for each in dict.fromkeys(given) if each not in found]
        return Response({"items": items, "unknown": unknown})


class Compare(Door):
    @extend_schema(
        operation_id="compare_versions",
        parameters=[
            OpenApiParameter(
                letter,
                str,
                required=True,
                description="A version as team/name@1; without a number the newest published.",
                examples=[OpenApiExample(letter, value=example)],
            )
            for letter, example in (("a", "demo/neon-glow@1"), ("b", "demo/zebra"))
        ],
        responses=answers(404, ok=shapes.Comparison),
        summary="Compare two versions: words, files, training, and how near their weights are",
    )
    def get(self, request: Request) -> Response:
        by = person(request)
        sides = {
            letter: comparing.version_named(request.query_params.get(letter, ""), of=letter, by=by)
            for letter in ("a", "b")
        }
        told = sides | comparing.compare(sides["a"], sides["b"])
        return Response(shapes.Comparison(told, context={"request": request}).data)


class Statistics(Door):
    @extend_schema(
        operation_id="get_statistics",
        responses=answers(ok=shapes.Statistics),
        summary="Count what is published, and what was downloaded",
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        return Response(shapes.Statistics(statistics.of_the_hub()).data)


class AdapterStatistics(Door):
    @extend_schema(
        operation_id="get_adapter_statistics",
        parameters=[
            in_address("days", "How many days of the series, today's included: 90 else.", int),
            in_address("version", "A version's number: its series alone.", int),
        ],
        responses=answers(404, ok=shapes.AdapterStatistics),
        summary="Count how often an adapter was downloaded: by version, by day and by client",
    )
    def get(self, request: Request, team: str, name: str) -> Response:
        adapter = adapters.named(team, name, by=person(request))
        days = number_in(request, "days", least=1, most=statistics.MOST_DAYS) or statistics.DAYS
        version = number_in(request, "version", least=1, most=2**31 - 1)
        told = statistics.of_adapter(adapter) | statistics.by_day(
            adapter, now=timezone.now(), days=days, version=version
        )
        return Response(shapes.AdapterStatistics(told).data)
