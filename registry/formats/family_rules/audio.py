"""What shows the families of speech and music models."""

from __future__ import annotations

from registry.formats.family_rules.rule import Family, Rule, hint, rule

RULES: tuple[Rule, ...] = (
    rule(Family.WHISPER, "model", r"(model_)?decoder_layers_\d+_encoder_attn",
         "a decoder that reads an encoder"),
    hint(Family.WHISPER, "model", r"(model_)?encoder_layers_\d+_self_attn",
         "an encoder by Whisper's names"),
)  # fmt: skip
