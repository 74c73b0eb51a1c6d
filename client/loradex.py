#!/usr/bin/env python3
"""
loradex: fetch adapters from a Loradex hub, and keep a folder as the hub has it.

One file that needs Python 3.9 or newer, and nothing else. `loradex.py COMMAND --help` says more.

    login    keep a hub's address and a token, for the other commands
    search   list what is published
    info     show one adapter, or one version of it
    pull     fetch one version
    push     upload a file or a folder as a new version
    sync     make a folder hold what a query or a channel gives, with sidecar files
    lock     write down which versions and bytes those are
    diff     say what sync would change
    verify   hash a folder's files and say which are not what they were

Exit codes: 0 done · 1 there are differences or faults, or not all could be done · 2 wrong usage ·
3 not there · 4 not allowed · 5 the hub does not answer, or not as a hub does · 6 refused ·
7 waited long enough · 130 interrupted. After any of them the same command may be given again.

A hub is not trusted with more than it needs: whatever name it gives is made safe before it becomes
a path, sizes are bounded, and bytes are hashed before they get their name. In a folder that is
synced nothing is touched that was not put there by this program, which keeps its records under
`.loradex` in that folder.
"""

from __future__ import annotations

import argparse
import errno
import getpass
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import ssl
import stat
import sys
import tempfile
import threading
import time
import unicodedata
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import (
    Any,
    BinaryIO,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Optional,
    Tuple,
    TypeVar,
)

__version__ = "1"

BLOCK = 1 << 20
MAX_JSON = 32 << 20  # bytes of one answer that is no file
MAX_SIDECAR = 16 << 20
MAX_FILE = 64 << 30  # bytes of one file, unless --max-size says less
MAX_ADAPTERS = 1_000_000
TIMEOUT = 60  # seconds of silence on a connection
ATTEMPTS = 6  # in a row that bring nothing
MAX_PAUSE = 120  # seconds between two of them, whatever the hub asks for
MAX_THROTTLED = 900  # seconds that one request waits because it was one too many
MAX_FEED = 20  # pages of changes that are read rather than the whole list
MAX_SILENT = 3  # files in a row that the hub does not give, before a run ends

T = TypeVar("T")

# --- Errors -------------------------------------------------------------------------------------


class ClientError(Exception):
    """What went wrong, in one sentence; `code` is the exit code."""

    code = 1


class Usage(ClientError):
    code = 2


class NotThere(ClientError):
    code = 3


class NotAllowed(ClientError):
    code = 4


class Unavailable(ClientError):
    code = 5


class Refused(ClientError):
    code = 6


class TooLong(ClientError):
    code = 7


class Stopped(Exception):
    """Ctrl-C was pressed; raised in threads that are at work."""


def plain(text: object, limit: int = 500) -> str:
    """Return text of a hub's as one line that cannot steer a terminal."""
    shown = "".join(" " if unicodedata.category(one)[0] == "C" else one for one in str(text))
    return " ".join(shown.split())[:limit]


def indented(text: object, limit: int = 4000) -> str:
    """Return lines of a hub's as they stand, further in, with nothing that steers a terminal."""
    lines = str(text)[:limit].split("\n")
    clean = (
        "".join(" " if unicodedata.category(one)[0] == "C" else one for one in line)
        for line in lines
    )
    return "\n".join(f"    {line}".rstrip() for line in clean)


# --- Where the hub is, and who asks -------------------------------------------------------------


def config_file() -> Path:
    """Return where addresses and tokens are kept."""
    if os.environ.get("LORADEX_CONFIG"):
        return Path(os.environ["LORADEX_CONFIG"])
    home = os.environ.get("APPDATA") if os.name == "nt" else os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "loradex" / "config.json"


def read_config() -> Dict[str, Any]:
    """:raises Usage: if the file is there and makes no sense"""
    path = config_file()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"default": "", "hubs": {}}
    except (OSError, ValueError) as error:
        raise Usage(f"{path} cannot be read ({plain(error)}): mend or remove it.") from error
    if not isinstance(told, dict) or not isinstance(told.get("hubs"), dict):
        raise Usage(f"{path} is not what login writes: remove it and log in again.")
    return told


def write_config(told: Dict[str, Any]) -> Path:
    """Keep addresses and tokens in a file that nobody else may read."""
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes files of mode 0600, and the name changes only once all is written.
    write_at_once(path, json.dumps(told, indent=1, sort_keys=True).encode())
    return path


def hub_address(text: str) -> str:
    """
    Return a hub's address without the slash at its end.

    :raises Usage: if it is none
    """
    parts = urllib.parse.urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise Usage(f"{text!r} is no hub's address: write it as https://hub.example.org")
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def find_hub(options: argparse.Namespace) -> Hub:
    """Return the hub that is meant: by --url, LORADEX_URL, or the one logged in to last."""
    config = read_config()
    address = options.url or os.environ.get("LORADEX_URL") or config.get("default") or ""
    if not address:
        raise Usage("Which hub? Log in first (loradex.py login URL), or set LORADEX_URL.")
    address = hub_address(address)
    token = os.environ.get("LORADEX_TOKEN") or config["hubs"].get(address) or ""
    return Hub(address, str(token))


# --- Talking to the hub -------------------------------------------------------------------------


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http and https alone, never from https down, and tells no other host the token."""

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        before, after = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if after.scheme not in {"https", before.scheme}:
            fp.close()
            raise Unavailable(f"The hub sends on to {plain(newurl, 100)}, which is not safe.")
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        secret = req.unredirected_hdrs.get("Authorization")
        if following and secret and before[:2] == after[:2]:
            following.add_unredirected_header("Authorization", secret)
        return following


class Hub:
    """A hub's API. Every method may raise NotThere, NotAllowed, Refused or Unavailable."""

    def __init__(self, address: str, token: str = "") -> None:
        self.address = address
        self._token = token
        self._opener = urllib.request.build_opener(Redirects())
        self.requests = 0
        self.stop = threading.Event()

    def get(self, path: str, query: Any = (), etag: str = "") -> Tuple[Any, str]:
        """Return (JSON, ETag); JSON is None where the ETag given is still the right one."""
        headers = {"If-None-Match": etag} if etag else {}
        try:
            content, new = self._whole("GET", path, query, headers)
        except NotModified:
            return None, etag
        return self._json(content), new

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send JSON and return the JSON that comes back, None for nothing."""
        data = json.dumps(body).encode() if body is not None else b""
        headers = {"Content-Type": "application/json"}
        content, _ = self._whole(method, path, (), headers, data=data)
        return self._json(content) if content else None

    def bytes_of(self, path: str, query: Any = (), limit: int = MAX_SIDECAR) -> bytes:
        """Return a small file."""
        return self._whole("GET", path, query, {}, limit=limit)[0]

    def head(self, path: str, query: Any) -> Tuple[int, Any]:
        """Return the status and the headers that GET would have."""

        def ask() -> Tuple[int, Any]:
            with self.open_once("HEAD", path, query, {}) as answer:
                return answer.status, answer.headers

        return self._patiently(ask)

    def put(self, path: str, data: bytes) -> None:
        self._whole("PUT", path, (), {"Content-Type": "application/octet-stream"}, data=data)

    def put_elsewhere(self, url: str, data: bytes) -> None:
        """PUT bytes to a whole address that the hub gave: without the token."""
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise Unavailable("The hub names a place for uploads that is no web address.")
        self._patiently(lambda: self._ask(urllib.request.Request(url, data, method="PUT"))).close()

    def _whole(
        self,
        method: str,
        path: str,
        query: Any,
        headers: Dict[str, str],
        *,
        data: Optional[bytes] = None,
        limit: int = MAX_JSON,
    ) -> Tuple[bytes, str]:
        """Return a whole answer and its ETag, after as many tries as it takes within bounds."""

        def ask() -> Tuple[bytes, str]:
            with self.open_once(method, path, query, headers, data) as answer:
                return self._read(answer, limit), answer.headers.get("ETag") or ""

        return self._patiently(ask)

    def open_once(
        self, method: str, path: str, query: Any, headers: Dict[str, str], data: Any = None
    ) -> Any:
        url = f"{self.address}{path}"
        if query:
            url = f"{url}?{urllib.parse.urlencode(query, doseq=True)}"
        request = urllib.request.Request(url, data, headers, method=method)
        request.add_header("User-Agent", f"loradex.py/{__version__}")
        request.add_header("Accept-Encoding", "identity")
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        return self._ask(request)

    def _ask(self, request: urllib.request.Request) -> Any:
        self.requests += 1
        try:
            return self._opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except urllib.error.URLError as error:
            raise self._no_answer(error.reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._no_answer(error) from error

    def _no_answer(self, reason: object) -> ClientError:
        if isinstance(reason, ssl.SSLCertVerificationError):
            return Unavailable(f"{self.address} shows a certificate that does not hold: {reason}.")
        return Broken(f"{self.address} does not answer: {plain(reason, 200)}.")

    def _refusal(self, error: urllib.error.HTTPError) -> Exception:
        if error.code == 304:
            return NotModified()
        sentence, code = f"{self.address} answers {error.code}.", ""
        with suppress(ValueError, OSError, http.client.HTTPException, AttributeError, ClientError):
            told = self._json(self._read(error, 1 << 16))
            sentence, code = plain(told["detail"]), str(told.get("code"))
        if error.code in {429, 502, 503, 504}:
            pause = error.headers.get("Retry-After") or ""
            return Broken(sentence, pause=pause, throttled=error.code == 429)
        kinds = {401: NotAllowed, 403: NotAllowed, 404: NotThere, 410: NotThere}
        usual = Unavailable if error.code >= 500 else Refused
        found = kinds.get(error.code, usual)(sentence)
        found.reason = code  # type: ignore[attr-defined]
        found.status = error.code  # type: ignore[attr-defined]
        return found

    def _patiently(self, ask: Callable[[], T]) -> T:
        patience = Patience(self.stop)
        while True:
            try:
                return ask()
            except Broken as error:
                patience.wait_after(error)

    def _json(self, content: bytes) -> Any:
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise Unavailable(f"{self.address} does not answer as a Loradex hub does.") from error

    def _read(self, answer: Any, limit: int) -> bytes:
        try:
            content: bytes = answer.read(limit + 1)
        except (OSError, http.client.HTTPException) as error:
            raise self._no_answer(error) from error
        if len(content) > limit:
            raise Unavailable(f"{self.address} sends more than {limit} bytes where few belong.")
        return content


class NotModified(Exception):
    """The hub says 304."""


class Broken(Unavailable):
    """A try that may be made again, after `pause` seconds if the hub said so."""

    def __init__(self, sentence: str, *, pause: str = "", throttled: bool = False) -> None:
        super().__init__(sentence)
        self.pause = min(int(pause), MAX_PAUSE) if pause.isdecimal() and len(pause) < 7 else 0
        self.throttled = throttled


class Patience:
    """How often a thing is tried again: ATTEMPTS times in a row, with growing pauses."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._tries = 0
        self._throttled = 0.0

    def renew(self) -> None:
        """Something came: begin to count anew."""
        self._tries = 0

    def wait_after(self, error: Broken) -> None:
        """Wait; or raise the error, if it has been enough."""
        if error.throttled:
            pause = float(error.pause or 5)
            self._throttled += pause
        else:
            self._tries += 1
            pause = max(error.pause, min(30.0, 0.5 * 2**self._tries))
        if self._tries >= ATTEMPTS or self._throttled > MAX_THROTTLED:
            raise error
        if self._stop.wait(pause * random.uniform(0.75, 1.25)):  # noqa: S311  keeps clients apart
            raise Stopped


