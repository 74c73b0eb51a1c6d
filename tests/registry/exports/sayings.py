"""All that recipes can say: cards that draw it out, and what stands in the code."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from itertools import product
from pathlib import Path

from registry.exports import preparing
from registry.exports.conversions import OFFERS
from registry.exports.preparing import Source, Wanted
from registry.exports.sample_cards import INK, TALE
from registry.exports.table import reasons_against, recipes_for
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.families import Family

EXPORTS = Path(__file__).resolve().parents[3] / "registry/exports"
HOLE = "\0"

CONFIGS = (
    {"modules_to_save": ["embed_tokens"]},
    {"lora_bias": True},
    {"alora_invocation_tokens": [1]},
    {"layer_replication": [[0, 4]]},
    {"use_bdlora": True},
    {"use_qalora": True},
    {"trainable_token_indices": [5]},
    {"use_dora": True},
    {"init_lora_weights": "pissa"},
    {"bias": "all"},
    {"alpha_pattern": {"v_proj": 2}},
    {"rank_pattern": {"v_proj": 2}},
    {"use_rslora": True},
    {"target_modules": "model.*_proj"},
    {"layers_to_transform": [0]},
    {"target_modules": ["k_proj"]},
    {"target_modules": ["up_proj"]},
    {"r": 1024},
)
OTHERS = (
    {"weight": 0.7},
    {"base_repo": ""},
    {"rank": None},
    {"config_url": ""},
    {"has_text_encoder": True},
    {"by_name_in": "diffusers"},
    {"deprecated": "It is deprecated: blurry. Use studio/ink-wash@3 instead."},
)


def cards():
    """Yield cards of every family, dialect, algorithm and configuration, with layouts and none."""
    for card in (*_by_dialect(), *_by_algorithm(), *_otherwise()):
        yield from (card, replace(card, layouts=()))


def _by_dialect():
    for known, family, dialect in product((INK, TALE), Family, Dialect):
        yield replace(known, family=family, dialect=dialect)


def _by_algorithm():
    dialects = (Dialect.KOHYA, Dialect.DIFFUSERS, Dialect.PEFT, Dialect.GGUF)
    families = (Family.SDXL, Family.FLUX1, Family.QWEN2)
    for each in product((INK, TALE), families, dialects, Algorithm):
        known, family, dialect, algorithm = each
        yield replace(known, family=family, dialect=dialect, algorithms=(algorithm,))


def _otherwise():
    for config in CONFIGS:
        yield replace(TALE, config=TALE.config | config)
    for other in OTHERS:
        yield from (replace(known, **other) for known in (INK, TALE))
        yield replace(INK, dialect="diffusers", **other)


def said():
    """Return each sentence that a recipe, or a reason against one, has for these cards."""
    found = set()
    for card in cards():
        found |= set(reasons_against(card).values())
        for recipe in recipes_for(card).values():
            found |= {*recipe.requirements, *(paste.title for paste in recipe.more)}
    return found


def said_of_layouts():
    """Return why layouts are not written: all that there is to say before any work."""
    found = set()
    layouts = [*(offer.layout for offer in OFFERS), "ckpt"]
    families = ("sdxl", "wan", "qwen2")
    for each in product(families, Dialect, Algorithm, ("sdxl-1-0", ""), layouts):
        family, dialect, algorithm, base, layout = each
        source = Source("ab" * 32, base, "SDXL 1.0", family, dialect, (algorithm,))
        found.add(preparing.obstacle(Wanted(layout, bake=True), source))
    return found - {""}


def in_code():
    """Yield each sentence that stands in a runtime's code, as a pattern, and where."""
    for path in sorted(EXPORTS.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not _speaks(tree, path):
            continue
        for node in ast.walk(tree):
            for text in _spoken(node, in_reasons=path.name == "fitness.py"):
                if len(re.findall(r"[A-Za-z]{2,}", text)) > 1:
                    yield re.compile(".*".join(map(re.escape, text.split(HOLE)))), path.name


def _speaks(tree, path):
    """Say whether a module writes recipes, or says what stands in them."""
    named = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return "write_recipe" in named or path.name in {
        "fitness.py", "fetching.py", "table.py", "preparing.py", "conversions.py",
    }  # fmt: skip


def _spoken(node, *, in_reasons):
    """Return what a piece of code says to people, if it says anything."""
    match node:
        case ast.Call(func=ast.Name(id="Paste"), args=[title, *_]):
            return [_text(title)]
        case ast.Call(func=ast.Attribute(attr="told"), args=[_, reason]):
            return [_text(reason)]
    texts = [_text(one) for one in _in(node)]
    is_reason = in_reasons and isinstance(node, (ast.Return, ast.Dict))
    return texts if is_reason else [text for text in texts if text.endswith(".")]


def _in(node):
    """Return what is given back, named or put into a row by a piece of code."""
    match node:
        case ast.Tuple(elts=given) | ast.Dict(values=given):
            return given
        case ast.Return(value=ast.IfExp(body=one, orelse=other)):
            return [one, other]
        case ast.Return(value=value) | ast.Assign(value=value) if value is not None:
            return [value]
        case _:
            return []


def _text(node):
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or HOLE for part in parts)
        case _:
            return ""
