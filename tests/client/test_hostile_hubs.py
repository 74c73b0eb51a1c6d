"""Hubs that lie, break off, throttle or send elsewhere: what the client makes of them."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

CONTENT = bytes(range(256)) * 400
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ROW = {
    "team": "ink", "name": "wash", "version": 1, "sha256": SHA256, "size": len(CONTENT),
    "file_name": "wash.safetensors", "preview_url": None,
}  # fmt: skip


class Hub(ThreadingHTTPServer):
    """Answers by a function of the test's; notes what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.asked = []
        self.answers = {}

    def lists(self, *rows):
        self.answers["/api/changes"] = lambda _: (200, {}, as_json({"items": [], "cursor": "x"}))
        self.answers["/api/adapters"] = lambda _: (200, {}, as_json({"items": rows, "next": None}))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.partition("?")[0]
        self.server.asked.append((path, dict(self.headers)))
        answer = self.server.answers.get(path, lambda _: (404, {}, b"{}"))
        status, headers, body = answer(self.headers)
        self.send_response(status)
        self.send_header("Content-Length", headers.pop("Content-Length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Be quiet."""


def as_json(told):
    return json.dumps(told).encode()


@pytest.fixture
def hub():
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def run(loradex, hub, tmp_path, monkeypatch, capsys):
    """Run the client in this process, without pauses; return its exit code and what it said."""
    monkeypatch.setenv("LORADEX_URL", hub.address)
    monkeypatch.setenv("LORADEX_TOKEN", "ldx_secret")
    monkeypatch.setenv("LORADEX_CONFIG", str(tmp_path / "config.json"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(threading.Event, "wait", _no_pause(threading.Event.wait))
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = loradex.main([*arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def _no_pause(wait):
    return lambda event, timeout=None: wait(event, None if timeout is None else timeout / 1000)


DOWNLOAD = "/api/adapters/ink/wash/versions/1/download"
SYNC = ("sync", "loras", "--sidecars", "none")


def files_under(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".loradex" not in path.parts and path.name != "config.json"
    }


class TestNames:
    @pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "C:\\evil", "..\\..\\evil", "CON"])
    def test_stay_within_the_folder(self, run, hub, tmp_path, name):
        hub.lists({**ROW, "file_name": name})
        hub.answers[DOWNLOAD] = lambda _: (200, {}, CONTENT)

        code, _ = run(*SYNC)

        assert code == 0
        [made] = files_under(tmp_path)
        assert made.startswith("loras/")
        assert made.count("/") == 1

    @pytest.mark.parametrize(
        "lie",
        [
            {"team": "../x"}, {"name": "a/b"}, {"version": "1"}, {"version": True}, {"size": -1},
            {"sha256": "../../x"}, {"size": 10**15}, {"team": None},
            {"file_name": None, "size": 1.5},
        ],
        ids=str,
    )  # fmt: skip
    def test_and_figures_that_cannot_be_are_refused(self, run, hub, tmp_path, lie):
        hub.lists({**ROW, **lie})
        code, said = run(*SYNC)
        assert code in {5, 6}
        assert said.startswith("loradex: ")
        assert files_under(tmp_path) == set()


class TestBytes:
    def test_that_are_others_get_no_name(self, run, hub, tmp_path):
        hub.lists(ROW)
        hub.answers[DOWNLOAD] = lambda _: (200, {}, b"x" * len(CONTENT))
        code, said = run(*SYNC)
        assert code == 1
        assert "does not hash" in said
        assert files_under(tmp_path) == set()
        assert not list(tmp_path.rglob("*.part"))

    def test_beyond_the_size_are_not_read(self, run, hub, tmp_path):
        hub.lists(ROW)
        hub.answers[DOWNLOAD] = lambda _: (200, {}, CONTENT + b"x" * 10_000_000)
        assert run(*SYNC)[0] == 0
        assert (tmp_path / "loras/wash.safetensors").read_bytes() == CONTENT

    def test_that_break_off_are_gone_on_with(self, run, hub, tmp_path):
        def in_pieces(headers):
            begin = int(headers.get("Range", "bytes=0-")[6:-1])
            piece = CONTENT[begin : begin + 30_000]
            told = {"Content-Length": str(len(CONTENT) - begin), "ETag": f'"{SHA256}"'}
            if begin:
                told["Content-Range"] = f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}"
            return 206 if begin else 200, told, piece

        hub.lists(ROW)
        hub.answers[DOWNLOAD] = in_pieces
        assert run(*SYNC)[0] == 0
        assert (tmp_path / "loras/wash.safetensors").read_bytes() == CONTENT
        asked = [headers for path, headers in hub.asked if path == DOWNLOAD]
        assert [one.get("Range") for one in asked] == [
            None, "bytes=30000-", "bytes=60000-", "bytes=90000-",
        ]  # fmt: skip
        assert asked[1]["If-Range"] == f'"{SHA256}"'

    def test_of_a_broken_part_are_fetched_anew(self, run, hub, tmp_path):
        parts = tmp_path / "loras/.loradex/parts"
        parts.mkdir(parents=True)
        (parts / f"{SHA256}.part").write_bytes(b"rubbish from a disk that failed")
        hub.lists(ROW)

        def answer(headers):
            begin = int(headers.get("Range", "bytes=0-")[6:-1])
            told = {"Content-Range": f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}"}
            return (206, told, CONTENT[begin:]) if begin else (200, {}, CONTENT)

        hub.answers[DOWNLOAD] = answer
        assert run(*SYNC)[0] == 0
        assert (tmp_path / "loras/wash.safetensors").read_bytes() == CONTENT

    def test_from_a_hub_that_knows_no_ranges_begin_anew(self, run, hub, tmp_path):
        parts = tmp_path / "loras/.loradex/parts"
        parts.mkdir(parents=True)
        (parts / f"{SHA256}.part").write_bytes(CONTENT[:5000])
        hub.lists(ROW)
        hub.answers[DOWNLOAD] = lambda _: (200, {}, CONTENT)
        assert run(*SYNC)[0] == 0
        assert (tmp_path / "loras/wash.safetensors").read_bytes() == CONTENT

    def test_larger_than_allowed_are_not_fetched(self, run, hub):
        hub.lists(ROW)
        code, said = run(*SYNC, "--max-size", "1K")
        assert code == 6
        assert "--max-size" in said


class TestAnswers:
    def test_that_are_too_many_are_waited_for(self, run, hub):
        hub.lists(ROW)
        tries = iter([429, 503, 429])

        def throttled(_):
            status = next(tries, 200)
            return status, {"Retry-After": "1"} if status != 200 else {}, CONTENT

        hub.answers[DOWNLOAD] = throttled
        assert run(*SYNC)[0] == 0

    def test_that_never_come_end_the_run(self, run, hub):
        hub.lists(*({**ROW, "name": f"a{n}", "file_name": f"a{n}.safetensors",
                     "sha256": f"{n:064x}"} for n in range(1, 50)))  # fmt: skip
        for n in range(1, 50):
            at = f"/api/adapters/ink/a{n}/versions/1/download"
            hub.answers[at] = lambda _: (503, {}, b"")
        code, _ = run(*SYNC, "--jobs", "1")
        assert code == 5
        assert len(hub.asked) < 30

    def test_that_are_no_hubs_are_said_to_be_none(self, run, hub):
        hub.answers["/api/adapters"] = lambda _: (200, {}, b"<html>")
        assert "does not answer as a Loradex hub does" in run("search")[1]

    def test_without_end_are_cut(self, run, hub):
        row = {"items": [ROW], "next": f"{hub.address}/api/adapters?cursor="}
        hub.answers["/api/changes"] = lambda _: (200, {}, as_json({"items": [], "cursor": "x"}))
        hub.answers["/api/adapters"] = lambda _: (200, {}, as_json(row))
        assert run(*SYNC)[0] == 5

    def test_that_send_elsewhere_carry_no_token_there(self, run, hub):
        other = Hub()
        thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            hub.lists(ROW)
            to = {"Location": f"{other.address}/bytes"}
            hub.answers[DOWNLOAD] = lambda _: (302, dict(to), b"")
            other.answers["/bytes"] = lambda _: (200, {}, CONTENT)
            assert run(*SYNC)[0] == 0
        finally:
            other.shutdown()
            thread.join()
            other.server_close()
        assert hub.asked[-1][1]["Authorization"] == "Bearer ldx_secret"
        [(_, headers)] = other.asked
        assert "Authorization" not in headers

    @pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
    def test_that_send_to_what_is_no_web_address_are_not_followed(self, run, hub, to):
        hub.lists(ROW)
        hub.answers[DOWNLOAD] = lambda _: (302, {"Location": to}, b"")
        code, said = run(*SYNC)
        assert code != 0
        assert "root:" not in said


class TestOneFolder:
    def test_has_one_run_at_a_time(self, run, hub, loradex, tmp_path):
        hub.lists(ROW)
        hub.answers[DOWNLOAD] = lambda _: (200, {}, CONTENT)
        with loradex.Folder(tmp_path / "loras").held():
            code, said = run(*SYNC)
        assert (code, "Another run" in said) == (6, True)
        assert run(*SYNC)[0] == 0

    def test_follows_one_hub(self, run, hub, tmp_path):
        hub.lists(ROW)
        hub.answers[DOWNLOAD] = lambda _: (200, {}, CONTENT)
        run(*SYNC)
        code, said = run("--url", "http://127.0.0.1:9", *SYNC)
        assert (code, "take another folder" in said) == (2, True)

    def test_fetches_the_same_bytes_once_for_two_names(self, run, hub, tmp_path):
        hub.lists(ROW, {**ROW, "name": "twin", "file_name": "twin.safetensors"})
        hub.answers[DOWNLOAD] = lambda _: (200, {}, CONTENT)
        hub.answers[DOWNLOAD.replace("wash", "twin")] = hub.answers[DOWNLOAD]
        assert run(*SYNC)[0] == 0
        assert files_under(tmp_path) == {"loras/wash.safetensors", "loras/twin.safetensors"}
        assert sum("download" in path for path, _ in hub.asked) == 1

    def test_counts_no_file_as_its_own_that_somebody_put_there_meanwhile(
        self, run, hub, loradex, tmp_path
    ):
        """A run was killed after it wrote down what it would place, and before it did."""
        folder = loradex.Folder(tmp_path / "loras")
        (tmp_path / "loras/.loradex").mkdir(parents=True)
        folder._write_down("wash.safetensors", loradex.Put(SHA256, 1, "ink/wash", 1, "weights"))
        folder._journal.close()
        (tmp_path / "loras/wash.safetensors").write_bytes(b"somebody's")
        hub.lists(ROW)
        code, said = run(*SYNC, "--delete")
        assert (code, "is not ours" in said) == (1, True)
        assert (tmp_path / "loras/wash.safetensors").read_bytes() == b"somebody's"
