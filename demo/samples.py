"""
Makes the samples that scenes show and play to bases again: two sounds and two pictures.

    python -m demo.samples --output bases/samples
"""

from __future__ import annotations

import argparse
import wave
from pathlib import Path

import numpy as np
from PIL import Image

from demo.pictures import Picture, Thing
from demo.spoken.clips import RATE, Samples, speak
from demo.spoken.phrases import Phrase
from demo.styles import draw

# Phrases that the base "spoken" was not trained on, one by a voice that it never heard.
SOUNDS = {
    "four-pink-stars": (Phrase(4, "pink", "star"), "belinda"),
    "six-green-stars-hushed": (Phrase(6, "green", "star"), "whisper"),
}
PICTURES = {
    "star": Picture((Thing("star", "blue", size="big", radius=35.0),), "yellow"),
    "moon": Picture((Thing("moon", "yellow", radius=24.0),), "black"),
}


def write_wav(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    for name, (phrase, speaker) in SOUNDS.items():
        said = speak(phrase, speaker, np.random.default_rng(1))
        write_wav(options.output / f"{name}.wav", said)
    for name, picture in PICTURES.items():
        shown = Image.fromarray((draw(picture) * 255).round().astype(np.uint8))
        shown.save(options.output / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
