"""What shows the families of speech and music models."""

from __future__ import annotations

from registry.formats.family_rules.rule import Family, Rule, Strength, hint, rule

RULES: tuple[Rule, ...] = (
    rule(Family.WHISPER, "model", r"(model_)?decoder_layers_\d+_encoder_attn",
         "a decoder that reads an encoder"),
    rule(Family.WHISPER, "model", r"(model_)?encoder_conv[12]$", "convolutions over a sound"),
    hint(Family.WHISPER, "model", r"(model_)?encoder_layers_\d+_(self_attn|fc[12])",
         "an encoder by Whisper's names"),
    rule(Family.WAV2VEC2, "model", r"wav2vec2_(?!bert_|conformer_)",
         "layers by wav2vec 2.0's names"),
    rule(Family.WAV2VEC2, "model",
         r"encoder_layers_\d+_(attention_([qkv]|out)_proj|feed_forward_\w+_dense)$",
         "an encoder by wav2vec 2.0's names", strength=Strength.STRONG),
    rule(Family.WAV2VEC2, "model", r"feature_(extractor_conv_layers|projection)_",
         "convolutions over a sound, by wav2vec 2.0's names", strength=Strength.STRONG),
    rule(Family.MUSICGEN, "model", r"decoder_model_decoder_layers_\d+_",
         "a decoder in a decoder, as MusicGen has"),
    rule(Family.MUSICGEN, "model", r"(decoder_)?lm_heads_\d$|enc_to_dec_proj$",
         "a head for each codebook of sound"),
    rule(Family.MUSICGEN, "model", r"text_encoder_encoder_block_\d+_",
         "T5 as the text encoder of a model of sound", strength=Strength.STRONG),
    rule(Family.MUSICGEN, "model", r"audio_encoder_", "an encoder of sound",
         strength=Strength.STRONG),
    rule(Family.VITS, "model",
         r"text_encoder_(encoder_layers_\d+_(attention|feed_forward)|project)",
         "a text encoder by VITS's names"),
    rule(Family.VITS, "model", r"(flow_flows|duration_predictor|posterior_encoder)_",
         "flows and durations by VITS's names"),
    rule(Family.VITS, "model", r"decoder_(resblocks|upsampler)_\d+", "a vocoder by VITS's names",
         strength=Strength.STRONG),
)  # fmt: skip
