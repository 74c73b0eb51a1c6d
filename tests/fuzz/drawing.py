"""Make something of a fuzzer's bytes: names, numbers and texts that are nearly right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from registry.formats.dialects import DOTTED_PREFIXES, FLAT_PREFIXES, TAILS

Choice = TypeVar("Choice")

PREFIXES = ("", *(row[0] for row in FLAT_PREFIXES), *(row[0] for row in DOTTED_PREFIXES))
MODULES = (
    "mid_block_attentions_0_transformer_blocks_0_attn2_to_k", "down_blocks.0.attentions.1.proj_in",
    "double_blocks_0_img_attn_qkv", "single_blocks.3.linear1", "h.0.attn.c_attn", "x", "", ".", "1",
    "model.layers.0.self_attn.q_proj", "joint_blocks_0_x_block_attn_qkv", "blocks.9.self_attn.q",
    "transformer_blocks.1.attn.to_q", "layers.0.attention.to_k", "text_model.encoder.layers.0.mlp",
)  # fmt: skip
TAILED = (
    *(f".{tail}" for tail in TAILS), ":down", ":up", ".processor.to_k_lora.down.weight",
    ".processor.qkv_lora1.up.weight", ".lora_A.default.weight", ".weight", "", ".alpha.alpha",
)  # fmt: skip
CONFIGURED = (
    "r", "lora_alpha", "alpha_pattern", "rank_pattern", "peft_type", "modules_to_save",
    "target_modules", "base_model_name_or_path", "use_rslora", "unet.lora_alpha", "auto_mapping",
    "bias", "layers_to_transform",
)  # fmt: skip
TOLD = (
    "ss_tag_frequency", "ss_dataset_dirs", "ss_datasets", "ss_network_dim", "ss_network_alpha",
    "ss_resolution", "ss_base_model_version", "ss_sd_model_name", "ss_training_started_at",
    "ss_optimizer", "ss_steps", "modelspec.architecture", "modelspec.title", "training_info",
    "modelspec.trigger_phrase", "software", "lora_adapter_metadata", "unet", "sshs_model_hash",
    "general.architecture", "adapter.type", "ss_learning_rate", "ss_num_train_images",
    "modelspec.resolution", "ss_sd_model_hash", "ss_new_sd_model_hash", "ss_network_args",
)  # fmt: skip
WORDS = (
    "sdxl_base_v1-0", "None", "nan", "-1", "1e999", "0x", "9" * 50, "flux-1-dev/lora", "\0",
    "[[[[", "{}", "null", "<script>", "../..", '{"1_a": {"b": 1}}', '[{"subsets": [{}]}]', "٣",
    "https://huggingface.co/a/b", "(1024, 1024)", "1024", '{"step": 1e400}', "\ud800", "lora",
)  # fmt: skip


class Draw:
    """A fuzzer's bytes, used up choice by choice; after the last of them all choices are 0."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return max(0, len(self._data) - self._at)

    def number(self, below: int) -> int:
        size = 1 if below <= 256 else 8
        raw = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(raw, "little") % below

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        return choices[self.number(len(choices))]

    def text(self) -> str:
        kind = self.number(4)
        if kind == 0:
            return self.one_of(WORDS)
        length = self.number(24)
        raw = self._data[self._at : self._at + length]
        self._at += length
        return raw.decode("utf-16-le" if kind == 1 else "utf-8", errors="replace")

    def name(self) -> str:
        if self.number(8) == 0:
            return self.text() or "x"
        name = self.one_of(PREFIXES) + self.one_of(MODULES) + self.one_of(TAILED)
        return name or "x"

    def shape(self) -> tuple[int, ...]:
        sizes = (0, 1, 2, 4, 16, 320, 640, 768, 1280, 2048, 3072, 4096, 1 << 20, 1 << 40)
        return tuple(self.one_of(sizes) for _ in range(self.number(6)))

    def value(self, depth: int = 0) -> object:
        kind = self.number(9 if depth < 3 else 6)
        if kind == 0:
            return self.text()
        if kind < 6:
            whole = self.number(1 << 40) - 8
            huge = 10 ** (whole % 4000)
            plain = (None, True, whole, -1.5, self.one_of((float("nan"), float("inf"), huge)))
            return plain[kind - 1]
        if kind == 6:
            return [self.value(depth + 1) for _ in range(self.number(4))]
        return {self.name(): self.value(depth + 1) for _ in range(self.number(4))}
