"""
Decides what a chime is, what it sounds like, and how it is put into words.

A chime is a few facts (`Chime`); sound and words are made from the same facts. Randomness comes in
as a generator, so a seed gives the same sounds everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples in a second
SECONDS = 2
REGISTERS = {"low": 45, "middle": 57, "high": 69}  # the lowest note of each, as MIDI counts
PATTERNS = {
    "one long note": (0,),
    "three notes rising": (0, 4, 7),
    "three notes falling": (7, 4, 0),
}
# Partials of each instrument: (times the pitch, loudness, seconds until it is half as loud).
INSTRUMENTS = {
    "bell": ((1.0, 1.0, 0.5), (2.0, 0.5, 0.35), (2.76, 0.4, 0.2), (5.4, 0.2, 0.1)),
    "organ": ((1.0, 1.0, 9.0), (2.0, 0.6, 9.0), (3.0, 0.35, 9.0), (4.0, 0.2, 9.0)),
    "harp": ((1.0, 1.0, 0.2), (2.0, 0.5, 0.12), (3.0, 0.35, 0.08), (4.0, 0.2, 0.05)),
    "flute": ((1.0, 1.0, 9.0), (2.0, 0.12, 9.0)),
}
TREMBLES_A_SECOND = 7.0
ATTACK = {"bell": 0.002, "organ": 0.03, "harp": 0.002, "flute": 0.06}  # seconds

Sound = NDArray[np.float32]  # from -1 to 1


@dataclass(frozen=True)
class Chime:
    instrument: str
    register: str
    pattern: str
    loudness: float = 0.5

    @property
    def words(self) -> str:
        return f"a {self.register} {self.instrument}, {self.pattern}"


def compose(random: np.random.Generator) -> Chime:
    return Chime(
        str(random.choice(list(INSTRUMENTS))),
        str(random.choice(list(REGISTERS))),
        str(random.choice(list(PATTERNS))),
        float(random.uniform(0.42, 0.58)),
    )


def play(chime: Chime) -> Sound:
    """Return the chime as two seconds of sound."""
    steps = PATTERNS[chime.pattern]
    whole = np.zeros(RATE * SECONDS, dtype=np.float64)
    length = SECONDS if len(steps) == 1 else 0.6
    for number, step in enumerate(steps):
        note = _note(chime, REGISTERS[chime.register] + step, length)
        start = int(number * 0.6 * RATE)
        whole[start : start + len(note)] += note[: len(whole) - start]
    return (chime.loudness * whole / max(1e-6, np.abs(whole).max())).astype(np.float32)


def tremble(sound: Sound) -> Sound:
    """Return the sound growing louder and softer seven times a second."""
    times = np.arange(len(sound)) / RATE
    swell = 0.5 + 0.5 * np.cos(2 * np.pi * TREMBLES_A_SECOND * times)
    return (sound * (0.08 + 0.92 * swell)).astype(np.float32)


def _note(chime: Chime, pitch: float, seconds: float) -> NDArray[np.float64]:
    times = np.arange(int(seconds * RATE)) / RATE
    frequency = 440.0 * 2 ** ((pitch - 69) / 12)
    sung = sum(
        loud * 0.5 ** (times / half) * np.sin(2 * np.pi * frequency * ratio * times)
        for ratio, loud, half in INSTRUMENTS[chime.instrument]
        if frequency * ratio < RATE / 2
    )
    edges = np.minimum(times / ATTACK[chime.instrument], (seconds - times) / 0.03)
    return np.asarray(sung * np.clip(edges, 0, 1), dtype=np.float64)
