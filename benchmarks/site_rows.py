"""
A library of published adapters with everything that the front page narrows by, in about a minute.

One row of each kind is made as the hub makes it; PostgreSQL copies it as often as is asked, with
what differs drawn by a chance that is always the same. Only the words that people search by are cut
up here, and copied in.
"""

from __future__ import annotations

import hashlib
import io
import random
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Model
from PIL import Image, ImageDraw

from registry import blobs
from registry.models import (
    Adapter,
    AdapterVersion,
    BaseModel,
    Blob,
    PreviewCell,
    PreviewGrid,
    SearchEntry,
    Team,
    User,
    VersionFile,
)
from registry.queries import search_words
from registry.services import bases

START = datetime(2026, 1, 1, tzinfo=UTC)
WEIGHTS = (0, 0.2, 0.4, 0.6, 0.8, 1, 1.2)
SCENES = 24  # sweeps whose pictures all adapters share
SIDE = 384
TEAMS, PEOPLE, TAGS = 60, 800, 3000
WORDS = "ink wash neon glow zebra dot field shadow golden halo low tide moon crest paper oil"
CHINESE = "水墨 山水 霓虹 斑马 月光 黄金 低潮 影子"
LICENCES = "apache-2.0,,cc-by-4.0,cc-by-nc-4.0,openrail++,cc0-1.0,mit,who knows"
KINDS = "style,character,concept,clothing,object,effect,slider,domain,task,voice,other"


def seed(rows: int) -> None:
    """Make so many adapters of one published version each, the last ones with pictures."""
    bases.load_catalogue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
    team = Team.objects.create(slug="team-0", title="Team 0", created_at=START)
    person = User.objects.create(username="person-0")
    _copy(Team, team, TEAMS - 1, slug="'team-' || n", title="'Team ' || n")
    _copy(User, person, PEOPLE - 1, username="'person-' || n")
    adapter, version, file = _first(team, person)
    _copy(Adapter, adapter, rows - 1, **_adapter_columns())
    _copy_each(AdapterVersion, version, "registry_adapter o", "o.slug <> 'a-0'", **_OF_VERSIONS)
    _copy_each(
        VersionFile, file, "registry_adapterversion o", f"o.id <> '{version.pk}'", **_OF_FILES
    )
    _search_words()
    _sweeps(min(rows, 5000))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _first(team: Team, person: User) -> tuple[Adapter, AdapterVersion, VersionFile]:
    adapter = Adapter.objects.create(
        team=team, slug="a-0", title="Ink wash 0", kind="style", created_by=person,
        created_at=START, changed_at=START,
    )  # fmt: skip
    version = AdapterVersion.objects.create(
        adapter=adapter, number=1, base=BaseModel.objects.get(slug="sdxl-1-0"), sha256="0" * 64,
        state="published", proof="renders", trigger_words=["inkwash"], measured_low=0.4,
        measured_high=1.0, measured_best=0.8, uploaded_by=person, uploaded_at=START,
        published_at=START, training={"steps": 1200, "images": 40, "note": "x" * 400},
        fit={"components": [{"component": "unet", "applied": 722, "total": 722}]},
    )  # fmt: skip
    file = VersionFile.objects.create(
        version=version, name="a.safetensors", size=228_462_044, sha256="0" * 64, dialect="kohya",
        algorithm="lora", dtype="F16", rank_low=16, rank_high=16, layers=722,
    )  # fmt: skip
    return adapter, version, file


def _drawn(words: str, power: int, separator: str = ",") -> str:
    """Return the SQL of one of these words; the first ones are drawn most often."""
    choices = words.split(separator)
    quoted = ",".join(f"'{each}'" for each in choices)
    return f"(ARRAY[{quoted}])[1 + floor(power(random(), {power}) * {len(choices)})::int]"


def _one_of(table: str, count: int, power: int) -> str:
    ids = f"(ARRAY(SELECT id FROM {table} ORDER BY id))"
    return f"{ids}[1 + floor(power(random(), {power}) * {count})::int]"


