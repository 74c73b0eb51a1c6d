"""Tables for spreadsheets: CSV sent line by line, with nothing in it that they would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

# A cell that begins so is run by spreadsheets; in some languages of theirs wide letters will do.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Lines:
    """A file for the writer of CSV that gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: Iterable[Sequence[str]], name: str) -> StreamingHttpResponse:
    """Return the rows as a file called `name`, each sent as it comes."""
    writer = csv.writer(_Lines())

    def lines() -> Iterator[str]:
        for row in rows:
            yield writer.writerow([_safe(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = str(content_disposition_header(True, name))  # noqa: FBT003
    return response


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RISKY) else cell
