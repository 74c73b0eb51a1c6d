"""Small servers on this machine that answer what a test says."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from registry.imports.web.client import Web
from registry.imports.web.hosts import Hosts


class Site:
    """What a server answers, by path; and what it was asked."""

    def __init__(self, port):
        self.port = port
        self.answers = {}
        self.asked = []  # (path, headers)

    @property
    def place(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"http://{self.place}"

    def put(self, path, body=b"", *, status=200, **headers):
        """Answer so at a path: bytes, JSON, or a function of the handler."""
        if not isinstance(body, bytes) and not callable(body):
            body = json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, named, body)

    def paths(self):
        return [path for path, _ in self.asked]


@contextmanager
def site(*, tls=None):
    """Run a server for the time of the block; `tls` is its context, if it speaks that."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            answer_of(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # who does not believe the certificate hangs up
    server.site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def answer_of(handler):
    known = handler.server.site
    known.asked.append((handler.path, dict(handler.headers)))
    found = known.answers.get(handler.path) or known.answers.get(urlsplit(handler.path).path)
    status, headers, body = found or (404, {}, b"")
    if callable(body):
        body(handler)
        return
    span = handler.headers.get("Range", "")
    if span and status == 200 and body:
        first, _, last = span.removeprefix("bytes=").partition("-")
        end = min(int(last) + 1 if last else len(body), len(body))
        headers = headers | {"Content-Range": f"bytes {first}-{end - 1}/{len(body)}"}
        body, status = body[int(first) : end], 206
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def web_to(*sites, tokens=None):
    """Return a client that may ask these, as an operator would allow a private network's hosts."""
    places = frozenset(one.place for one in sites)
    return Web(Hosts(private=places, tokens=tokens or {}), pause=lambda _: None)


def trickle(handler, at_once, drop):
    """Give a little now and then, for ten seconds or until nobody listens."""
    stop = threading.Event()
    handler.close_connection = True
    with suppress(OSError):
        handler.wfile.write(at_once)
        for _ in range(500):
            handler.wfile.write(drop)
            handler.wfile.flush()
            stop.wait(0.02)
