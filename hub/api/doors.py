"""What all views of the API have in common: who may pass, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.api import repeats
from hub.api.people import ReadOrSignedIn, WithinScope
from hub.api.rates import PerAddress, PerPerson
from registry.errors import NotFound
from registry.queries.words import Scope

if TYPE_CHECKING:
    from registry.models import KeptAnswer


class Door(APIView):
    """A view of the API. `scopes` says what a token needs per method, where it is not the usual."""

    permission_classes: Sequence[Any] = (ReadOrSignedIn, WithinScope)
    throttle_classes: Sequence[Any] = (PerPerson, PerAddress)
    scopes: ClassVar[dict[str, Scope]] = {}
    is_repeatable = True  # a POST with an Idempotency-Key is done once, and its answer kept
    _kept: KeptAnswer | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if any("\0" in str(value) for value in kwargs.values()):
            raise NotFound("Nothing has a name with that character in it.")
        super().initial(request, *args, **kwargs)
        if self.is_repeatable:
            self._kept = repeats.begin(request)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, repeats.AnsweredBefore):
            return exc.response
        if self._kept is not None:
            repeats.end(self._kept, None)
            self._kept = None
        return super().handle_exception(exc)

    def finalize_response(  # type: ignore[override]  # bytes go out as Django's own answers
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        if self._kept is not None:
            repeats.end(self._kept, response)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"  # what one sees depends on who one is
        rate = getattr(request, "rate", None)
        if rate is not None:
            for name, value in rate.fields().items():
                response[name] = value
        return response


class AlwaysJson(DefaultContentNegotiation):
    """JSON, whatever is asked for: `?format=` names a kind of file here, and browsers ask too."""

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class MembersDoor(Door):
    """A view that has nothing for strangers, not even to read."""

    permission_classes = (IsAuthenticated, WithinScope)
