"""
A whole workflow for ComfyUI: in its API format, and as the file that its canvas loads.

The canvas wants every node with its slots and every link by number, and says nothing that the API
format does not say; so the one is made of the other, by a table of the nodes that occur.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SPACING = 340  # between columns of nodes on the canvas
VERSION = 0.4  # of the file's form


@dataclass(frozen=True, slots=True)
class Node:
    """A kind of node: what comes in by links, what is set on it, and what goes out, in order."""

    takes: Mapping[str, str]
    sets: tuple[str, ...]
    gives: Mapping[str, str]
    column: int


_MODEL, _CLIP, _VAE = {"MODEL": "MODEL"}, {"CLIP": "CLIP"}, {"VAE": "VAE"}
NODES: Mapping[str, Node] = {
    "CheckpointLoaderSimple": Node({}, ("ckpt_name",), _MODEL | _CLIP | _VAE, 0),
    "LoraLoader": Node(
        {"model": "MODEL", "clip": "CLIP"},
        ("lora_name", "strength_model", "strength_clip"),
        _MODEL | _CLIP,
        1,
    ),
    "CLIPTextEncode": Node({"clip": "CLIP"}, ("text",), {"CONDITIONING": "CONDITIONING"}, 2),
    "EmptyLatentImage": Node({}, ("width", "height", "batch_size"), {"LATENT": "LATENT"}, 2),
    "KSampler": Node(
        {
            "model": "MODEL",
            "positive": "CONDITIONING",
            "negative": "CONDITIONING",
            "latent_image": "LATENT",
        },
        ("seed", "control_after_generate", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
        {"LATENT": "LATENT"},
        3,
    ),
    "VAEDecode": Node({"samples": "LATENT", "vae": "VAE"}, (), {"IMAGE": "IMAGE"}, 4),
    "SaveImage": Node({"images": "IMAGE"}, ("filename_prefix",), {}, 5),
}
_ON_THE_CANVAS_ALONE = {"control_after_generate": "fixed"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is made with bases of a family."""

    side: int
    steps: int
    cfg: float


def prompt(loader: Mapping[str, Any], positive: str, look: Look, *, prefix: str) -> dict[str, Any]:
    """Return a whole workflow in the API format; `loader` is the node that loads the adapter."""
    return {
        "4": _node("CheckpointLoaderSimple", ckpt_name="your-base.safetensors"),
        "10": dict(loader),
        "6": _node("CLIPTextEncode", text=positive, clip=["10", 1]),
        "7": _node("CLIPTextEncode", text="", clip=["10", 1]),
        "5": _node("EmptyLatentImage", width=look.side, height=look.side, batch_size=1),
        "3": _node(
            "KSampler",
            seed=0,
            steps=look.steps,
            cfg=look.cfg,
            sampler_name="euler",
            scheduler="normal",
            denoise=1.0,
            model=["10", 0],
            positive=["6", 0],
            negative=["7", 0],
            latent_image=["5", 0],
        ),
        "8": _node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": _node("SaveImage", filename_prefix=prefix, images=["8", 0]),
    }


def workflow(nodes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same as the file that the canvas loads."""
    links: list[list[Any]] = []
    written = {name: _drawn(name, node, row) for row, (name, node) in enumerate(nodes.items())}
    for name, node in nodes.items():
        kind = NODES[node["class_type"]]
        for slot, wanted in enumerate(kind.takes):
            source, out = node["inputs"][wanted]
            number = len(links) + 1
            links.append([number, int(source), out, int(name), slot, kind.takes[wanted]])
            written[name]["inputs"][slot]["link"] = number
            written[source]["outputs"][out]["links"].append(number)
    return {
        "last_node_id": max(map(int, nodes)),
        "last_link_id": len(links),
        "nodes": list(written.values()),
        "links": links,
        "groups": [],
        "config": {},
        "extra": {},
        "version": VERSION,
    }


def _node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def _drawn(name: str, node: Mapping[str, Any], row: int) -> dict[str, Any]:
    kind = NODES[node["class_type"]]
    given = _ON_THE_CANVAS_ALONE | dict(node["inputs"])
    return {
        "id": int(name),
        "type": node["class_type"],
        "pos": [40 + SPACING * kind.column, 40 + 130 * (row % 4)],
        "size": [300, 110],
        "flags": {},
        "order": row,
        "mode": 0,
        "inputs": [{"name": each, "type": what, "link": None} for each, what in kind.takes.items()],
        "outputs": [
            {"name": each, "type": what, "links": [], "slot_index": slot}
            for slot, (each, what) in enumerate(kind.gives.items())
        ],
        "properties": {"Node name for S&R": node["class_type"]},
        "widgets_values": [given[each] for each in kind.sets],
    }
