from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageColor

from workers import sheets
from workers.sheets import Picture, Row, Sheet

BLUE = (0, 0, 255)
COLUMNS = ("0", "0.5", "1")


def picture(width=96, height=96, colour=BLUE):
    content = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(content, "WEBP", lossless=True)
    return Picture(width, height, content.getvalue())


def row(**said):
    plain = {"title": "Circle", "note": "with trigger words", "prompt": "a red circle on white"}
    return Row(**plain | {"pictures": (picture(),) * len(COLUMNS)} | said)


@pytest.fixture
def sheet():
    return Sheet(
        title="ink/zebra v1",
        lines=("base Shapes · 20 steps · seed 0", "suggested weight 0.5"),
        across="weight",
        columns=COLUMNS,
        rows=(row(), row(note="without trigger words")),
        marked=1,
        mark="best",
    )


def has_ink(image, box):
    """Say whether anything but the ground is in the box."""
    return len(image.crop(box).getcolors(1 << 20)) > 1


def left_of(layout, column):
    return layout.gap * 2 + layout.label + column * (layout.column + layout.gap)


def label_of(layout, column):
    """Return the box of a column's label."""
    left = left_of(layout, column)
    return left, layout.head - round(layout.line * 1.3), left + layout.column, layout.head - 2


class TestCompose:
    def test_shows_each_cell_at_its_own_size(self, sheet):
        layout = sheets.lay_out(sheet)
        image = sheets.compose(sheet)

        assert layout.scale == 1
        assert image.size == (layout.width, layout.height)
        assert sum(n for n, colour in image.getcolors(1 << 20) if colour == BLUE) == 6 * 96 * 96
        left = left_of(layout, 2)
        assert image.crop((left, layout.head, left + 96, layout.head + 96)).getcolors() == [
            (96 * 96, BLUE)
        ]

    def test_writes_caption_columns_and_rows(self, sheet):
        layout = sheets.lay_out(sheet)
        image = sheets.compose(sheet)

        title = layout.gap * 2 + layout.line * 2
        assert has_ink(image, (0, 0, layout.width, title))
        for number in range(2):
            top = title + number * layout.line
            assert has_ink(image, (0, top, layout.width, top + layout.line))
        assert all(has_ink(image, label_of(layout, column)) for column in (0, 1, 2))
        for number in range(2):
            top = layout.head + number * (96 + layout.gap)
            for line in range(3):  # scene, trigger words, prompt
                at = top + line * layout.line
                assert has_ink(image, (0, at, layout.label, at + layout.line))

    def test_keeps_labels_off_the_pictures(self, sheet):
        long = row(title="W" * 200, note="W" * 200, prompt="W" * 200 + " again" * 200)
        layout = sheets.lay_out(replace(sheet, rows=(long,)))
        image = sheets.compose(replace(sheet, rows=(long,)))
        beside = (layout.label + layout.gap, layout.head, left_of(layout, 0), layout.height)
        assert not has_ink(image, beside)

    def test_marks_the_suggested_weight(self, sheet):
        layout = sheets.lay_out(sheet)
        accent = ImageColor.getrgb(sheets.ACCENT)

        def marked(image):
            grounds = [image.getpixel(label_of(layout, column)[:2]) for column in (0, 1, 2)]
            return [ground == accent for ground in grounds]

        assert marked(sheets.compose(sheet)) == [False, True, False]
        assert marked(sheets.compose(replace(sheet, marked=None))) == [False, False, False]

    def test_has_room_for_scenes_of_several_shapes(self, sheet):
        wide = row(pictures=(picture(160, 80),) * 3)
        layout = sheets.lay_out(replace(sheet, rows=(row(), wide)))
        assert layout.column == 160
        assert layout.rows == (96, 80)

    @pytest.mark.parametrize("data", [None, b"", b"not a picture", picture(8, 8).data])
    def test_crosses_out_what_cannot_be_shown(self, sheet, data):
        broken = row(pictures=(Picture(96, 96, data), picture(), picture()))
        image = sheets.compose(replace(sheet, rows=(broken,)))
        layout = sheets.lay_out(replace(sheet, rows=(broken,)))
        at = left_of(layout, 0) + 48, layout.head + 10
        assert image.getpixel(at) == ImageColor.getrgb(sheets.HOLE)

    def test_opens_nothing_but_webp(self, sheet):
        content = io.BytesIO()
        Image.new("RGB", (96, 96), BLUE).save(content, "PNG")
        other = row(pictures=(Picture(96, 96, content.getvalue()),) * 3)
        colours = sheets.compose(replace(sheet, rows=(other,))).getcolors(1 << 20)
        assert BLUE not in {colour for _, colour in colours}


class TestLayOut:
    @pytest.mark.parametrize(
        ("side", "rows", "columns"), [(1024, 16, 7), (2048, 2, 40), (96, 80, 60), (512, 80, 2)]
    )
    def test_shrinks_cells_and_not_letters_until_it_is_small_enough(
        self, sheet, side, rows, columns
    ):
        one = row(pictures=(Picture(side, side, None),) * columns)
        layout = sheets.lay_out(replace(sheet, columns=("1",) * columns, rows=(one,) * rows))

        assert layout.width * layout.height < 24_000_000
        assert max(layout.width, layout.height) <= 16_383
        assert layout.scale < 1
        assert layout.letters >= 14

    def test_draws_small_what_it_laid_out_small(self, sheet, monkeypatch):
        monkeypatch.setattr(sheets, "MOST_PIXELS", 250_000)
        layout = sheets.lay_out(sheet)
        image = sheets.compose(sheet)
        assert image.size == (layout.width, layout.height)
        assert image.width * image.height < 250_000


class TestDraw:
    def test_gives_the_same_bytes_for_the_same_sheet(self, sheet):
        data = sheets.draw(sheet)
        assert data == sheets.draw(sheet)
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "WEBP"
            assert image.size == sheets.compose(sheet).size


class TestPrintable:
    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("a red circle, 20%", "a red circle, 20%"),
            ("Café — “naïve”…", 'Cafe - "naive"…'),
            ("墨水 wash", "[?] wash"),
            ("two\nlines", "two lines"),
            ("", ""),
        ],
    )
    def test_says_what_it_cannot_write(self, text, written):
        assert sheets.printable(text) == written

    def test_leaves_only_letters_that_the_font_has(self):
        font = sheets._font(16)
        missing = bytes(font.getmask("\uffff"))
        for code in [*range(0x21, 0x7F), 0xB7, 0x2026]:
            assert bytes(font.getmask(sheets.printable(chr(code)))) != missing
