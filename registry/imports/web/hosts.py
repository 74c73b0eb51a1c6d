"""Which hosts the operator allows, and what is shown to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from registry.errors import SourceRefused
from registry.formats.quoting import shown

PORTS = {"https": 443, "http": 80}
_NAME = re.compile(r"(?!-)[a-z0-9._-]{1,253}(?<!-)|\[[0-9a-f:.]{2,60}\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes."""

    scheme: str
    host: str  # as certificates and Host headers have it, in small letters
    port: int
    path: str  # with its query

    @property
    def place(self) -> str:
        """The host, with its port where that is not the usual one: as settings name it."""
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.place}{self.path}"


@dataclass(frozen=True, slots=True)
class Hosts:
    """What the operator allows. `*.host` means every name below; a port is part of the name."""

    public: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()  # these may lie inside the operator's network
    tokens: Mapping[str, str] = field(default_factory=dict)  # by host
    own_token: Callable[[str], str] = field(default=lambda _: "")  # of whoever asks, likewise

    def may_ask(self, target: Target) -> bool:
        return _is_among(target.place, self.public) or self.is_private(target)

    def is_private(self, target: Target) -> bool:
        return _is_among(target.place, self.private)

    def token_for(self, target: Target, *, asked: Target) -> str:
        """
        Return what this host alone is shown; in the clear, nothing goes to the internet.

        `asked` is where the request began: who was led to a host shows it no token of their own.
        """
        if target.scheme != "https" and not self.is_private(target):
            return ""
        own = ""
        if target.place == asked.place and self.may_ask(target):
            own = self.own_token(target.place)
        return own or self.tokens.get(target.place, "")


def _is_among(place: str, names: frozenset[str]) -> bool:
    if place in names:
        return True
    parts = place.split(".")
    return any(f"*.{'.'.join(parts[n:])}" in names for n in range(1, len(parts)))


def target_of(url: str) -> Target:
    """
    Return where an address leads.

    :raises SourceRefused: if it is none of HTTP, names a person, or cannot be read
    """
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as error:
        raise SourceRefused(f"{shown(url)} is no address.") from error
    host = _host(split)
    if split.scheme not in PORTS or not _NAME.fullmatch(host) or not url.isprintable():
        raise SourceRefused(f"{shown(url)} is no address that begins with https:// and a host.")
    if "@" in split.netloc:
        raise SourceRefused(
            "An address with a name or password in it is not asked: leave out what stands before "
            "the “@”."
        )
    path = split.path or "/"
    asked = f"{path}?{split.query}" if split.query else path
    if any(not "!" <= each <= "~" for each in asked):
        raise SourceRefused(f"{shown(url)} has letters in it that belong into no address.")
    return Target(split.scheme, host, port or PORTS[split.scheme], asked)


def _host(split: SplitResult) -> str:
    host = (split.hostname or "").rstrip(".")
    return f"[{host}]" if ":" in host else host


def settings_of(public: list[str], private: list[str], tokens: str) -> Hosts:
    """Return the hosts as settings have them; tokens are `host=token`, one a line or by commas."""
    pairs = [word.strip().partition("=") for word in re.split(r"[,\n]", tokens) if "=" in word]
    return Hosts(
        frozenset(word.lower() for word in public),
        frozenset(word.lower() for word in private),
        {host.strip().lower(): token.strip() for host, _, token in pairs},
    )
