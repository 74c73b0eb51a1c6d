"""`manage.py inspect FILE_OR_FOLDER`: all that the library would say of it, on one screen."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.bases import catalogue
from registry.verdicts.shown import as_json
from registry.verdicts.told import told
from registry.verdicts.verdict import OnBase
from workers.inspecting import look_at


class Command(BaseCommand):
    help = (
        "Read an adapter without any server, and say what it is, which bases it fits and what is "
        "wrong with it. Ends with 0 if it is accepted, 1 if with warnings, 2 if it is refused."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  as Django declares it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a weights file, a folder or a ZIP file")
        parser.add_argument("--base", default="", help="the base it is for, by any of its names")
        parser.add_argument("--json", action="store_true", help="JSON, as docs/inspect.md says")

    def handle(self, *_: Any, path: Path, base: str, json: bool, **__: Any) -> None:
        try:
            verdict = look_at(path, base=_base(base))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from error
        text = _text(as_json(verdict)) if json else told(verdict)
        self.stdout.write(text)
        sys.exit(verdict.word.status)


def _text(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=2)


def _base(name: str) -> OnBase | None:
    if not name:
        return None
    entry = catalogue.named(name)
    if entry is None:
        raise CommandError(f"No base is called {name!r}: see bases/ for those there are.")
    return OnBase.of(entry)
