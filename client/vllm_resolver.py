"""
A plugin by which vLLM gets adapters from a Loradex hub, by name, when a request asks for one.

    python vllm_resolver.py --install            # once, with the Python that vLLM runs in

    export LORADEX_HUB=https://hub.example       # LORADEX_TOKEN, if the hub is closed
    export VLLM_ALLOW_RUNTIME_LORA_UPDATING=True VLLM_PLUGINS=loradex
    vllm serve Qwen/Qwen2.5-0.5B --enable-lora --max-lora-rank 64

A request names its adapter as the model: `team/name` is the newest published version, and stays the
one that it was when it was first asked for; `team/name@v2` and `team/name@prod` (a channel) name
one. Files are kept under LORADEX_CACHE (~/.cache/loradex/vllm), a folder a version, and hashed
before they are used. What the hub does not have, or has for another base, is left to vLLM's other
resolvers.

Nothing but vLLM and Python's own library is needed. Bases are compared by their names: what
adapter_config.json says, or what the hub knows the base by, is held against what the server is
called; LORADEX_ANY_BASE=1 leaves that out, for bases that are served under a name of their own.
"""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

logger = logging.getLogger("loradex")

PLUGIN = "loradex"
WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"
NAME = re.compile(r"(?P<team>[\w.-]+)/(?P<name>[\w.-]+)(?:@(?P<which>[\w.-]+))?")
SECONDS = 30  # that one answer may take
PATIENCE = 600  # seconds that the hub may take to write an adapter in PEFT's layout
MOST_CONFIG = 1 << 20


class Hub:
    """A hub's API, as far as the plugin needs it."""

    def __init__(self, address: str, token: str = "") -> None:
        self.address = address.rstrip("/")
        self._token = token

    def version(self, team: str, name: str, which: str) -> dict | None:
        """Return what the hub says of a version, None if it has none that may be seen."""
        at = f"/api/adapters/{team}/{name}"
        number = self._number(at, which)
        return None if number is None else self._json(f"{at}/versions/{number}")

    def fetch(self, address: str, to: Path) -> None:
        """Save what is at an address; wait while the hub still writes it."""
        until = time.monotonic() + PATIENCE
        while True:
            with self._open(address) as answer:
                if answer.status != 202:
                    with to.open("wb") as file:
                        shutil.copyfileobj(answer, file)
                    return
            if time.monotonic() > until:
                raise TimeoutError(f"{address} was not written within {PATIENCE} seconds.")
            time.sleep(2)

    def _number(self, at: str, which: str) -> int | None:
        if re.fullmatch(r"v?\d{1,9}", which):
            return int(which.removeprefix("v"))
        adapter = self._json(at)
        if adapter is None:
            return None
        if which:
            channel = self._json(f"{at}/channels/{which}")
            return None if channel is None else channel["version"]
        published = [
            each["version"] for each in adapter["versions"] if each["state"] == "published"
        ]
        return max(published, default=None)

    def _json(self, address: str) -> dict | None:
        try:
            with self._open(address) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def _open(self, address: str) -> http.client.HTTPResponse:
        """Open an address of the hub's at the name that we were given for it, and no other."""
        there = urllib.parse.urlsplit(address)
        query = f"?{there.query}" if there.query else ""
        asked = urllib.request.Request(f"{self.address}{there.path}{query}")
        asked.add_header("User-Agent", "loradex-vllm")
        if self._token:
            asked.add_unredirected_header("Authorization", f"Bearer {self._token}")
        return urllib.request.urlopen(asked, timeout=SECONDS)


class Adapters:
    """Adapters of a hub as folders that PEFT reads, each made once."""

    def __init__(self, hub: Hub, folder: Path, *, any_base: bool = False) -> None:
        self._hub = hub
        self._folder = folder
        self._any_base = any_base

    def folder_of(self, base: str, name: str) -> Path | None:
        """Return the folder of an adapter for a base, None if the hub has no such one."""
        asked = NAME.fullmatch(name)
        if asked is None:
            return None
        version = self._hub.version(asked["team"], asked["name"], asked["which"] or "")
        if version is None or "vllm" not in version["recipes"]:
            self._tell(name, version)
            return None
        place = self._folder / f"{asked['team']}--{asked['name']}-v{version['version']}"
        if not (place / CONFIG).exists():
            self._make(place, version)
        return place if self._fits(place, version, base, name) else None

    def _tell(self, name: str, version: dict | None) -> None:
        if version is not None:
            reason = version["unfit_runtimes"].get("vllm", "vLLM cannot serve it.")
            logger.warning("%s is not served: %s", name, reason)

    def _make(self, place: Path, version: dict) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
        try:
            for file in (WEIGHTS, CONFIG):
                self._hub.fetch(_address(version, file), making / file)
            _require(making, version)
            try:
                making.rename(place)
            except OSError:
                if not (place / CONFIG).exists():  # else another request was faster
                    raise
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def _fits(self, place: Path, version: dict, base: str, name: str) -> bool:
        config = json.loads((place / CONFIG).read_text("utf-8"))
        known = {str(config.get("base_model_name_or_path", "")), version["base"]}
        if self._any_base or base.lower() in {each.lower() for each in known}:
            return True
        logger.warning("%s is for %s, and %s is served.", name, " or ".join(sorted(known)), base)
        return False


