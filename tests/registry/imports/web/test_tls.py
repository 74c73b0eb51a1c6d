"""Over TLS the certificate has to be the named host's, though an address is connected to."""

from __future__ import annotations

import shutil
import ssl
import subprocess

import pytest

from registry.errors import SourceDown
from registry.imports.web.client import Web
from registry.imports.web.hosts import Hosts
from tests.web_servers import site, trickle

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl makes the certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return the files of a certificate for hub.test, and of its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "hub.pem", folder / "hub.key"
    command = [
        *(OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *(
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=hub.test",
            "-addext",
            "subjectAltName=DNS:hub.test",
        ),
        *("-keyout", str(key), "-out", str(made)),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    return made, key


@pytest.fixture
def web(certificate):
    """Return a client, and the port of a server that shows the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with site(tls=context) as one:
        one.put("/", {"here": True})
        names = frozenset(f"{host}:{one.port}" for host in ("hub.test", "other.test"))
        yield Web(Hosts(private=names), resolve=lambda *_: ["127.0.0.1"]), one.port


def test_the_named_host_is_believed(web, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    client, port = web

    assert client.json(f"https://hub.test:{port}/") == {"here": True}


def test_another_host_is_not(web, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    client, port = web

    with pytest.raises(SourceDown, match="does not answer"):
        client.json(f"https://other.test:{port}/")


def test_nor_is_who_made_the_certificate_himself(web):
    client, port = web

    with pytest.raises(SourceDown, match="does not answer"):
        client.json(f"https://hub.test:{port}/")


def test_a_trickle_is_not_waited_for_either(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with site(tls=context) as one:
        one.put("/slow", lambda handler: trickle(handler, b"HTTP/1.1 200 OK\r\nX-Odd: ", b"x"))
        hosts = Hosts(private=frozenset({f"hub.test:{one.port}"}))
        web = Web(hosts, resolve=lambda *_: ["127.0.0.1"], patience=0.5)

        with pytest.raises(SourceDown, match="too slow"):
            web.json(f"https://hub.test:{one.port}/slow")
