"""
A contact sheet: all cells of a grid on one captioned picture, to be downloaded and passed on.

Cells keep their own size unless the sheet would grow beyond what viewers open with ease; then they
shrink, and the letters do not. The font is the one in Pillow: it needs no package of the system,
and has little more than ASCII, so every text given here is to have gone through `printable`.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

MOST_PIXELS = 24_000_000
MOST_SIDE = 16_383  # of a WebP file
LOSSLESS_UP_TO = 2_000_000  # pixels; small cells show every fault of compression
QUALITY = 90
SHRINK = 0.97  # of cells, again and again until the sheet is small enough
SMALLEST = 0.02

GROUND, HOLE = "#eef1ef", "#d9dedb"  # not white: many pictures are, and would have no edge
INK, QUIET, ACCENT = "#1b1f1d", "#55605a", "#0b6b4f"
UNPRINTABLE = "[?]"
_SPELLED = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "×": "x", "ß": "ss"}
)
_FOREIGN = re.compile(r"[^\x20-\x7e·…]+")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Picture:
    """A cell; without `data` if its bytes are gone."""

    width: int
    height: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    note: str
    prompt: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn. `marked` is the column to recommend, with the word for it."""

    title: str
    lines: tuple[str, ...]
    across: str  # what the columns differ in
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    marked: int | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand, in pixels, with the cells at `scale` of their size."""

    scale: float
    letters: int  # font size
    head: int  # height of the caption and of the columns' labels
    label: int  # width of the rows' labels
    column: int
    rows: tuple[int, ...]  # heights
    width: int
    height: int

    @property
    def gap(self) -> int:
        return self.letters // 2

    @property
    def line(self) -> int:
        return round(self.letters * 1.35)


def printable(text: str) -> str:
    """Return the text in the font's letters: accents fall, other scripts leave [?], never boxes."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELLED).replace("…", "\0"))
    bare = "".join(char for char in plain if not unicodedata.combining(char)).replace("\0", "…")
    return _FOREIGN.sub(UNPRINTABLE, " ".join(bare.split()))


def draw(sheet: Sheet) -> bytes:
    """Return the sheet as WebP; the same sheet gives the same bytes."""
    image = compose(sheet)
    content = io.BytesIO()
    is_small = image.width * image.height <= LOSSLESS_UP_TO
    image.save(content, "WEBP", lossless=is_small, quality=QUALITY, method=4)
    return content.getvalue()


def compose(sheet: Sheet) -> Image.Image:
    layout = lay_out(sheet)
    image = Image.new("RGB", (layout.width, layout.height), GROUND)
    pen = ImageDraw.Draw(image)
    _caption(pen, sheet, layout)
    _columns(pen, sheet, layout)
    top = layout.head
    for row, height in zip(sheet.rows, layout.rows, strict=True):
        _label(pen, row, layout, top=top, height=height)
        for column, picture in enumerate(row.pictures):
            image.paste(_cell(picture, layout.scale), (_left(layout, column), top))
        top += height + layout.gap
    return image


def lay_out(sheet: Sheet) -> Layout:
    """Return the layout with the largest cells, up to their own size, that the limits allow."""
    scale = 1.0
    layout = _at_scale(sheet, scale)
    while scale > SMALLEST and not _is_allowed(layout):
        scale *= SHRINK
        layout = _at_scale(sheet, scale)
    return layout


def _is_allowed(layout: Layout) -> bool:
    return layout.width * layout.height < MOST_PIXELS and (
        max(layout.width, layout.height) <= MOST_SIDE
    )