# --- Names that become paths --------------------------------------------------------------------

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
MAX_NAME = 150  # bytes: sidecars add to it, and no system takes more than 255


def safe_name(text: str) -> str:
    """
    Return a name that is one on Linux, macOS and Windows alike, and leads nowhere else.

    No separators, no control or invisible letters, no device of Windows (CON, also as CON.txt), no
    dots or spaces at its ends, not empty, at most MAX_NAME bytes with its last extension kept.
    """
    name = unicodedata.normalize("NFC", text)
    name = "".join("" if unicodedata.category(one) in {"Cf", "Cs", "Co"} else one for one in name)
    name = FORBIDDEN.sub("_", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    room = MAX_NAME - len((dot + ending).encode())
    if dot and 0 < len(ending) <= 12 and stem:
        name = _cut(stem, room).rstrip(" .") + dot + ending
    else:
        name = _cut(name, MAX_NAME).rstrip(" .")
    if name.split(".")[0].rstrip(" ").lower() in DEVICES:
        name = f"_{name}"
    return name or "_"


def _cut(text: str, size: int) -> str:
    return text.encode()[: max(size, 1)].decode(errors="ignore")


def same_on_some_system(path: str) -> str:
    """Return what two paths have in common that name one file on macOS or Windows."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def stays_inside(path: str) -> bool:
    """Say whether a path with slashes is one that this program may have made: safe in each part."""
    parts = path.split("/")
    return len(parts) <= 4 and all(part == safe_name(part) for part in parts)


def long_path(path: str, *, windows: bool = os.name == "nt") -> str:
    r"""Return an absolute path as Windows takes it beyond 260 letters: with \\?\ before it."""
    if not windows or len(path) < 240 or path.startswith("\\\\?\\"):
        return path
    path = path.replace("/", "\\")
    return f"\\\\?\\UNC\\{path[2:]}" if path.startswith("\\\\") else f"\\\\?\\{path}"


# --- Files --------------------------------------------------------------------------------------


def write_at_once(path: Any, content: bytes) -> None:
    """Write a whole file under its name in one step: readers see the old one or the new one."""
    folder = os.path.dirname(os.path.abspath(path))
    number, name = tempfile.mkstemp(dir=folder, prefix=".loradex-", suffix=".new")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def hash_file(path: str, stop: Optional[threading.Event] = None) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            if stop is not None and stop.is_set():
                raise Stopped
            digest.update(block)
    return digest.hexdigest()


@dataclass(frozen=True)
class Source:
    """Where bytes are to be had, and which they have to be."""

    path: str
    query: Tuple[Tuple[str, str], ...]
    sha256: str
    size: int


class Download:
    """One file on its way into a `.part` file, which a later try goes on with."""

    def __init__(self, hub: Hub, source: Source, part: str, tell: Callable[[int], None]) -> None:
        self._hub = hub
        self._source = source
        self._part = part
        self._tell = tell
        self._digest = hashlib.sha256()
        self._here = 0

    def run(self) -> None:
        """
        Fill the part file.

        :raises Refused: if what the hub sends does not hash to what it should
        """
        resumed = self._take_up()
        if not self._complete():
            resumed = self._fill() and resumed
        if self._digest.hexdigest() == self._source.sha256:
            return
        os.unlink(self._part)
        self._tell(-self._here)
        if not resumed:
            raise Refused(
                f"What {self._hub.address} sends as {plain(self._source.path, 120)} does not hash "
                f"to {self._source.sha256[:12]}…: nothing of it was kept."
            )
        Download(self._hub, self._source, self._part, self._tell).run()  # from the first byte on

    def _complete(self) -> bool:
        return self._here == self._source.size

    def _take_up(self) -> bool:
        """Hash what an earlier try left behind; say whether there is anything."""
        try:
            with open(self._part, "rb") as file:
                for block in iter(lambda: file.read(BLOCK), b""):
                    self._note(block)
        except FileNotFoundError:
            return False
        if self._here > self._source.size:
            self._start_over()
        return self._here > 0

    def _fill(self) -> bool:
        """Fetch what is missing; say whether all that was here before still counts."""
        whole, patience = True, Patience(self._hub.stop)
        with open(self._part, "ab") as file:
            while not self._complete():
                before = self._here
                try:
                    whole = self._fetch(file) and whole
                except Broken as error:
                    if self._here > before:
                        patience.renew()
                    patience.wait_after(error)
            file.flush()
            os.fsync(file.fileno())
        return whole

    def _fetch(self, file: BinaryIO) -> bool:
        headers = {}
        if self._here:
            headers["Range"] = f"bytes={self._here}-"
            headers["If-Range"] = f'"{self._source.sha256}"'
        with self._hub.open_once("GET", self._source.path, self._source.query, headers) as answer:
            goes_on = answer.status == 206 and self._begins_here(answer)
            if self._here and not goes_on:
                self._start_over(file)
            self._copy(answer, file)
        return goes_on

    def _begins_here(self, answer: Any) -> bool:
        told = answer.headers.get("Content-Range") or ""
        return bool(told.startswith(f"bytes {self._here}-"))

    def _copy(self, answer: Any, file: BinaryIO) -> None:
        while not self._complete():
            if self._hub.stop.is_set():
                raise Stopped
            try:
                block = answer.read1(min(BLOCK, self._source.size - self._here))
            except (OSError, http.client.HTTPException) as error:
                raise Broken(f"The line to {self._hub.address} broke: {plain(error)}.") from error
            if not block:
                raise Broken(f"{self._hub.address} sent less than it said.")
            file.write(block)
            self._note(block)

    def _start_over(self, file: Optional[BinaryIO] = None) -> None:
        self._tell(-self._here)
        self._digest, self._here = hashlib.sha256(), 0
        if file is not None:
            file.truncate(0)
        else:
            os.truncate(self._part, 0)

    def _note(self, block: bytes) -> None:
        self._digest.update(block)
        self._here += len(block)
        self._tell(len(block))


# --- Progress -----------------------------------------------------------------------------------


class Progress:
    """One line on a terminal; nothing at all where there is none."""

    def __init__(self, total: int, *, what: str) -> None:
        self._total = max(total, 1)
        self._what = what
        self._done = 0
        self._began = time.monotonic()
        self._drawn = 0.0
        self._lock = threading.Lock()
        self._shown = sys.stderr.isatty()

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            if self._shown and time.monotonic() - self._drawn > 0.1:
                self._draw()

    def close(self) -> None:
        if self._shown and self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        share = min(self._done / self._total, 1)
        bar = "█" * int(share * 24)
        pace = self._done / max(self._drawn - self._began, 0.1)
        line = f"{self._what} {bar:░<24} {share:4.0%} {in_words(self._done)} {in_words(pace)}/s"
        sys.stderr.write(f"\r{line[: shutil.get_terminal_size().columns - 1]}\x1b[K")
        sys.stderr.flush()


def in_words(size: float) -> str:
    """Return a number of bytes for people: 1.5 MiB."""
    for unit in ("B", "KiB", "MiB"):
        if abs(size) < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"


# --- Adapters, as a hub lists them --------------------------------------------------------------

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
# What a list tells that sidecars tell, too; counters, say, are not among it.
IN_SIDECARS = ("title", "kind", "tags", "base", "trigger_words", "weight", "preview_url")
HEX64 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Entry:
    """One version of an adapter, and the bytes of its weights."""

    team: str
    name: str
    version: int
    sha256: str
    size: int
    file_name: str
    told: str = ""  # a digest of all that the hub says of it: sidecars change with it
    preview: str = ""  # the sha256 of a picture

    @property
    def adapter(self) -> str:
        return f"{self.team}/{self.name}"

    @property
    def at(self) -> str:
        return f"/api/adapters/{self.team}/{self.name}/versions/{self.version}"

    @property
    def weights(self) -> Source:
        return Source(f"{self.at}/download", (), self.sha256, self.size)


def read_entry(row: Any, *, most: int = MAX_FILE) -> Entry:
    """
    Return what a hub or a lock file says of a version, held against what may be said.

    :raises Unavailable: if it makes no sense
    """
    try:
        entry = Entry(
            team=row["team"],
            name=row["name"],
            version=row["version"],
            sha256=row["sha256"],
            size=row["size"],
            file_name=safe_name(str(row["file_name"])),
            told=_digest({word: row.get(word) for word in IN_SIDECARS}),
            preview=_picture_in(row.get("preview_url")),
        )
        whole = type(entry.version) is int and type(entry.size) is int
        named = WORD.fullmatch(entry.team) and WORD.fullmatch(entry.name)
        sound = whole and named and HEX64.fullmatch(entry.sha256) and entry.version > 0
    except (KeyError, TypeError, AttributeError) as error:
        raise Unavailable(f"A version is not described as it should be: {plain(error)}.") from error
    if not sound:
        raise Unavailable(f"{plain(entry.adapter, 100)} is not described as it should be.")
    if not 0 <= entry.size <= most:
        raise Refused(f"{entry.adapter} has {in_words(entry.size)}: more than --max-size allows.")
    return entry


def _digest(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _picture_in(address: Any) -> str:
    found = re.search(r"/api/previews/([0-9a-f]{64})\.webp$", str(address or ""))
    return found.group(1) if found else ""


FILTERS = ("base", "kind", "tag", "team", "q", "channel")


def list_entries(hub: Hub, query: Dict[str, str], *, most: int) -> List[Entry]:
    """Return every adapter that matches, page by page."""
    found: List[Entry] = []
    cursor = ""
    while True:
        asked = {**query, "limit": "100", **({"cursor": cursor} if cursor else {})}
        page, _ = hub.get("/api/adapters", asked)
        rows, following = _rows(page)
        found += [read_entry(row, most=most) for row in rows]
        if not following:
            return found
        # Only the cursor is taken from the address: it is this hub that is asked again.
        told = urllib.parse.parse_qs(urllib.parse.urlsplit(following).query)
        cursor = told.get("cursor", [""])[0]
        if not cursor or not rows or len(found) > MAX_ADAPTERS:
            raise Unavailable("The hub's list has no end.")


def _rows(page: Any) -> Tuple[List[Any], str]:
    if not isinstance(page, dict) or not isinstance(page.get("items"), list):
        raise Unavailable("The hub's list is not what it should be.")
    return page["items"], str(page.get("next") or "")


def version_path(hub: Hub, spec: str) -> str:
    """
    Return where the version is that `team/name`, `team/name@v3` or `team/name@prod` means.

    :raises Usage: if it is written otherwise
    """
    name, _, revision = spec.partition("@")
    team, slash, slug = name.partition("/")
    if not (slash and WORD.fullmatch(team) and WORD.fullmatch(slug)):
        raise Usage(f"{spec!r} names no adapter: write team/name, team/name@v3 or team/name@prod.")
    at = f"/api/adapters/{team}/{slug}"
    if re.fullmatch(r"v?[0-9]{1,9}", revision):
        return f"{at}/versions/{int(revision.lstrip('v'))}"
    if revision and revision != "main":
        channel, _ = hub.get(f"{at}/channels/{urllib.parse.quote(revision, safe='')}")
        return f"{at}/versions/{int(channel['version'])}"
    adapter, _ = hub.get(at)
    published = [one["version"] for one in adapter["versions"] if one["state"] == "published"]
    if not published:
        raise NotThere(f"Nothing of {name} is published.")
    return f"{at}/versions/{max(published)}"


# --- The folder: what was put there -------------------------------------------------------------

RECORDS = ".loradex"


@dataclass(frozen=True)
class Put:
    """A file that this program put into the folder."""

    sha256: str
    size: int
    adapter: str
    version: int
    kind: str
    told: str = ""
    mtime_ns: int = 0


class Folder:
    """
    A folder, and the record of what was put there.

    Before a file gets its name, a line in the journal says so. Whoever is killed in between leaves
    either no file or one that the journal knows; lines count only if the file is there with the
    bytes they name, so a file that somebody else put there meanwhile stays theirs.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: Dict[str, Put] = {}
        self.facts: Dict[str, Any] = {}
        self._journal: Optional[BinaryIO] = None
        self._lock = threading.Lock()

    def path(self, name: str) -> str:
        """
        Return where a file of this folder is, for the system's calls.

        :raises Refused: if the name, or a link that somebody put in the way, leads elsewhere
        """
        if not stays_inside(name):
            raise Refused(f"{plain(name, 120)} is no name of a file in this folder.")
        at = os.path.abspath(self.root)
        for part in name.split("/")[:-1]:
            at = os.path.join(at, part)
            if os.path.islink(long_path(at)):
                raise Refused(f"{at} is a link: nothing is put behind it.")
        return long_path(os.path.join(at, name.rpartition("/")[2]))

    def part(self, sha256: str) -> str:
        parts = os.path.join(os.path.abspath(self.root), RECORDS, "parts")
        os.makedirs(long_path(parts), exist_ok=True)
        return long_path(os.path.join(parts, f"{sha256}.part"))

    def load(self) -> None:
        """:raises Usage: if the record is there and makes no sense"""
        state = self._record("state.json")
        try:
            told = json.loads(Path(state).read_text(encoding="utf-8"))
            self.facts = dict(told["facts"])
            self.files = {
                name: Put(**put) for name, put in told["files"].items() if stays_inside(name)
            }
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Usage(
                f"{state} cannot be read ({plain(error, 100)}). Remove {RECORDS} to begin anew: "
                "weights that are here already are known again by their bytes."
            ) from error
        self._replay()

    def save(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        os.makedirs(self._record(""), exist_ok=True)
        files = {name: vars(put) for name, put in sorted(self.files.items())}
        told = {"facts": self.facts, "files": files}
        write_at_once(self._record("state.json"), json.dumps(told, indent=0).encode())
        if self._journal:
            self._journal.close()
            self._journal = None
        with suppress(FileNotFoundError):
            os.unlink(self._record("journal"))

    def sweep(self, *, parts: bool) -> None:
        """Remove what a killed run left half written; the parts too, if none is wanted."""
        for folder in ("", "parts") if parts else ("",):
            with suppress(OSError), os.scandir(self._record(folder)) as found:
                for one in found:
                    if one.name.endswith((".new", ".part")):
                        os.unlink(one.path)

    def place(self, name: str, put: Put, part: str) -> None:
        """Give the finished part file its name, after writing down that this is done."""
        target = self.path(name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        self._write_down(name, put)
        os.replace(part, target)
        self.take(name, put)

    def take(self, name: str, put: Put) -> None:
        """Count a file that is there as put there."""
        mtime_ns = os.stat(self.path(name)).st_mtime_ns
        with self._lock:
            self.files[name] = replace(put, mtime_ns=mtime_ns)

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self.path(name))
        del self.files[name]
        above = os.path.dirname(self.path(name))
        if "/" in name:
            with suppress(OSError):  # others may have something in it
                os.rmdir(above)

    def with_bytes(self, sha256: str) -> List[str]:
        """Return the files that were put there with these bytes."""
        with self._lock:
            return [name for name, put in self.files.items() if put.sha256 == sha256]

    def is_intact(self, name: str, *, thoroughly: bool = False) -> bool:
        """Say whether a file is as it was put there; hash it where its size or time do not tell."""
        put, path = self.files[name], self.path(name)
        try:
            found = os.lstat(path)
        except OSError:
            return False
        if not stat.S_ISREG(found.st_mode) or found.st_size != put.size:
            return False
        if found.st_mtime_ns == put.mtime_ns and not thoroughly:
            return True
        if hash_file(path) != put.sha256:
            return False
        self.take(name, put)
        return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs of this program out of the folder; a killed one holds nothing."""
        os.makedirs(self._record(""), exist_ok=True)
        with open(self._record("lock"), "a+b") as file:
            if not _lock_file(file):
                raise Refused(f"Another run of this program is at work in {self.root}.")
            yield

    def _record(self, name: str) -> str:
        return long_path(os.path.join(os.path.abspath(self.root), RECORDS, name))

    def _write_down(self, name: str, put: Put) -> None:
        line = json.dumps({"name": name, **vars(put)}).encode() + b"\n"
        with self._lock:
            if self._journal is None:
                self._journal = open(self._record("journal"), "ab")  # noqa: SIM115
            self._journal.write(line)
            self._journal.flush()

    def _replay(self) -> None:
        try:
            lines = Path(self._record("journal")).read_bytes().splitlines()
        except OSError:
            return
        for line in lines:
            with suppress(ValueError, TypeError, KeyError, OSError, ClientError):
                told = json.loads(line)  # the last one may be cut short
                name, put = told.pop("name"), Put(**told)
                if hash_file(self.path(name)) == put.sha256:
                    self.take(name, put)


def _lock_file(file: BinaryIO) -> bool:
    """Take a lock that goes with this process; say whether it was free."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
    return True


# --- What a folder should hold ------------------------------------------------------------------

LAYOUTS = ("webui", "comfyui", "vllm")
ENDINGS = {  # of sidecar files, by the kinds that the hub writes
    "webui": ".json",
    "civitai": ".civitai.info",
    "lora-manager": ".metadata.json",
    "stability-matrix": ".cm-info.json",
    "rgthree": ".rgthree-info.json",  # after the whole name
    "swarm": ".swarm.json",
    "preview": ".preview.png",
}
USUAL_SIDECARS = {
    "webui": ("webui", "civitai", "preview"),
    "comfyui": ("lora-manager", "rgthree", "preview"),
    "vllm": (),
}


@dataclass(frozen=True)
class Wish:
    """Which adapters a folder is to hold, and how they lie there."""

    query: Tuple[Tuple[str, str], ...] = ()
    layout: str = "webui"
    names: str = "version"  # files are called by version, or by adapter and then replaced
    sidecars: Tuple[str, ...] = ()
    base_name: str = ""  # what vLLM calls the base it serves

    def as_json(self) -> Dict[str, Any]:
        told = dict(vars(self))
        return {**told, "query": dict(self.query), "sidecars": list(self.sidecars)}

    @classmethod
    def of_json(cls, told: Dict[str, Any]) -> Wish:
        query = tuple(sorted((str(k), str(v)) for k, v in told["query"].items()))
        return cls(**{**told, "query": query, "sidecars": tuple(told["sidecars"])})


@dataclass(frozen=True)
class Target:
    """A file that should be in the folder. `source` is empty for what the hub writes anew."""

    name: str
    kind: str  # weights, config, or a kind of sidecar
    entry: Entry
    source: Optional[Source] = None
    told: str = ""
    base: str = ""  # what its configuration has to call the base; "" for what it says itself

    @property
    def is_sidecar(self) -> bool:
        return self.kind in ENDINGS


def targets_of(entries: Iterable[Entry], wish: Wish) -> List[Target]:
    """
    Return the files of a WebUI or ComfyUI folder: weights, and their sidecars beside them.

    No two of them are one file on any system: where names meet, the team goes before the later one.
    """
    taken: Dict[str, str] = {}
    found: List[Target] = []
    for entry in sorted(entries, key=lambda one: (one.team, one.name, one.version)):
        name = free_name(weights_name(entry, wish.names), entry.team, taken)
        found.append(Target(name, "weights", entry, entry.weights))
        found += [
            Target(sidecar_name(name, kind), kind, entry, told=entry.told)
            for kind in wish.sidecars
            if kind != "preview" or entry.preview
        ]
    return found


def weights_name(entry: Entry, names: str) -> str:
    if names == "version":
        return entry.file_name
    ending = os.path.splitext(entry.file_name)[1]
    return safe_name(f"{entry.team}--{entry.name}{ending}")


def free_name(name: str, team: str, taken: Dict[str, str]) -> str:
    """
    Return a name that no other file has, and count it as taken.

    :raises Refused: if there is none
    """
    for choice in (name, safe_name(f"{team}--{name}")):
        stem = same_on_some_system(os.path.splitext(choice)[0])  # sidecars go by the stem
        if stem not in taken:
            taken[stem] = name
            return choice
    raise Refused(f"Two adapters would be called {name}: narrow the query, or use other --names.")


def sidecar_name(name: str, kind: str) -> str:
    stem = name if kind == "rgthree" else os.path.splitext(name)[0]
    return stem + ENDINGS[kind]


def as_named(content: bytes, target: Target, names: str) -> bytes:
    """Return a sidecar that names the file it lies beside, where that is not called as usual."""
    if names == "version" or target.kind not in {"lora-manager", "rgthree"}:
        return content
    name = weights_name(target.entry, names)
    stem = os.path.splitext(name)[0]
    called = {"file_name": stem, "file_path": name, "file": name}
    called["preview_url"] = f"{stem}{ENDINGS['preview']}"
    try:
        told = json.loads(content)
        told.update({key: value for key, value in called.items() if told.get(key)})
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(f"The hub's {target.kind} sidecar is no JSON object.") from error
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def vllm_targets(
    entry: Entry, wish: Wish, files: List[Dict[str, Any]], base: str = ""
) -> List[Target]:
    """
    Return the two files of a folder that vLLM, PEFT and SGLang load. `base` is what the hub knows
    that servers call it.

    :raises Refused: if the version has no configuration, or is in another layout
    """
    by_role = {str(one["role"]): one for one in files}
    weights, config = by_role.get("weights"), by_role.get("config")
    if config is None or weights is None or weights.get("dialect") != "peft":
        raise Refused(
            f"{entry.adapter} v{entry.version} is no PEFT folder (adapter_config.json beside "
            "weights that PEFT names), which is all that vLLM loads."
        )
    folder = f"{entry.team}--{entry.name}"
    folder = safe_name(folder if wish.names == "adapter" else f"{folder}--v{entry.version}")
    source = Source(
        f"{entry.at}/download",
        (("file", str(config["name"])),),
        str(config["sha256"]),
        int(config["size"]),
    )
    # The configuration comes last: vLLM looks for it, and then finds the weights beside it.
    return [
        Target(f"{folder}/adapter_model.safetensors", "weights", entry, entry.weights),
        Target(
            f"{folder}/adapter_config.json",
            "config",
            entry,
            source,
            told=source.sha256,
            base=wish.base_name or base,
        ),
    ]


def config_for(content: bytes, base_name: str) -> bytes:
    """
    Return PEFT's configuration with the base called as the server calls it: vLLM insists.

    :raises Refused: if it is no configuration
    """
    try:
        told = json.loads(content)
        if told.get("base_model_name_or_path") == base_name:
            return content
        told["base_model_name_or_path"] = base_name
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("adapter_config.json is no JSON object.") from error
    return json.dumps(told, indent=2, sort_keys=True).encode() + b"\n"


# --- Making a folder hold it --------------------------------------------------------------------


@dataclass
class Plan:
    """What there is to do, by file."""

    fetch: List[Target] = field(default_factory=list)
    mend: List[Target] = field(default_factory=list)  # put there before, and other bytes by now
    replace: List[Target] = field(default_factory=list)
    adopt: List[Target] = field(default_factory=list)  # these very bytes, put there by others
    remove: List[str] = field(default_factory=list)
    kept: List[str] = field(default_factory=list)  # sidecars that somebody has changed
    in_the_way: List[str] = field(default_factory=list)  # files of others
    fine: int = 0

    def to_do(self) -> List[Target]:
        return [*self.fetch, *self.mend, *self.replace]

    def lines(self) -> Iterator[str]:
        for sign, targets in (("+", self.fetch), ("!", self.mend), ("~", self.replace)):
            for target in targets:
                yield f"{sign} {target.name}"
        yield from (f"- {name}" for name in self.remove)
        yield from (f"? {name} is not ours and in the way" for name in self.in_the_way)

    @property
    def empty(self) -> bool:
        return not (self.to_do() or self.adopt or self.remove or self.in_the_way)


class Sync:
    """One run over one folder."""

    def __init__(self, hub: Hub, folder: Folder, wish: Wish, options: argparse.Namespace) -> None:
        self.hub = hub
        self.folder = folder
        self.wish = wish
        self.options = options
        self.problems: List[str] = []
        self.left_out: List[str] = []  # what this layout cannot have, whatever is tried
        self.fetched = 0
        self.placed: List[str] = []
        self._silent = 0
        self._listed = True  # rather than taken from the record, since nothing changed

    # What should be there

    def targets(self, locked: Optional[List[Entry]] = None) -> List[Target]:
        """Return the files that should be there; ask the hub only for what may have changed."""
        facts = self.folder.facts
        if facts.get("hub") not in {None, self.hub.address}:
            raise Usage(f"{self.folder.root} follows {facts['hub']}: take another folder.")
        facts["hub"] = self.hub.address
        if locked is not None:
            entries = locked
            facts.update(settled=False, cursor="")
        else:
            entries = self._entries()
        facts["entries"] = [vars(entry) for entry in entries]
        facts["wish"] = self.wish.as_json()
        if self.wish.layout == "vllm":
            return [target for entry in entries for target in self._vllm(entry)]
        return targets_of(entries, self.wish)

    def _entries(self) -> List[Entry]:
        """Return what the query gives: from the record, if the feed tells of no change."""
        facts = self.folder.facts
        changes = self._changes()
        if changes is not None and not changes:
            self._listed = False
            return [Entry(**told) for told in facts["entries"]]
        facts["settled"] = False
        if changes is None:
            # Asked for before the listing, so that nothing falls in between.
            facts.update(cursor=self._where_the_feed_is(), etag="")
        for one in changes or ():
            if one.get("change") == "changed":  # of an adapter: lists do not show all of it
                name = f"{one.get('team')}/{one.get('name')}"
                facts.setdefault("touched", {})[name] = str(one.get("at"))
        touched = facts.get("touched", {})
        found = list_entries(self.hub, dict(self.wish.query), most=self.options.max_size)
        return [replace(one, told=f"{one.told}{touched.get(one.adapter, '')}") for one in found]

    def _changes(self) -> Optional[List[Dict[str, Any]]]:
        """Return what changed since the last run that did everything; None: that is not known."""
        facts, found = self.folder.facts, []
        if self.options.full or not facts.get("settled") or not facts.get("cursor"):
            return None
        if facts.get("wish") != self.wish.as_json():
            return None
        for _ in range(MAX_FEED):
            query = {"since": facts["cursor"], "limit": "500", **self._of_the_feed()}
            try:
                told, etag = self.hub.get("/api/changes", query, etag=facts.get("etag", ""))
            except (Refused, NotThere):
                return None  # the cursor is void, or the hub has no feed
            if told is None:
                return []
            items, _following = _rows(told)
            found += [one for one in items if isinstance(one, dict)]
            facts.update(cursor=str(told["cursor"]), etag="" if items else etag)
            if not told.get("more"):
                return found
        return None

    def _where_the_feed_is(self) -> str:
        try:
            told, _ = self.hub.get("/api/changes", self._of_the_feed())
        except NotThere:
            return ""
        return str(told["cursor"])

    def _of_the_feed(self) -> Dict[str, str]:
        return {name: value for name, value in self.wish.query if name in {"base", "team"}}

    def _vllm(self, entry: Entry) -> List[Target]:
        known = self.folder.facts.setdefault("versions", {})
        key = f"{entry.adapter}@{entry.version}"
        try:
            if key not in known:
                shown, _ = self.hub.get(entry.at)
                wanted = ("role", "name", "sha256", "size", "dialect")
                files = [{word: one[word] for word in wanted} for one in shown["files"]]
                known[key] = {"files": files, "base": str(shown.get("base_repo", ""))[:200]}
            return vllm_targets(entry, self.wish, known[key]["files"], known[key]["base"])
        except (KeyError, TypeError) as error:
            raise Unavailable(f"{key} is not described as it should be.") from error
        except Refused as error:
            self.left_out.append(str(error))
            return []

    # What there is to do

    def plan(self, targets: List[Target]) -> Plan:
        plan = Plan()
        for target in targets:
            self._consider(target, plan)
        wanted = {same_on_some_system(target.name) for target in targets}
        plan.remove = [
            name for name in sorted(self.folder.files) if same_on_some_system(name) not in wanted
        ]
        return plan

    def _consider(self, target: Target, plan: Plan) -> None:
        known = self.folder.files.get(target.name)
        if known is None:
            self._consider_new(target, plan)
        elif not os.path.lexists(self.folder.path(target.name)):
            plan.fetch.append(target)
        elif not self.folder.is_intact(target.name, thoroughly=self.options.check):
            if target.is_sidecar and not self.options.overwrite:
                plan.kept.append(target.name)
            else:
                plan.mend.append(target)
        elif self._is_wanted(target, known):
            plan.fine += 1
        else:
            plan.replace.append(target)

    def _consider_new(self, target: Target, plan: Plan) -> None:
        path = self.folder.path(target.name)
        if self._is_absent(target):
            return
        if not os.path.lexists(path):
            plan.fetch.append(target)
        elif self._has_the_bytes(target, path):
            plan.adopt.append(target)
        else:
            plan.in_the_way.append(target.name)

    def _is_wanted(self, target: Target, known: Put) -> bool:
        if target.kind == "weights":
            return known.sha256 == target.entry.sha256
        return known.told == self._told(target)

    def _told(self, target: Target) -> str:
        return f"{target.told}{target.base}" if target.kind == "config" else target.told

    def _has_the_bytes(self, target: Target, path: str) -> bool:
        if target.kind != "weights" or os.path.islink(path) or not os.path.isfile(path):
            return False
        return os.path.getsize(path) == target.entry.size and (
            hash_file(path, self.hub.stop) == target.entry.sha256
        )

    def _is_absent(self, target: Target) -> bool:
        """Say whether the hub had no such sidecar when last asked, and nothing changed since."""
        absent: Dict[str, str] = self.folder.facts.get("absent", {})
        return not self._listed and target.is_sidecar and absent.get(target.name) == target.told

    # Doing it

    def carry_out(self, plan: Plan) -> None:
        """Do what the plan says; what could not be done is in `problems`, a sentence each."""
        for target in plan.adopt:
            self.folder.take(target.name, self._put(target, target.entry.sha256, target.entry.size))
        weights = [target for target in plan.to_do() if target.kind == "weights"]
        self._need_room(weights)
        by_bytes: Dict[str, List[Target]] = {}
        for target in weights:
            by_bytes.setdefault(target.entry.sha256, []).append(target)
        sizes = sum(group[0].entry.size for group in by_bytes.values())
        progress = Progress(sizes, what="fetching")
        try:
            self._run([partial(self._fetch, group, progress) for group in by_bytes.values()])
            rest = [target for target in plan.to_do() if target.kind != "weights"]
            self._run([partial(self._write, target) for target in rest])
        finally:
            progress.close()
        if self.options.delete and not self.problems:
            self._remove(plan.remove)
        self.folder.facts["settled"] = not self.problems
        self.folder.sweep(parts=not self.problems)

    def _need_room(self, weights: List[Target]) -> None:
        needed = sum({one.entry.sha256: one.entry.size for one in weights}.values())
        free = shutil.disk_usage(self.folder.root).free
        if needed > free:
            raise Refused(
                f"{in_words(needed)} are to be fetched and {in_words(free)} are free in "
                f"{self.folder.root}: make room, or narrow the query."
            )

    def _run(self, jobs: List[Callable[[], None]]) -> None:
        """Do jobs side by side. One that fails does not stop the others, unless all would fail."""
        pool = ThreadPoolExecutor(self.options.jobs)
        try:
            waiting = {pool.submit(job) for job in jobs}
            while waiting:
                done, waiting = wait(waiting, timeout=1, return_when=FIRST_COMPLETED)
                for one in done:
                    self._settle(one)
        except BaseException:
            self.hub.stop.set()  # threads look at it at every block, and are not waited for
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()

    def _settle(self, done: Future[None]) -> None:
        try:
            done.result()
            self._silent = 0
        except NotAllowed:
            raise
        except ClientError as error:
            self._silent += isinstance(error, Unavailable)
            if self._silent >= MAX_SILENT:
                raise
            self.problems.append(str(error))
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise Refused(f"The disk of {self.folder.root} is full.") from error
            self.problems.append(f"{error.filename}: {error.strerror}.")

    def _fetch(self, group: List[Target], progress: Progress) -> None:
        """Get bytes once, and give them all the names that they go by."""
        entry = group[0].entry
        for target in group:
            part = self.folder.part(entry.sha256)
            if not self._copy_from_here(entry, part):
                Download(self.hub, entry.weights, part, progress.add).run()
                self.fetched += entry.size
            self.folder.place(target.name, self._put(target, entry.sha256, entry.size), part)
            self.placed.append(target.name)

    def _copy_from_here(self, entry: Entry, part: str) -> bool:
        """Take bytes that lie in the folder under another name; say whether there were any."""
        for name in self.folder.with_bytes(entry.sha256):
            if self.folder.is_intact(name):
                shutil.copyfile(self.folder.path(name), part)
                if hash_file(part, self.hub.stop) == entry.sha256:
                    return True
                os.unlink(part)
        return False

    def _write(self, target: Target) -> None:
        """Put a sidecar, or a configuration, beside its weights."""
        try:
            content = self._content(target)
        except NotThere:
            self.folder.facts.setdefault("absent", {})[target.name] = target.told
            return
        sha256 = hashlib.sha256(content).hexdigest()
        part = self.folder.part(hashlib.sha256(target.name.encode()).hexdigest())
        write_at_once(part, content)
        self.folder.place(target.name, self._put(target, sha256, len(content)), part)
        self.placed.append(target.name)

    def _content(self, target: Target) -> bytes:
        entry = target.entry
        if target.source is None:
            content = self.hub.bytes_of(f"{entry.at}/sidecars/{target.kind}")
            return as_named(content, target, self.wish.names)
        content = self.hub.bytes_of(target.source.path, target.source.query)
        if hashlib.sha256(content).hexdigest() != target.source.sha256:
            raise Refused(f"{target.name} does not hash to what the hub says of it.")
        return config_for(content, target.base) if target.base else content

    def _put(self, target: Target, sha256: str, size: int) -> Put:
        entry = target.entry
        return Put(sha256, size, entry.adapter, entry.version, target.kind, self._told(target))

    def _remove(self, names: List[str]) -> None:
        for name in names:
            changed = self.folder.files[name].kind in ENDINGS and not self.folder.is_intact(name)
            if changed and os.path.lexists(self.folder.path(name)):
                del self.folder.files[name]  # somebody's own notes by now
            else:
                self.folder.remove(name)


# --- Lock files ---------------------------------------------------------------------------------

LOCKED = ("team", "name", "version", "sha256", "size", "file_name")


def lock_text(hub: str, query: Dict[str, str], entries: Iterable[Entry]) -> str:
    """Return a lock file: JSON with a line an adapter in the order of names, and no dates."""
    rows = sorted((one.team, one.name, one.version, one) for one in entries)
    lines = [json.dumps({word: getattr(row[-1], word) for word in LOCKED}) for row in rows]
    head = json.dumps({"lock": 1, "hub": hub, "query": query}, sort_keys=True, indent=1)
    return head[:-2] + ',\n "adapters": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"


def read_lock(path: str) -> Tuple[str, Dict[str, str], List[Entry]]:
    """
    Return the hub, the query and the versions of a lock file.

    :raises Usage: if it is none
    """
    try:
        with open(path, "rb") as file:
            told = json.loads(file.read(MAX_JSON))
        entries = [read_entry(row) for row in told["adapters"]]
        if told["lock"] != 1 or len({one.adapter for one in entries}) != len(entries):
            raise ValueError("an adapter stands in it twice, or it is of another version")
        query = {str(name): str(value) for name, value in told["query"].items()}
        return hub_address(str(told["hub"])), query, entries
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Unavailable) as error:
        raise Usage(f"{path} is no lock file that can be read: {plain(error, 150)}.") from error


# --- Sending ------------------------------------------------------------------------------------


class Push:
    """One file on its way to the hub, in parts; those that are there are not sent again."""

    def __init__(self, hub: Hub, path: Path, *, team: str, jobs: int) -> None:
        self.hub = hub
        self.path = path
        self._team = team
        self._jobs = jobs
        self.size = path.stat().st_size

    def run(self) -> str:
        """Send what is missing; return the upload's address."""
        upload = self._opened()
        number, size = upload["parts"], upload["part_size"]
        if not (type(number) is int and type(size) is int and 0 < size <= 1 << 30):
            raise Unavailable("The hub names parts of an impossible size.")
        missing = sorted(set(range(1, number + 1)) - set(upload["parts_here"]))
        if upload["known"]:
            missing = []
        progress = Progress(len(missing) * size, what="sending")
        at = f"/api/uploads/{upload['id']}"
        try:
            with ThreadPoolExecutor(self._jobs) as pool:
                sent = [
                    pool.submit(self._send_part, at, one, size, upload["direct"]) for one in missing
                ]
                for one in sent:
                    one.result()
                    progress.add(size)
        except BaseException:
            self.hub.stop.set()
            raise
        finally:
            progress.close()
        return at

    def _opened(self) -> Dict[str, Any]:
        """Return the upload that was begun for these bytes, else a new one."""
        sha256 = hash_file(str(self.path))
        key = f"{self.hub.address} {self._team} {self.path.name} {sha256}"
        config = read_config()
        begun: Dict[str, str] = config.get("uploads", {})
        if key in begun:
            with suppress(NotThere):
                upload: Dict[str, Any] = self.hub.get(f"/api/uploads/{begun[key]}")[0]
                if upload["state"] == "open":
                    return upload
        about = {"team": self._team, "name": self.path.name, "size": self.size, "sha256": sha256}
        upload = self.hub.send("POST", "/api/uploads", about)
        if not re.fullmatch(r"[0-9a-f-]{36}", str(upload.get("id"))):
            raise Unavailable("The hub opens an upload without an id.")
        config["uploads"] = dict([*begun.items(), (key, upload["id"])][-50:])
        write_config(config)
        return upload

    def _send_part(self, at: str, number: int, size: int, direct: bool) -> None:  # noqa: FBT001
        if self.hub.stop.is_set():
            raise Stopped
        with open(self.path, "rb") as file:
            file.seek((number - 1) * size)
            data = file.read(size)
        if direct:
            place, _ = self.hub.get(f"{at}/parts/{number}/url")
            self.hub.put_elsewhere(str(place["url"]), data)
            return
        self.hub.put(f"{at}/parts/{number}", data)


def pack(folder: Path, into: Path) -> Path:
    """
    Return a ZIP file of a folder's plain files. The same files make the same bytes: it resumes.

    :raises Usage: if there is nothing in the folder
    """
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and not _is_hidden(path.relative_to(folder))
    )
    if not found:
        raise Usage(f"{folder} has no files in it.")
    packed = into / f"{safe_name(folder.resolve().name)}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in found:
            member = zipfile.ZipInfo(path.relative_to(folder).as_posix())
            member.external_attr = 0o644 << 16
            with path.open("rb") as source, archive.open(member, "w", force_zip64=True) as sink:
                shutil.copyfileobj(source, sink, BLOCK)
    return packed


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


