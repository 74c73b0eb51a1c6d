"""Who a token belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.requests import MemberRequest
from hub.hfapi.writing import WritingDoor
from registry.queries import people
from registry.queries.words import Role, Scope

if TYPE_CHECKING:
    from registry.models import Membership, Token


class WhoAmI(WritingDoor):
    def get(self, request: MemberRequest) -> Response:
        person = request.user
        return Response(
            {
                "type": "user",
                "id": str(person.pk),
                "name": person.username,
                "fullname": person.get_full_name() or person.username,
                "email": person.email or None,
                "emailVerified": False,
                "canPay": False,
                "isPro": False,
                "orgs": [_team(one) for one in people.memberships_of(person)],
                "auth": _auth(request),
            }
        )


def _team(membership: Membership) -> dict[str, Any]:
    team = membership.team
    writes = Role(membership.role).includes(Role.CONTRIBUTOR)
    return {
        "type": "org",
        "id": str(team.pk),
        "name": team.slug,
        "fullname": team.title,
        "roleInOrg": "write" if writes else "read",
    }


def _auth(request: Request) -> dict[str, Any]:
    token: Token | None = request.auth  # type: ignore[assignment]  # ours, not DRF's
    if token is None:
        return {"type": "session"}
    writes = {Scope.UPLOAD, Scope.ADMIN} & set(token.scopes)
    return {
        "type": "access_token",
        "accessToken": {
            "displayName": token.title,
            "role": "write" if writes else "read",
            "createdAt": token.created_at.isoformat(),
        },
    }
