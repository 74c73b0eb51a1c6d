"""What all views of this door have in common: who may pass, from where, and how it says no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from hub.api.doors import AlwaysJson, Door
from hub.api.people import BearerToken, MayRead, TokenInAddress, WithinScope
from hub.civitai import errors
from registry.errors import NotFound

ANYWHERE = {
    "Access-Control-Allow-Origin": "*",  # nothing here goes by a cookie, so any page may ask
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
}


class CivitaiDoor(Door):
    """A view of this door. It is described by Civitai, and not in our own OpenAPI."""

    schema = None
    content_negotiation_class = AlwaysJson
    authentication_classes: Sequence[Any] = (BearerToken, TokenInAddress)
    permission_classes: Sequence[Any] = (MayRead, WithinScope)

    def get_exception_handler(self) -> Callable[..., Any]:
        return errors.to_response

    def options(  # type: ignore[override]  # a preflight has no body to negotiate
        self,
        request: Request,  # noqa: ARG002
        *_: Any,
        **__: Any,
    ) -> HttpResponseBase:
        return HttpResponse(status=204)

    def finalize_response(  # type: ignore[override]  # bytes go out as Django's own answers
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in ANYWHERE.items():
            response[name] = value
        return response


class Missing(CivitaiDoor):
    """Whatever else Civitai has, and this hub has not."""

    permission_classes = ()
    authentication_classes = ()

    def initial(self, request: Request, *_: object, **__: object) -> None:
        raise NotFound(f"Not found: this hub has nothing at {request.path}.")
