"""How days and times are written, in each language: one way on all pages, the clock with 24 hours."""
