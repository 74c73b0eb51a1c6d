"""The lines that fetch files, run in a shell against a hub that runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from registry.exports import fetching
from registry.exports.sample_cards import INK
from registry.queries import recipes
from tests.factories import FileFactory, VersionFactory, keep, member, token

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")


@pytest.fixture
def shell(tmp_path):
    """Return a function that runs lines in an empty folder and returns their exit status."""

    def shell(lines, program=("bash", "-c"), **variables):
        done = subprocess.run(
            [*program, lines],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "no_proxy": "*", **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode

    return shell


@needs_curl
@pytest.mark.django_db(transaction=True)
class TestFromAHub:
    @pytest.fixture
    def card(self, live_server, blob_root):
        version = VersionFactory(
            published=True, adapter__slug="ink-wash", adapter__team__slug="ink"
        )
        config = keep(b'{"r": 4}')
        FileFactory(version=version, role="config", name="adapter_config.json", blob=config)
        at = f"{live_server.url}/api/adapters/ink/ink-wash/versions/1/download"
        return recipes.card_of(version, at)

    def test_a_file_is_saved_where_it_belongs(self, card, shell, tmp_path):
        assert shell(fetching.file(card, "models/Lora/a file.safetensors")) == 0
        content = (tmp_path / "models/Lora/a file.safetensors").read_bytes()
        assert hashlib.sha256(content).hexdigest() == card.sha256

    def test_a_folder_is_saved_as_peft_reads_it(self, card, shell, tmp_path):
        assert shell(fetching.folder(card, "adapters/x")) == 0
        assert (tmp_path / "adapters/x/adapter_config.json").read_bytes() == b'{"r": 4}'
        assert (tmp_path / "adapters/x/adapter_model.safetensors").stat().st_size > 100

    def test_a_closed_hub_wants_the_token(self, card, shell, settings):
        settings.READ_NEEDS_SIGN_IN = True
        lines = fetching.file(card, "x.safetensors")
        from registry.models import Team

        secret = token(member(Team.objects.get(slug="ink")))
        assert shell(lines) != 0
        assert shell(lines, LORADEX_TOKEN=secret) == 0
        python = fetching.IMPORTS + fetching.python([("y.safetensors", card.download_url)])
        assert shell(python, (sys.executable, "-c")) != 0
        assert shell(python, (sys.executable, "-c"), LORADEX_TOKEN=secret) == 0


class TestWhatIsStillBeingWritten:
    @pytest.fixture
    def address(self):
        """Serve 202 twice, then the bytes; where `/never` is asked for, 422."""
        asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                code = 422 if "never" in self.path else 202 if len(asked) < 3 else 200
                body = b"written" if code == 200 else b'{"state": "queued"}'
                self.send_response(code)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()

    def card(self, address):
        return replace(INK, download_url=f"{address}/download").in_layout("kohya")

    @needs_curl
    def test_a_shell_waits_for_it(self, address, shell, tmp_path):
        lines = fetching.file(self.card(address), "a.safetensors").replace("sleep 3", "sleep 0.1")
        assert shell(lines) == 0
        assert (tmp_path / "a.safetensors").read_bytes() == b"written"

    def test_python_waits_for_it(self, address, shell, tmp_path):
        lines = fetching.IMPORTS + fetching.python([("a/b.safetensors", f"{address}/x")])
        assert shell(lines.replace("sleep(3)", "sleep(0.1)"), (sys.executable, "-c")) == 0
        assert (tmp_path / "a/b.safetensors").read_bytes() == b"written"

    @needs_curl
    def test_a_shell_does_not_wait_for_what_never_comes(self, address, shell):
        assert shell(fetching.file(self.card(f"{address}/never"), "a.safetensors")) != 0