def _at_scale(sheet: Sheet, scale: float) -> Layout:
    cells = [picture for row in sheet.rows for picture in row.pictures]
    widest = max(round(cell.width * scale) for cell in cells)
    letters = min(max(widest // 10, 14), 28)  # so that they are read beside large cells too
    line, gap = round(letters * 1.35), letters // 2
    column = max(widest, letters * 4)
    heights = tuple(
        max(*(round(cell.height * scale) for cell in row.pictures), line * 3) for row in sheet.rows
    )
    label = letters * 16
    count = len(sheet.columns)
    least = letters * 40  # the caption's
    head = gap * 2 + line * 2 + line * len(sheet.lines) + line * 2
    return Layout(
        scale=scale,
        letters=letters,
        head=head,
        label=label,
        column=column,
        rows=heights,
        width=max(gap * 3 + label + count * (column + gap), least),
        height=head + sum(heights) + gap * (len(heights) + 1),
    )


def _left(layout: Layout, column: int) -> int:
    return layout.gap * 2 + layout.label + column * (layout.column + layout.gap)


def _caption(pen: ImageDraw.ImageDraw, sheet: Sheet, layout: Layout) -> None:
    room = layout.width - layout.gap * 4
    large, small = _font(round(layout.letters * 1.4)), _font(layout.letters)
    left, top = layout.gap * 2, layout.gap * 2
    pen.text((left, top), _shortened(sheet.title, large, room), INK, large)
    top += layout.line * 2
    for line in sheet.lines:
        pen.text((left, top), _shortened(line, small, room), QUIET, small)
        top += layout.line


def _columns(pen: ImageDraw.ImageDraw, sheet: Sheet, layout: Layout) -> None:
    font = _font(layout.letters)
    top = layout.head - round(layout.line * 1.3)
    pen.text((layout.gap * 2, top), sheet.across, QUIET, font)
    for number, label in enumerate(sheet.columns):
        left = _left(layout, number)
        if number != sheet.marked:
            pen.text((left, top), label, INK, font)
            continue
        right = left + layout.column
        pen.rectangle((left, top - layout.gap // 3, right - 1, layout.head - 3), fill=ACCENT)
        told = f"{label} {sheet.mark}".rstrip()
        if font.getlength(told) > layout.column - layout.gap:
            told = label  # the colour and the caption say the rest
        pen.text((left + layout.gap // 2, top), told, "#ffffff", font)


def _label(pen: ImageDraw.ImageDraw, row: Row, layout: Layout, *, top: int, height: int) -> None:
    font = _font(layout.letters)
    left, room = layout.gap * 2, layout.label - layout.gap
    lines = [(_shortened(row.title, font, room), INK)]
    if row.note:
        lines += [(line, ACCENT) for line in _wrapped(row.note, font, room, most=2)]
    left_over = height // layout.line - len(lines)
    prompt = _wrapped(row.prompt, font, room, most=left_over) if left_over > 0 else []
    lines += [(line, QUIET) for line in prompt]
    for number, (line, colour) in enumerate(lines):
        pen.text((left, top + number * layout.line), line, colour, font)


def _cell(picture: Picture, scale: float) -> Image.Image:
    size = max(round(picture.width * scale), 1), max(round(picture.height * scale), 1)
    image = _opened(picture)
    if image is None:
        return _hole(size)
    return image if scale == 1 else image.resize(size, Image.Resampling.LANCZOS)


def _opened(picture: Picture) -> Image.Image | None:
    """Return the picture, None if its bytes are gone or are not what they should be."""
    try:
        # By its format: what the engine gives is WebP, and no other decoder is to see it.
        with Image.open(io.BytesIO(picture.data or b""), formats=["WEBP"]) as opened:
            # Its size is known before it is decoded: a small file may hold a vast picture.
            is_it = opened.size == (picture.width, picture.height)
            return opened.convert("RGB") if is_it else None
    except (OSError, Image.DecompressionBombError):
        return None


def _hole(size: tuple[int, int]) -> Image.Image:
    """Return what stands for a picture that cannot be shown: grey, and crossed out."""
    image = Image.new("RGB", size, HOLE)
    pen = ImageDraw.Draw(image)
    right, bottom = size[0] - 1, size[1] - 1
    pen.line((0, 0, right, bottom), QUIET)
    pen.line((0, bottom, right, 0), QUIET)
    return image


@lru_cache(maxsize=32)
def _font(size: int) -> Font:
    return ImageFont.load_default(size)


def _shortened(text: str, font: Font, room: int) -> str:
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip(' ,')}…"


def _wrapped(text: str, font: Font, room: int, *, most: int) -> Sequence[str]:
    """Return the text in at most `most` lines; the last one says where more was left off."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most:
        count = 1
        while count < len(rest) and font.getlength(" ".join(rest[: count + 1])) <= room:
            count += 1
        is_last = len(lines) == most - 1
        lines.append(_shortened(" ".join(rest if is_last else rest[:count]), font, room))
        rest = rest[count:]
    return lines
