"""adapter_config.json beside sound weights: no JSON, no configuration, or one made to harm."""

from __future__ import annotations

import json

from tests import files
from tests.hostile.case import Case, accepted, of_kind, refused, warned

_WEIGHTS = files.peft_lora("llama").getvalue()


def _config(**fields: object) -> bytes:
    return json.dumps(files.peft_config("llama", **fields)).encode()


def _beside(case: Case, config: bytes) -> Case:
    return Case(case.name, _WEIGHTS, case.told, case.code, case.word, base="llama-3-1-8b",
                config=config)  # fmt: skip


def unread(name: str, config: bytes, told: str) -> Case:
    return _beside(refused(name, b"", told, "file.config"), config)


def wrong(name: str, told: str, code: str, **fields: object) -> Case:
    return _beside(refused(name, b"", told, code), _config(**fields))


def doubted(name: str, told: str, code: str, **fields: object) -> Case:
    return _beside(warned(name, b"", told, code), _config(**fields))


def harmless(name: str, **fields: object) -> Case:
    return _beside(accepted(name, b""), _config(**fields))


def _raw(field: str, value: str) -> bytes:
    return _config()[:-1] + f', "{field}": {value}}}'.encode()


UNREAD = (
    unread("nothing", b"", "is not JSON"),
    unread("no JSON", b"lora_alpha: 16", "is not JSON"),
    unread("half of it", _config()[:-20], "is not JSON"),
    unread("a list", b"[]", "is not a JSON object"),
    unread("a text", b'"LORA"', "is not a JSON object"),
    unread("a number", b"16", "is not a JSON object"),
    unread("null", b"null", "is not a JSON object"),
    unread("a pickle", b"\x80\x02}q\x00.", "is not UTF-8"),
    unread("UTF-16", _config().decode().encode("utf-16"), "is not UTF-8"),
    unread("Latin-1", '{"a": "é"}'.encode("latin-1"), "is not UTF-8"),
    unread("a byte order mark", b"\xef\xbb\xbf" + _config(), "byte order mark"),
    unread("lists in lists, 100,000 deep", _raw("a", "[" * 100_000), "nested too deeply|not JSON"),
    unread("tables in tables, 50,000 deep", _raw("a", '{"a":' * 50_000 + "1" + "}" * 50_000),
           "nested too deeply|not JSON"),
    unread("more than a MiB", _raw("a", json.dumps("x" * (1 << 20))), "bytes, too many"),
    unread("an alpha that is NaN", _raw("lora_alpha", "NaN"), "holds NaN"),
    unread("an alpha that is infinite", _raw("lora_alpha", "-Infinity"), "holds -Infinity"),
    unread("an alpha beyond all numbers", _raw("lora_alpha", "1e999"), "“1e999”"),
    unread("an alpha of 400 digits", _raw("lora_alpha", "9" * 400), "400 digits: 999"),
    unread("a rank of 5,000 digits", _raw("r", "9" * 5000), "5,000 digits: 999"),
    unread("a web page", b"<!DOCTYPE html>", "is not JSON"),
    unread("two configurations", _config() * 2, "is not JSON"),
    unread("a comment", b"{} // x", "is not JSON"),
    unread("NUL after it", _config() + b"\0", "is not JSON"),
    unread("YAML that calls", b"!!python/object/apply:os.system ['id']", "is not JSON"),
)  # fmt: skip

RANKS = (
    wrong("another rank", "the rank 8", "config.rank", r=8),
    wrong("a rank of 0", "the rank 0", "config.rank", r=0),
    wrong("a rank below nothing", "the rank -4", "config.rank", r=-4),
    wrong("a rank of 10¹²", "the rank 1000000000000", "config.rank", r=10**12),
    wrong("another rank by pattern", "q_proj the rank 8", "config.rank",
          rank_pattern={"model.layers.0.self_attn.q_proj": 8}),
    wrong("another rank by anchored pattern", "q_proj the rank 8", "config.rank",
          rank_pattern={"^model.layers.0.self_attn.q_proj": 8}),
    wrong("a rank among 20,000 patterns", "v_proj the rank 9", "config.rank",
          rank_pattern={f"x.{n}": 1 for n in range(20_000)} | {"v_proj": 9}),
    harmless("a rank that is a text", r="4"),
    harmless("a rank that is true", r=True),
    harmless("a rank that is a list", r=[4]),
    harmless("no rank", r=None),
    harmless("a rank with a fraction", r=4.5),
    harmless("a rank beyond 64 bits", r=10**19),
    harmless("patterns that never end", rank_pattern={"(a+)+$": 8, "(.*)*x": 8}),
    harmless("a pattern of 100,000 brackets", rank_pattern={"(" * 100_000: 8}),
    harmless("patterns that are a list", rank_pattern=["q_proj"]),
    harmless("patterns that are a text", rank_pattern="q_proj"),
    harmless("a pattern of tables", rank_pattern={"q_proj": {"r": 8}}),
)  # fmt: skip

