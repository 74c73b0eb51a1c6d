"""What a browser with an empty cache says of the front page: how soon, how heavy, how smooth."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("LORADEX_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
VISITS = 9
BEFORE_PICTURES = {"Document", "Stylesheet", "Script"}
PAINTED = """() => new Promise(done => {
  const look = () => {
    const found = performance.getEntriesByName('first-contentful-paint')[0];
    if (found) done(found.startTime);
    else requestAnimationFrame(look);  // it is told some frames later
  };
  look();
})"""
ANSWERED = "performance.getEntriesByType('navigation')[0].responseEnd"
FRAMES = """milliseconds => new Promise(done => {
  const times = [];
  const step = time => {
    times.push(time);
    if (time - times[0] < milliseconds) requestAnimationFrame(step);
    else done(times.slice(1).map((each, at) => each - times[at]));
  };
  requestAnimationFrame(step);
})"""


def look() -> tuple[float, float]:
    """
    Serve the hub as it is served to people, and print what a browser sees of it.

    Returns the worst first paint in milliseconds, and the bytes sent before pictures.
    """
    with _hub() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        painted = [_visit(browser, address) for _ in range(VISITS)]
        first = [each for each, _ in painted]
        print(
            f"first contentful paint, cache empty: median {median(first):.0f} ms, "
            f"worst of {VISITS} {max(first):.0f} ms; of that the hub's answer "
            f"{median([each for _, each in painted]):.0f} ms"
        )
        sent = _weigh(browser, address)
        _hover(browser, address)
        browser.close()
    return max(first), sent


def _visit(browser: Browser, address: str) -> tuple[float, float]:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(address)
    page.wait_for_selector(".card img")
    times = float(page.evaluate(PAINTED)), float(page.evaluate(ANSWERED))
    page.context.close()
    return times


def _weigh(browser: Browser, address: str) -> float:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    told = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sent: dict[str, float] = {}
    told.on("Network.responseReceived", lambda one: kinds.update({one["requestId"]: one["type"]}))
    told.on(
        "Network.loadingFinished",
        lambda one: sent.update({one["requestId"]: one["encodedDataLength"]}),
    )
    told.send("Network.enable")
    raw: list[int] = []

    def unpacked(answer: Any) -> None:
        if answer.request.resource_type in {"document", "stylesheet", "script"}:
            raw.append(len(answer.body()))

    page.on("response", unpacked)
    page.goto(address, wait_until="networkidle")
    before = sum(size for of, size in sent.items() if kinds.get(of) in BEFORE_PICTURES)
    pictures = sum(size for of, size in sent.items() if kinds.get(of) == "Image")
    print(
        f"weight before pictures: {before / 1000:.0f} kB sent, {sum(raw) / 1000:.0f} kB unpacked, "
        f"in {len(raw)} files; pictures in view {pictures / 1000:.0f} kB"
    )
    page.context.close()
    return before


def _hover(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(address, wait_until="networkidle")
    still = _frames(page)
    page.locator(".card").first.hover()
    page.wait_for_timeout(1500)  # its frames come
    playing = _frames(page)
    print(f"a frame of the display: {still} ms at rest, {playing} ms while a card plays its sweep")
    page.context.close()


def _frames(page: Page) -> str:
    times = sorted(page.evaluate(FRAMES, 2000))
    return f"{median(times):.1f} (p95 {times[int(len(times) * 0.95)]:.1f})"


@contextmanager
def _hub() -> Iterator[str]:
    """Run the web server as production does, on the seeded library; yield its address."""
    from django.conf import settings  # noqa: PLC0415  once it is set up
    from django.db import connection  # noqa: PLC0415

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = connection.get_connection_params()
    database = f"postgresql://{told['user']}@/{told['dbname']}?host={told['host']}"
    around = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "DATABASE_URL": database,
        "DATA": str(settings.DATA),
        "SECRET_KEY": "of a benchmark",
        "PORT": str(port),
        "RATE_ANONYMOUS": "100000/min",
    }
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=ROOT, env=around, check=True)
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:hub.up.gunicorn", "hub.wsgi"]
    server = subprocess.Popen(
        gunicorn, cwd=ROOT, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(address: str) -> None:
    """Return once each process answers, with its shelf filled."""
    for _ in range(120):
        with suppress(OSError):
            for _ in range(24):
                urllib.request.urlopen(address).read()
            return
        time.sleep(0.5)
    raise TimeoutError(address)
