"""How far two pictures, texts or sounds are apart."""

from __future__ import annotations

import io
import wave

import pytest

from tests.hub.pages.rows import picture
from workers import drift


def sound(*samples):
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(b"".join(each.to_bytes(2, "little", signed=True) for each in samples))
    return content.getvalue()


def test_the_same_is_not_apart():
    assert drift.of_pictures(picture(1), picture(1)) == {"pixel": 0, "ssim": pytest.approx(0)}
    assert drift.of_texts("a red circle", "a red circle") == {"text": 0}
    assert drift.of_sounds(sound(1, 2), sound(1, 2)) == {"sound": 0}


def test_another_picture_is_apart_by_every_measure():
    assert all(value > 0.02 for value in drift.of_pictures(picture(0), picture(1)).values())


def test_one_word_of_three_is_a_part_of_a_text():
    assert 0 < drift.of_texts("a red circle", "a blue circle")["text"] < 0.5


def test_full_swing_is_all_of_a_sound():
    assert drift.of_sounds(sound(0, 0), sound(32767, -32768))["sound"] == pytest.approx(1, abs=1e-4)


def test_another_length_has_nothing_in_common():
    assert drift.of_sounds(sound(1), sound(1, 2)) == {"sound": 1}
