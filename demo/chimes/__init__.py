"""The base "chimes": a small MusicGen that plays a few notes as it is told, and its adapters."""
