"""A rendered picture, among the shots that a sweep knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workers.engine import pictures
from workers.engine.picture_facts import facts_of
from workers.engine.pictures import Latent, Picture
from workers.engine.shots import PICTURE, fields_of

MEDIA_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class PictureShot:
    """
    One rendered picture: what is seen, and the latent it was decoded from.

    One that comes back from where it was kept has no latent any more; what needs it is left out.
    """

    picture: Picture
    latent: Latent | None

    @classmethod
    def kept(cls, content: bytes) -> PictureShot:
        """
        Return the shot of a picture that was kept as a file.

        :raises NoPicture: if the bytes are no picture that the engine would keep
        """
        return cls(pictures.from_webp(content), None)

    @property
    def is_finite(self) -> bool:
        return self.latent is None or bool(np.isfinite(self.latent).all())

    @property
    def fields(self) -> dict[str, Any]:
        height, width = self.picture.shape[:2]
        return fields_of(PICTURE, media_type=MEDIA_TYPE, width=width, height=height)

    def files(self) -> dict[str, bytes]:
        return {"blob": pictures.to_webp(self.picture)}

    def distances(self, other: PictureShot) -> dict[str, float]:
        """Return how far another is from this one, by every measure (engine.pictures)."""
        found = {
            "pixel": pictures.pixel_distance(self.picture, other.picture),
            "ssim": pictures.ssim_distance(self.picture, other.picture),
        }
        if self.latent is not None and other.latent is not None:
            found["latent"] = pictures.latent_distance(self.latent, other.latent)
        return found

    def measures(self, zero: PictureShot | None) -> dict[str, Any]:  # noqa: ARG002
        return facts_of(self.picture, self.latent)

    def change(self, other: PictureShot) -> float:
        return pictures.pixel_distance(self.picture, other.picture)
