"""What a person said go to, brought in one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from registry.errors import DuplicateUpload, LeaseLost, RegistryError, SourceDown, Unavailable
from registry.imports.offers import OfferedFile
from registry.imports.sources.source import Source
from registry.models import Import, ImportItem
from registry.services import events
from registry.services.imports import bringing, held, making, opening
from registry.services.imports.planning import Holding

logger = logging.getLogger(__name__)

State = ImportItem.State


def fetch(row: Import, *, holding: Holding, most: int | None = None) -> bool:
    """
    Bring in what waits, `most` items of it; return whether more waits.

    An item that cannot be had does not hold up the others.

    :raises LeaseLost: if another worker has taken the import over
    """
    source = opening.of_import(row)
    all_of_it = row.items.exclude(state__in=[State.REFUSED, State.LEFT, State.DUPLICATE])
    of = all_of_it.exclude(state=State.OFFERED).count()
    done = 0
    while most is None or done < most:
        item = row.items.filter(state=State.WAITING).order_by("attempts", "position").first()
        if item is None:
            return False
        holding.show(done=of - _waiting(row), of=of, saying=item.files[0]["name"])
        _bring(item, row, source, holding)
        done += 1
    return _waiting(row) > 0


def _waiting(row: Import) -> int:
    return row.items.filter(state=State.WAITING).count()


def finish(row: Import) -> None:
    """
    End an import of which nothing waits any more.

    :raises LeaseLost: if another worker has taken it over
    """
    now = timezone.now()
    with transaction.atomic():
        row = held.LEASES.hold(row)
        row.progress = {}
        held.LEASES.end(row, Import.State.DONE, now=now)
        made = row.items.filter(state=State.MADE).count()
        failed = row.items.filter(state=State.FAILED).count()
        events.record(
            "import.done", on=row.team, now=now, source=row.source, made=made, failed=failed
        )
    bringing.forget(row)


def _bring(item: ImportItem, row: Import, source: Source, holding: Holding) -> None:
    item.attempts += 1
    item.save(update_fields=["attempts"])  # before, so that one which kills its worker is known
    if item.attempts > settings.RUN_ATTEMPTS:
        _fail(item, f"Its worker died {item.attempts - 1} times while it was brought in.")
        return
    try:
        version = making.make(
            item,
            row,
            fetch=_fetcher(item, row, source, holding),
            look_at=source.open,
            now=timezone.now(),
        )
    except LeaseLost:
        raise
    except DuplicateUpload as twin:
        item.state, item.reason = State.DUPLICATE, str(twin)
        item.save(update_fields=["state", "reason"])
    except (SourceDown, Unavailable) as error:
        _try_later(item, str(error))
    except RegistryError as refusal:
        _fail(item, str(refusal))
    except Exception as error:
        _give_back_if_stopped(item, holding)
        logger.exception("%s", item.key)
        _try_later(item, f"{type(error).__name__}: {error}")
    else:
        logger.info("%s was imported as %s", item.key, version)


def _give_back_if_stopped(item: ImportItem, holding: Holding) -> None:
    """Raise again if the work is not to go on: then this was no attempt."""
    try:
        holding.check()
    except Exception:
        item.attempts -= 1
        item.save(update_fields=["attempts"])
        raise


def _fetcher(
    item: ImportItem, row: Import, source: Source, holding: Holding
) -> Callable[[OfferedFile], AbstractContextManager[BinaryIO]]:
    places = {file["place"]: number for number, file in enumerate(item.files)}

    def fetched(file: OfferedFile) -> AbstractContextManager[BinaryIO]:
        holding.check()
        place = bringing.folder_of(row) / f"{item.position}-{places[file.place]}"
        return bringing.near(file, source, place, holding=holding)

    return fetched


def _try_later(item: ImportItem, reason: str) -> None:
    if item.attempts >= settings.RUN_ATTEMPTS:
        _fail(item, reason)
        return
    item.reason = reason
    item.save(update_fields=["reason"])


def _fail(item: ImportItem, reason: str) -> None:
    item.state, item.reason = State.FAILED, " ".join(reason.split())[:1000]
    item.save(update_fields=["state", "reason"])
