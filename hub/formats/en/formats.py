"""As English pages write them; the short ones, for tables, cannot be misread anywhere."""

from __future__ import annotations

DATETIME_FORMAT = "N j, Y, H:i"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