def _adapter_columns() -> dict[str, str]:
    word = _drawn(WORDS, 1, " ")
    return {
        "team_id": _one_of("registry_team", TEAMS, 2),
        "created_by_id": _one_of("registry_user", PEOPLE, 2),
        "slug": "'a-' || n",
        "title": f"initcap({word}) || ' ' || {word} || ' ' || {_drawn(CHINESE, 1, ' ')} || "
        "CASE WHEN n % 1000 = 7 THEN ' rare7 稀有' ELSE '' END",
        "description": f"repeat({word} || ' ' || {word} || ' ', 10)",
        "kind": _drawn(KINDS, 2),
        "tags": f"(SELECT array_agg(DISTINCT 'tag-' || floor(power(random(), 3) * {TAGS})::int)"
        " FROM generate_series(1, 1 + n % 5))",
        "licence": _drawn(LICENCES, 2),
        "content_level": _drawn("general,suggestive,mature,explicit", 3),
        "created_at": "p.created_at + n * interval '61 seconds'",
        "changed_at": "p.changed_at + n * interval '61 seconds'",
    }


_OF_VERSIONS = {
    "adapter_id": "o.id",
    "base_id": _one_of("registry_basemodel", 60, 3),
    "sha256": "md5(o.slug) || md5(o.slug || 'more')",
    "proof": _drawn("renders,loads,fits", 2),
    "trigger_words": "ARRAY['trigger' || o.serial]",
    "downloads": "floor(power(random(), 4) * 20000)::int",
    "uploaded_by_id": "o.created_by_id",
    "uploaded_at": "o.created_at",
    "published_at": "o.created_at + interval '1 hour'",
}
_OF_FILES = {
    "version_id": "o.id",
    "sha256": "o.sha256",
    "algorithm": _drawn("lora;lora, loha;dora;lokr;glora", 3, ";"),
    "rank_low": "(ARRAY[4, 8, 16, 32])[1 + floor(random() * 4)::int]",
    "rank_high": "(ARRAY[32, 64, 128])[1 + floor(random() * 3)::int]",
}


def _copy(model: type[Model], first: Model, times: int, **columns: str) -> None:
    _copy_each(model, first, f"generate_series(1, {times}) n", "true", **columns)


def _copy_each(model: type[Model], first: Model, source: str, where: str, **columns: str) -> None:
    """Copy a row once for each row of a source; `columns` are the SQL of what differs."""
    table = model._meta.db_table  # noqa: SLF001
    fields = [
        each.column
        for each in model._meta.concrete_fields  # noqa: SLF001
        if each.column not in _DRAWN and not each.generated
    ]
    keys = {"id": "gen_random_uuid()"} if model._meta.pk.get_internal_type() == "UUIDField" else {}  # noqa: SLF001
    if "id" in fields and not keys:
        fields.remove("id")
    said = keys | columns
    names = ", ".join(f'"{name}"' for name in fields)
    values = ", ".join(said.get(name, f'p."{name}"') for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} p, {source} "
            f"WHERE p.id = '{first.pk}' AND {where}"
        )


_DRAWN = {"serial"}  # columns that the database fills


def _search_words() -> None:
    fields = (
        "pk", "adapter__title", "adapter__team__slug", "adapter__slug", "trigger_words",
        "adapter__tags", "adapter__kind", "sha256", "adapter__description",
    )  # fmt: skip
    found = list(AdapterVersion.objects.values_list(*fields))
    table = SearchEntry._meta.db_table  # noqa: SLF001
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} (version_id, words) FROM STDIN") as copy,
    ):
        for pk, title, team, slug, triggers, tags, kind, sha256, description in found:
            texts = [
                ("A", title), ("A", f"{team}/{slug}"), ("B", " ".join(triggers)),
                ("C", " ".join([*tags, kind])), ("C", sha256), ("D", description),
            ]  # fmt: skip
            copy.write_row((str(pk), search_words.vector(texts)))