# --- Commands -----------------------------------------------------------------------------------


def login(options: argparse.Namespace) -> int:
    """Keep an address and a token, after trying them."""
    address = hub_address(options.address)
    if sys.stdin.isatty():
        token = getpass.getpass("Token (from your account page; empty to read what is public): ")
    else:
        token = sys.stdin.readline()
    token = token.strip()
    if token and not re.fullmatch(r"[\x21-\x7e]{8,200}", token):
        raise Usage("That is no token: it begins with ldx_ and has no spaces in it.")
    Hub(address, token).get("/api/adapters", {"limit": "1"})
    config = read_config()
    config["hubs"][address] = token
    config["default"] = address
    path = write_config(config)
    print(f"{address} is the hub from now on. The token is in {path}, for your eyes only.")
    return 0


def search(options: argparse.Namespace) -> int:
    hub = find_hub(options)
    query = {**query_of(options), "limit": str(options.limit)}
    if options.words:
        query["q"] = " ".join(options.words)
    page, _ = hub.get("/api/adapters", query)
    rows, following = _rows(page)
    if options.json:
        print(json.dumps(rows, indent=1, ensure_ascii=False))
        return 0
    for row in rows:
        entry = read_entry(row)
        words = ", ".join(map(str, row.get("trigger_words") or []))
        print(
            f"{entry.adapter}@v{entry.version}  {plain(row.get('base'), 40)}  "
            f"{in_words(entry.size)}  {plain(row.get('title'), 80)}"
            + (f"  [{plain(words, 80)}]" if words else "")
        )
    if following:
        print("There are more: narrow the search, or raise --limit (100 at most).", file=sys.stderr)
    return 0


