"""
Requests to other people's servers.

Every redirect is followed by hand and checked as the first address was. A host that the operator
named may lead to another one of the open internet, as sites lead to where they keep their files; it
is shown no token, and nothing in the clear that began in secret. Answers are bounded in bytes and
in time (clock.py), and are not unpacked.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode, urljoin

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from registry.errors import SourceDown, SourceRefused
from registry.formats.quoting import shown
from registry.imports.web.addresses import is_public
from registry.imports.web.clock import CONNECT, READ, Clock, keep_time
from registry.imports.web.hosts import Hosts, Target, target_of
from registry.imports.web.names import LOOKUP, Resolver, resolved, within

MOST_HOPS = 5
MOST_WAITS, LONGEST_WAIT = 3, 60  # times, and seconds of each
ANSWER = 60.0  # seconds in all for an answer that is read at once
MOST_JSON = 16 << 20
AGENT = "Loradex-import/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer; its body comes through `body`."""

    status: int
    headers: Mapping[str, str]  # by names in small letters
    url: str  # where it came from in the end
    body: BinaryIO

    @property
    def size(self) -> int | None:
        length = self.headers.get("content-length", "")
        return int(length) if length.isdecimal() and len(length) < 16 else None


@dataclass(frozen=True, slots=True)
class Web:
    """The hosts that may be asked, and how names are resolved."""

    hosts: Hosts = field(default_factory=Hosts)
    resolve: Resolver = resolved
    pause: Callable[[float], None] = time.sleep  # where a server asks to wait
    patience: float = ANSWER  # seconds in all for an answer that is read at once

    def allowed(self, url: str) -> Target:
        """
        Return where an address leads.

        :raises SourceRefused: if it is none, or the operator does not name its host
        """
        target = target_of(url)
        if not self.hosts.may_ask(target):
            raise SourceRefused(
                f"This hub may not import from {target.place}: its operator names hosts in "
                "IMPORT_HOSTS."
            )
        return target

    def json(self, url: str, **query: str) -> Any:
        """
        Return the JSON at an address.

        :raises SourceRefused: if it may not be asked, is not there, or is no JSON
        :raises SourceDown: if it does not answer now
        """
        asked = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}" if query else url
        content = self.read(asked, most=MOST_JSON, headers={"Accept": "application/json"})
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise SourceRefused(f"{_site(url)} answers with something that is no JSON.") from error

    def read(self, url: str, *, most: int, headers: Mapping[str, str] | None = None) -> bytes:
        """
        Return what is at an address.

        :raises SourceRefused: if it may not be asked, is not there, or is larger than `most`
        :raises SourceDown: if it does not answer now
        """
        with self.open(url, headers=headers or {}, seconds=self.patience) as answer:
            if (answer.size or 0) > most:
                raise SourceRefused(f"{_site(url)} answers with more than {most:,} bytes.")
            content = answer.body.read(most + 1)
        if len(content) > most:
            raise SourceRefused(f"{_site(url)} answers with more than {most:,} bytes.")
        return content

    @contextmanager
    def open(
        self, url: str, *, headers: Mapping[str, str] | None = None, seconds: float | None = None
    ) -> Iterator[Answer]:
        """
        Open what is at an address, redirects followed.

        :raises SourceRefused: if it may not be asked, or is not there
        :raises SourceDown: if it does not answer now
        """
        target = asked = self.allowed(url)
        clock = Clock(seconds or self.patience, grows=seconds is None)
        hops, waits = 0, 0
        while hops <= MOST_HOPS:
            response, pool = self._ask(target, headers or {}, clock, asked=asked)
            try:
                if response.status == 429 and waits < MOST_WAITS and self.patience >= ANSWER:
                    waits += 1
                    clock.seconds += _wait(response)  # which is no fault of its own
                    self.pause(_wait(response))
                    continue
                onward = _onward(response, target)
                if onward is None:
                    yield _answer(response, target, clock)
                    return
            finally:
                response.close()
                pool.close()
            target, hops = onward, hops + 1
        raise SourceRefused(f"{_site(url)} leads on and on, over more than {MOST_HOPS} addresses.")

    def _ask(
        self, target: Target, headers: Mapping[str, str], clock: Clock, *, asked: Target
    ) -> tuple[BaseHTTPResponse, urllib3.HTTPConnectionPool]:
        shown_to = {"Host": target.place, "User-Agent": AGENT, "Accept-Encoding": "identity"}
        token = self.hosts.token_for(target, asked=asked)
        if token:
            shown_to["Authorization"] = f"Bearer {token}"
        pool = _pool(target, self._address(target, clock), clock)
        try:
            response = pool.urlopen(
                "GET",
                target.path,
                headers={**headers, **shown_to},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
        except (HTTPError, OSError) as error:
            pool.close()
            if clock.is_over:
                raise SourceDown(f"{target.place} is too slow.") from error
            raise SourceDown(f"{target.place} does not answer now: {_why(error)}.") from error
        return response, pool

    def _address(self, target: Target, clock: Clock) -> str:
        """Return the address to connect to: every one that the name has must be allowed."""
        if clock.is_over:
            raise SourceDown(f"{target.place} is too slow.")
        host, seconds = target.host.strip("[]"), min(LOOKUP, clock.left)
        try:
            found = within(seconds, self.resolve, host, target.port)
        except TimeoutError as error:
            raise SourceDown(
                f"The address of {target.place} was not found out in time: try again later, or "
                "have this hub's operator look at its name servers."
            ) from error
        except (OSError, UnicodeError) as error:
            raise SourceDown(f"{target.place} has no address now.") from error
        if not found:
            raise SourceDown(f"{target.place} has no address now.")
        if not self.hosts.is_private(target) and not all(map(is_public, found)):
            raise SourceRefused(
                f"{target.place} lies in a private network: its operator names such hosts in "
                "IMPORT_PRIVATE_HOSTS."
            )
        return found[0]


def _pool(target: Target, address: str, clock: Clock) -> urllib3.HTTPConnectionPool:
    """Return a pool that connects to this very address, whatever the host is called."""
    left = max(clock.left, 0.001)  # seconds; none at all would mean that no time-out is wanted
    timeout = urllib3.Timeout(connect=min(CONNECT, left), read=min(READ, left))
    host = f"[{address}]" if ":" in address else address
    if target.scheme == "http":
        pool = urllib3.HTTPConnectionPool(host, target.port, timeout=timeout, maxsize=1)
    else:
        name = target.host.strip("[]")
        pool = urllib3.HTTPSConnectionPool(
            host,
            target.port,
            timeout=timeout,
            maxsize=1,
            cert_reqs="CERT_REQUIRED",
            assert_hostname=name,
            server_hostname=name,
        )
    keep_time(pool, clock)
    return pool


def _target_beside(at: Target, location: str) -> Target:
    try:
        return target_of(urljoin(at.url, location))
    except ValueError as error:
        raise SourceRefused(
            f"{at.place} leads to {shown(location)}, which is no address."
        ) from error


def _wait(response: BaseHTTPResponse) -> float:
    """Return for how long a server asks to be left alone, within reason."""
    told = response.headers.get("Retry-After", "")
    return min(int(told), LONGEST_WAIT) if told.isdecimal() and len(told) < 6 else 5


def _onward(response: BaseHTTPResponse, at: Target) -> Target | None:
    """Return where a redirect leads; None if the answer is what was asked for."""
    if response.status in {301, 302, 303, 307, 308}:
        target = _target_beside(at, response.headers.get("Location", ""))
        if at.scheme == "https" and target.scheme != "https":
            raise SourceRefused(f"{at.place} leads to an address that is not encrypted.")
        return target
    if response.status in {429, 500, 502, 503, 504}:
        raise SourceDown(f"{at.place} does not answer now (status {response.status}).")
    if response.status in {401, 403}:
        raise SourceRefused(
            f"{at.place} wants to know who asks (status {response.status}): an admin of the team "
            "keeps a token for it, or this hub's operator names one in IMPORT_TOKENS."
        )
    if response.status in {404, 410}:
        raise SourceRefused(f"{at.place} has nothing at {shown(at.path)}.", code="source-gone")
    if response.status not in {200, 206}:
        raise SourceRefused(f"{at.place} answers with status {response.status}.")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise SourceRefused(f"{at.place} packs its answers, which it was asked not to.")
    return None


def _answer(response: BaseHTTPResponse, at: Target, clock: Clock) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = io.BufferedReader(_Body(response, at.place, clock), 1 << 16)
    return Answer(response.status, headers, at.url, cast(BinaryIO, body))


class _Body(io.RawIOBase):
    """The bytes of an answer, which have to keep coming."""

    def __init__(self, response: BaseHTTPResponse, place: str, clock: Clock) -> None:
        self._response = response
        self._place = place
        self._clock = clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            # What is here already, and not all that fits: or a trickle would never be looked at.
            piece = self._response.read1(len(buffer), decode_content=False)
        except (HTTPError, OSError) as error:
            if self._clock.is_over:
                raise SourceDown(f"{self._place} is too slow.") from error
            raise SourceDown(f"{self._place} broke off: {_why(error)}.") from error
        self._clock.read += len(piece)
        if self._clock.is_over:
            raise SourceDown(f"{self._place} is too slow.")
        buffer[: len(piece)] = piece
        return len(piece)


def _site(url: str) -> str:
    return target_of(url).place


def _why(error: Exception) -> str:
    words = " ".join(str(error).split())[:200] or type(error).__name__
    return words.rstrip(".")
