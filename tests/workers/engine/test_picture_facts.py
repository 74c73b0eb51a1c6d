from __future__ import annotations

import numpy as np
import pytest

from workers.engine.picture_facts import detail, edges
from workers.engine.picture_shots import PictureShot

SIDE = 48


def flat(*colour):
    return np.full((SIDE, SIDE, 3), colour, np.uint8)


def shot(picture, latent=1.0):
    return PictureShot(picture, np.full((4, 6, 6), latent, np.float32))


def facts(shot):
    return shot.measures(None)


def with_square(ground, thing, *, at):
    picture = flat(*ground)
    picture[at : at + 12, at : at + 12] = thing
    return picture


def noisy():
    return np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


class TestFactsOf:
    def test_a_flat_grey_picture_has_nothing(self):
        found = facts(shot(flat(128, 128, 128)))

        assert found["clipping"] == found["saturation"] == found["detail"] == 0
        assert set(bytes.fromhex(found["edges"])) == {0}

    @pytest.mark.parametrize("end", [0, 255])
    def test_what_is_at_an_end_is_clipped(self, end):
        assert facts(shot(flat(end, end, 128)))["clipping"] == pytest.approx(2 / 3)

    def test_colours_are_saturated_by_how_far_their_channels_are_apart(self):
        found = facts(shot(flat(255, 0, 0)))

        assert found["saturation"] == 1
        assert facts(shot(flat(255, 204, 204)))["saturation"] == pytest.approx(0.2)

    def test_a_latent_is_as_large_as_its_numbers(self):
        assert facts(shot(flat(0, 0, 0), latent=-3.0))["latent"] == pytest.approx(3)

    def test_a_latent_without_numbers_counts_as_nothing(self):
        assert facts(shot(flat(0, 0, 0), latent=np.nan))["latent"] == 0


def test_noise_has_more_detail_than_a_thing():
    thing = with_square((255, 255, 255), (200, 30, 30), at=10)

    assert detail(noisy()) > 10 * detail(thing) > 0


def test_a_picture_too_small_to_have_detail_has_none():
    assert detail(np.zeros((2, 9, 3), np.uint8)) == 0


class TestEdges:
    def test_they_are_where_the_thing_is(self):
        blocks = np.frombuffer(
            bytes.fromhex(edges(with_square((255, 255, 255), (200, 30, 30), at=16))), np.uint8
        ).reshape(12, 12)

        assert blocks.max() == 255
        assert blocks[:3].max() == blocks[-3:].max() == 0

    def test_colours_leave_them_where_they_are(self):
        one = with_square((255, 255, 255), (200, 30, 30), at=16)
        other = with_square((10, 10, 30), (90, 255, 90), at=16)

        first, second = (
            np.frombuffer(bytes.fromhex(edges(picture)), np.uint8).astype(float)
            for picture in (one, other)
        )
        assert np.abs(first - second).max() < 16

    @pytest.mark.parametrize("size", [(2, 2), (5, 7), (300, 40)])
    def test_pictures_of_any_size_have_some(self, size):
        picture = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)

        assert max(bytes.fromhex(edges(picture))) == 255

    def test_a_picture_of_one_pixel_has_none(self):
        assert edges(flat(0, 0, 0)[:1, :1]) == ""
