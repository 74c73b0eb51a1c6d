"""What clients ask every hub besides, and this one has not: answered at once, so nobody waits."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.hfapi.doors import HubDoor
from registry.errors import NotFound


class Telemetry(HubDoor):
    """HEAD /api/telemetry/…: nothing is noted."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def get(self, request: Request, rest: str) -> Response:  # noqa: ARG002  DRF's signature
        return Response()


class Harnesses(HubDoor):
    """GET /api/agent-harnesses: not here. A list, even an empty one, breaks clients of 1.x."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def get(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        raise NotFound("This hub keeps no list of agents.")
