"""Where the hub lets itself be sent, and where not: the names and addresses that people try."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace

import pytest

from registry.errors import SourceDown, SourceRefused
from registry.imports.web import client, clock
from registry.imports.web.addresses import is_public
from registry.imports.web.client import Web
from registry.imports.web.hosts import Hosts, settings_of, target_of
from tests.web_servers import site, trickle, web_to


@pytest.fixture
def inside():
    """Return a server that nobody named: what an attacker wants to reach."""
    with site() as one:
        one.put("/secret", {"secret": True})
        yield one


@pytest.fixture
def named():
    """Return a server that the operator named."""
    with site() as one:
        yield one


def public_web(resolve, *names):
    return Web(Hosts(public=frozenset(names)), resolve=resolve)


def _lead(handler, location):
    handler.send_response(302)
    handler.send_header("Location", location)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


class TestAddresses:
    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
    def test_of_the_internet_are_public(self, address):
        assert is_public(address)

    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
            *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
            *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1"),
            *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1"),
            *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::80ff:fffe", "nonsense", ""),
        ],
    )
    def test_of_a_network_inside_are_not(self, address):
        assert not is_public(address)


class TestTargets:
    @pytest.mark.parametrize(
        "url",
        [
            *(
                "file:///etc/passwd",
                "gopher://civitai.com/",
                "ftp://civitai.com/x",
                "//civitai.com",
            ),
            *("https://", "https:///path", "https://me:pw@civitai.com/", "https://civitai.com:x/"),
            *("https://civitai.com\\@127.0.0.1/", "https://civitai.com/ x", "https://[::1"),
            *("https://civitai.com/\r\nHost: x", "https://ci vitai.com/", "javascript:alert(1)"),
            "https://civitai.com/ünicode",
        ],
    )
    def test_refuses_what_is_no_address(self, url):
        with pytest.raises(SourceRefused):
            target_of(url)

    def test_keeps_the_port_in_the_name(self):
        assert target_of("https://Hub.Lan:8443/a?b").place == "hub.lan:8443"
        assert target_of("https://hub.lan:443/").place == "hub.lan"
        assert target_of("https://hub.lan./").place == "hub.lan"


class TestHosts:
    def test_allow_only_what_is_named(self):
        hosts = settings_of(["civitai.com", "*.hf.co"], [], "")

        assert hosts.may_ask(target_of("https://civitai.com/x"))
        assert hosts.may_ask(target_of("https://cdn.eu.hf.co/x"))
        for url in (
            *("https://civitai.com:8080/", "https://evil-civitai.com/", "https://hf.co/"),
            *("https://civitai.com.evil.org/", "https://ahf.co/", "https://127.0.0.1/"),
        ):
            assert not hosts.may_ask(target_of(url)), url

    def test_show_a_token_to_its_host_alone_and_not_in_the_clear(self):
        hosts = settings_of(["a.org", "b.org"], ["lan.org"], "a.org=secret,lan.org=inner")

        def shown(url):
            return hosts.token_for(target_of(url), asked=target_of(url))

        assert shown("https://a.org/") == "secret"
        assert shown("http://a.org/") == ""
        assert shown("https://b.org/") == ""
        assert shown("http://lan.org/") == "inner"

    def test_show_a_token_of_one_s_own_where_one_asked_and_was_not_led(self):
        hosts = settings_of(["a.org", "b.org"], [], "a.org=operator's")
        hosts = replace(hosts, own_token={"a.org": "own", "c.org": "own"}.get)
        a, b, c = (target_of(f"https://{name}.org/") for name in "abc")

        assert hosts.token_for(a, asked=a) == "own"
        assert hosts.token_for(a, asked=b) == "operator's"
        assert hosts.token_for(c, asked=c) == ""  # the operator does not name it
        assert hosts.token_for(target_of("http://a.org/"), asked=a) == ""


class TestGuard:
    def test_asks_no_host_that_is_not_named(self, inside):
        with pytest.raises(SourceRefused, match="IMPORT_HOSTS"):
            Web().json(f"{inside.url}/secret")
        assert inside.asked == []

    @pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "[::1]"])
    def test_knows_this_machine_under_its_other_names(self, inside, host):
        web = Web(Hosts(public=frozenset({f"{host}:{inside.port}"})))
        with pytest.raises((SourceRefused, SourceDown)):
            web.json(f"http://{host}:{inside.port}/secret")
        assert inside.asked == []

    @pytest.mark.parametrize(
        "found", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"]]
    )
    def test_refuses_a_name_that_means_an_address_inside(self, inside, found):
        web = public_web(lambda *_: found, f"rebind.org:{inside.port}")

        with pytest.raises(SourceRefused, match="private network"):
            web.json(f"http://rebind.org:{inside.port}/secret")
        assert inside.asked == []

    def test_connects_to_the_address_that_was_checked_whatever_the_name_means_next(
        self, inside, monkeypatch
    ):
        answers = [["93.184.216.34"], ["127.0.0.1"]]
        asked = []

        def connect(address, *args, **kwargs):
            asked.append(address)
            raise OSError("nobody is there")

        monkeypatch.setattr(client.urllib3.util.connection, "create_connection", connect)
        web = public_web(lambda *_: answers.pop(0), f"rebind.org:{inside.port}")

        with pytest.raises(SourceDown):
            web.json(f"http://rebind.org:{inside.port}/secret")
        assert [host for host, _ in asked] == ["93.184.216.34"]

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_follows_no_redirect_inside(self, inside, named, status):
        named.put("/go", status=status, Location=f"{inside.url}/secret")

        with pytest.raises(SourceRefused, match="private network"):
            web_to(named).json(f"{named.url}/go")
        assert inside.asked == []

    @pytest.mark.parametrize("target", ["file:///etc/passwd", "http://u:p@127.0.0.1/", "//[::1"])
    def test_follows_no_redirect_to_what_is_no_address(self, named, target):
        named.put("/go", status=302, Location=target)

        with pytest.raises(SourceRefused):
            web_to(named).json(f"{named.url}/go")

    def test_follows_redirects_so_far_and_no_further(self, named):
        for number in range(9):
            named.put(f"/{number}", status=302, Location=f"/{number + 1}")
        named.put("/9", {"here": True})

        assert web_to(named).json(f"{named.url}/4") == {"here": True}
        with pytest.raises(SourceRefused, match="on and on"):
            web_to(named).json(f"{named.url}/3")

    def test_shows_no_token_to_where_it_is_led(self, named):
        with site() as other:
            other.put("/file", {"here": True})
            named.put("/go", status=302, Location=f"{other.url}/file")
            web = web_to(named, other, tokens={named.place: "secret"})

            web.json(f"{named.url}/go")

            assert named.asked[0][1]["Authorization"] == "Bearer secret"
            assert "Authorization" not in other.asked[0][1]

    def test_says_who_it_means_in_the_host_header(self, named):
        named.put("/", {"here": True})
        resolve = lambda *_: ["127.0.0.1"]  # noqa: E731
        place = f"hub.lan:{named.port}"
        web = Web(Hosts(private=frozenset({place})), resolve=resolve)

        assert web.json(f"http://{place}/") == {"here": True}
        assert named.asked[0][1]["Host"] == place

    def test_uses_no_proxy_of_the_environment(self, named, inside, monkeypatch):
        monkeypatch.setenv("http_proxy", inside.url)
        named.put("/", {"here": True})

        assert web_to(named).json(f"{named.url}/") == {"here": True}
        assert inside.asked == []


class TestBounds:
    def test_reads_no_more_than_it_has_to(self, named):
        named.put("/long", b" " * 2000 + b"{}")

        with pytest.raises(SourceRefused, match="more than 1,000 bytes"):
            web_to(named).read(f"{named.url}/long", most=1000)

    def test_reads_no_more_where_the_length_is_not_said(self, named):
        def endless(handler):
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b"x" * 65536)
            except OSError:
                handler.close_connection = True

        named.put("/endless", endless)
        with pytest.raises(SourceRefused, match="more than"):
            web_to(named).read(f"{named.url}/endless", most=1000)

    @pytest.mark.parametrize(
        ("at_once", "drop"),
        [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
            (b"HTTP/1.1 200 OK\r\nX-Odd: ", b"x"),
            (b"HTTP/1.1 200 OK\r\n", b"X-Odd: x\r\n"),
            (b"", b"H"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
            (b"HTTP/1.1 302 Found\r\nLocation: /", b"trickle"),
        ],
        ids=["body", "a header", "headers", "status line", "length of a chunk", "a redirect"],
    )
    @pytest.mark.parametrize("seconds", [0.3, None], ids=["read", "fetched"])
    def test_waits_for_no_trickle(self, named, at_once, drop, seconds):
        named.put("/trickle", lambda handler: trickle(handler, at_once, drop))
        web, began = replace(web_to(named), patience=0.3), time.monotonic()

        with (
            pytest.raises(SourceDown, match="too slow"),
            web.open(f"{named.url}/trickle", seconds=seconds) as answer,
        ):
            answer.body.read(10_000)
        assert time.monotonic() - began < 2

    def test_waits_for_no_name_server_that_does_not_answer(self, named):
        stop, began = threading.Event(), time.monotonic()
        web = replace(web_to(named), patience=0.3, resolve=lambda *_: stop.wait(30) and [])

        with pytest.raises(SourceDown, match="was not found out in time: try again later"):
            web.read(f"{named.url}/any", most=10)

        assert time.monotonic() - began < 2
        stop.set()
        assert named.asked == []

    def test_gives_the_lookup_no_more_than_its_share_of_a_long_time(self, named, monkeypatch):
        stop, began = threading.Event(), time.monotonic()
        monkeypatch.setattr(client, "LOOKUP", 0.2)
        web = replace(web_to(named), resolve=lambda *_: stop.wait(30) and [])

        with pytest.raises(SourceDown, match="in time"), web.open(f"{named.url}/any"):
            pass

        assert time.monotonic() - began < 2
        stop.set()

    def test_counts_the_lookup_into_the_time_of_the_answer(self, named):
        def slowly(*_):
            time.sleep(0.2)
            return ["127.0.0.1"]

        for n in range(5):
            named.put(f"/{n}", lambda handler, n=n: _lead(handler, f"/{n + 1}"))
        web = replace(web_to(named), patience=0.5, resolve=slowly)

        with pytest.raises(SourceDown, match=r"too slow|in time"):
            web.read(f"{named.url}/0", most=10)

        assert len(named.asked) <= 2

    def test_gives_all_redirects_together_no_more_time_than_one_answer(self, named):
        def slowly(handler):
            stop.wait(0.2)
            handler.send_response(302)
            handler.send_header("Location", "/on")
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        stop = threading.Event()
        named.put("/on", slowly)
        with pytest.raises(SourceDown, match="too slow"):
            replace(web_to(named), patience=0.5).read(f"{named.url}/on", most=10)
        assert 2 <= len(named.asked) <= 4

    def test_gives_a_long_file_time_of_its_own(self, named, monkeypatch):
        def steadily(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            for _ in range(10):
                stop.wait(0.05)
                handler.wfile.write(b"x" * 100)

        stop = threading.Event()
        monkeypatch.setattr(clock, "SLOWEST", 1000)
        named.put("/long", steadily)
        with replace(web_to(named), patience=0.2).open(f"{named.url}/long") as answer:
            assert len(answer.body.read()) == 1000

    @pytest.mark.parametrize("body", [b"<html>", b"[" * 100_000, b"\xff\xfe", b""])
    def test_refuses_what_is_no_json(self, named, body):
        named.put("/odd", body)
        with pytest.raises(SourceRefused, match="no JSON"):
            web_to(named).json(f"{named.url}/odd")

    def test_unpacks_nothing(self, named):
        named.put("/bomb", b"x", Content_Encoding="gzip")
        with pytest.raises(SourceRefused, match="packs its answers"):
            web_to(named).json(f"{named.url}/bomb")

    @pytest.mark.parametrize("status", [500, 502, 503, 429])
    def test_tells_what_may_be_there_later(self, named, status):
        named.put("/", status=status)
        with pytest.raises(SourceDown):
            web_to(named).json(f"{named.url}/")

    @pytest.mark.parametrize("status", [401, 403, 404, 410, 418])
    def test_from_what_will_not_be(self, named, status):
        named.put("/", status=status)
        with pytest.raises(SourceRefused):
            web_to(named).json(f"{named.url}/")

    def test_waits_as_it_is_asked_to(self, named):
        waits = []
        named.put("/", status=429, Retry_After="7")
        web = Web(Hosts(private=frozenset({named.place})), pause=waits.append)

        with pytest.raises(SourceDown):
            web.json(f"{named.url}/")
        assert waits == [7, 7, 7]

    def test_tells_a_server_that_is_not_there(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{taken.getsockname()[1]}"
            with pytest.raises(SourceDown, match="does not answer"):
                Web(Hosts(private=frozenset({place}))).json(f"http://{place}/")
