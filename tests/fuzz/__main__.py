"""`python -m tests.fuzz TARGET --seconds N`: fuzz one target; docs/fuzzing.md tells the rest."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

TARGETS = ("header", "gguf", "metadata", "folders")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--finds", type=Path, default=Path("var/fuzzing"), help="where finds go")
    parser.add_argument("--plain", action="store_true", help="without atheris, even if it is here")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    from tests.fuzz import running

    running.run(
        options.target,
        seconds=options.seconds,
        seed=options.seed,
        finds=options.finds / options.target,
        plain=options.plain,
    )


if __name__ == "__main__":
    main()