def info(options: argparse.Namespace) -> int:
    hub = find_hub(options)
    told, _ = hub.get(version_path(hub, options.adapter))
    if options.json:
        print(json.dumps(told, indent=1, ensure_ascii=False))
        return 0
    entry = read_entry(told)
    weight = told.get("weight") or {}
    print(f"{entry.adapter}@v{entry.version}: {plain(told.get('title'))} ({told.get('state')})")
    print(f"base     {plain(told.get('base'))}, proved: {plain(told.get('proof')) or 'no'}")
    print(f"triggers {plain(', '.join(told.get('trigger_words') or [])) or 'none'}")
    print(f"weight   {weight.get('default')} (from {weight.get('low')} to {weight.get('high')})")
    print(f"file     {entry.file_name}, {in_words(entry.size)}, sha256 {entry.sha256}")
    for recipe in (told.get("recipes") or {}).values():
        print(f"\n{plain(recipe.get('title'))}")
        print(indented(recipe.get("usage") or ""))
    return 0


def pull(options: argparse.Namespace) -> int:
    hub = find_hub(options)
    told, _ = hub.get(version_path(hub, options.adapter))
    entry = read_entry(told, most=options.max_size)
    source, name = entry.weights, entry.file_name
    query = {word: getattr(options, word) for word in ("layout", "dtype") if getattr(options, word)}
    if query:
        source, name = in_another_form(hub, entry, query, options)
    to = Path(options.output)
    target = to / name if to.is_dir() or options.output.endswith(("/", os.sep)) else to
    target.parent.mkdir(parents=True, exist_ok=True)
    path = long_path(os.path.abspath(target))
    if os.path.exists(path) and hash_file(path) == source.sha256:
        print(f"{target} is here already.")
        return 0
    if os.path.exists(path) and not options.force:
        raise Refused(f"{target} is there with other bytes: give --force to replace it.")
    progress = Progress(source.size, what="fetching")
    try:
        Download(hub, source, f"{path}.part", progress.add).run()
    finally:
        progress.close()
    os.replace(f"{path}.part", path)
    print(target)
    return 0


