"""
How well a picture fits the words that it was asked by, as a CLIP sees it.

The CLIP is the operator's: a folder of transformers' CLIPModel with its processor, safetensors
only. It stays beside the bases, in single precision. A score is the cosine between what it makes of
the picture and what it makes of the words, -1 to 1; scores of two CLIPs are not compared, so each
says which one gave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import CLIPModel, CLIPProcessor

from registry.sweeps.plan import write_prompt
from workers.engine.devices import Device
from workers.engine.last_loaded import LastLoaded, ModelSource
from workers.engine.picture_shots import PictureShot
from workers.engine.pictures import Picture
from workers.engine.shots import Shot
from workers.engine.sweeping import Row

AT_ONCE = 16  # pictures
MOST_KEPT = 512  # scores: a row comes again with more weights, and is measured as a whole
NAMED_BY = 12  # digits of a digest
LEAST_WORDS = 256  # a token for each byte


@dataclass(slots=True)
class Clip:
    """A loaded CLIP, and the scores that it gave last, by cell key and words."""

    source: ModelSource
    model: Any  # CLIPModel
    processor: Any  # CLIPProcessor
    kept: dict[tuple[str, str], float] = field(default_factory=dict)

    def score(self, pictures: Sequence[Picture], words: str) -> list[float]:
        """Return how well each picture fits the words; what is longer than it reads is cut off."""
        scores: list[float] = []
        for start in range(0, len(pictures), AT_ONCE):
            scores += self._score(pictures[start : start + AT_ONCE], words)
        return scores

    @torch.inference_mode()
    def _score(self, pictures: Sequence[Picture], words: str) -> list[float]:
        told = self.processor(
            text=[words],
            images=[Image.fromarray(picture) for picture in pictures],
            return_tensors="pt",
            truncation=True,
            max_length=self.model.config.text_config.max_position_embeddings,
        ).to(self.model.device)
        found = self.model(
            input_ids=told["input_ids"],
            attention_mask=told["attention_mask"],
            pixel_values=told["pixel_values"],
        )
        cosines = found.image_embeds @ found.text_embeds.T  # both are of length 1
        return [float(one) for one in cosines[:, 0]]

    def see(
        self, row: Row, keys: Mapping[float, str], shots: Mapping[float, Shot]
    ) -> dict[float, dict[str, Any]]:
        """Return `fidelity` of each picture of a row to its prompt, and by which CLIP; else {}."""
        words = write_prompt(row.scene.prompt, ())  # no CLIP has met an adapter's trigger words
        seen = {
            weight: shot.picture
            for weight, shot in shots.items()
            if isinstance(shot, PictureShot) and shot.is_finite
        }
        if not words or not seen:
            return {}
        new = [weight for weight in seen if (keys[weight], words) not in self.kept]
        scores = self.score([seen[weight] for weight in new], words)
        self.kept |= {(keys[one], words): score for one, score in zip(new, scores, strict=True)}
        by = self.source.digest[:NAMED_BY]
        found = {
            weight: {"fidelity": self.kept[keys[weight], words], "fidelity_by": by}
            for weight in seen
        }
        while len(self.kept) > MOST_KEPT:
            self.kept.pop(next(iter(self.kept)))
        return found


def clips(device: Device) -> LastLoaded[Clip]:
    """Return what holds the CLIP that a process was asked for last."""
    return LastLoaded(
        lambda source: Clip(source, *_loaded(source.at, device)),
        title="The CLIP",
        instead="pictures are not held against their prompts",
    )


def _loaded(folder: Path, device: Device) -> tuple[Any, Any]:
    """:raises Exception: of many kinds, if anything is not there that scores need"""
    loaded: Any = CLIPModel.from_pretrained(
        folder,
        dtype=torch.float32,
        local_files_only=True,
        use_safetensors=True,
        output_loading_info=True,
    )
    model, loading = loaded
    if lacking := sorted(loading["missing_keys"]):  # which are drawn by chance, without a word
        raise ValueError(f"its weights lack {lacking[0]}")
    processor: Any = CLIPProcessor.from_pretrained(folder, local_files_only=True)
    words, known = len(processor.tokenizer), model.config.text_config.vocab_size
    if not LEAST_WORDS <= words <= known:  # without its file it is made up, and knows no word
        raise ValueError(f"its tokenizer knows {words} tokens, and its model {known}")
    return model.eval().to(device.place), processor
