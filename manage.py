#!/usr/bin/env python
"""Django's command line, and `up`, which starts the whole hub on this machine."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    try:
        if sys.argv[1:2] == ["up"]:
            # `up` chooses the database and the broker, so it runs before settings are read.
            from hub.up.command import main as up  # noqa: PLC0415

            sys.exit(up(sys.argv[2:]))
        from django.core.management import execute_from_command_line  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in {"hub", "registry", "workers"}:
            raise
        sys.exit(
            f"loradex: {sys.executable} has no package {missing.name}: "
            "run `make setup`, then `.venv/bin/python manage.py …`"
        )

    execute_from_command_line(sys.argv)
    if sys.argv[1:] in ([], ["help"], ["--help"]):
        sys.stdout.write(
            "\n[hub]\n    up: start everything on this machine (manage.py up --help)\n"
        )


if __name__ == "__main__":
    main()