def in_another_form(
    hub: Hub, entry: Entry, query: Dict[str, str], options: argparse.Namespace
) -> Tuple[Source, str]:
    """
    Return where a version is to be had in another layout or number type, and what it is called.

    :raises TooLong: if the hub's workers are not done with it in time
    """
    asked, until = tuple(query.items()), time.monotonic() + options.wait
    while True:
        status, headers = hub.head(f"{entry.at}/download", asked)
        if status != 202:
            break
        if time.monotonic() > until:
            raise TooLong("The hub is still making it: ask again later, or wait with --wait.")
        time.sleep(min(int(headers.get("Retry-After") or 3), MAX_PAUSE))
    sha256, size = (headers.get("ETag") or "").strip('"'), headers.get("Content-Length") or ""
    if not HEX64.fullmatch(sha256) or not size.isdecimal() or int(size) > options.max_size:
        raise Refused(f"{entry.adapter} comes as several files, or too large: ask for another.")
    name = safe_name(headers.get_filename() or entry.file_name)
    return Source(f"{entry.at}/download", asked, sha256, int(size)), name


def push(options: argparse.Namespace) -> int:
    team, slash, name = options.adapter.partition("/")
    if not (slash and WORD.fullmatch(team) and WORD.fullmatch(name)):
        raise Usage(f"{options.adapter!r} names no adapter: write team/name.")
    path = Path(options.path)
    if not path.exists():
        raise Usage(f"There is no {path}.")
    hub = find_hub(options)
    with tempfile.TemporaryDirectory(prefix="loradex-") as scratch:
        whole = pack(path, Path(scratch)) if path.is_dir() else path
        at = Push(hub, whole, team=team, jobs=options.jobs).run()
    about = {word: getattr(options, word) for word in ABOUT}
    about = {word: value for word, value in about.items() if value is not None}  # 0 is a weight
    made = hub.send("POST", f"{at}/complete", {"version": {**about, "adapter": name}})
    number = int(made["version"])
    print(f"{options.adapter}@v{number} has come in: {plain(made.get('page_url'))}")
    if options.wait or options.publish:
        return _wait_for(hub, f"/api/adapters/{team}/{name}/versions/{number}", options)
    return 0


