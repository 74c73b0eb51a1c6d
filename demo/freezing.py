"""Writes a trained model of transformers as a folder, in half precision, as its makers do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch


def freeze(model: Any, processor: Any, folder: Path) -> None:
    """
    Write the model and what prepares its inputs.

    Weights are kept in half precision, and the configuration asks for full: a processor computes
    in nothing else.
    """
    processor.save_pretrained(folder)
    model.eval().to(torch.float16).save_pretrained(folder)
    for file in folder.glob("*.json"):
        told = json.loads(file.read_text("utf-8"))
        told.pop("_name_or_path", None)
        if "dtype" in told:
            told["dtype"] = "float32"
        file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
