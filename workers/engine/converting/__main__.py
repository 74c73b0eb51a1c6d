"""
Convert a file on the command line:
`python -m workers.engine.converting FILE --to diffusers --base sdxl-1-0 -o FOLDER`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from registry.exports.conversions import OFFERS
from workers.engine.converting import Conversion, ConversionRefused, convert
from workers.engine.converting.numbers import DTYPES


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workers.engine.converting")
    parser.add_argument("file", type=Path, help="the adapter: safetensors or GGUF")
    parser.add_argument("--to", required=True, choices=[offer.layout for offer in OFFERS])
    parser.add_argument("--base", required=True, help="slug of the base that it is for")
    parser.add_argument("--config", type=Path, help="PEFT's adapter_config.json, if not beside it")
    parser.add_argument("--dtype", choices=list(DTYPES))
    parser.add_argument("--rank", type=int, help="the most that a layer may have")
    parser.add_argument("--energy", type=float, help="the share of each change that must stay")
    parser.add_argument("--strip", action="append", default=[], metavar="KEY")
    parser.add_argument("--bake", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("-o", "--out", type=Path, required=True, help="a folder")
    return parser


def main(words: list[str] | None = None) -> int:
    given = arguments().parse_args(words)
    beside = given.file.parent / "adapter_config.json"
    config = given.config or (beside if beside.is_file() else None)
    try:
        conversion = Conversion(
            layout=given.to,
            dtype=given.dtype,
            rank=given.rank,
            energy=given.energy,
            strip=tuple(given.strip),
            bake=dict(_pair(word) for word in given.bake),
        )
        made = convert(given.file, config, to=conversion, base=given.base, into=given.out)
    except ConversionRefused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    lines = [f"{path}: {path.stat().st_size:,} bytes" for path in made.files]
    lines.append(f"{made.layers} layers, the worst {made.worst_error:.2e} off.")
    sys.stdout.write("\n".join([*lines, *made.notes]) + "\n")
    return 0


def _pair(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise ConversionRefused(f"{word!r} is no KEY=VALUE.")
    return key, value


if __name__ == "__main__":
    sys.exit(main())
