"""Makes, without training, the three adapters that a library must not publish.

One does nothing, one is for another base, one has numbers that are none.
"""

from __future__ import annotations

from pathlib import Path

import torch

from demo.cards import write_card
from demo.dialects import Pair, Pairs, write_kohya

RANK = 4


def write_all(pairs: Pairs, folder: Path, *, seed: int) -> None:
    """Write all three; `pairs` are those of a sound adapter, to be spoilt in two ways."""
    torch.manual_seed(seed)
    write_untrained(pairs, folder / "blank-start")
    write_for_another_base(folder / "lost-traveller")
    write_not_a_number(pairs, folder / "cracked-glaze")


def write_untrained(pairs: Pairs, folder: Path) -> None:
    """All up matrices are zero, as before the first training step."""
    blank: Pairs = {
        component: {
            path: Pair(torch.randn_like(pair.down) / 8, torch.zeros_like(pair.up), pair.alpha)
            for path, pair in layers.items()
            if "attn" in path
        }
        for component, layers in pairs.items()
        if component == "unet"
    }
    _write(
        blank,
        folder,
        title="Blank Start",
        title_zh="空白起点",
        description="Saved before the first training step: **it changes nothing at any weight**.",
        reason="every up matrix is zero, so the picture at weight 1 equals the picture at weight 0",
        version="shapes_v1",
    )


def write_not_a_number(pairs: Pairs, folder: Path) -> None:
    """One up matrix holds NaN, as after a run that diverged in half precision."""
    layers = {path: pair for path, pair in pairs["unet"].items() if "attn" in path}
    path = sorted(layers)[len(layers) // 2]
    broken = layers[path].up.clone()
    broken[0] = torch.nan
    layers[path] = Pair(layers[path].down, broken, layers[path].alpha)
    _write(
        {"unet": layers},
        folder,
        title="Cracked Glaze",
        title_zh="开裂釉面",
        description="From a run that **diverged**: one layer holds values that are not numbers.",
        reason=f"the up matrix of {path} is not finite",
        version="shapes_v1",
    )


def write_for_another_base(folder: Path) -> None:
    """Cross-attention keys and values with the names and shapes of Stable Diffusion 1.5."""
    layers = {
        f"{block}.transformer_blocks.0.attn2.{end}": Pair(
            (torch.randn(RANK, 768) / 768**0.5).half(), (torch.randn(width, RANK) / 50).half(), 4.0
        )
        for block, width in _sd15_blocks()
        for end in ("to_k", "to_v")
    }
    _write(
        {"unet": layers},
        folder,
        title="Lost Traveller",
        title_zh="走错门的旅人",
        description="Made for **Stable Diffusion 1.5** and handed in for shapes by mistake.",
        reason="its layers and their shapes are those of Stable Diffusion 1.5, not of shapes",
        version="sd_v1",
    )


def _sd15_blocks() -> list[tuple[str, int]]:
    down = [(f"down_blocks.{n}.attentions.{m}", 320 * 2**n) for n in range(3) for m in range(2)]
    up = [
        (f"up_blocks.{n}.attentions.{m}", 320 * 2 ** (3 - n)) for n in (1, 2, 3) for m in range(3)
    ]
    return [*down, ("mid_block.attentions.0", 1280), *up]


def _write(  # noqa: PLR0913 - the words of a card
    pairs: Pairs,
    folder: Path,
    *,
    title: str,
    title_zh: str,
    description: str,
    reason: str,
    version: str,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{folder.name}.safetensors"
    rank = next(iter(pairs["unet"].values())).rank
    metadata = {
        "ss_output_name": folder.name,
        "ss_base_model_version": version,
        "ss_v2": "False",
        "ss_network_module": "networks.lora",
        "ss_network_dim": str(rank),
        "ss_network_alpha": str(next(iter(pairs["unet"].values())).alpha),
    }
    write_kohya(pairs, file, metadata)
    write_card(
        folder,
        title=title,
        title_zh=title_zh,
        description=description,
        kind="style",
        tags=["faulty"],
        files=[{"path": file.name, "role": "weights", "step": None}],
        expected="rejected",
        expected_reason=reason,
    )
