"""The best picture of a sweep as PNG."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from registry import blobs
from registry.queries import previews
from registry.services import keeping
from tests.factories import CellFactory, GridFactory, VersionFactory, keep
from workers import covers, housekeeping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


def webp(colour, side=96):
    content = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(content, "WEBP", lossless=True)
    return content.getvalue()


@pytest.fixture
def grid():
    """A sweep whose best weight is 0.8: red at it, green and blue beside."""
    version = VersionFactory(published=True, measured_best=0.8)
    grid = GridFactory(version=version)
    for column, (weight, colour) in enumerate([(0, "blue"), (0.8, "red"), (1.2, "green")]):
        CellFactory(
            grid=grid, column=column, weight=weight, blob=keep(webp(colour)), width=96, height=96
        )
    return grid


def opened(blob):
    with blobs.default().open(blob.sha256) as file:
        return Image.open(io.BytesIO(file.read()))


def test_a_finished_sweep_gets_its_best_picture_once(grid):
    assert previews.cover(grid.version) is None
    housekeeping.draw_covers()

    cover = previews.cover(grid.version)
    image = opened(cover)
    assert (image.format, image.size, image.getpixel((5, 5))) == ("PNG", (96, 96), (255, 0, 0))
    assert not previews.without_cover(most=9)


def test_it_stays_as_long_as_its_sweep(grid):
    housekeeping.draw_covers()
    later = timezone.now() + timedelta(days=30)
    keeping.drop_orphans(now=later)
    assert opened(previews.cover(grid.version)).size == (96, 96)


def test_a_large_picture_becomes_smaller(grid):
    cell = CellFactory(grid=grid, blob=keep(webp("red", 1500)), width=1500, height=1500, row=1)
    image = Image.open(io.BytesIO(covers.draw(cell)))
    assert image.size == (covers.LARGEST, covers.LARGEST)


@pytest.mark.parametrize(
    "content", [b"RIFF no picture", b"\x89PNG\r\n\x1a\n", webp("red", 97)],
    ids=["no picture", "another kind", "another size than it says"],
)  # fmt: skip
def test_what_is_no_picture_is_shown_grey_and_not_tried_for_ever(grid, content):
    grid.cells.update(blob=keep(content))
    housekeeping.draw_covers()
    assert opened(previews.cover(grid.version)).getpixel((1, 1)) == covers.HOLE
