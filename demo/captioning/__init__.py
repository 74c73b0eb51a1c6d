"""The base "captions": a small BLIP that says what is on a picture, and its adapters."""
