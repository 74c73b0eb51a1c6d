"""A hub with many adapters in it, made of rows, and a folder as it should look."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import timedelta
from pathlib import Path

from registry.models import Adapter, AdapterVersion, VersionFile
from registry.services import searching
from tests.factories import EARLIER, BaseFactory, TeamFactory, UserFactory, keep


def fill(count, *, team="ink", size=20_000):
    """Publish `count` adapters, each of one version with bytes of its own; return the versions."""
    owner, base, by = TeamFactory(slug=team), BaseFactory(), UserFactory()
    when = {"created_by": by, "created_at": EARLIER, "changed_at": EARLIER}
    adapters = Adapter.objects.bulk_create(
        Adapter(team=owner, slug=f"a{number:03}", title=f"A {number}", **when)
        for number in range(count)
    )
    versions = [publish(adapter, base, by, size=size) for adapter in adapters]
    searching.refresh(AdapterVersion.objects.filter(adapter__in=adapters))
    return versions


def publish(adapter, base, by, *, number=1, size=20_000):
    word = f"{adapter.team_id} {adapter.slug} {number} ".encode()
    blob = keep((word * (size // len(word) + 1))[:size])
    version = AdapterVersion.objects.create(
        adapter=adapter,
        number=number,
        base=base,
        sha256=blob.sha256,
        state="published",
        proof="fits",
        uploaded_by=by,
        uploaded_at=EARLIER,
        published_at=EARLIER + timedelta(hours=AdapterVersion.objects.count()),
    )
    VersionFile.objects.create(
        version=version, name="x.safetensors", size=size, sha256=blob.sha256, blob=blob,
        dialect="kohya",
    )  # fmt: skip
    return version


def make_peft(version, config):
    """Let a version be a folder of PEFT's."""
    version.files.update(dialect="peft", name="adapter_model.safetensors")
    blob = keep(config)
    VersionFile.objects.create(
        version=version, role="config", name="adapter_config.json", size=len(config),
        sha256=blob.sha256, blob=blob, metadata=json.loads(config),
    )  # fmt: skip


def file_name(version):
    return f"{version.adapter.slug}-v{version.number}-{version.sha256[:8]}.safetensors"


def tree(folder: Path):
    """Return the sha256 of every file of a folder by its name, without the client's records."""
    found = {}
    for at, folders, names in os.walk(folder):
        if ".loradex" in folders:
            folders.remove(".loradex")
        for name in names:
            path = Path(at) / name
            content = path.read_bytes()
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


def as_published(versions):
    return {file_name(version): version.sha256 for version in versions}
