"""What stands in an address and lets somebody in is in no log."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from hub.up.access_log import AccessLog
from hub.up.gunicorn import logger_class


def line(address, *, agent="curl/8", referer="-"):
    """Return what is written down of a request for an address."""
    config = Config()
    log = AccessLog(config)
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": address, "SERVER_PROTOCOL": "HTTP/1.1",
        "QUERY_STRING": address.partition("?")[2], "HTTP_USER_AGENT": agent,
        "HTTP_REFERER": referer, "PATH_INFO": address.partition("?")[0],
    }  # fmt: skip
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[])
    asked = SimpleNamespace(headers=[])
    return config.access_log_format % log.atoms(answer, asked, environ, timedelta(0))


@pytest.mark.parametrize(
    "address",
    [
        "/api/download/models/3?token=ldx_quokka",
        "/api/download/models/3?fp=16&token=ldx_quokka&type=Model",
        "/invitations/ldx_quokka",
        "/ink/wash.git/info/lfs/objects/sent/ldx_quokka:1x:y/3",
    ],
)
def test_a_secret_in_an_address_is_not_written_down(address):
    written = line(address, referer=f"https://hub{address}")

    assert "quokka" not in written
    assert "…" in written
    assert address[:12] in written


def test_what_a_terminal_would_obey_is_not_written_down():
    assert "\x1b" not in line("/", agent="\x1b]0;owned\x07\x1b[2J")


def test_the_web_server_writes_so():
    assert logger_class == f"{AccessLog.__module__}.{AccessLog.__qualname__}"