ALPHAS = (
    harmless("an alpha that is a text", lora_alpha="16"),
    harmless("an alpha that is a table", lora_alpha={"a": 1}),
    harmless("an alpha below nothing", lora_alpha=-16),
    harmless("an alpha of 10³⁰⁸", lora_alpha=1e308),
    harmless("20,000 alphas", alpha_pattern={f"x.{n}": n for n in range(20_000)}),
    harmless("alphas of every kind", alpha_pattern={"q_proj": None, "v_proj": "x", "": 4, ".": []}),
    harmless("alphas that are a list", alpha_pattern=[1]),
)

TARGETS = (
    doubted("a target that never ends", "4 of 4 layers are not among", "config.targets",
            target_modules=["(a+)+$"]),
    doubted("targets of scripts", "target_modules", "config.targets",
            target_modules=["<script>alert(1)</script>"]),
    doubted("no targets", "target_modules", "config.targets", target_modules=[]),
    doubted("60,000 targets", "target_modules", "config.targets",
            target_modules=[f"x{n}" for n in range(60_000)]),
    harmless("a pattern that never ends", target_modules="(a+)+$"),
    harmless("a pattern of 100,000 stars", target_modules="(.*)*" * 20_000),
    harmless("all linear", target_modules="all-linear"),
    harmless("targets that are numbers", target_modules=[1, None, {"a": "b"}]),
    harmless("targets that are a table", target_modules={"q_proj": True}),
    harmless("60,000 modules to save", modules_to_save=[f"x{n}" for n in range(60_000)]),
    harmless("modules to save that are tables", modules_to_save=[{"a": 1}, None, [[]]]),
)  # fmt: skip

WORDS = (
    harmless("a path for a base", base_model_name_or_path="../../../etc/passwd"),
    harmless("an address for a base", base_model_name_or_path="http://169.254.169.254/latest"),
    harmless("an address of files", base_model_name_or_path="file:///etc/passwd"),
    harmless("a share for a base", base_model_name_or_path="\\\\server\\share"),
    harmless("a script for a base", base_model_name_or_path="<script>alert(1)</script>"),
    harmless("a base with NUL", base_model_name_or_path="a\0b"),
    harmless("a base with half a surrogate", base_model_name_or_path="a\ud800"),
    harmless("a base of 500,000 letters", base_model_name_or_path="x/" * 250_000),
    harmless("a base that is a list", base_model_name_or_path=["a"]),
    doubted("another base", "“gpt2”, which is GPT-2", "base.claimed",
            base_model_name_or_path="gpt2"),
    harmless("a class to be imported", auto_mapping={"base_model_class": "system",
             "parent_library": "os"}),
    harmless("modules of Megatron to be imported", megatron_core="os", megatron_config={"a": 1}),
    harmless("weights to begin with", init_lora_weights="http://x/a.pkl", loftq_config={"a": [1]}),
    harmless("code that is trusted", trust_remote_code=True, custom_pipeline="a/b"),
    harmless("keys of JavaScript's insides", __proto__={"r": 8}, constructor={"r": 8}),
    harmless("keys of Python's insides", __class__="x", __init__={"__globals__": 1}),
    harmless("10,000 keys", **{f"k{n}": n for n in range(10_000)}),
    doubted("a type that nobody knows", "“EVIL”, a type that we do not know", "runtimes.peft",
            peft_type="evil"),
    doubted("a type that is a script", "“<SCRIPT>ALERT", "runtimes.peft",
            peft_type="<script>alert(1)</script>"),
    doubted("a type of control characters", r"x1b", "runtimes.peft", peft_type="\x1b[31m\0"),
    doubted("a type with half a surrogate", "ud800", "runtimes.peft", peft_type="\ud800"),
    doubted("a type of 500,000 letters", "AAAA", "runtimes.peft", peft_type="a" * 500_000),
    doubted("a type for PEFT alone", "AdaLoRA", "runtimes.peft", peft_type="ADALORA"),
    harmless("a type that is a list", peft_type=["LORA"]),
    harmless("a type that is a number", peft_type=7),
)  # fmt: skip

CASES: tuple[Case, ...] = (
    *of_kind("configuration unread", UNREAD),
    *of_kind("configured rank", RANKS),
    *of_kind("configured alpha", ALPHAS),
    *of_kind("configured targets", TARGETS),
    *of_kind("configured words", WORDS),
)