ABOUT = (
    *("base", "title", "description", "kind", "tags", "licence", "content_level", "label"),
    *("changes", "trigger_words", "optional_words", "negative_words"),
    *("weight_low", "weight_high", "weight_default"),
)


def _wait_for(hub: Hub, at: str, options: argparse.Namespace) -> int:
    """Wait until the hub has judged the version; publish it, if that was asked for."""
    until = time.monotonic() + (options.wait or 600)
    while True:
        left = max(int(until - time.monotonic()), 0)
        report, _ = hub.get(f"{at}/report", {"wait": str(min(left, 30))})
        state, run = str(report["state"]), report.get("run") or {}
        if state == "rejected" or run.get("state") == "failed":
            found = [one for one in report.get("results", []) if one.get("outcome") == "rejected"]
            why = plain(found[0]["problem"] if found else run.get("reason"))
            raise Refused(f"It was not taken: {why}")
        if state in {"ready", "published"}:
            break
        if not left:
            raise TooLong("It is still being validated: look at its page, or wait with --wait.")
        time.sleep(0.5)
    if options.publish and state == "ready":
        state = hub.send("POST", f"{at}/publish")["state"]
    print(f"It is {plain(state)}.")
    return 0


def sync(options: argparse.Namespace) -> int:
    hub, folder, locked = _subject(options)
    if options.dry_run:
        return _show(hub, folder, options, locked)
    folder.root.mkdir(parents=True, exist_ok=True)
    with folder.held():
        folder.load()
        run = Sync(hub, folder, wish_of(options, folder), options)
        try:
            plan = run.plan(run.targets(locked))
            _refuse_to_empty(plan, folder, options)
            run.carry_out(plan)
        finally:
            folder.save()
    return _tell(run, plan, options)


