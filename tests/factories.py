"""
Rows for tests, each sound as it is: a test names only what it is about.

`VersionFactory(published=True)` has a weights file whose bytes are really in the store, so that it
can be downloaded; `ready=True`, `rejected=True` and `waiting` (the default) are as workers leave
them.
"""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta

import factory
from blake3 import blake3
from django.utils import timezone
from factory.django import DjangoModelFactory

from registry import blobs
from registry.bases import catalogue
from registry.bases.manifest import encode
from registry.exports.preparing import Wanted
from registry.formats.hashes import hash_stream
from registry.formats.header import read_header
from registry.models import (
    Adapter,
    AdapterVersion,
    BaseModel,
    Blob,
    Blueprint,
    Curve,
    Event,
    Import,
    ImportItem,
    Membership,
    Preparation,
    PreparedFile,
    PreviewCell,
    PreviewGrid,
    PreviewRequest,
    Result,
    Role,
    Scene,
    Scope,
    Source,
    Team,
    Upload,
    User,
    ValidationRun,
    VersionFile,
)
from registry.queries import prepared
from registry.services import accounts, searching
from tests import blueprints, files

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
PICTURE = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0"  # begins as WebP does


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("person{}".format)
    password = factory.django.Password("correct horse battery staple")


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team
        django_get_or_create = ("slug",)

    slug = factory.Sequence("team{}".format)
    title = factory.LazyAttribute(lambda team: team.slug.title())
    created_at = EARLIER


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.CONTRIBUTOR
    joined_at = EARLIER


def member(team, role=Role.CONTRIBUTOR, **person):
    """Return a person who holds the role in the team."""
    return MembershipFactory(team=team, role=role, user=UserFactory(**person)).user


def token(user, *scopes, expires_at=None):
    """Return the secret of a new token of the person's, for all scopes unless some are named."""
    _, secret = accounts.issue_token(
        user=user,
        title="for a test",
        scopes=scopes or list(Scope),
        expires_at=expires_at,
        now=timezone.now(),
    )
    return secret


class BaseFactory(DjangoModelFactory):
    class Meta:
        model = BaseModel
        django_get_or_create = ("slug",)

    slug = "sdxl-1-0"
    title = factory.LazyAttribute(lambda base: base.slug)
    family = "sdxl"
    repo = factory.LazyAttribute(lambda base: getattr(catalogue.entry(base.slug), "repo", ""))
    aliases = factory.LazyFunction(list)
    pipeline = "StableDiffusionXLPipeline"
    proof_needed = "fits"


class SceneFactory(DjangoModelFactory):
    class Meta:
        model = Scene

    base = factory.SubFactory(BaseFactory)
    slug = factory.Sequence("scene{}".format)
    title = "A scene"
    prompt = "{trigger} a red circle on white"


class AdapterFactory(DjangoModelFactory):
    class Meta:
        model = Adapter

    team = factory.SubFactory(TeamFactory)
    slug = factory.Sequence("adapter{}".format)
    title = factory.LazyAttribute(lambda adapter: adapter.slug.replace("-", " ").title())
    kind = "style"
    created_by = factory.SubFactory(UserFactory)
    created_at = EARLIER
    changed_at = EARLIER


def keep(content):
    """Put bytes into the store and return their row."""
    store = blobs.default()
    sha256, size = store.put(io.BytesIO(content))
    header = read_header(io.BytesIO(content), file_size=size) if content[8:9] == b"{" else None
    hashes, digest = hash_stream([content], header=header, blake3=blake3())
    fields = {
        "size": size,
        "autov1": hashes.autov1,
        "autov3": hashes.autov3,
        "crc32": hashes.crc32,
        "blake3": hashes.blake3,
        "tensor_digest": digest,
        "kept_at": EARLIER,
        "wanted_at": EARLIER,
    }
    return Blob.objects.update_or_create(sha256=sha256, defaults=fields)[0]


