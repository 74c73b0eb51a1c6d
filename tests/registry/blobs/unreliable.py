"""
A way to a real S3 server on which things go wrong.

It passes each request on as it is (signatures hold for the name that was asked), unless `fault`
says otherwise of it. `fault(request)` returns None or one of the functions below.
"""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP = {"connection", "expect", "keep-alive", "transfer-encoding"}


class Way(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, target):
        super().__init__(("127.0.0.1", 0), Request)
        self.target = urlsplit(target)
        self.fault = lambda request: None
        self.seen = []
        self.over = threading.Event()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Connections break here by design: no traceback."""


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path))
        fault = self.server.fault(self) or pass_on
        fault(self, body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - so they are found

    def forward(self, body):
        """Have the server do it, and return its answer."""
        target = http.client.HTTPConnection(self.server.target.netloc, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        target.request(self.command, self.path, body, headers)
        answer = target.getresponse()
        content = answer.read()
        target.close()
        return answer, content

    def give(self, answer, content, *, cut=0):
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP | {"content-length"}:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", str(length or 0))
        self.end_headers()
        self.wfile.write(content[: len(content) - cut])

    def hang_up(self):
        self.wfile.flush()
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_):
        """Be quiet."""


def pass_on(request, body):
    request.give(*request.forward(body))


def lose_the_answer(request, body):
    """The server does it, and nobody hears of it."""
    request.forward(body)
    request.hang_up()


def lose_the_request(request, body):
    request.hang_up()


def cut_the_answer(request, body):
    """The line breaks a little before the end."""
    answer, content = request.forward(body)
    request.give(answer, content, cut=min(len(content), 100))
    request.hang_up()


def keep_silent(request, body):
    request.server.over.wait(20)
    request.hang_up()


def refuse(status, code):
    return say(status, f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode())


def say(status, content):
    """Answer without asking the server."""

    def answer(request, body):
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(b"" if request.command == "HEAD" else content)

    return answer


@contextmanager
def way_to(target):
    with Way(target) as way:
        thread = threading.Thread(target=way.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield way
        finally:
            way.over.set()
            way.shutdown()
            thread.join()
