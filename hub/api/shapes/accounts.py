"""People, their tokens, and who is in a team."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.queries.words import Role, Scope


class Membership(serializers.Serializer[Any]):
    team = serializers.CharField(source="team.slug")
    title = serializers.CharField(source="team.title")
    role = serializers.ChoiceField(Role.choices)


class Account(serializers.Serializer[Any]):
    """Who you are."""

    name = serializers.CharField(source="username")
    display_name = serializers.CharField(help_text="That others see beside it.")
    email = serializers.CharField()
    language = serializers.CharField(help_text="Of pages and mail; empty: as the browser asks.")
    teams = Membership(source="in_teams", many=True)


class AccountChange(serializers.Serializer[Any]):
    """What you say of yourself from now on; what is left out stays."""

    display_name = serializers.CharField(max_length=80, allow_blank=True)
    email = serializers.EmailField(allow_blank=True)
    language = serializers.CharField(max_length=12, allow_blank=True)


class Token(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    start = serializers.CharField(help_text="Its first letters.")
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    used_at = serializers.DateTimeField(allow_null=True)


class TokenList(serializers.Serializer[Any]):
    items = Token(many=True)


class MadeToken(Token):
    secret = serializers.CharField(help_text="What to send. It is shown this once.")


class NewToken(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=80)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), allow_empty=False, max_length=4
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Member(serializers.Serializer[Any]):
    name = serializers.CharField(source="user.username")
    role = serializers.ChoiceField(Role.choices)
    joined_at = serializers.DateTimeField()


class MemberList(serializers.Serializer[Any]):
    items = Member(many=True)


class NewRole(serializers.Serializer[Any]):
    role = serializers.ChoiceField(Role.choices)
