"""Tables for spreadsheets: nothing in a cell is run."""

from __future__ import annotations

import csv
import io

import pytest

from hub.api.spreadsheets import as_csv


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|'/c calc'!A1",
        "+1",
        "-1+cmd|x",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1+1",  # wide, as Chinese and Japanese keyboards write them
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM(1)",
    ],
)
def test_what_would_be_run_is_text(cell):
    answer = as_csv([[cell, "plain"]], 'a "b"\r\nX-Pwned: 1.csv')

    written = b"".join(answer).decode()
    row = next(csv.reader(io.StringIO(written, newline="")))
    assert row == [f"'{cell}", "plain"]
    assert "X-Pwned" not in answer.headers
    assert answer["Content-Disposition"].startswith("attachment")
    assert not {"\r", "\n"} & set(answer["Content-Disposition"])


def test_other_text_stays_as_it_is():
    answer = as_csv([["墨 = ink", "1-2", ""]], "x.csv")

    assert b"".join(answer).decode() == "墨 = ink,1-2,\r\n"
