"""
A pipeline without weights: the parts that adapters change, built from their configs.

On the meta device a layer of any size takes no room, and the real loader of diffusers puts adapters
on it as on the real thing. So any worker can prove that an adapter loads on a base of 12 billion
parameters that nobody has downloaded.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

LIBRARIES = {"diffusers": diffusers, "transformers": transformers}


def build(
    pipeline: str, config_folder: Path, *, components: Iterable[str], options: Mapping[str, Any]
) -> Any:
    """Return the pipeline with `components` on the meta device and nothing else in it."""
    kind = getattr(diffusers, pipeline)
    index = json.loads((config_folder / "model_index.json").read_text(encoding="utf-8"))
    wanted = inspect.signature(kind.__init__).parameters.keys() - {"self", *options}
    parts: dict[str, Any] = dict.fromkeys(wanted)
    for component in components:
        library, class_name = index[component]
        parts[component] = _empty(config_folder / component, library, class_name)
    return kind(**parts, **options)


def _empty(folder: Path, library: str, class_name: str) -> Any:
    kind = getattr(LIBRARIES[library], class_name)
    with torch.device("meta"):
        if library == "diffusers":
            return kind.from_config(kind.load_config(folder, local_files_only=True))
        return kind(kind.config_class.from_pretrained(folder, local_files_only=True))