class VersionFactory(DjangoModelFactory):
    """A version with one weights file; `content` is what is in it."""

    class Meta:
        model = AdapterVersion
        skip_postgeneration_save = True

    class Params:
        ready = factory.Trait(state="ready", proof="fits")
        published = factory.Trait(
            state="published",
            proof="fits",
            published_at=factory.Sequence(lambda n: EARLIER + timedelta(hours=n)),
        )
        withdrawn = factory.Trait(
            state="withdrawn", proof="fits", published_at=EARLIER, reason="It was a mistake."
        )
        rejected = factory.Trait(state="rejected", reason="Its numbers are NaN.")

    adapter = factory.SubFactory(AdapterFactory)
    number = factory.LazyAttribute(lambda version: version.adapter.versions.count() + 1)
    base = factory.SubFactory(BaseFactory)
    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    family_detected = "sdxl"
    trigger_words = factory.LazyFunction(lambda: ["inkwash"])
    uploaded_by = factory.SelfAttribute("adapter.created_by")
    uploaded_at = EARLIER

    @factory.post_generation
    def content(self, create, content, **_):
        if content is None:
            values = files.Values(seed=self.pk.int)
            content = files.kohya_lora("sdxl", values=values).getvalue()
        blob = keep(content)
        self.sha256 = blob.sha256
        self.save(update_fields=["sha256"])
        FileFactory(version=self, blob=blob, upload=None)
        searching.refresh(AdapterVersion.objects.filter(pk=self.pk))


class FileFactory(DjangoModelFactory):
    class Meta:
        model = VersionFile

    version = factory.SubFactory(VersionFactory)
    role = "weights"
    name = "adapter.safetensors"
    blob = None
    size = factory.LazyAttribute(lambda file: file.blob.size if file.blob else 1000)
    sha256 = factory.LazyAttribute(lambda file: file.blob.sha256 if file.blob else "0" * 64)
    dialect = "kohya"
    algorithm = "lora"
    dtype = "F16"
    rank_low = 4
    rank_high = 4
    layers = 4


class UploadFactory(DjangoModelFactory):
    """An upload that the store knows nothing of; to send parts, open one through the services."""

    class Meta:
        model = Upload

    by = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    name = "adapter.safetensors"
    size = 1000
    sha256 = "0" * 64
    part_size = 1000
    opened_at = EARLIER


class RunFactory(DjangoModelFactory):
    class Meta:
        model = ValidationRun

    version = factory.SubFactory(VersionFactory)
    queued_at = factory.LazyFunction(timezone.now)


class ResultFactory(DjangoModelFactory):
    class Meta:
        model = Result

    run = factory.SubFactory(RunFactory)
    position = factory.Sequence(int)
    code = factory.Sequence("file.check{}".format)
    claim = "The file is sound"
    outcome = "passed"


class GridFactory(DjangoModelFactory):
    """A finished grid; `sweep` gives it cells and a curve."""

    class Meta:
        model = PreviewGrid

    version = factory.SubFactory(VersionFactory, published=True)
    weights = factory.LazyFunction(lambda: [0, 0.6, 1.2])
    engine = "torch 2"
    device = "cpu"
    method = "batch"
    opened_at = EARLIER
    rendered_at = EARLIER


class CellFactory(DjangoModelFactory):
    class Meta:
        model = PreviewCell

    grid = factory.SubFactory(GridFactory)
    scene = factory.SubFactory(SceneFactory, base=factory.SelfAttribute("..grid.version.base"))
    row = 0
    column = 0
    weight = 0.6
    blob = factory.LazyFunction(lambda: keep(PICTURE))
    width = 128
    height = 128
    content_key = factory.Sequence(lambda n: hashlib.sha256(f"cell {n}".encode()).hexdigest())
    parameters = factory.LazyFunction(lambda: {"prompt": "a red circle on white", "seed": 0})


class RequestFactory(DjangoModelFactory):
    """A request that waits for a worker: one cell at two weights."""

    class Meta:
        model = PreviewRequest

    version = factory.SubFactory(VersionFactory, published=True, proof="renders")
    kind = "asked"
    plan = factory.LazyFunction(lambda: {"across": {"axis": "weight", "values": [0, 1]}})
    cells = 2
    by = factory.SubFactory(UserFactory)
    queued_at = factory.LazyFunction(timezone.now)


