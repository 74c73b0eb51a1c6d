"""
Who asks, by what they show, and whether this door is open to them at all.

A program shows a token (`Authorization: Bearer ldx_…`); a browser has a session. A token may do at
most what its scopes say, and never more than its person may. What a person may do to one version is
not decided here, but where it is done: in the registry's services and queries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from registry.errors import NotAllowed
from registry.queries import people
from registry.queries.words import Scope
from registry.services import accounts

if TYPE_CHECKING:
    from rest_framework.views import APIView

    from registry.models import Token, User

NO_SUCH_TOKEN = "This token is unknown, revoked or expired: make a new one on your account page."  # noqa: S105


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer ldx_…`."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        secret = self.secret_in(request)
        if secret is None:
            return None
        now = timezone.now()
        token = people.token_of(secret, now=now)
        if token is None:
            raise AuthenticationFailed(NO_SUCH_TOKEN)
        accounts.note_use(token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  DRF's signature
        return 'Bearer realm="loradex"'

    def secret_in(self, request: Request) -> str | None:
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"bearer":
            return None
        return words[1].decode("ascii", "replace")


class TokenInAddress(BearerToken):
    """`?token=ldx_…`, for programs that can be given an address and nothing else."""

    def secret_in(self, request: Request) -> str | None:
        return request.query_params.get("token") or None


class ReadOrSignedIn(BasePermission):
    """Anyone may read what is published, unless the hub is closed; the rest is for people known."""

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002
        if request.user.is_authenticated:
            return True
        return request.method in SAFE_METHODS and not settings.READ_NEEDS_SIGN_IN


class MayRead(BasePermission):
    """Anyone, unless the hub is closed to strangers: for views that only read, by any method."""

    def has_permission(self, request: Request, view: object) -> bool:  # noqa: ARG002
        return request.user.is_authenticated or not settings.READ_NEEDS_SIGN_IN


class WithinScope(BasePermission):
    """
    A token is only good for what its scopes say; `view.scopes` says what each method needs.

    Every token may read what its person may: who uploads has to see how it fares.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        token: Token | None = request.auth  # type: ignore[assignment]  # ours, not DRF's
        if token is None:
            return True
        needed = scope_needed(request, getattr(view, "scopes", {}))
        if needed != Scope.READ and not {needed, Scope.ADMIN} & set(token.scopes):
            raise NotAllowed(
                f"This token may not {needed.label.lower()}: it is for "
                f"{', '.join(token.scopes)} only. Make another one on your account page.",
                code="outside-scope",
            )
        return True


def scope_needed(request: Request, scopes: dict[str, Scope]) -> Scope:
    """Return what a token needs: as the view says, else `read` to read and `upload` to write."""
    otherwise = Scope.READ if request.method in SAFE_METHODS else Scope.UPLOAD
    return scopes.get(str(request.method), otherwise)


def person(request: Any) -> User | None:
    """Return who asks, or None for a stranger."""
    return request.user if request.user.is_authenticated else None
