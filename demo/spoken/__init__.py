"""The base "spoken": a small Whisper that hears counted shapes, and its adapters."""
