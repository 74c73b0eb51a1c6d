"""Small text encoders and tokenizers of every kind that picture bases have, with random weights."""

from __future__ import annotations

from tokenizers import Tokenizer
from tokenizers.models import BPE, WordLevel
from tokenizers.pre_tokenizers import ByteLevel, Whitespace
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    Gemma2Config,
    Gemma2Model,
    Mistral3Config,
    Mistral3ForConditionalGeneration,
    MistralConfig,
    PixtralVisionConfig,
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3Config,
    Qwen3ForCausalLM,
    T5Config,
    T5EncoderModel,
    UMT5Config,
    UMT5EncoderModel,
)

WIDTH = 32
SPECIAL = ("<pad>", "</s>", "<unk>", "<s>")
WORDS = ("a", "red", "circle", "blue", "square", "zq", "on", "white", "user", "system")
SIZE = 300  # of every vocabulary
CHAT = (
    "{% for m in messages %}{{ m.role }} {% if m.content is string %}{{ m.content }}"
    "{% else %}{% for part in m.content %}{{ part.text }} {% endfor %}{% endif %}\n{% endfor %}"
)
LANGUAGE = {
    "vocab_size": SIZE,
    "hidden_size": WIDTH,
    "intermediate_size": 2 * WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "max_position_embeddings": 4096,
    "pad_token_id": 0,
    "bos_token_id": 3,
    "eos_token_id": 1,
}
EYES = {"hidden_size": WIDTH, "intermediate_size": WIDTH, "num_hidden_layers": 1}


def words() -> PreTrainedTokenizerFast:
    """Return a tokenizer that knows ten words."""
    vocabulary = {word: number for number, word in enumerate((*SPECIAL, *WORDS))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    return _fast(tokenizer)


def letters() -> PreTrainedTokenizerFast:
    """Return a tokenizer for which every byte is a token."""
    alphabet = (*SPECIAL, *sorted(ByteLevel.alphabet()))
    tokenizer = Tokenizer(BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    return _fast(tokenizer)


def _fast(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    pad, end, unknown, start = SPECIAL
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=pad,
        eos_token=end,
        unk_token=unknown,
        bos_token=start,
        chat_template=CHAT,
        padding_side="right",
    )


def clip() -> CLIPTextModel:
    return CLIPTextModel(_clip()).eval()


def clip_projected() -> CLIPTextModelWithProjection:
    return CLIPTextModelWithProjection(_clip()).eval()


def _clip() -> CLIPTextConfig:
    return CLIPTextConfig(
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=24,
        projection_dim=WIDTH,
        bos_token_id=512,
        eos_token_id=513,
        pad_token_id=513,
        vocab_size=514,
    )


def t5(width: int = WIDTH) -> T5EncoderModel:
    return T5EncoderModel(T5Config(**_T5 | {"d_model": width})).eval()


def umt5() -> UMT5EncoderModel:
    return UMT5EncoderModel(UMT5Config(**_T5)).eval()


_T5 = {"vocab_size": SIZE, "d_model": WIDTH, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}


def gemma() -> Gemma2Model:
    return Gemma2Model(Gemma2Config(**LANGUAGE)).eval()


def qwen3(layers: int = 2) -> Qwen3ForCausalLM:
    return Qwen3ForCausalLM(Qwen3Config(**LANGUAGE | {"num_hidden_layers": layers})).eval()


def mistral3(layers: int) -> Mistral3ForConditionalGeneration:
    text = MistralConfig(**LANGUAGE | {"num_hidden_layers": layers})
    eyes = PixtralVisionConfig(**EYES, num_attention_heads=2, image_size=16, patch_size=8)
    config = Mistral3Config(text_config=text, vision_config=eyes)
    return Mistral3ForConditionalGeneration(config).eval()


def qwen2_5_vl() -> Qwen2_5_VLForConditionalGeneration:
    rope = {"rope_type": "default", "type": "default", "mrope_section": [2, 3, 3]}
    text = {name: value for name, value in LANGUAGE.items() if name != "head_dim"}
    config = Qwen2_5_VLConfig(
        text_config=text | {"rope_parameters": rope | {"rope_theta": 1e4}},
        vision_config={
            "depth": 1,
            "hidden_size": WIDTH,
            "intermediate_size": WIDTH,
            "num_heads": 2,
            "out_hidden_size": WIDTH,
            "fullatt_block_indexes": [0],
        },
    )
    return Qwen2_5_VLForConditionalGeneration(config).eval()
