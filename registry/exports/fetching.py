"""
Lines that fetch a version's files, for a shell and for Python.

What the hub has yet to write in another layout, it answers with 202: these lines wait for it. Where
a hub is open, a token that is not set asks as a stranger.
"""

from __future__ import annotations

from collections.abc import Iterable
from shlex import quote
from urllib.parse import quote as in_address

from registry.exports.card import (
    DIFFUSERS_WEIGHTS,
    PEFT_CONFIG,
    PEFT_WEIGHTS,
    TOKEN,
    Card,
    Paste,
)

_BEARER = f'-H "Authorization: Bearer {TOKEN}"'
MADE_FIRST = (
    "The hub makes this file when somebody who is signed in first asks for it. While it is being "
    "made there is nothing to download yet: ask again after a few seconds. The lines that fetch it "
    "do so by themselves."
)

IMPORTS = """\
import os
import pathlib
import time
import urllib.request
"""

_PYTHON = """\
token = os.environ.get({variable}, "")
for path, address in {files}:
    asked = urllib.request.Request(address)
    if token:
        asked.add_header("Authorization", f"Bearer {{token}}")
    while (answer := urllib.request.urlopen(asked)).status == 202:  # it is still being written
        time.sleep(3)
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(path).write_bytes(answer.read())
"""

# The Hub's own client keeps what it has fetched, and goes on where it was cut off. False keeps it
# from sending us the token that its user has for the Hub.
_BY_NAME = """\
{left} = {call}(
    {named},
    revision={revision},
    endpoint={hub},
    token=os.environ.get({variable}, False),
)
"""

_PATIENTLY = """\
for try in $(seq 200); do
  code=$(curl -sSL {bearer} --create-dirs -o {path} -w '%{{http_code}}' {address})
  [ "$code" = 202 ] || break
  sleep 3
done
[ "$code" = 200 ]"""


def python(files: Iterable[tuple[str, str]]) -> str:
    """Return the lines that save what is at each address at its path; IMPORTS come before."""
    return _PYTHON.format(variable=repr(TOKEN.removeprefix("$")), files=repr(list(files)))


def file_by_name(card: Card) -> str:
    """Return the line that has the Hub's client fetch the weights, their place left in `file`."""
    named = f"{card.repo!r},\n    {DIFFUSERS_WEIGHTS!r}"
    return _by_name(card, "file", "hf_hub_download", named)


def folder_by_name(card: Card) -> str:
    """Return the line that has the Hub's client fetch the folder, its place left in `folder`."""
    return _by_name(card, "folder", "snapshot_download", repr(card.repo))


def _by_name(card: Card, left: str, call: str, named: str) -> str:
    return _BY_NAME.format(
        left=left,
        call=call,
        named=named,
        revision=repr(f"v{card.version}"),
        hub=repr(card.hub),
        variable=repr(TOKEN.removeprefix("$")),
    )


def file(card: Card, path: str) -> str:
    """Return the lines that save the version's file at `path`."""
    return _line(card, path, card.download_url)


def folder(card: Card, at: str) -> str:
    """Return the lines that save the two files of PEFT's layout in a folder."""
    names = (PEFT_CONFIG, PEFT_WEIGHTS)
    return "\n".join(_line(card, f"{at}/{name}", card.file_url(name)) for name in names)


def by_name(card: Card, lines: str, language: str = "python") -> tuple[Paste, ...]:
    """Return lines that load the adapter by its name, where its user's HF_ENDPOINT is this hub."""
    if card.layout and not card.by_name_in:
        return ()
    title = f"Or by name, with HF_ENDPOINT={card.hub} (and HF_TOKEN, if the hub wants a token)"
    return (Paste(title, lines, language),)


def made(card: Card) -> tuple[Paste, ...]:
    """Return what has to be run before programs that do not wait may fetch another layout."""
    if not card.layout:
        return ()
    return (Paste("Have the file made first", file(card, "/dev/null"), "shell"),)


def with_token(card: Card, token: str = TOKEN) -> str:
    """Return the address with a place for a token, for programs that send no header."""
    between = "&" if "?" in card.download_url else "?"
    return f"{card.download_url}{between}token={token}"


def escaped(address: str) -> str:
    return in_address(address, safe="")


def notes(card: Card) -> tuple[str, ...]:
    """Return what has to be said of the download."""
    return (MADE_FIRST,) if card.layout else ()


def _line(card: Card, path: str, address: str) -> str:
    if card.layout:
        return _PATIENTLY.format(bearer=_BEARER, path=quote(path), address=quote(address))
    return f"curl -fL {_BEARER} --create-dirs -o {quote(path)} {quote(address)}"
