"""The sentences that the registry says, read from its code: what is filled in is a hole."""

from __future__ import annotations

import ast
import re
from itertools import product
from pathlib import Path

REGISTRY = Path(__file__).resolve().parents[3] / "registry"
HOLE = "\0"
REFUSALS = {
    "Invalid", "NotAllowed", "NotConvertible", "NotFound", "PlanRefused", "QuotaReached",
    "SourceRefused", "Unavailable", "UploadRefused", "WrongState", "DuplicateUpload",
    "UploadTooLarge", "UploadIncomplete", "NameTaken",
    "SourceDown",
}  # fmt: skip
FINDINGS = {"Finding", "Trap"}
LEAST_WORDS = 2  # less is a name, or a piece that a sentence is made of


def formats():
    """Return the names of the errors that readers of files raise."""
    tree = ast.parse((REGISTRY / "formats/errors.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def said():
    """Yield each sentence with the file that says it."""
    speaking = REFUSALS | FINDINGS | formats()
    for path in sorted(REGISTRY.rglob("*.py")):
        if {"management", "migrations"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _constants(tree)
        for node in ast.walk(tree):
            for told in _told(node, speaking, is_check="checks" in path.parts):
                for sentence in _templates(told, constants):
                    if _is_sentence(sentence):
                        yield _numbered(sentence), path.relative_to(REGISTRY)


def needing_rights():
    """Yield what people are told that they may not do: `to` of people.require."""
    for folder in (REGISTRY, REGISTRY.parent / "hub"):
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(getattr(node, "func", None), "attr", "")
                for given in node.keywords if name.startswith("require") else ():
                    if given.arg == "to" and isinstance(given.value, ast.Constant):
                        yield given.value.value


def _told(node, speaking, *, is_check):
    """Return what a piece of code says, if it says anything."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return node.args if name in speaking else []
    if isinstance(node, ast.Return) and is_check and node.value is not None:
        return [node.value]
    if isinstance(node, ast.keyword) and node.arg == "reason" and not is_check:
        return [node.value]
    return []


def _constants(tree):
    """Return the texts that a module gives names to."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            texts = _templates(node.value, found)
            if len(texts) == 1 and texts[0] != HOLE:
                found[node.targets[0].id] = texts[0]
    return found


def _templates(node, constants):  # noqa: PLR0911  one way a kind of expression
    """Return every text that an expression may come to."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Name(id=name) if name in constants:
            return [constants[name]]
        case ast.IfExp(body=one, orelse=other):
            return [*_templates(one, constants), *_templates(other, constants)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _joined([_templates(left, constants), _templates(right, constants)])
        case ast.JoinedStr(values=parts):
            return _joined([_templates(part, constants) for part in parts])
        case ast.FormattedValue(value=value):
            return _templates(value, constants) if isinstance(value, ast.Name) else [HOLE]
        case _:
            return [HOLE]


def _joined(parts):
    return ["".join(texts) for texts in product(*parts)]


def _is_sentence(text):
    return len(re.findall(r"[a-z]{2,}", text)) >= LEAST_WORDS and " " in text


def _numbered(text):
    pieces = text.split(HOLE)
    numbered = (f"{{{place}}}" for place in range(len(pieces)))
    return "".join(piece + hole for piece, hole in zip(pieces, numbered, strict=True))[
        : -len(f"{{{len(pieces) - 1}}}")
    ]