def _sweeps(newest: int) -> None:
    """Give the newest versions a grid of seven pictures each."""
    first = AdapterVersion.objects.order_by("published_at").first()
    assert first is not None
    grid = PreviewGrid.objects.create(
        version=first, weights=list(WEIGHTS), engine="none", opened_at=START, rendered_at=START
    )
    pictures = [[_picture(scene, weight) for weight in WEIGHTS] for scene in range(SCENES)]
    digests = ",".join(f"'{blob.pk}'" for row in pictures for blob in row)
    cell = PreviewCell.objects.create(
        grid=grid, row=0, column=0, weight=0, blob=pictures[0][0], width=SIDE, height=SIDE,
        content_key="0" * 64, parameters={"prompt": "a field at dawn, inkwash", "seed": 1},
    )  # fmt: skip
    last = f"(SELECT id FROM registry_adapterversion ORDER BY published_at DESC LIMIT {newest})"
    _copy_each(PreviewGrid, grid, f"{last} o", f"o.id <> '{first.pk}'", version_id="o.id")
    weights = ",".join(map(str, WEIGHTS))
    at = f"abs(hashtext(o.id::text)) % {SCENES} * {len(WEIGHTS)} + n"
    _copy_each(
        PreviewCell,
        cell,
        f"registry_previewgrid o, generate_series(1, {len(WEIGHTS)}) n",
        f"(o.id <> '{grid.pk}' OR n > 1)",
        grid_id="o.id",
        column="n - 1",
        weight=f"(ARRAY[{weights}])[n]",
        blob_id=f"(ARRAY[{digests}])[{at}]",
    )


def _picture(scene: int, weight: float) -> Blob:
    drawn = random.Random(scene)
    image = Image.effect_noise((SIDE, SIDE), 24).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y, radius = (drawn.randrange(SIDE) for _ in range(3))
        size = radius * (0.1 + weight / 3)
        colour = tuple(drawn.randrange(256) for _ in range(3))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=colour)
    content = io.BytesIO()
    image.save(content, "WEBP", quality=80)
    content.seek(0)
    sha256, size_ = blobs.default().put(content)
    return Blob.objects.create(sha256=sha256, size=size_, kept_at=START, wanted_at=START)


def questions() -> list[str]:
    """Return what people might ask: plain, narrowed by one thing and several, by words."""
    drawn = random.Random(11)
    one = [
        "kind=style", "kind=voice", "base=sdxl", "base=sdxl-1-0", "base=flux1", "team=team-0",
        "tags=tag-0", "tags=tag-1,tag-2", "tags_any=tag-0,tag-5,tag-900", "tags_not=tag-0",
        "content=general", "content_max=suggestive", "permits=selling", "algorithm=loha",
        "proof=renders", "creator=person-0", "creator=person-700", "rank_max=64", "weight=0.8",
        "tags=tag-2500", "licence=mit",
    ]  # fmt: skip
    words = [
        "ink",
        "moon tide",
        "rare7",
        "水墨",
        "山水 ink",
        "稀有",
        "trigger5",
        "gol",
        "zebra dot",
    ]
    words.append(hashlib.md5(b"a-77").hexdigest()[:10])  # the start of a sha256, as made above
    orders = ["", "sort=downloads", "sort=title", "sort=created"]
    asked = [*one, *(f"q={word}" for word in words), *orders, "view=table"]
    asked += ["&".join(drawn.sample(one[:17], 2)) for _ in range(24)]
    asked += [f"{drawn.choice(one)}&{drawn.choice(orders[1:])}" for _ in range(16)]
    asked += [f"{drawn.choice(one)}&q={drawn.choice(words)}" for _ in range(12)]
    return [each for each in asked if not _twice(each)]


def _twice(query: str) -> bool:
    names = [pair.partition("=")[0] for pair in query.split("&")]
    return len(names) != len(set(names))
