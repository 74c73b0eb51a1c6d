"""
ComfyUI: the graph that was run, as JSON.

In a PNG's `prompt` (what was run) and `workflow` (what was on the screen); in WebP files the same,
in EXIF's Make and Model as `workflow:{…}` and `prompt:{…}`. Anybody writes nodes of their own, so
what counts is what they are fed: the sampler's words are followed to their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from registry.formats.generation import webui
from registry.formats.generation.facts import (
    MAX_GUIDANCE,
    MAX_SEED,
    MAX_SIDE,
    MAX_STEPS,
    Generation,
    Named,
    each_once,
    json_object,
    named,
    real,
    stem,
    text,
    whole,
    word,
)

MAX_NODES = 2000
MAX_HOPS = 20  # from a sampler to the text that it is fed
TEXTS = (
    "text",
    "text_g",
    "text_l",
    "t5xxl",
    "clip_l",
    "prompt",
    "value",
    "string",
    "wildcard_text",
)
WAYS = ("conditioning", "positive", "conditioning_1", "conditioning_to", "text", "string", "value")
BASES = ("ckpt_name", "unet_name", "model_name")
_LORA_INPUT = re.compile(r"lora_?(?:name_?)?(\d{0,2})(?:_name)?", re.IGNORECASE)

Node = Mapping[str, Any]
Graph = Mapping[str, Node]


def read(texts: Mapping[str, str]) -> Generation | None:
    """Return what the graph says that was run, None where there is none."""
    graph = _graph(texts)
    if not graph:
        return None
    sampler = _sampler(graph)
    told = _told(graph, sampler)
    prompt = _words(graph, sampler, "positive") if sampler else _lonely_text(graph)
    found = Generation(
        program="comfyui",
        prompt=prompt,
        negative=_words(graph, sampler, "negative"),
        seed=whole(told.get("seed", told.get("noise_seed")), MAX_SEED),
        steps=whole(told.get("steps"), MAX_STEPS),
        guidance=real(told.get("cfg", told.get("guidance")), MAX_GUIDANCE),
        sampler=word(" ".join(word(told.get(key)) for key in ("sampler_name", "scheduler"))),
        width=whole(told.get("width"), MAX_SIDE, 1),
        height=whole(told.get("height"), MAX_SIDE, 1),
        base=stem(word(next((told[key] for key in BASES if key in told), ""))),
        adapters=each_once([*_adapters(graph), *webui.tags(prompt)]),
    )
    return found if found.says_something else None


def _graph(texts: Mapping[str, str]) -> Graph:
    """Return the nodes by id, each with its class and inputs."""
    for place in ("prompt", "Model", "Make", "UserComment"):
        said = texts.get(place, "")
        if place in ("Model", "Make"):
            said = said.removeprefix("prompt:")
        found = json_object(said)
        nodes = found.get("prompt", found) if found else None
        graph = _nodes(nodes)
        if graph:
            return graph
    return {}


def _nodes(found: Any) -> Graph:
    if not isinstance(found, dict):
        return {}
    nodes = list(found.items())[:MAX_NODES]
    return {
        str(key): node
        for key, node in nodes
        if isinstance(node, dict)
        and isinstance(node.get("class_type"), str)
        and isinstance(node.get("inputs"), dict)
    }


def _sampler(graph: Graph) -> Node | None:
    """Return the node that draws: it is fed words, and knows a seed or steps."""
    fed = [node for node in graph.values() if _is_link(node["inputs"].get("positive"))]
    best = [node for node in fed if {"seed", "noise_seed", "steps"} & set(node["inputs"])]
    return next(iter(best or fed), None)


def _told(graph: Graph, sampler: Node | None) -> dict[str, Any]:
    """Return plain values by name: the sampler's own first, then the first that any node has."""
    told: dict[str, Any] = {}
    nodes = [*([sampler] if sampler else ()), *graph.values()]
    for node in nodes:
        inputs: Mapping[str, Any] = node["inputs"]
        for name, value in inputs.items():
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                told.setdefault(name, value)
            elif _is_link(value) and name in {"seed", "noise_seed", "steps", "cfg"}:
                told.setdefault(name, _value(graph, value))
    return told


def _value(graph: Graph, link: Any) -> Any:
    """Return the number that a node gives on, where it is nothing but that."""
    node = graph.get(str(link[0]))
    inputs = node["inputs"] if node else {}
    for name in ("seed", "noise_seed", "value", "int", "float"):
        if isinstance(inputs.get(name), int | float):
            return inputs[name]
    return None


def _words(graph: Graph, sampler: Node | None, side: str) -> str:
    """Follow what the sampler is fed to the text that it was made of."""
    link: Any = sampler["inputs"].get(side) if sampler else None
    for _ in range(MAX_HOPS):
        node = graph.get(str(link[0])) if _is_link(link) else None
        if node is None:
            return ""
        inputs = node["inputs"]
        said = list(dict.fromkeys(filter(None, (text(inputs.get(name)) for name in TEXTS))))
        if said:
            return text("\n".join(said))
        link = _way_on(inputs, side)
    return ""


def _way_on(inputs: Mapping[str, Any], side: str) -> Any:
    names = (
        (side, *WAYS) if side != "negative" else (side, *(way for way in WAYS if way != "positive"))
    )
    return next((inputs[name] for name in names if _is_link(inputs.get(name))), None)


def _lonely_text(graph: Graph) -> str:
    """Return the text of a graph whose sampler is fed in ways of its own: the only one there is."""
    said = {
        text(node["inputs"].get("text"))
        for node in graph.values()
        if "textencode" in node["class_type"].lower().replace("_", "")
    } - {""}
    return said.pop() if len(said) == 1 else ""


def _adapters(graph: Graph) -> Iterator[Named | None]:
    """Yield the adapters that nodes load: one a node, numbered stacks, and lists of objects."""
    for node in graph.values():
        inputs = node["inputs"]
        if "lora" not in node["class_type"].lower() and not any(
            "lora" in str(k).lower() for k in inputs
        ):
            continue
        yield from _by_name(inputs)
        for value in inputs.values():
            yield from _in_objects(value)


def _by_name(inputs: Mapping[str, Any]) -> Iterator[Named | None]:
    for key, name in inputs.items():
        match = _LORA_INPUT.fullmatch(str(key))
        if match is None or not isinstance(name, str) or name.strip().lower() in {"", "none"}:
            continue
        if inputs.get(f"switch_{match[1]}") in {"Off", False}:
            continue
        yield named(name, _strength(inputs, match[1]))


def _strength(inputs: Mapping[str, Any], number: str) -> Any:
    end = f"_{number}" if number else ""
    for name in ("strength_model", "model_str", "model_weight", "lora_wt", "strength", "weight"):
        for spelled in (f"{name}{end}", f"{name}{number}"):
            if isinstance(inputs.get(spelled), int | float):
                return inputs[spelled]
    return None


def _in_objects(value: Any) -> Iterator[Named | None]:
    """Yield `{"on": true, "lora": "x.safetensors", "strength": 0.8}`, alone or in lists."""
    if isinstance(value, dict) and "__value__" in value:
        value = value["__value__"]
    for one in value[:100] if isinstance(value, list) else [value]:
        if not isinstance(one, dict) or one.get("on") is False or one.get("active") is False:
            continue
        name = one.get("lora") or one.get("name")
        if isinstance(name, str) and ("strength" in one or "lora" in one):
            yield named(name, one.get("strength"))


def _is_link(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str | int)
