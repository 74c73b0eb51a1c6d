"""What all views of this door have in common: who may pass, and how it says no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from hub.api.doors import AlwaysJson, Door
from hub.api.people import BearerToken, MayRead, WithinScope, person
from hub.hfapi import errors, upstream
from registry.errors import NoSuchNamespace, Unavailable
from registry.queries import repos, revisions
from registry.services import repos as states

if TYPE_CHECKING:
    from registry.models import Adapter, RepoCommit


class HubDoor(Door):
    """A view of this door. It is described by huggingface_hub, and not in our own OpenAPI."""

    schema = None
    content_negotiation_class = AlwaysJson
    authentication_classes: Sequence[Any] = (BearerToken, SessionAuthentication)

    def get_exception_handler(self) -> Callable[..., Any]:
        return errors.to_response


class ReadingDoor(HubDoor):
    """A view that changes nothing, whatever its method."""

    permission_classes: Sequence[Any] = (MayRead, WithinScope)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, NoSuchNamespace) and settings.HUB_UPSTREAM:
            try:
                return upstream.answer(self.request)
            except Unavailable as error:
                return super().handle_exception(error)
        return super().handle_exception(exc)


def adapter_of(request: Request, team: str, name: str) -> Adapter:
    """:raises NoSuchRepo: if there is none of that name that the asker may see"""
    return repos.named(team, name, by=person(request))


def commit_of(request: Request, adapter: Adapter, revision: str) -> RepoCommit:
    """:raises NoSuchRevision: if the asker may see nothing of the adapter that goes by that name"""
    return states.commit_at(adapter, revision, by=person(request), now=timezone.now())


def main_or(revision: str) -> str:
    return revision or revisions.MAIN
