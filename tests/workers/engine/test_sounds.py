"""Sounds as files and pictures, and the distance between two."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from PIL import Image

from registry.bases import samples
from workers.engine.sounds import (
    Sound,
    SoundShot,
    SoundUnreadable,
    facts,
    read_wav,
    spectrum,
    spectrum_apart,
    to_wav,
    to_webp,
)


def tone(frequency=440.0, *, loudness=0.5, seconds=1.0, rate=16_000):
    times = np.arange(int(seconds * rate)) / rate
    return Sound((loudness * np.sin(2 * np.pi * frequency * times)).astype(np.float32), rate)


class TestFiles:
    def test_a_sound_comes_back_from_its_file(self, tmp_path):
        path = tmp_path / "tone.wav"
        path.write_bytes(to_wav(tone()))

        again = read_wav(path)

        assert again.rate == 16_000
        assert np.abs(again.samples - tone().samples).max() < 1e-4

    def test_every_sample_sound_can_be_read(self):
        for slug in samples.names(samples.SOUND):
            sound = read_wav(samples.path_of(slug, samples.SOUND))

            assert sound.rate == 16_000
            assert 1 < sound.seconds <= 10
            assert facts(sound)["loudness"] > -40

    def test_refuses_what_is_no_sound(self, tmp_path):
        path = tmp_path / "notes.wav"
        path.write_bytes(b"RIFF but nothing more")

        with pytest.raises(SoundUnreadable, match=r"notes\.wav is no WAV file"):
            read_wav(path)

    def test_refuses_two_channels(self, tmp_path):
        path = tmp_path / "two.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(16_000)
            file.writeframes(b"\0" * 400)

        with pytest.raises(SoundUnreadable, match="one channel of 16 bits"):
            read_wav(path)

    def test_what_is_no_number_is_silence(self):
        broken = Sound(np.full(1600, np.nan, dtype=np.float32), 16_000)

        assert not broken.is_finite
        assert set(to_wav(broken)[44:]) == {0}

    def test_another_rate_keeps_the_sound(self):
        there = tone().at(22_050)

        assert len(there.samples) == 22_050
        assert np.abs(there.at(16_000).samples - tone().samples).max() < 1e-3


class TestDistances:
    def test_the_same_sound_is_nowhere_apart(self):
        assert spectrum_apart(tone(), tone()) == 0

    def test_another_phase_is_the_same_sound(self):
        turned = Sound(-tone().samples, 16_000)

        assert spectrum_apart(tone(), turned) < 1e-6

    def test_another_pitch_is_further_than_another_loudness(self):
        softer = spectrum_apart(tone(), tone(loudness=0.4))
        higher = spectrum_apart(tone(), tone(880.0))

        assert 0 < softer < higher

    def test_a_longer_sound_is_held_against_silence(self):
        longer = spectrum_apart(tone(), tone(seconds=2.0))

        assert longer == spectrum_apart(tone(seconds=2.0), tone()) > 0.02


class TestFacts:
    def test_tells_length_and_loudness(self):
        told = facts(tone(loudness=1.0, seconds=0.5))

        assert told["seconds"] == 0.5
        assert told["loudness"] == pytest.approx(-3.01, abs=0.02)

    def test_tells_what_is_cut_off(self):
        loud = Sound(np.clip(tone(loudness=3.0).samples, -1, 1), 16_000)

        assert facts(tone())["clipping"] == 0
        assert facts(loud)["clipping"] > 0.5

    def test_an_empty_sound_is_silent(self):
        assert facts(Sound(np.zeros(0, dtype=np.float32), 16_000))["loudness"] == -80


class TestSpectrogram:
    def test_a_tone_at_full_scale_is_loud_in_its_band_alone(self):
        heard = spectrum(tone(loudness=1.0))

        middle = heard[:, 50]
        assert middle.max() == pytest.approx(0, abs=1)
        assert (middle > -40).sum() < 12

    def test_is_a_picture_as_wide_as_the_sound_is_long(self):
        shown = Image.open(io.BytesIO(to_webp(tone(seconds=2.0))))

        assert (shown.width, shown.height) == (201, 192)
        assert shown.getpixel((100, 5))[0] < 40  # nothing so high …
        assert max(shown.getpixel((100, row))[0] for row in range(192)) > 200  # … but at its pitch

    def test_a_long_sound_is_drawn_narrower(self):
        minute = Sound(np.zeros(16_000 * 60, dtype=np.float32), 16_000)

        assert 600 <= Image.open(io.BytesIO(to_webp(minute))).width <= 1_200


class TestSoundShot:
    def test_is_kept_as_a_sound_and_its_picture(self):
        shot = SoundShot(tone())

        files = shot.files()

        assert files["sound"][:4] == b"RIFF"
        shown = Image.open(io.BytesIO(files["blob"]))
        assert shot.fields == {
            "medium": "sound",
            "media_type": "audio/wav",
            "width": shown.width,
            "height": shown.height,
            "text": "",
        }

    def test_tells_how_far_another_is(self):
        one, other = SoundShot(tone()), SoundShot(tone(880.0))

        assert one.distances(one) == {"spectrum": 0.0}
        assert one.change(other) == one.distances(other)["spectrum"] > 0
        assert one.measures(other)["seconds"] == 1.0
