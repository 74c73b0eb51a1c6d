"""
What weights and metadata tell of each other in a large library: where lineage is suggested.

Every file gets the norms of its layers and a header as trainers write it. Most of such a library
has the same layers, in a few ranks, so very much of it may be what a version was cut down from.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from django.db import connection
from django.urls import reverse
from site_rooms import Room
from site_rows import START

from registry.models import AdapterVersion, VersionFile

LAYERS, SHAPES = 722, 2_000
HEADER = {
    "ss_session_id": "1234567890",
    "ss_tag_frequency": json.dumps({"10_ink": {f"a tag of pictures {n}": n for n in range(240)}}),
}
CLAIMS = (
    {},
    {"ss_network_weights": "/data/a-77.safetensors"},
    {"modelspec.merged_from": "a-12.safetensors, ink-wash.safetensors, unknown.safetensors"},
    {"ss_training_comment": "dimension is resized from 64 to 32", "ss_sd_model_hash": "0123456789"},
)


def furnish() -> None:
    """Give each version's file a blob with its norms, and a header."""
    drawn = random.Random(7)
    shapes = [_shape(drawn) for _ in range(SHAPES)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE shape (n int, signature jsonb, norm float)")
        cursor.executemany("INSERT INTO shape VALUES (%s, %s, %s)", shapes_as_rows(shapes))
        cursor.execute(_BLOBS, [START, START])
        cursor.execute(
            "UPDATE registry_versionfile SET blob_id = sha256, metadata = %s", [json.dumps(HEADER)]
        )
        cursor.execute("VACUUM ANALYZE registry_blob, registry_versionfile")


def shapes_as_rows(shapes: list[list[float]]) -> list[tuple[int, str, float]]:
    return [
        (n, json.dumps({"main": {"norm": _norm(layers), "layers": layers}}), _norm(layers))
        for n, layers in enumerate(shapes)
    ]


def _shape(drawn: random.Random) -> list[float]:
    scale = drawn.uniform(0.5, 1.5)
    return sorted(round(scale * drawn.lognormvariate(-1, 0.6), 6) for _ in range(LAYERS))[::-1]


def _norm(layers: list[float]) -> float:
    return float(sum(one * one for one in layers) ** 0.5)


# Each norm a little apart from the others of its shape, as those of trainings are.
_BLOBS = f"""
INSERT INTO registry_blob (sha256, size, autov1, autov3, crc32, blake3, tensor_digest, change_norm,
                           change_signature, kept_at, wanted_at)
SELECT f.sha256, 228462044, '', '', '', '', '', s.norm * (0.9 + 0.2 * random()), s.signature, %s, %s
FROM registry_versionfile f
JOIN shape s ON s.n = abs(hashtext(f.sha256)) %% {SHAPES}
"""


def rooms() -> Iterator[Room]:
    """Yield the page that asks what a version was made from, and what the API says of it."""
    asked = []
    found = AdapterVersion.objects.filter(adapter__team__slug="team-0", files__rank_high=32)
    rows = found.order_by("uploaded_at").values_list("pk", "adapter__slug")
    for n, (pk, slug) in enumerate(_spread(list(rows), 12)):
        VersionFile.objects.filter(version=pk).update(metadata=HEADER | CLAIMS[n % len(CLAIMS)])
        asked.append(["team-0", slug, 1])
    pages = [reverse("lineage", args=name) for name in asked]
    yield Room("what a version was made from, with suggestions", pages, signed_in=True)
    told = [reverse("api-lineage", args=name) for name in asked]
    yield Room("the same by the API", told, signed_in=True)
    edits = [reverse("edit-version", args=name) for name in asked]
    yield Room("what is said of a version", edits, signed_in=True)


def _spread(rows: list[tuple[object, str]], many: int) -> list[tuple[object, str]]:
    return [rows[n * (len(rows) - 1) // (many - 1)] for n in range(many)]
