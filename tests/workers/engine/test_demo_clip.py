"""The demonstration's own CLIP tells pictures that fit their words from those that do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from demo.captions import describe
from demo.pictures import compose
from demo.styles import draw
from workers.engine.devices import choose
from workers.engine.fidelity import clips
from workers.engine.last_loaded import ModelSource
from workers.engine.pictures import to_picture

FOLDER = Path(__file__).parents[3] / "demo" / "matching" / "clip"


@pytest.fixture(scope="module")
def clip():
    return clips(choose("cpu")).load(ModelSource(FOLDER, "demo"))


def test_pictures_fit_their_own_captions_best(clip):
    random = np.random.default_rng(20)
    pictures = [compose(random) for _ in range(24)]
    drawn = [to_picture(draw(one)) for one in pictures]

    scores = np.array([clip.score(drawn, describe(one, random)) for one in pictures])

    own, others = np.diag(scores), scores[~np.eye(len(pictures), dtype=bool)]
    assert (scores.argmax(axis=0) == np.arange(len(pictures))).mean() >= 0.9
    assert own.mean() > 0.85
    assert others.mean() < 0.4


def test_noise_fits_no_caption(clip):
    noise = np.random.default_rng(1).integers(0, 255, (96, 96, 3), dtype=np.uint8)

    assert clip.score([noise], "a red circle on white")[0] < 0.5
