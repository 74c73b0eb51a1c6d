"""Real files, read whole: what must be seen in each."""

from __future__ import annotations

import json

import pytest
from blake3 import blake3

from registry.bases import catalogue
from registry.bases.fit import fit
from registry.formats.adapter import read_adapter
from registry.formats.errors import Pickle
from registry.formats.families import detect_family
from registry.formats.hashes import hash_stream
from registry.formats.header import read_header
from registry.formats.sniff import refuse_by_content
from registry.verdicts.verdict import Seen, Word, verdict_of
from tests.reading import SAMPLES, adapter_from, needs_samples

pytestmark = needs_samples

SAFETENSORS = [
    # file, dialect, family, layers, rank, embeddings
    ("cloneofsimo-analog_svd_rank4", "cloneofsimo", "sd1", 192, 4, 0),
    ("cloneofsimo-lora_disney", "cloneofsimo", "sd1", 192, 1, 2),
    ("catundchat-sd15", "diffusers_root", "sd1", 128, 4, 0),
    ("mathieunlp-sam-rank2", "unknown", "unknown", 0, None, 0),
]
TABLES = [
    ("anima_lora_kohya_format", "kohya", "cosmos", 11),
    ("flux_control_lora_format", "bfl", "flux1", 314),
    ("flux_lora_aitoolkit_format", "bfl", "flux1", 228),
    ("flux_lora_diffusers_format", "diffusers", "flux1", 494),
    ("flux_lora_kohya_format", "kohya", "flux1", 304),
    ("flux_lora_xlabs_format", "xlabs", "flux1", 12),
    ("krea2_lora_kohya_format", "kohya", "krea2", 40),
    ("qwen_image_lora_diffusers_format", "hybrid", "qwen-image", 3),
]


def adapter_file(name):
    path = SAMPLES / "adapters" / f"{name}.safetensors"
    with path.open("rb") as file:
        return path, read_header(file, file_size=path.stat().st_size)


@pytest.mark.parametrize(("name", "dialect", "family", "layers", "rank", "embeddings"), SAFETENSORS)
def test_a_real_adapter_is_read_right(name, dialect, family, layers, rank, embeddings):
    _, header = adapter_file(name)

    adapter = read_adapter(header)

    assert adapter.dialect == dialect
    assert detect_family(adapter).family == family
    assert len(adapter.pairs) == layers
    assert adapter.ranks == ((rank, rank) if rank else None)
    assert len(adapter.embeddings) == embeddings


@pytest.mark.parametrize("name", [row[0] for row in SAFETENSORS if row[3]])
def test_a_real_adapter_fits_its_base_to_the_last_layer(name):
    # The 2022 files name layers by numbers: that every shape agrees shows the order to be right.
    adapter = read_adapter(adapter_file(name)[1])
    found = fit(adapter, catalogue.manifest("sd-1-5"))
    assert (found.applied, found.unknown, found.mismatched) == (found.total, (), ())


@pytest.mark.parametrize("name", [row[0] for row in SAFETENSORS])
def test_a_real_adapter_has_the_hashes_that_are_known_of_it(name):
    path, header = adapter_file(name)
    known = next(
        row for row in json.loads((SAMPLES / "manifest.json").read_text())
        if row["size"] == path.stat().st_size
    )  # fmt: skip
    hashes, digest = hash_stream([path.read_bytes()], header=header, blake3=blake3())
    assert hashes.sha256 == known["sha256"]
    assert hashes.autov2 == known["autov2"].lower()
    assert hashes.autov3 == known["sha256_payload_autov3"][:12]
    assert len(digest) == 64


@pytest.mark.parametrize(("name", "dialect", "family", "layers"), TABLES)
def test_a_table_of_a_large_adapter_is_read_right(name, dialect, family, layers):
    table = json.loads((SAMPLES / "tables" / f"{name}.json").read_text())

    adapter = adapter_from({name: tuple(shape) for name, shape in table.items()})

    assert adapter.dialect == dialect
    assert detect_family(adapter).family == family
    assert len(adapter.pairs) == layers


@pytest.mark.parametrize(
    "name",
    ["flux_lora_aitoolkit_format", "flux_lora_diffusers_format", "flux_lora_kohya_format",
     "flux_lora_xlabs_format"],
)  # fmt: skip
def test_flux_fits_in_each_of_its_namings(name):
    table = json.loads((SAMPLES / "tables" / f"{name}.json").read_text())
    adapter = adapter_from({name: tuple(shape) for name, shape in table.items()})
    assert fit(adapter, catalogue.manifest("flux-1-dev")).whole


@pytest.mark.parametrize("name", ["catundchat-sd15.bin", "wujindou-bloom/adapter_model.bin"])
@pytest.mark.parametrize("called", ["adapter.bin", "adapter.safetensors"])
def test_pickled_weights_are_refused(name, called):
    raw = (SAMPLES / "adapters" / name).read_bytes()
    with pytest.raises(Pickle, match="pickled weights"):
        refuse_by_content(raw[:4096], name=called, size=len(raw))


@pytest.mark.parametrize("name", [row[0] for row in TABLES])
def test_a_table_of_a_real_adapter_is_not_refused(name):
    table = json.loads((SAMPLES / "tables" / f"{name}.json").read_text())
    adapter = adapter_from({name: tuple(shape) for name, shape in table.items()})
    seen = verdict_of(adapter, Seen("adapter.safetensors"))
    assert seen.word is not Word.REFUSED, seen.problems
