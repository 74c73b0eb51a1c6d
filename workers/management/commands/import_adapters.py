"""Import adapters from a folder, another hub or an address, here and now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registry.errors import RegistryError, WrongState
from registry.models import Import, ImportItem, User
from registry.queries import imports, people
from registry.services.imports import asking, deciding, held
from workers import importing
from workers.holding import owner

State = ImportItem.State


class Command(BaseCommand):
    help = "Import adapters from a folder, another hub or an address; --dry-run shows the plan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a folder of this server, or an address: docs/import.md")
        parser.add_argument("--team", required=True, help="the team that they will belong to")
        parser.add_argument("--as", dest="by", default="", help="who imports (a superuser)")
        parser.add_argument("--base", default="", help="that all of them are for")
        parser.add_argument("--kind", default="", help="of source, where the address does not tell")
        parser.add_argument(
            "--only-new", action="store_true", help="of a Loradex: what came since the last import"
        )
        parser.add_argument("--dry-run", action="store_true", help="show the plan and stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            row = self._planned(options)
            self._show(row)
            if options["dry_run"]:
                deciding.cancel(row, by=row.by, now=timezone.now())
                return
            self._bring(row)
        except RegistryError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _planned(self, options: dict[str, Any]) -> Import:
        wanted = asking.Wanted(
            options["source"], options["kind"], options["base"], options["only_new"]
        )
        team, by = people.team(options["team"]), _person(options["by"])
        now = timezone.now()
        row = asking.begin(wanted, team=team, by=by, now=now, send=False)
        return self._work(row)

    def _bring(self, row: Import) -> None:
        try:
            deciding.start(row, by=row.by, now=timezone.now(), send=False)
        except WrongState as nothing:
            self.stdout.write(str(nothing))
            return
        row = self._work(row)
        while row.items.filter(state=State.WAITING).exists():  # what did not answer, once more
            row = self._work(row)
        for item in imports.items_of(row).exclude(state=State.LEFT):
            if item.state == State.MADE and item.version:
                self.stdout.write(f"{item.slug}, version {item.version.number}: {item.key}")
            elif item.state == State.FAILED:
                self.stdout.write(f"failed: {item.key}: {item.reason}")
        counts = imports.tally(row).counts
        self.stdout.write(
            f"{counts[State.MADE]} imported, {counts[State.DUPLICATE]} here already, "
            f"{counts[State.REFUSED]} refused, {counts[State.FAILED]} failed."
        )

    def _work(self, row: Import) -> Import:
        importing.work(held.claim(row.pk, owner=owner(), now=timezone.now()))
        row = imports.in_sight(row.pk, by=row.by)
        if row.state == Import.State.FAILED:
            raise CommandError(row.reason)
        return row

    def _show(self, row: Import) -> None:
        for item in imports.items_of(row):
            line = f"{item.position:>4}  {item.state:<9}  {item.key}"
            if item.state == State.OFFERED:
                line += f" → {row.team.slug}/{item.slug}, for {item.base or '(no base)'}"
            self.stdout.write(f"{line}  {item.reason}".rstrip())
            for note in item.notes:
                self.stdout.write(f"      {note}")
        tally = imports.tally(row)
        counts = tally.counts
        self.stdout.write(
            f"{counts[State.OFFERED]} can be imported ({tally.bytes_to_fetch:,} bytes), "
            f"{counts[State.DUPLICATE]} are here already, {counts[State.REFUSED]} cannot be."
        )


def _person(name: str) -> User:
    """Return who is to have imported them: by name, else the first who may do all."""
    if name:
        return people.by_name(name)
    found = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if found is None:
        raise CommandError("There is nobody who may do all: say who imports with --as.")
    return found
