"""As Chinese pages write them; the short ones, for tables, are as on English pages."""

from __future__ import annotations

DATETIME_FORMAT = "Y年n月j日 H:i"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
