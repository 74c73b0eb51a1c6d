"""
Makes clips of speech by espeak-ng, which only the training scripts need.

    python -m demo.spoken.clips --output build/spoken

Each clip is one phrase in one voice, at its own speed and pitch. Whispering voices are a set of
their own: the base never hears them.
"""

from __future__ import annotations

import argparse
import io
import logging
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demo.spoken.phrases import Phrase, split

logger = logging.getLogger(__name__)

RATE = 16_000  # samples in a second, as Whisper takes them
SECONDS = 2
ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbcwmd", "en-029")
SPEAKERS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5")
HELD_OUT = ("m8", "belinda", "adam")
WHISPERS = ("whisper", "whisperf")

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Clips:
    """Clips of one length, a row each, and the phrase that is said in each."""

    samples: Samples
    phrases: list[Phrase]

    def __len__(self) -> int:
        return len(self.phrases)


def speak(phrase: Phrase, speaker: str, random: np.random.Generator) -> Samples:
    """Return the phrase as one voice of espeak-ng says it."""
    speed, pitch = random.integers(150, 205), random.integers(30, 70)
    accent = str(random.choice(ACCENTS))
    told = ["-v", f"{accent}+{speaker}", "-s", str(speed), "-p", str(pitch), "--stdout"]
    done = subprocess.run(  # noqa: S603
        ["espeak-ng", *told, phrase.words],  # noqa: S607
        capture_output=True,
        check=True,
        timeout=20,
    )
    with wave.open(io.BytesIO(done.stdout)) as file:
        rate = file.getframerate()
        heard = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    return _placed(_at_rate(_trimmed(heard), rate), random)


def _trimmed(heard: Samples) -> Samples:
    """Return the clip without the silence at its ends."""
    loud = np.flatnonzero(np.abs(heard) > 200)
    return heard[loud[0] : loud[-1] + 1] if len(loud) else heard


def _at_rate(heard: Samples, rate: int) -> NDArray[np.float32]:
    """Return the clip at our rate: the same spectrum, cut off where it ends."""
    count = round(len(heard) * RATE / rate)
    spectrum = np.fft.rfft(heard.astype(np.float32))[: count // 2 + 1]
    return (np.fft.irfft(spectrum, count) * count / len(heard)).astype(np.float32)


def _placed(heard: NDArray[np.float32], random: np.random.Generator) -> Samples:
    """Return the clip somewhere within its two seconds, at some loudness."""
    room = RATE * SECONDS
    heard = heard[:room]
    loudness = random.uniform(0.25, 0.9) * 32767 / max(1.0, float(np.abs(heard).max()))
    whole = np.zeros(room, dtype=np.float32)
    start = int(random.integers(0, room - len(heard) + 1))
    whole[start : start + len(heard)] = heard * loudness
    return whole.astype(np.int16)


def make(phrases: list[Phrase], speakers: tuple[str, ...], count: int, *, seed: int) -> Clips:
    random = np.random.default_rng(seed)
    said = [phrases[index] for index in random.integers(0, len(phrases), count)]
    rows = [speak(phrase, str(random.choice(speakers)), random) for phrase in said]
    return Clips(np.stack(rows), said)


def save(clips: Clips, path: Path) -> None:
    told = [(phrase.count, phrase.colour, phrase.shape) for phrase in clips.phrases]
    np.savez(path, samples=clips.samples, phrases=np.array(told))


def load(path: Path) -> Clips:
    with np.load(path) as kept:
        phrases = [Phrase(int(count), *map(str, rest)) for count, *rest in kept["phrases"]]
        return Clips(kept["samples"], phrases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--count", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options.output.mkdir(parents=True, exist_ok=True)
    taught, kept_back = split(seed=options.seed)
    sets = {
        "train": (taught, SPEAKERS, options.count),
        "test": (kept_back, SPEAKERS, 200),
        "strangers": (kept_back, HELD_OUT, 200),
        "whispers": (taught, WHISPERS, 1_500),
        "whispers-test": (kept_back, WHISPERS, 200),
    }
    for place, (name, (phrases, speakers, count)) in enumerate(sets.items()):
        clips = make(phrases, speakers, count, seed=options.seed * 100 + place)
        save(clips, options.output / f"{name}.npz")
        logger.info("%s: %d clips", name, len(clips))


if __name__ == "__main__":
    main()
