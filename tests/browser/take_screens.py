"""
Take a picture of every page, for docs/screens: light and dark, wide and narrow, in both languages.

    python -m tests.browser.take_screens http://127.0.0.1:8000 PASSWORD [NAME …]

The hub runs with `--demo` and has judged its adapters; the password is the one that it printed.
Pages are those of tests/browser/places.py, or those of them that are named. What a page needs and
the demo lacks (a scene of the team, cells asked for) is made first, as the person would make it: by
the API.
"""

from __future__ import annotations

import io
import itertools
import os
import sys
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import places

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "docs" / "screens"
CHROMIUM = os.environ.get("LORADEX_CHROMIUM", "/usr/bin/chromium")
THEMES = ("light", "dark")
WIDTHS = {"wide": (1280, 800), "narrow": (360, 780)}
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
TALLEST = 2600  # pixels; what lies below is cut off
WORDS = {
    "team": "demo",
    "base": "shapes",
    "good": "demo/neon-glow",
    "trained": "demo/dotfield",
    "text": "demo/pirate-tales",
    "sound": "demo/hushed",
    "rejected": "demo/lost-traveller",
    "ready": "demo/soft-dawn",
}


def main(hub: str, password: str, *names: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        words = WORDS | prepare(_member(browser, hub, password))
        for theme, width, language in itertools.product(THEMES, WIDTHS, LANGUAGES):
            look = f"{theme}-{width}-{language}"
            told = {"theme": theme, "size": WIDTHS[width], "locale": LANGUAGES[language]}
            stranger = _context(browser, hub, **told)
            member = _member(browser, hub, password, **told)
            for place, address in places.known(words):
                if names and place.name not in names:
                    continue
                page = (stranger if place.who == "stranger" else member).pages[0]
                take(page, address, SCREENS / place.name / f"{look}.webp")
            stranger.close()
            member.close()
        browser.close()


def _context(
    browser: Browser,
    hub: str,
    *,
    theme: str = "light",
    size: tuple[int, int] = WIDTHS["wide"],
    locale: str = "en-US",
) -> BrowserContext:
    context = browser.new_context(
        base_url=hub,
        locale=locale,
        color_scheme=theme,  # type: ignore[arg-type]
        viewport={"width": size[0], "height": size[1]},
    )
    context.new_page()
    return context


def _member(browser: Browser, hub: str, password: str, **told: Any) -> BrowserContext:
    context = _context(browser, hub, **told)
    page = context.pages[0]
    page.goto("/sign-in")
    page.locator("[name=username]").fill("demo")
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{hub}/")
    return context


def prepare(context: BrowserContext) -> dict[str, object]:
    """Make what the demo lacks; return the words that it then has for addresses."""
    token = next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")
    headers = {"X-CSRFToken": token}

    def ask(method: str, path: str, **said: Any) -> Any:
        answer = context.request.fetch(f"/api/{path}", method=method, headers=headers, **said)
        assert answer.ok, f"{path}: {answer.status} {answer.text()}"
        return answer.json() if answer.body() else None

    def made(path: str, body: dict[str, Any]) -> Any:
        return ask("POST", path, data=body)

    adapter, version = "adapters/demo/neon-glow", "adapters/demo/neon-glow/versions/1"
    collection = made("collections", {"title": "Light in the dark", "sight": "all"})["id"]
    for name, note in (("neon-glow", "the strongest"), ("soft-dawn", "for the morning")):
        ask("PUT", f"collections/{collection}/demo/{name}", data={"note": note})
    made(f"{adapter}/comments", {"text": "Below 0.4 it does **nothing**; take 0.9.", "weight": 0.9})
    ask("PUT", f"{version}/votes", data={"weight": 0.9, "note": "on dark grounds"})
    ask("PUT", f"{version}/ratings/style", data={"stars": 5})
    ask("PUT", f"follows/{adapter.removeprefix('adapters/')}")
    hung = ask("POST", f"{adapter}/gallery", multipart={"file": _picture(context, version)})
    link = made("teams/demo/invitations", {"role": "contributor", "days": 7})["link"]
    scene = {"base": "shapes", "title": "A green triangle", "prompt": "{trigger} a green triangle"}
    cells = {
        "across": {"axis": "weight", "values": [0, 0.4, 0.8, 1.2]},
        "down": {"axis": "seed", "values": [1, 2]},
        "same": {"prompt": "a blue square on white, {trigger}"},
    }
    return {
        "collection": collection,
        "picture": hung["id"],
        "invitation": link.rsplit("/", 1)[-1],
        "run": ask("GET", f"{version}/report")["run"]["id"],
        "scene": made("teams/demo/scenes", scene)["id"],
        "asked": made(f"{version}/requests", cells)["id"],
    }


def _picture(context: BrowserContext, version: str) -> Any:
    """Return a picture as a program saves it: the version's own best cell, and how it was made."""
    cells = context.request.get(f"/api/{version}/previews").json()["grid"]["cells"]
    best = min(cells, key=lambda cell: abs(cell["weight"] - 0.9))
    image = Image.open(io.BytesIO(context.request.get(best["picture_url"]).body()))
    said = PngImagePlugin.PngInfo()
    said.add_text(
        "parameters",
        "a red circle on white, neonglow <lora:neon-glow:0.9>\n"
        "Steps: 20, Sampler: Euler, CFG scale: 3, Seed: 7, Size: 96x96",
    )
    bytes_ = io.BytesIO()
    image.convert("RGB").resize((384, 384)).save(bytes_, "PNG", pnginfo=said)
    return {"name": "neon.png", "mimeType": "image/png", "buffer": bytes_.getvalue()}


def take(page: Page, address: str, path: Path) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    size = page.viewport_size
    assert size is not None
    # Cards that lie out of sight are not painted, so all that is wanted is brought into sight.
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)  # let the last picture be painted
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(path, quality=45, method=6)
    page.set_viewport_size(size)


if __name__ == "__main__":
    main(*sys.argv[1:])
