from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.hub.pages.rows import picture
from workers import differences


def opened(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)


def test_pictures_that_are_alike_leave_it_dark():
    drawn = differences.draw(picture(0.4), picture(0.4))

    assert drawn.measure == 0
    assert len(np.unique(opened(drawn.data).reshape(-1, 3), axis=0)) == 1
    assert opened(drawn.data).max() < 30


def test_what_differs_shines_where_it_differs():
    drawn = differences.draw(picture(0), picture(1.2))
    brightness = opened(drawn.data).sum(axis=2)

    assert (drawn.width, drawn.height) == (96, 96)
    assert 0 < drawn.measure < 0.5
    assert brightness[48].max() > 300  # the stripes
    assert brightness[:10].max() < 60  # the ground around them


def test_a_greater_difference_is_brighter():
    grey, dark, light = (
        Image.new("RGB", (16, 16), (value,) * 3) for value in (100, 90, 200)
    )  # fmt: skip
    little, much = (differences.draw(webp(grey), webp(other)) for other in (dark, light))
    assert opened(little.data).sum() < opened(much.data).sum()
    assert little.measure == pytest.approx(10 / 255, abs=0.002)


def test_what_cannot_be_laid_on_each_other_is_not_drawn():
    assert differences.draw(picture(0), webp(Image.new("RGB", (16, 16)))) is None
    assert differences.draw(picture(0), b"") is None
    assert differences.draw(b"RIFFxxxxWEBP", picture(0)) is None


def webp(image):
    content = io.BytesIO()
    image.save(content, "WEBP", lossless=True)
    return content.getvalue()
