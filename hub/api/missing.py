"""What the API says where it has nothing: an answer for programs, not a page."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from registry.errors import NotFound


class Missing(APIView):
    permission_classes = ()
    authentication_classes = ()

    @extend_schema(exclude=True)
    def initial(self, request: Request, *_: object, **__: object) -> None:
        raise NotFound(f"There is nothing at {request.path}: GET /api/schema says what there is.")
