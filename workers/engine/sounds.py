"""
Sounds as files and as pictures, and how far apart two sounds are.

One distance, `spectrum`: the mean difference of two spectrograms in decibels, over bands as the ear
parts them, as a share of the range from full scale to silence; 0 for the same sound, 1 for silence
against noise at full scale. It hears loudness, pitch and timing, and not the phase of a wave, which
nobody hears. Of two sounds the shorter one goes on in silence.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from workers.engine.shots import SOUND, fields_of

Samples = np.ndarray[Any, np.dtype[np.float32]]  # one channel, from -1 to 1
Spectrum = np.ndarray[Any, np.dtype[np.float32]]  # bands x moments, in decibels

MEDIA_TYPE = "audio/wav"
FULL = 32767
WINDOW = 1024  # samples that one moment of a spectrogram is heard over, at ANALYSED a second
ANALYSED = 16_000  # samples in a second, whatever the sound's own rate is
HOP = 160  # a hundred moments in a second
BANDS = 96
SILENCE = -80.0  # decibels under full scale; softer is nothing
CLIPPED = 0.999
MOST_SHOWN = 1_200  # moments on a picture; longer sounds are drawn narrower
# From silence to full scale: black, violet, orange, pale yellow.
TINTS = ((0, 0, 4), (60, 15, 110), (150, 45, 120), (240, 110, 60), (252, 250, 190))


class SoundUnreadable(Exception):
    """A file is no sound that is read here."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a base played: one channel, and how many samples make a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def is_finite(self) -> bool:
        return bool(np.isfinite(self.samples).all())

    def at(self, rate: int) -> Sound:
        """Return the sound at another rate: the same spectrum, cut off or filled up."""
        count = round(len(self.samples) * rate / self.rate)
        if rate == self.rate or not count:
            return Sound(self.samples[:count], rate)
        spectrum = np.fft.rfft(self.samples)
        kept = np.zeros(count // 2 + 1, dtype=spectrum.dtype)
        kept[: len(spectrum)] = spectrum[: len(kept)]
        again = np.fft.irfft(kept, count) * count / len(self.samples)
        return Sound(again.astype(np.float32), rate)


@dataclass(frozen=True, slots=True)
class SoundShot:
    """One sound that was rendered; its spectrogram is the picture of it."""

    sound: Sound

    @property
    def is_finite(self) -> bool:
        return self.sound.is_finite

    @property
    def fields(self) -> dict[str, Any]:
        height, width = spectrogram(self.sound).shape[:2]
        return fields_of(SOUND, media_type=MEDIA_TYPE, width=width, height=height)

    def files(self) -> dict[str, bytes]:
        return {"blob": to_webp(self.sound), "sound": to_wav(self.sound)}

    def distances(self, other: SoundShot) -> dict[str, float]:
        return {"spectrum": spectrum_apart(self.sound, other.sound)}

    def measures(self, zero: SoundShot | None) -> dict[str, float]:  # noqa: ARG002
        """Return its `seconds`, its `loudness` in decibels, and the share that is cut off."""
        return facts(self.sound)

    def change(self, other: SoundShot) -> float:
        return spectrum_apart(self.sound, other.sound)


def read_wav(path: Path) -> Sound:
    """
    Return the sound of a WAV file of one channel and 16 bits.

    :raises SoundUnreadable: if it is another kind of file
    """
    try:
        with wave.open(str(path), "rb") as file:
            shape = file.getnchannels(), file.getsampwidth()
            rate, content = file.getframerate(), file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise SoundUnreadable(f"{path.name} is no WAV file: {error}.") from error
    if shape != (1, 2):
        raise SoundUnreadable(f"{path.name} must have one channel of 16 bits.")
    level = np.frombuffer(content, dtype="<i2") / (FULL + 1)
    return Sound(level.astype(np.float32), rate)


def to_wav(sound: Sound) -> bytes:
    """Return a sound as a WAV file of one channel and 16 bits. What is no number is silence."""
    level = np.nan_to_num(sound.samples, nan=0.0, posinf=1.0, neginf=-1.0).clip(-1, 1)
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes((level * FULL).round().astype("<i2").tobytes())
    return content.getvalue()


def spectrogram(sound: Sound) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return the sound as a picture: time to the right, pitch upwards, loudness as brightness."""
    told = spectrum(sound)
    step = -(-told.shape[1] // MOST_SHOWN)
    shown = told[::-1, ::step]
    share = (shown - SILENCE) / -SILENCE
    places = np.linspace(0, 1, len(TINTS))
    tinted = [np.interp(share, places, [tint[channel] for tint in TINTS]) for channel in range(3)]
    picture = np.stack(tinted, axis=-1).round().astype(np.uint8)
    return np.repeat(picture, 2, axis=0)


def to_webp(sound: Sound) -> bytes:
    """Return the sound's spectrogram as WebP without loss."""
    content = io.BytesIO()
    Image.fromarray(spectrogram(sound)).save(content, "WEBP", lossless=True, method=4)
    return content.getvalue()


def spectrum(sound: Sound) -> Spectrum:
    """Return the loudness of each band at each moment, in decibels from SILENCE to 0."""
    heard = Sound(np.nan_to_num(sound.samples, nan=0.0, posinf=1.0, neginf=-1.0), sound.rate)
    samples = np.pad(heard.at(ANALYSED).samples, WINDOW // 2)
    if len(samples) < WINDOW:
        samples = np.pad(samples, (0, WINDOW - len(samples)))
    moments = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    window = np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(moments * window)) ** 2 / (window.sum() / 2) ** 2
    loudness = 10 * np.log10(np.maximum(power @ _bands().T, 1e-12))
    return np.asarray(loudness.T.clip(SILENCE, 0), dtype=np.float32)


def spectrum_apart(one: Sound, other: Sound) -> float:
    first, second = spectrum(one), spectrum(other)
    longest = max(first.shape[1], second.shape[1])
    pad = [
        np.pad(each, ((0, 0), (0, longest - each.shape[1])), constant_values=SILENCE)
        for each in (first, second)
    ]
    return float(np.abs(pad[0] - pad[1]).mean() / -SILENCE)


def facts(sound: Sound) -> dict[str, float]:
    """Return what is to be told of a sound by itself: its length, loudness, and what is cut off."""
    level = np.nan_to_num(sound.samples, nan=0.0, posinf=1.0, neginf=-1.0)
    power = float(np.mean(level.astype(np.float64) ** 2)) if len(level) else 0.0
    return {
        "seconds": round(sound.seconds, 3),
        "loudness": round(max(SILENCE, float(10 * np.log10(max(power, 1e-12)))), 2),
        "clipping": float(np.mean(np.abs(level) >= CLIPPED)) if len(level) else 0.0,
    }


@cache
def _bands() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the triangles that bands are heard through, evenly laid on the mel scale."""
    frequencies = np.fft.rfftfreq(WINDOW, 1 / ANALYSED)
    highest = 2595 * np.log10(1 + ANALYSED / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, highest, BANDS + 2) / 2595) - 1)
    below, middle, above = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (frequencies - below) / (middle - below)
    falling = (above - frequencies) / (above - middle)
    return np.maximum(0, np.minimum(rising, falling))
