"""Metadata of a sound adapter: bombs, scripts, nonsense. None of it is a reason to refuse."""

from __future__ import annotations

import json

from tests import files
from tests.hostile.case import Case, accepted, of_kind, refused, warned
from tests.hostile.corpus.content import SDXL


def _told(**metadata: str) -> bytes:
    return files.safetensors(files.kohya_tensors(SDXL), metadata)


def _tags(count: int) -> str:
    return json.dumps({"10_a": {f"t{n}": n for n in range(count)}}, separators=(",", ":"))


BOMBS = (
    accepted("a text of 7 MB", lambda: _told(a="x" * 7_000_000)),
    accepted("a key of 1 MB", lambda: _told(**{"k" * 1_000_000: "x"})),
    accepted("2,000 keys", lambda: _told(**{f"k{n}": "" for n in range(2000)})),
    accepted("200,000 tags", lambda: _told(ss_tag_frequency=_tags(200_000))),
    accepted("400,000 tags", lambda: _told(ss_tag_frequency=_tags(400_000))),
    accepted("a million tags of one name",
             lambda: _told(ss_tag_frequency='{"1_a":{' + '"":1,' * 999_999 + '"":1}}')),
    accepted("100,000 folders of pictures", lambda: _told(ss_dataset_dirs=json.dumps(
             {f"{n}_x": {"img_count": 1} for n in range(100_000)}))),
    accepted("100,000 sets of pictures", lambda: _told(ss_datasets=json.dumps(
             [{"subsets": [{"class_tokens": "a"}]}] * 100_000))),
    accepted("lists in lists, a million deep", lambda: _told(ss_tag_frequency="[" * 1_000_000)),
    accepted("tables in tables, 100,000 deep",
             lambda: _told(ss_datasets='{"a":' * 100_000 + "1" + "}" * 100_000)),
    accepted("a configuration a million deep",
             lambda: _told(lora_adapter_metadata="[" * 1_000_000)),
    accepted("JSON in JSON in JSON", lambda: _told(training_info=_wrapped(12))),
    warned("a rank of a million digits", lambda: _told(ss_network_dim="9" * 1_000_000),
           r"rank as 1e\+40", "metadata.agrees"),
    accepted("a number of a million digits in JSON",
             lambda: _told(ss_tag_frequency=f'{{"a":{{"b":{"9" * 1_000_000}}}}}')),
    accepted("a million commas", lambda: _told(**{"modelspec.trigger_phrase": "," * 1_000_000})),
    accepted("a million numbers", lambda: _told(ss_resolution="1," * 1_000_000)),
    accepted("a million brackets in an optimizer", lambda: _told(ss_optimizer="(" * 1_000_000)),
    warned("2,000 texts of 3,000 signs that might be paths", lambda: _told(
           **{f"k{n}": ("/home/a@b.c\\\\x" * 300)[:3000] for n in range(1990)}),
           r"a user name: /home/a\*\*\*", "metadata.private"),
    accepted("2,000 texts of keys that are none", lambda: _told(
             **{f"k{n}": "hf_a b" * 500 for n in range(1990)})),
    accepted("2,000 texts of addresses that are none", lambda: _told(
             **{f"k{n}": "a.b-c@" * 500 for n in range(1990)})),
    warned("2,000 texts of drives that are none", lambda: _told(
           **{f"k{n}": "C:/C:\\" * 400 for n in range(1990)}), "C:/…/C:", "metadata.private"),
    accepted("a million blanks", lambda: _told(ss_output_name=" " * 1_000_000)),
)  # fmt: skip


def _wrapped(depth: int) -> str:
    text = '{"step": 1}'
    for _ in range(depth):
        text = json.dumps({"step": text})
    return text


