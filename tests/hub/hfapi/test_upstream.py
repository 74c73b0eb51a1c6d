"""What this hub has not: another hub, that its operator names, has it."""

from __future__ import annotations

import http.server
import json
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from hub import env
from tests.factories import AdapterFactory, VersionFactory, member, token
from tests.hub.hfapi.running import MAJORS, folder_of, run

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("blob_root"),
]
SHA = "1" * 40
CONFIG = b'{"model_type": "gpt2"}'


class Upstream(http.server.BaseHTTPRequestHandler):
    """A hub that has one base, under its old name and its new one."""

    def do_HEAD(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        if self.path.startswith("/old/base/"):
            return self._say(307, {"Location": self.path.replace("/old/", "/org/")})
        if not self.path.startswith("/org/base/resolve/"):
            return self._say(404, {"X-Error-Code": "RepoNotFound", "X-Error-Message": "No."})
        told = {"X-Repo-Commit": SHA, "ETag": '"abc"', "Content-Length": str(len(CONFIG))}
        return self._say(200, told | {"X-Xet-Hash": "f" * 64, "Set-Cookie": "spy=1"})

    def do_GET(self):
        if not self.path.startswith("/api/"):
            self.do_HEAD()
            self.wfile.write(CONFIG)
            return
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        content = json.dumps({"id": "org/base", "sha": SHA, "siblings": []}).encode()
        self._say(200, {"Content-Length": str(len(content)), "Content-Type": "application/json"})
        self.wfile.write(content)

    def _say(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def upstream(settings):
    server = http.server.ThreadingHTTPServer(("localhost", 0), Upstream)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.HUB_UPSTREAM = f"http://localhost:{server.server_port}"
    server.url = settings.HUB_UPSTREAM
    yield server
    server.shutdown()
    server.server_close()


class TestUpstream:
    def test_head_is_answered_with_what_it_says(self, api, upstream):
        answer = api.head("/org/base/resolve/main/config.json")

        assert answer.status_code == 200
        assert (answer["X-Repo-Commit"], answer["ETag"]) == (SHA, '"abc"')
        assert answer["Content-Length"] == str(len(CONFIG))
        assert "X-Xet-Hash" not in answer.headers
        assert "Set-Cookie" not in answer.headers

    def test_get_is_sent_there(self, api, upstream):
        answer = api.get("/api/models/org/base/tree/main?recursive=true")

        assert answer.status_code == 307
        assert answer["Location"] == f"{upstream.url}/api/models/org/base/tree/main?recursive=true"
        assert answer["Cache-Control"] == "no-store"

    def test_one_word_is_a_name_there(self, api, upstream):
        assert api.get("/api/models/gpt2")["Location"] == f"{upstream.url}/api/models/gpt2"

    def test_what_has_another_name_by_now_is_found(self, api, upstream):
        assert api.head("/old/base/resolve/main/config.json")["X-Repo-Commit"] == SHA

    def test_what_it_has_not_is_missing(self, api, upstream):
        answer = api.head("/org/none/resolve/main/config.json")

        assert (answer.status_code, answer["X-Error-Code"]) == (404, "RepoNotFound")

    def test_a_token_of_ours_stays_here(self, api, team, upstream):
        secret = token(member(team))

        api.head("/org/base/resolve/main/config.json", HTTP_AUTHORIZATION=f"Bearer {secret}")

        [(_, _, headers)] = upstream.asked
        assert "Authorization" not in headers
        assert secret not in str(headers)

    def test_names_in_our_teams_never_go_there(self, api, team, upstream):
        AdapterFactory(team=team, slug="wash")

        answer = api.head(f"/{team.slug}/wahs/resolve/main/config.json")

        assert (answer.status_code, answer["X-Error-Code"]) == (404, "RepoNotFound")
        assert not upstream.asked

    def test_an_address_cannot_lead_elsewhere(self, api, upstream):
        answer = api.get("/evil.example/@x/resolve/main/a%2F..%2Fb")

        assert answer["Location"].startswith(f"{upstream.url}/evil.example/")

    def test_one_that_does_not_answer_is_said_so(self, api, upstream, settings):
        settings.HUB_UPSTREAM = "http://localhost:9"

        answer = api.head("/org/base/resolve/main/config.json")

        assert answer.status_code == 503
        assert answer["X-Error-Message"].startswith("http://localhost:9 does not answer now")

    @pytest.mark.slow
    @pytest.mark.parametrize("major", MAJORS)
    def test_the_client_loads_a_base_through_us(self, live_server, tmp_path, team, upstream, major):
        if not folder_of(major).is_dir():
            pytest.skip(f"no huggingface_hub {major}: run make setup")
        VersionFactory(adapter__team=team, adapter__slug="wash", published=True)
        program = """
import json
from huggingface_hub import hf_hub_download, model_info
base = open(hf_hub_download("org/base", "config.json")).read()
print(json.dumps([base, model_info("org/base").sha, model_info("ink/wash").id]))
"""
        secret = token(member(team))

        read = run(program, hub=live_server.url, home=tmp_path, client=major, token=secret)

        assert read == [CONFIG.decode(), SHA, "ink/wash"]
        assert upstream.asked
        assert all(secret not in str(headers) for _, _, headers in upstream.asked)


class TestSetting:
    @pytest.mark.parametrize("value", ["", "https://huggingface.co", "http://localhost:8080/"])
    def test_takes_an_origin(self, monkeypatch, value):
        monkeypatch.setenv("HUB_UPSTREAM", value)

        assert env.origin("HUB_UPSTREAM") == value.rstrip("/")

    @pytest.mark.parametrize(
        "value",
        ["huggingface.co", "ftp://x.example", "https://x.example/path", "https://me:pw@x.example",
         "file:///etc/passwd", "https://", "https://x.example?a"],
    )  # fmt: skip
    def test_takes_nothing_else(self, monkeypatch, value):
        monkeypatch.setenv("HUB_UPSTREAM", value)

        with pytest.raises(ImproperlyConfigured, match="write an origin"):
            env.origin("HUB_UPSTREAM")