def _address(version: dict, file: str) -> str:
    """Return where one of the two files is, in the layout that the hub's recipe names."""
    at = version["recipes"]["vllm"]["download_url"]
    if "layout=" in at:
        return f"{at}&{urllib.parse.urlencode({'file': file})}"
    if file == WEIGHTS:
        return at
    configs = [each for each in version["files"] if each["role"] == "config"]
    return configs[0]["download_url"]


def _require(folder: Path, version: dict) -> None:
    """:raises ValueError: if the files are not what the hub said they are"""
    if (folder / CONFIG).stat().st_size > MOST_CONFIG:
        raise ValueError(f"{CONFIG} is over {MOST_CONFIG} bytes.")
    if not isinstance(json.loads((folder / CONFIG).read_text("utf-8")), dict):
        raise ValueError(f"{CONFIG} is no table.")
    if "layout=" in version["recipes"]["vllm"]["download_url"]:
        return  # other bytes than the version's own
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    if digest != version["sha256"]:
        raise ValueError(f"The bytes came with the sha256 {digest}, not {version['sha256']}.")


def register() -> None:
    """Have vLLM ask the hub of LORADEX_HUB: the entry point of the plugin."""
    from vllm.lora.request import LoRARequest
    from vllm.lora.resolver import LoRAResolver, LoRAResolverRegistry

    class LoradexResolver(LoRAResolver):
        def __init__(self, adapters: Adapters) -> None:
            self._adapters = adapters

        async def resolve_lora(self, base_model_name: str, lora_name: str) -> LoRARequest | None:
            try:
                place = await asyncio.to_thread(
                    self._adapters.folder_of, base_model_name, lora_name
                )
            except (OSError, ValueError, KeyError, TimeoutError) as error:
                logger.warning("%s could not be had from the hub: %s", lora_name, error)
                return None
            if place is None:
                return None
            return LoRARequest(
                lora_name=lora_name, lora_int_id=_number_of(lora_name), lora_path=str(place)
            )

    address = os.environ.get("LORADEX_HUB", "")
    if not address:
        return
    cache = Path(os.environ.get("LORADEX_CACHE", "~/.cache/loradex/vllm")).expanduser()
    adapters = Adapters(
        Hub(address, os.environ.get("LORADEX_TOKEN", "")),
        cache,
        any_base=os.environ.get("LORADEX_ANY_BASE", "") == "1",
    )
    LoRAResolverRegistry.register_resolver("Loradex", LoradexResolver(adapters))


def _number_of(name: str) -> int:
    """Return a number for an adapter's name, the same in every process."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % (2**31 - 1) + 1


def install(into: Path) -> Path:
    """Put this file where Python finds it, with the entry point by which vLLM finds it."""
    told = into / "loradex_vllm_resolver-1.0.dist-info"
    told.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(__file__, into / "loradex_vllm_resolver.py")
    (told / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: loradex-vllm-resolver\nVersion: 1.0\n", encoding="utf-8"
    )
    (told / "entry_points.txt").write_text(
        f"[vllm.general_plugins]\n{PLUGIN} = loradex_vllm_resolver:register\n", encoding="utf-8"
    )
    files = ["loradex_vllm_resolver.py", *(f"{told.name}/{each}" for each in _TOLD)]
    (told / "RECORD").write_text("".join(f"{each},,\n" for each in files), encoding="utf-8")
    return told


_TOLD = ("METADATA", "entry_points.txt", "RECORD")


if __name__ == "__main__":
    if sys.argv[1:] != ["--install"]:
        sys.exit(__doc__)
    import sysconfig

    sys.stdout.write(f"Installed as {install(Path(sysconfig.get_path('purelib')))}\n")
