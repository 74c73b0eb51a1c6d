"""Requests whose person is known: what a view may expect once somebody has signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from registry.models import User


class MemberRequest(HttpRequest):
    user: User
