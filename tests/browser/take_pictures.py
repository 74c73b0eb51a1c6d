"""
Take the README's pictures anew, from a hub that runs with `--demo` and has judged its adapters.

    python -m tests.browser.take_pictures http://127.0.0.1:8000 PASSWORD

The password is the one that `make demo` prints. They are written to docs/images.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("LORADEX_CHROMIUM", "/usr/bin/chromium")
FILE = ROOT / "demo" / "adapters" / "neon-glow" / "neon-glow.safetensors"
PAGES = {  # name → address and height
    "browse": ("/", 880),
    "adapter": ("/demo/neon-glow", 1170),
    "rejected": ("/demo/lost-traveller", 780),
    "upload": ("/upload", 860),
}


def main(hub: str, password: str) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(base_url=hub, locale="en-US").new_page()
        page.goto("/sign-in")
        page.get_by_label("User name").fill("demo")
        page.get_by_label("Password").fill(password)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        for name, (address, height) in PAGES.items():
            page.set_viewport_size({"width": 1200, "height": 900})
            page.goto(address)
            if name == "upload":
                page.set_input_files("#file", FILE)
                page.get_by_role("heading", name="was read.").wait_for()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(500)  # let the last picture be painted
            part = {"x": 0, "y": 0, "width": 1200, "height": height}
            save(page.screenshot(full_page=True, clip=part), IMAGES / f"{name}.png")
        browser.close()


def save(png: bytes, path: Path) -> None:
    Image.open(io.BytesIO(png)).convert("RGB").save(path, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
