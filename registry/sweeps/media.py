"""
Which bases are swept, and what their cells are: a table by modality and class.

What a cell is, is the engine's word (PreviewCell.medium); this table says what the hub asks for
before anything was rendered.
"""

from __future__ import annotations

from dataclasses import dataclass

PICTURE, TEXT, SOUND = "picture", "text", "sound"  # as PreviewCell.Medium has them


@dataclass(frozen=True, slots=True)
class Swept:
    """Bases of one modality whose classes end so, and what their cells are."""

    modality: str
    medium: str
    classes: tuple[str, ...] = ("",)  # how the names of their classes end

    def includes(self, modality: str, pipeline: str) -> bool:
        return modality == self.modality and pipeline.endswith(self.classes)


WRITERS = ("ForCausalLM", "LMHeadModel", "T5ForConditionalGeneration")
READERS = ("ForMaskedLM", "ForPreTraining", "ForSequenceClassification")
HEARERS = (
    "WhisperForConditionalGeneration",
    "Speech2TextForConditionalGeneration",
    "MoonshineForConditionalGeneration",
    "ForCTC",
)
PLAYERS = ("MusicgenForConditionalGeneration", "VitsModel")
SEERS = ("ForConditionalGeneration",)
SWEPT: tuple[Swept, ...] = (
    Swept("image", PICTURE),
    Swept("video", PICTURE),
    Swept("text", TEXT, (*WRITERS, *READERS)),
    Swept("audio", TEXT, HEARERS),
    Swept("audio", SOUND, PLAYERS),
    Swept("multimodal", TEXT, SEERS),
)


def medium_of(modality: str, pipeline: str) -> str | None:
    """Return what the cells of such a base are, None if it is not swept."""
    return next((row.medium for row in SWEPT if row.includes(modality, pipeline)), None)