def _subject(options: argparse.Namespace) -> Tuple[Hub, Folder, Optional[List[Entry]]]:
    folder = Folder(Path(options.folder))
    if not options.locked:
        return find_hub(options), folder, None
    address, _, entries = read_lock(options.locked)
    options.url = options.url or address
    return find_hub(options), folder, entries


def _refuse_to_empty(plan: Plan, folder: Folder, options: argparse.Namespace) -> None:
    everything = folder.files and len(plan.remove) == len(folder.files) and not plan.to_do()
    if options.delete and everything and not options.allow_empty:
        raise Refused(
            "Nothing matches any more, so --delete would remove all that was put into "
            f"{folder.root}: give --allow-empty too, if that is meant."
        )


def _tell(run: Sync, plan: Plan, options: argparse.Namespace) -> int:
    if not options.quiet:
        removed = plan.remove if options.delete and not run.problems else []
        for line in (line for line in plan.lines() if line[2:] in {*run.placed, *removed}):
            print(line)
    problems = [
        *run.left_out,
        *run.problems,
        *(f"{one} is not ours, and left as it is." for one in plan.in_the_way),
    ]
    for problem in problems:
        print(f"loradex: {problem}", file=sys.stderr)
    there = len([put for put in run.folder.files.values() if put.kind == "weights"])
    said = [f"{there} adapters here", f"{in_words(run.fetched)} fetched"]
    if plan.kept:
        said.append(f"{len(plan.kept)} sidecars kept that were changed here")
    if plan.remove and not options.delete:
        said.append(f"{len(plan.remove)} files no longer wanted (--delete removes them)")
    print(f"{', '.join(said)}; {run.hub.requests} requests.")
    return 1 if problems else 0


def diff(options: argparse.Namespace) -> int:
    """Say what sync would do, and do nothing."""
    if os.path.isfile(options.folder):
        return _diff_lock(options)
    hub, folder, locked = _subject(options)
    return 1 if _show(hub, folder, options, locked) == 0 and options.differs else 0


def _show(hub: Hub, folder: Folder, options: argparse.Namespace, locked: Any) -> int:
    folder.load()
    run = Sync(hub, folder, wish_of(options, folder), options)
    plan = run.plan(run.targets(locked))
    for line in plan.lines():
        print(line)
    for problem in [*run.left_out, *run.problems]:
        print(f"loradex: {problem}", file=sys.stderr)
    options.differs = not plan.empty
    print(f"{len(plan.to_do())} files to write, {len(plan.remove)} no longer wanted.")
    return 0


def _diff_lock(options: argparse.Namespace) -> int:
    """Hold a lock file against what its query gives now."""
    address, query, entries = read_lock(options.folder)
    options.url = options.url or address
    now = {one.adapter: one for one in list_entries(find_hub(options), query, most=MAX_FILE)}
    then = {one.adapter: one for one in entries}
    lines = []
    for name in sorted({*now, *then}):
        old, new = then.get(name), now.get(name)
        if old is None and new is not None:
            lines.append(f"+ {name}@v{new.version}")
        elif new is None and old is not None:
            lines.append(f"- {name}@v{old.version}")
        elif old and new and (old.version, old.sha256) != (new.version, new.sha256):
            lines.append(f"~ {name}: v{old.version} → v{new.version}")
    print("\n".join(lines) if lines else "The lock is up to date.")
    return 1 if lines else 0


