"""
Whatever is killed, nothing accepted is lost and every run ends.

One hub runs for all of these tests; each kills something else and looks at what becomes of the
upload that was on its way.
"""

from __future__ import annotations

import hashlib
import http.client
import struct
from pathlib import Path

import pytest

from tests.crashes.stack import Stack, eventually
from tests.folders import walkable_folder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.torch,
    pytest.mark.xdist_group("crashes"),
    pytest.mark.timeout(400),
]

ADAPTER = Path(__file__).parents[2] / "demo/adapters/neon-glow/neon-glow.safetensors"
ENDED = {"passed", "rejected", "failed"}


@pytest.fixture(scope="module")
def stack():
    with walkable_folder() as folder:
        stack = Stack(folder / "var")
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


def an_adapter(number: int) -> bytes:
    """Return a good adapter that differs in one value from every other number's."""
    content = bytearray(ADAPTER.read_bytes())
    (header,) = struct.unpack("<Q", content[:8])
    content[8 + header + 2 * number] ^= 1  # the lowest bit of one 16-bit float
    return bytes(content)


def wait_for_stage(stack, report, stage):
    def there():
        run = stack.run_of(report)
        assert run.get("state") not in ENDED, run
        return run.get("stage") == stage and run.get("state") == "running"

    eventually(there, within=150, why=lambda: stack.report(report))


def wait_for_end(stack, report, *, within=240):
    eventually(
        lambda: stack.run_of(report).get("state") in ENDED,
        within=within,
        why=lambda: stack.report(report),
    )
    return stack.report(report)


def assert_ready_and_whole(stack, name, content):
    version = f"/api/adapters/demo/{name}/versions/1"
    report = wait_for_end(stack, f"{version}/report")
    assert (report["run"]["state"], report["state"]) == ("passed", "ready"), report

    status, previews = stack.ask("GET", f"{version}/previews")
    assert status == 200
    cells = [(cell["row"], cell["column"]) for cell in previews["grid"]["cells"]]
    rows = {row for row, _ in cells}
    assert len(rows) >= 2
    weights = previews["grid"]["weights"]
    assert len(weights) >= 5
    columns = range(len(weights))
    assert sorted(cells) == [(row, column) for row in sorted(rows) for column in columns]

    status, sent = stack.ask("GET", f"{version}/download")
    assert status == 200
    assert hashlib.sha256(sent).hexdigest() == hashlib.sha256(content).hexdigest()


def test_the_gpu_worker_killed_in_mid_sweep(stack):
    content = an_adapter(1)
    report = stack.send(content, "gpu-killed")
    wait_for_stage(stack, report, "grid")

    stack.kill("gpu")

    assert_ready_and_whole(stack, "gpu-killed", content)
    assert stack.run_of(report)["attempt"] >= 2


def test_the_web_process_killed_in_mid_upload(stack):
    content = an_adapter(2)
    upload = stack.open_upload(content, "web-killed")
    size = upload["part_size"]
    status, _ = stack.ask("PUT", f"/api/uploads/{upload['id']}/parts/1", content[:size])
    assert status == 204
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    connection.putrequest("PUT", f"/api/uploads/{upload['id']}/parts/2")
    connection.putheader("Authorization", f"Bearer {stack.token}")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    connection.send(content[size : size + size // 2])

    stack.kill("web")
    eventually(stack.answers, within=60)
    connection.close()

    status, upload = stack.ask("GET", f"/api/uploads/{upload['id']}")
    assert (status, upload["parts_here"]) == (200, [1])
    stack.send_parts(upload, content)
    stack.complete(upload, "web-killed")
    assert_ready_and_whole(stack, "web-killed", content)


def test_the_broker_killed_before_the_job_is_sent(stack):
    content = an_adapter(3)
    upload = stack.open_upload(content, "broker-killed")
    stack.send_parts(upload, content)

    stack.kill("broker")
    stack.complete(upload, "broker-killed")

    assert_ready_and_whole(stack, "broker-killed", content)


def test_everything_killed_at_once(stack):
    content = an_adapter(4)
    report = stack.send(content, "all-killed")
    wait_for_stage(stack, report, "trial")

    stack.kill_everything()
    stack.start()

    assert_ready_and_whole(stack, "all-killed", content)


def test_the_database_killed_while_a_run_goes_on(stack):
    content = an_adapter(5)
    report = stack.send(content, "database-killed")
    wait_for_stage(stack, report, "trial")

    stack.kill("postgres")
    eventually(stack.answers, within=60)

    assert_ready_and_whole(stack, "database-killed", content)


def test_the_gpu_worker_killed_while_it_writes_another_layout(stack):
    version = "/api/adapters/demo/gpu-killed/versions/1"
    if stack.ask("GET", version)[0] == 404:  # the test that sends it may not have run
        stack.send(an_adapter(1), "gpu-killed")
    wait_for_end(stack, f"{version}/report")
    at, layouts = f"{version}/download?layout=diffusers", f"{version}/layouts"

    assert stack.ask("GET", at)[0] == 202
    stack.kill("gpu")

    eventually(lambda: stack.ask("GET", at)[0] == 200, within=120, why=lambda: stack.ask("GET", at))
    [made] = [one for one in stack.ask("GET", layouts)[1]["items"] if one["layout"] == "diffusers"]
    assert len(stack.ask("GET", at)[1]) == made["size"]


def test_the_gpu_worker_killed_with_the_message_in_its_hands(stack):
    version = "/api/adapters/demo/gpu-killed/versions/1"
    if stack.ask("GET", version)[0] == 404:
        stack.send(an_adapter(1), "gpu-killed")
    wait_for_end(stack, f"{version}/report")
    at = f"{version}/download?layout=diffusers&dtype=bf16"
    stack.freeze("gpu")
    assert stack.ask("GET", at)[0] == 202

    stack.forget_messages("gpu")
    stack.kill("gpu")

    eventually(lambda: stack.ask("GET", at)[0] == 200, within=120, why=lambda: stack.ask("GET", at))


def test_all_stops_within_ten_seconds_and_goes_on_after_a_restart(stack):
    content = an_adapter(6)
    report = stack.send(content, "stopped")
    wait_for_stage(stack, report, "grid")
    every = stack.processes()

    stack.stop()

    said = (stack.data.with_suffix(".out")).read_text()
    assert float(said.rpartition("Stopped after ")[2].split()[0]) < 10
    assert not set(every) & set(stack.processes())
    stack.start()
    assert_ready_and_whole(stack, "stopped", content)
    assert stack.run_of(report)["attempt"] == 1
