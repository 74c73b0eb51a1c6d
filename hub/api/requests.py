"""Types of requests, for views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request

if TYPE_CHECKING:
    from registry.models import User


class MemberRequest(Request):
    """A request of somebody who is signed in."""

    if TYPE_CHECKING:
        user: User