def lock(options: argparse.Namespace) -> int:
    """Write down what a query gives now, or anew what the query in the lock file gives."""
    query = query_of(options)
    if not query and os.path.exists(options.output):
        address, query, _ = read_lock(options.output)
        options.url = options.url or address
    hub = find_hub(options)
    entries = list_entries(hub, query, most=MAX_FILE)
    write_at_once(options.output, lock_text(hub.address, query, entries).encode())
    print(f"{options.output}: {len(entries)} versions.")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Hash every file, and say which are not what they were, or not there."""
    folder = Folder(Path(options.folder))
    folder.load()
    if not folder.files:
        raise NotThere(f"Nothing was put into {folder.root} by this program.")
    faults: List[str] = []
    changed: List[str] = []
    progress = Progress(sum(put.size for put in folder.files.values()), what="hashing")
    for name, put in sorted(folder.files.items()):
        if not os.path.lexists(folder.path(name)):
            faults.append(f"{name} is gone")
        elif not folder.is_intact(name, thoroughly=True):
            (changed if put.kind in ENDINGS else faults).append(f"{name} has other bytes")
        progress.add(put.size)
    progress.close()
    if options.locked:
        faults += _against_lock(folder, read_lock(options.locked)[2])
    for line in faults:
        print(f"! {line}")
    for line in changed:
        print(f"  {line}: a sidecar, changed here")
    print(f"{len(folder.files)} files, {len(faults)} faults.")
    return 1 if faults else 0


def _against_lock(folder: Folder, entries: List[Entry]) -> List[str]:
    here = {(p.adapter, p.version, p.sha256) for p in folder.files.values() if p.kind == "weights"}
    there = {(one.adapter, one.version, one.sha256) for one in entries}
    missing = [f"{name}@v{number} is locked and not here" for name, number, _ in there - here]
    extra = [f"{name}@v{number} is here and not locked" for name, number, _ in here - there]
    return sorted(missing) + sorted(extra)


# --- The command line ---------------------------------------------------------------------------


def query_of(options: argparse.Namespace) -> Dict[str, str]:
    named = {name: getattr(options, name) for name in FILTERS if getattr(options, name, "")}
    return {**dict(options.where or ()), **named}


def condition(text: str) -> Tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not re.fullmatch(r"[a-z][a-z_]{0,40}", name) or name in {"cursor", "limit"}:
        raise argparse.ArgumentTypeError(f"{text!r} is no condition: write NAME=VALUE")
    return name, value


def wish_of(options: argparse.Namespace, folder: Folder) -> Wish:
    """Return what was asked for; for what was not said, what the folder held to last time."""
    before = Wish()
    if folder.facts.get("wish"):
        try:
            before = Wish.of_json(folder.facts["wish"])
        except (KeyError, TypeError, AttributeError, ValueError):
            before = Wish()
    layout = options.layout or before.layout
    sidecars = before.sidecars if folder.facts.get("wish") else USUAL_SIDECARS[layout]
    if options.layout and options.layout != before.layout:
        sidecars = USUAL_SIDECARS[layout]
    if options.sidecars is not None:
        sidecars = options.sidecars
    if layout == "vllm" and sidecars:
        raise Usage("vLLM reads no sidecars: leave --sidecars out.")
    return Wish(
        query=tuple(sorted(query_of(options).items())) or before.query,
        layout=layout,
        names=options.names or before.names,
        sidecars=sidecars,
        base_name=options.base_name or before.base_name,
    )


def kinds(text: str) -> Tuple[str, ...]:
    found = tuple(dict.fromkeys(word for word in text.split(",") if word and word != "none"))
    unknown = [word for word in found if word not in ENDINGS]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"{unknown[0]!r} is no kind of sidecar; there are {', '.join(ENDINGS)}, and none"
        )
    return found


def number_of_jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= 32:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 32")
    return int(text)


def bytes_in(text: str) -> int:
    found = re.fullmatch(r"(\d{1,12})([kmgt]?)i?b?", text.lower())
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write 500M or 20G")
    return int(found.group(1)) << {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}[found.group(2)]


def _filters(parser: argparse.ArgumentParser, *, words: bool = True) -> None:
    narrow = parser.add_argument_group("which adapters (all that are given have to match)")
    narrow.add_argument("--base", help="a base's slug, family, alias or repo id")
    narrow.add_argument("--kind", help="character, style, concept …")
    narrow.add_argument("--tag")
    narrow.add_argument("--team")
    narrow.add_argument("--where", metavar="NAME=VALUE", type=condition, action="append",
                        help="any other filter that GET /api/adapters has")  # fmt: skip
    narrow.add_argument("--channel", help="the versions that channels of this name point at")
    if words:
        narrow.add_argument("--q", metavar="WORDS", help="words in titles, tags, trigger words")


def _folder_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="such as models/Lora of a WebUI")
    parser.add_argument("--layout", choices=LAYOUTS, help="whose folder it is (webui)")
    parser.add_argument("--names", choices=["version", "adapter"], help="file names by version, "
                        "or by adapter and replaced when another version is due")  # fmt: skip
    parser.add_argument("--sidecars", type=kinds, metavar="KINDS", help=", ".join(ENDINGS))
    parser.add_argument(
        "--base-name", help="vLLM: what the server calls its base, if not as its hub does"
    )
    parser.add_argument("--locked", metavar="FILE", help="exactly what this lock file says")
    parser.add_argument("--check", action="store_true", help="hash every file that is here")
    parser.add_argument("--full", action="store_true", help="list all, whatever the feed says")
    parser.add_argument("--overwrite", action="store_true", help="also sidecars changed here")
    parser.add_argument("--max-size", type=bytes_in, default=MAX_FILE, help="of one file")
    _filters(parser)


def make_parser() -> argparse.ArgumentParser:
    text = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("loradex.py", description=__doc__, formatter_class=text)
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--url", default="", help="the hub; else LORADEX_URL, else the last login")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for run, told, add_options in COMMANDS:
        added = commands.add_parser(run.__name__, help=told, description=told)
        added.set_defaults(run=run)
        add_options(added)
    return parser


def _login_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("address", metavar="URL")


def _search_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("words", nargs="*")
    one.add_argument("--limit", type=int, default=24)
    one.add_argument("--json", action="store_true")
    _filters(one, words=False)


def _info_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("adapter", help="team/name, team/name@v3 or team/name@prod")
    one.add_argument("--json", action="store_true")


def _pull_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("adapter", help="team/name, team/name@v3 or team/name@prod")
    one.add_argument("-o", "--output", default=".", help="a folder or a file")
    one.add_argument("--force", action="store_true", help="replace a file with other bytes")
    one.add_argument("--layout", help="kohya, diffusers, peft or gguf: made by the hub's workers")
    one.add_argument("--dtype", help="fp16, bf16 or fp32")
    one.add_argument("--wait", type=int, default=600, metavar="SECONDS", help="while it is made")
    one.add_argument("--max-size", type=bytes_in, default=MAX_FILE)


def _sync_options(one: argparse.ArgumentParser) -> None:
    _folder_options(one)
    one.add_argument("--delete", action="store_true", help="remove what is no longer wanted")
    one.add_argument("--allow-empty", action="store_true", help="even if that is everything")
    one.add_argument("--dry-run", action="store_true", help="say what would be done")
    one.add_argument("--jobs", type=number_of_jobs, default=4, help="files at once (4)")
    one.add_argument("--quiet", action="store_true")


def _lock_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("-o", "--output", default="adapters.lock")
    _filters(one)


def _verify_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("folder")
    one.add_argument("--locked", metavar="FILE", help="and hold them against this lock file")


def _push_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("path", help="a .safetensors or .gguf file, or a folder")
    one.add_argument("adapter", help="team/name; the adapter is made if it is new")
    one.add_argument("--base", required=True)
    for word in ("title", "description", "kind", "licence", "content-level", "label", "changes"):
        one.add_argument(f"--{word}")
    for word in ("tag", "trigger-word", "optional-word", "negative-word"):
        dest = f"{word.replace('-', '_')}s"
        one.add_argument(f"--{word}", dest=dest, action="append", help="may be given several times")
    for word in ("low", "high", "default"):
        one.add_argument(f"--weight-{word}", type=float)
    one.add_argument("--jobs", type=number_of_jobs, default=4)
    one.add_argument("--wait", type=int, metavar="SECONDS", help="until it is validated")
    one.add_argument("--publish", action="store_true", help="once it has passed")


COMMANDS = (
    (login, "keep a hub's address and a token", _login_options),
    (search, "list what is published", _search_options),
    (info, "show one adapter's version", _info_options),
    (pull, "fetch one version", _pull_options),
    (push, "upload a file or a folder as the next version", _push_options),
    (sync, "make a folder hold what a query or a channel gives", _sync_options),
    (lock, "write down the versions and bytes that a query gives", _lock_options),
    (diff, "say what sync would change, or what changed since a lock file", _folder_options),
    (verify, "hash a folder's files", _verify_options),
)


def main(arguments: Optional[List[str]] = None) -> int:
    """Run one command and return its exit code."""
    options = make_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (KeyboardInterrupt, Stopped):
        print("\nloradex: stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    except ClientError as error:
        print(f"loradex: {error}", file=sys.stderr)
        return error.code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        print(f"loradex: {error.filename or 'the system'}: {error.strerror}.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    status = main()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)  # a thread that waits for a silent line would hold the exit up
