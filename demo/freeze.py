"""Puts a trained base together as a diffusers folder in half precision.

python -m demo.freeze --run build/shapes --output demo/base
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextModel

from demo import base, vocabulary


def collect(run: Path) -> StableDiffusionPipeline:
    """Return the pipeline of a training run as it stands, in full precision."""
    return base.assemble(
        UNet2DConditionModel.from_pretrained(run / "unet", local_files_only=True),
        CLIPTextModel.from_pretrained(run / "text_encoder", local_files_only=True),
        vocabulary.write(run / "tokenizer"),
        AutoencoderTiny.from_pretrained(run / "vae", local_files_only=True),
    )


def tidy_configurations(folder: Path) -> None:
    """
    Take out where on this machine each part was loaded from, and ask for full precision.

    Weights are kept in half precision, but transformers would also load them so where diffusers
    does not, and the two parts of a pipeline would not fit together.
    """
    for file in folder.glob("*/config.json"):
        config = json.loads(file.read_text("utf-8"))
        config.pop("_name_or_path", None)
        if "dtype" in config:
            config["dtype"] = "float32"
        file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    collect(options.run).to(torch.float16).save_pretrained(options.output)
    tidy_configurations(options.output)
    # Written last: saving a pipeline leaves out the files that older programs read.
    vocabulary.write(options.output / "tokenizer")


if __name__ == "__main__":
    main()