SCRIPTS = (
    accepted("a script for a title", _told(**{"modelspec.title": "<script>alert(1)</script>"})),
    accepted("a script for a tag", _told(ss_tag_frequency='{"1_a": {"<svg onload=alert(1)>": 9}}')),
    accepted("a picture that is a script",
             _told(**{"modelspec.thumbnail": "data:image/svg+xml,<svg onload=alert(1)>"})),
    accepted("an address that is a script", _told(**{"modelspec.author": "javascript:alert(1)"})),
    accepted("a template", _told(ss_output_name="{{ settings.SECRET_KEY }}{% debug %}${7*7}")),
    accepted("SQL", _told(ss_output_name="'; DROP TABLE registry_adapter; --")),
    accepted("a command", _told(ss_output_name="$(id)`id`|id;id")),
    accepted("an escape sequence of terminals", _told(ss_output_name="\x1b[2J\x1b]0;x\x07")),
    accepted("NUL in a text", _told(ss_output_name="a\0b", ss_optimizer="a\0.b")),
    accepted("NUL in a key", _told(**{"a\0b": "c"})),
    accepted("text that is turned round", _told(ss_output_name="\u202egpj.exe")),
    accepted("a format string", _told(ss_output_name="%s%n%x{0.__class__}")),
    accepted("a lookup that runs code", _told(ss_output_name="${jndi:ldap://x/a}")),
    accepted("a path for a base", _told(ss_sd_model_name="../../etc/passwd")),
    accepted("an address for a base", _told(ss_sd_model_name="http://169.254.169.254/latest")),
    accepted("a base of ten thousand letters", _told(ss_sd_model_name="x/" * 5000)),
    accepted("keys of Python's and JavaScript's insides",
             _told(__proto__="x", __class__="y", constructor="z")),
)  # fmt: skip

NONSENSE = (
    accepted("numbers that are none", _told(ss_network_dim="nan", ss_network_alpha="inf",
             ss_steps="1e999", ss_seed="-", ss_epoch="0x10", ss_learning_rate="None")),
    warned("a rank and an alpha below nothing", _told(ss_network_dim="-4",
           ss_network_alpha="-1e308"), r"alpha as -1e\+308", "metadata.agrees"),
    accepted("a start before all time", _told(ss_training_started_at="-1e300")),
    accepted("a start after all time", _told(ss_training_started_at="1e18")),
    accepted("numbers in other digits", _told(ss_resolution="(١٠٢٤, ١٠٢٤)", ss_steps="٣")),
    accepted("tags that are counted in texts", _told(ss_tag_frequency='{"1_a": {"b": "9"}}')),
    accepted("tags counted below nothing", _told(ss_tag_frequency='{"1_a": {"b": -9, "c": 0}}')),
    accepted("tags counted in 400 digits",
             _told(ss_tag_frequency=f'{{"1_a": {{"b": {"9" * 400}}}}}')),
    accepted("a step beyond all numbers", _told(training_info='{"step": 1e400}')),
    accepted("hashes that are none", _told(sshs_model_hash="z" * 64, ss_new_sd_model_hash="0x")),
    accepted("everything null", _told(ss_tag_frequency="null", ss_datasets="null",
             ss_dataset_dirs="null", training_info="null", lora_adapter_metadata="null")),
    accepted("everything a list", _told(ss_tag_frequency="[]", ss_datasets="{}",
             ss_dataset_dirs="[1]", training_info="[]", lora_adapter_metadata="[]")),
    accepted("a configuration in the header beyond all numbers",
             _told(lora_adapter_metadata=f'{{"unet.lora_alpha": {"9" * 400}}}')),
    accepted("a configuration in the header that is NaN",
             _told(lora_adapter_metadata='{"unet.lora_alpha": NaN, "lora_alpha": 1e999}')),
    warned("another base claimed", _told(ss_base_model_version="sd_v1"), "“sd_v1”",
           "base.claimed"),
    warned("another base claimed over two lines", _told(ss_base_model_version="sd_v1\n\x1b[1m\n"
           .replace("\x1b[1m", "")), "sd_v1", "base.claimed"),
    refused("metadata in numbers", lambda: files.from_header(
            '{"__metadata__":{"ss_steps":1}}'), "metadata is not a table of texts", "file.header"),
)  # fmt: skip

CASES: tuple[Case, ...] = (
    *of_kind("bomb", BOMBS),
    *of_kind("script", SCRIPTS),
    *of_kind("nonsense", NONSENSE),
)
