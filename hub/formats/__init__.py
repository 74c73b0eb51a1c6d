"""How days and times are written: one way on all pages of a language, with 24 hours."""