def sweep(version, weights=(0, 0.6, 1.2)):
    """Give the version a grid of one scene, its cells (each another picture) and a curve."""
    grid = GridFactory(version=version, weights=list(weights))
    scene = SceneFactory(base=version.base)
    for column, weight in enumerate(weights):
        CellFactory(
            grid=grid,
            scene=scene,
            column=column,
            weight=weight,
            blob=keep(PICTURE + f"{version.pk} {weight}".encode()),
            from_zero=weight / 2,
            from_previous=0.1,
        )
    CurveFactory(grid=grid)
    return grid


class CurveFactory(DjangoModelFactory):
    class Meta:
        model = Curve

    grid = factory.SubFactory(GridFactory)
    points = factory.LazyFunction(
        lambda: [
            {"weight": 0, "from_zero": 0, "from_previous": 0},
            {"weight": 1, "from_zero": 0.3, "from_previous": 0.3},
        ]
    )
    low = 0.4
    high = 1.0
    best = 0.8
    onset = 0.2


class ImportFactory(DjangoModelFactory):
    """An import that is planned, of one item."""

    class Meta:
        model = Import
        skip_postgeneration_save = True

    by = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    kind = "folder"
    source = "/srv/loras"
    name = "loras"
    state = "planned"
    stage = "plan"
    opened_at = EARLIER
    queued_at = EARLIER

    @factory.post_generation
    def items(self, create, count, **_):
        for position in range(1, (1 if count is None else count) + 1):
            ImportItemFactory(of=self, position=position)


class ImportItemFactory(DjangoModelFactory):
    class Meta:
        model = ImportItem

    of = factory.SubFactory(ImportFactory, items=0)
    position = 1
    key = factory.LazyAttribute(lambda item: f"ink-{item.position}.safetensors")
    group = factory.SelfAttribute("key")
    files = factory.LazyAttribute(
        lambda item: [
            {
                "name": item.key,
                "place": item.key,
                "role": "weights",
                "size": 1000,
                "sha256": "",
                "training_step": None,
            }
        ]
    )
    fields = factory.LazyFunction(
        lambda: {"title": {"value": "Ink", "source": "ink.json", "others": []}}
    )
    size = 1000
    base = "sdxl-1-0"
    slug = factory.LazyAttribute(lambda item: f"ink-{item.position}")


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    version = factory.SubFactory(VersionFactory)
    kind = "folder"
    asked = "/srv/loras"
    name = "loras"
    key = "ink.safetensors"
    group = "ink.safetensors"
    record = factory.LazyFunction(lambda: {"ink.json": {"notes": "good"}})
    fields = factory.LazyFunction(lambda: {"title": "ink.json"})
    by = factory.SubFactory(UserFactory)
    imported_at = EARLIER


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    at = factory.LazyFunction(timezone.now)
    verb = "version.published"


def own_base(team, *, manifest=None, **fields):
    """Return a base of the team's own; its layers are `manifest`'s, or are still to be made."""
    state = "ready" if manifest or fields.get("parent") else "making"
    defaults = {"slug": "ours", "title": "Ours", "family": "ours", "state": state}
    base = BaseFactory(**defaults | {"team": team, "added_at": EARLIER} | fields)
    if not base.parent:
        content = encode(manifest) if manifest else None
        Blueprint.objects.create(
            base=base,
            configs=blueprints.language_model(),
            manifest=content,
            digest=hashlib.sha256(content).hexdigest() if content else "",
            queued_at=EARLIER,
        )
    return base


def prepare(version, layout, path):
    """Let the hub have written a version in a layout: what lies at the path."""
    row = Preparation.objects.create(
        key=prepared.plan_of(version, Wanted(layout)).key, version=version, layout=layout,
        state="done", size=1, queued_at=EARLIER, wanted_at=EARLIER, finished_at=EARLIER,
    )  # fmt: skip
    PreparedFile.objects.create(preparation=row, path=path.name, blob=keep(path.read_bytes()))
