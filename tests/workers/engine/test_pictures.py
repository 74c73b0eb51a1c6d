from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from workers.engine.picture_shots import PictureShot
from workers.engine.pictures import ssim_distance, to_picture, to_webp


def shot(values, latent=0.0):
    return PictureShot(to_picture(values), np.full((4, 2, 2), latent, np.float32))


@pytest.fixture
def noise():
    return np.random.default_rng(0).random((24, 24, 3))


class TestDistances:
    def test_are_nothing_between_the_same(self, noise):
        assert shot(noise).distances(shot(noise)) == {"pixel": 0, "ssim": 0, "latent": 0}

    def test_are_one_between_black_and_white(self):
        black, white = np.zeros((16, 16, 3)), np.ones((16, 16, 3))

        found = shot(black).distances(shot(white, latent=2.0))

        assert found["pixel"] == 1
        assert found["ssim"] == pytest.approx(1, abs=1e-3)
        assert found["latent"] == 2

    def test_grow_with_the_difference(self, noise):
        other = np.random.default_rng(1).random(noise.shape)
        steps = [
            ssim_distance(to_picture(noise), to_picture(noise * (1 - part) + other * part))
            for part in (0.1, 0.3, 0.6, 1.0)
        ]

        assert steps == sorted(steps)

    def test_see_shapes_before_flat_changes_of_tone(self, noise):
        paler = noise * 0.9 + 0.05
        moved = np.roll(noise, 3, axis=1)

        assert ssim_distance(to_picture(noise), to_picture(paler)) < 0.1
        assert ssim_distance(to_picture(noise), to_picture(moved)) > 0.5


class TestToWebp:
    def test_loses_nothing_of_a_small_picture(self, noise):
        picture = to_picture(noise)

        again = np.asarray(Image.open(io.BytesIO(to_webp(picture))).convert("RGB"))

        assert np.array_equal(picture, again)

    def test_shows_what_is_no_number_as_black(self):
        assert to_picture(np.full((2, 2, 3), np.nan)).max() == 0
