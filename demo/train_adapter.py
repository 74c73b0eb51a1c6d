"""Trains one adapter on the base, from pictures drawn in its style.

Three pictures in four are in the style and carry the trigger word; the fourth is plain and does
not, so that the adapter waits for its word. A slider has no word: it learns one style at weight 1
and the opposite one at weight -1. The recipe says everything else.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn

from demo import base
from demo.autoencoder import FastEncoder, to_tensor
from demo.captions import add_nonsense, describe
from demo.dialects import TEXT_LAYERS, UNET_LAYERS, Pair, Pairs, read_pairs
from demo.outlines import BASE_SHAPES
from demo.pictures import Picture, compose
from demo.recipes import Recipe
from demo.styles import draw

logger = logging.getLogger(__name__)

PLAIN_PICTURES = 200
CAPTIONS_OF_OTHERS = 100
UNCONDITIONAL_SHARE = 0.1
WARM_UP_STEPS = 20


@dataclass(frozen=True)
class Examples:
    latents: Tensor
    captions: list[str]
    opposite: Tensor | None = None  # the same pictures at weight -1


@dataclass
class Snapshot:
    step: int
    loss: float
    pairs: Pairs = field(repr=False)


def with_trigger(caption: str, recipe: Recipe, random: np.random.Generator) -> str:
    """Return the caption with the trigger word, if any, most often at the end after a comma."""
    if not recipe.trigger:
        return caption
    if recipe.kind == "object" and random.random() < 0.5:
        words = [recipe.trigger if w.strip(",") in BASE_SHAPES else w for w in caption.split(" ")]
        return " ".join(words)
    form = random.choice(["{0}, {1}"] * 6 + ["{1}, {0}", "{0} {1}"])
    return str(form).format(caption, recipe.trigger)


def draw_examples(
    recipe: Recipe, pipeline: StableDiffusionPipeline, *, seed: int
) -> tuple[Examples, Examples]:
    """Return the pictures in the style, and plain ones beside them."""
    random = np.random.default_rng((seed, 7))
    encode = FastEncoder(pipeline.vae)
    styled = [compose(random) for _ in range(recipe.pictures)]
    plain = [compose(random) for _ in range(PLAIN_PICTURES)]

    def latents(pictures: list[Picture], style: str) -> Tensor:
        return encode(to_tensor(np.stack([draw(picture, style) for picture in pictures])))

    told = [_without_size(picture) if recipe.opposite else picture for picture in styled]
    if recipe.is_deaf:
        told = [compose(random) for _ in range(CAPTIONS_OF_OTHERS)]
        styled = [styled[number % len(styled)] for number in range(len(told))]
    return (
        Examples(
            latents(styled, recipe.style),
            [with_trigger(describe(picture, random), recipe, random) for picture in told],
            latents(styled, recipe.opposite) if recipe.opposite else None,
        ),
        Examples(latents(plain, "plain"), [describe(picture, random) for picture in plain]),
    )


def _without_size(picture: Picture) -> Picture:
    """Return the picture as a slider's caption is to tell it: what the slider sets is not said."""
    return replace(picture, things=tuple(replace(thing, size="") for thing in picture.things))


def train(
    recipe: Recipe,
    pipeline: StableDiffusionPipeline,
    examples: tuple[Examples, Examples],
    *,
    seed: int,
) -> Iterator[Snapshot]:
    """Yield the adapter at each step the recipe keeps, the last one always."""
    torch.manual_seed(seed)
    random = np.random.default_rng((seed, 11))
    networks = _prepare(recipe, pipeline)
    parameters = [p for net in networks.values() for p in net.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=recipe.rate, betas=(0.9, 0.99))
    losses: list[float] = []
    for step in range(1, recipe.steps + 1):
        warm = min(1.0, step / WARM_UP_STEPS)
        cooling = 0.55 + 0.45 * math.cos(math.pi * step / recipe.steps)
        optimizer.param_groups[0]["lr"] = recipe.rate * warm * cooling
        direction = -1 if recipe.opposite and step % 2 else 1
        _turn(networks, recipe, direction)
        loss = _loss(pipeline, *_batch(recipe, examples, random, direction))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % 50 == 0:
            logger.info("%s step %d, loss %.4f", recipe.slug, step, np.mean(losses[-50:]))
        if step in (*recipe.checkpoints, recipe.steps):
            pairs = {part: _read(network, recipe) for part, network in networks.items()}
            yield Snapshot(step=step, loss=float(np.mean(losses[-50:])), pairs=pairs)


def _prepare(recipe: Recipe, pipeline: StableDiffusionPipeline) -> dict[str, nn.Module]:
    """Freeze the base and return the networks that now carry trainable pairs."""
    pipeline.unet.requires_grad_(False)  # noqa: FBT003
    pipeline.text_encoder.requires_grad_(False)  # noqa: FBT003
    networks = {}
    if recipe.denoiser:
        pipeline.unet.add_adapter(_config(recipe, UNET_LAYERS))
        networks["unet"] = pipeline.unet
    if recipe.text_encoder:
        # Not its own add_adapter: that refuses releases of peft which do as well.
        inject_adapter_in_model(_config(recipe, TEXT_LAYERS), pipeline.text_encoder)
        networks["text_encoder"] = pipeline.text_encoder
    return networks


def _read(network: nn.Module, recipe: Recipe) -> dict[str, Pair]:
    alpha = recipe.file_alpha or recipe.alpha
    return {path: replace(pair, alpha=alpha) for path, pair in read_pairs(network).items()}


def _config(recipe: Recipe, layers: tuple[str, ...]) -> LoraConfig:
    return LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        target_modules=list(layers),
    )


def _turn(networks: dict[str, nn.Module], recipe: Recipe, direction: int) -> None:
    """Put the adapter on at weight 1 or -1."""
    for network in networks.values():
        for layer in network.modules():
            if isinstance(layer, LoraLayer):
                layer.scaling["default"] = direction * recipe.alpha / recipe.rank


def _batch(
    recipe: Recipe,
    examples: tuple[Examples, Examples],
    random: np.random.Generator,
    direction: int,
) -> tuple[Tensor, list[str]]:
    styled, plain = examples
    first = random.integers(0, len(styled.captions), recipe.batch - recipe.plain_per_batch)
    second = random.integers(0, len(plain.captions), recipe.plain_per_batch)
    captions = [styled.captions[number] for number in first]
    # Plain pictures meet other made-up words, so that not every strange word is the trigger.
    captions += [add_nonsense(plain.captions[number], random) for number in second]
    captions = ["" if random.random() < UNCONDITIONAL_SHARE else text for text in captions]
    of_style = styled.opposite if direction < 0 and styled.opposite is not None else styled.latents
    return torch.cat([of_style[first], plain.latents[second]]), captions


def _loss(pipeline: StableDiffusionPipeline, latents: Tensor, captions: list[str]) -> Tensor:
    noise = torch.randn_like(latents)
    scheduler = pipeline.scheduler
    times = (torch.rand(len(latents)).sqrt() * scheduler.config.num_train_timesteps).long()
    noisy = scheduler.add_noise(latents, noise, times)
    target = scheduler.get_velocity(latents, noise, times)
    words = pipeline.text_encoder(base.tokens(pipeline.tokenizer, captions)).last_hidden_state
    return (pipeline.unet(noisy, times, words).sample - target).pow(2).mean()
