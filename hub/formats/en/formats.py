"""As English pages write them; the short ones, for tables, are read alike on both sides of the sea."""

DATETIME_FORMAT = "N j, Y, H:i"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
